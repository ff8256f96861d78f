"""Which listings somebody means by one word: its number, a telephone in any writing, what its source calls it.

Asked of the database, so that what was just written is found, of any status, and though the search engine is away.
"""

import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy import Connection, text

from directory.db import get_engine

# More than one house answers a telephone; nobody looks through more.
MOST = 100
LONGEST = 200
_LEAST_DIGITS, _ENDING = 6, 6
_PHONE = re.compile(r"[\d\s()+./\-‐-―]+")
_EXTENSION = re.compile(r"\s*(?:;|#|x|ext).*$", re.IGNORECASE)
_MOST_DIGITS = 18

_BY_NUMBER = text("SELECT id FROM listing WHERE id = :number")
_BY_EXTERNAL_ID = text("SELECT id FROM listing WHERE external_id = :typed ORDER BY id LIMIT :most")
# The index has how numbers end (migration 0013); of those that end alike, all that was typed is compared.
_BY_PHONE = text(r"""
SELECT l.id FROM location c JOIN listing l ON l.location_id = c.id
 WHERE phone_endings(c.phones) && ARRAY[right(:digits, 6)]
   AND EXISTS (SELECT FROM unnest(c.phones) AS phone
                WHERE right(regexp_replace(split_part(phone, ';', 1), '\D', '', 'g'), length(:digits)) = :digits)
 ORDER BY l.id LIMIT :most
""")


def find_known(typed: str, connection: Connection | None = None) -> list[int]:
    """The ids of the listings that `typed` names, each once, at most MOST; none where it is no such word."""
    if connection is None:
        with get_engine().connect() as opened:
            return find_known(typed, opened)
    found: dict[int, None] = {}
    plain = with_plain_digits(typed).strip()
    if not plain or len(plain) > LONGEST:
        return []
    if plain.isdigit() and len(plain) <= _MOST_DIGITS:
        found |= dict.fromkeys(connection.scalars(_BY_NUMBER, {"number": int(plain)}))
    found |= dict.fromkeys(connection.scalars(_BY_EXTERNAL_ID, {"typed": typed.strip(), "most": MOST}))
    found |= dict.fromkeys(_find_by_phone(plain, connection))
    return list(found)[:MOST]


def _find_by_phone(plain: str, connection: Connection) -> list[int]:
    for digits in ways_to_dial(plain):
        if ids := list(connection.scalars(_BY_PHONE, {"digits": digits, "most": MOST})):
            return ids
    return []


def ways_to_dial(plain: str) -> Iterator[str]:
    """Digits with which the whole number may end, the likeliest first; nothing where no number was typed."""
    number = _EXTENSION.sub("", plain)
    if not _PHONE.fullmatch(number):
        return
    # Zeros before it are of abroad (00) or of one's own country (0), the one in brackets too: +44 (0)20 …
    digits = re.sub(r"\D", "", number.replace("(0)", "")).lstrip("0")
    if len(digits) < _LEAST_DIGITS:
        return
    yield digits
    # Some countries put another digit before: 8 495 … in Russia is +7 495 …
    if len(digits) - 1 >= 2 + _ENDING and not number.lstrip().startswith("+"):
        yield digits[1:]


def with_plain_digits(typed: str) -> str:
    """The same with the digits of any script as 0 to 9: ٠٢ is 02."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed)
