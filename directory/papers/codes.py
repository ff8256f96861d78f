"""Codes on paper: what a sheet or card said when it was made, signed, so that a page can tell whether it still holds.

A code names no person. It is a word of letters and digits that stands in an address, and in the QR code beside it.
"""

from dataclasses import dataclass
from typing import Any

import segno
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.exc import SignatureExpired

from config.settings import get_settings

# The longest that is looked at: ours are far shorter.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class NoCode(Exception):
    """No code of ours; or one that was ours and is over."""

    expired: bool = False


def seal(kind: str, said: list[Any]) -> str:
    """The code for what a paper of this kind said; good for ever."""
    return str(URLSafeSerializer(get_settings().secret_key, salt=f"paper {kind}").dumps(said))


def read(kind: str, code: str) -> list[Any]:
    """What the paper said. Raises NoCode."""
    return _read(URLSafeSerializer(get_settings().secret_key, salt=f"paper {kind}"), code)


def seal_for_a_time(kind: str, said: list[Any]) -> str:
    """The same, for `read_in_time`."""
    return str(URLSafeTimedSerializer(get_settings().secret_key, salt=f"paper {kind}").dumps(said))


def read_in_time(kind: str, code: str, seconds: int) -> list[Any]:
    """What the paper said, so many seconds ago at most. Raises NoCode."""
    return _read(URLSafeTimedSerializer(get_settings().secret_key, salt=f"paper {kind}"), code, max_age=seconds)


def _read(serializer: Any, code: str, **how: Any) -> list[Any]:
    if len(code) > _LONGEST:
        raise NoCode
    try:
        said = serializer.loads(code, **how)
    except SignatureExpired:
        raise NoCode(expired=True) from None
    except BadSignature:
        raise NoCode from None
    if not isinstance(said, list):
        raise NoCode
    return said


def qr_svg(address: str) -> str:
    """The address as a QR code: an <svg> element, black on white in any theme, with the edge that readers need."""
    code = segno.make(address, error="m")
    return str(code.svg_inline(scale=4, border=4, light="#fff", dark="#000", svgclass="qr", lineclass=None))


def qr_rows(address: str) -> list[list[bool]]:
    """The same as rows of dark and light, its edge included."""
    return [[bool(dark) for dark in row] for row in segno.make(address, error="m").matrix_iter(border=4)]
