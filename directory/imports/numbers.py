"""Numbers of a spreadsheet as its number formats show them: `01000` for 1000 in the format `00000`."""

import re
from functools import lru_cache

# What makes a format show something else than the number's digits: dates, fractions, percent, powers, text.
_OTHER = re.compile(r"[/%EeyYmMdDsSbB@?]|\bAM/PM\b")
_CONDITION = re.compile(r"\[[<>=]")
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERALS = re.compile(r'"[^"]*"|\\.')
# Beyond this a spreadsheet keeps zeros instead of digits.
MOST_DIGITS = 15


# A literal is given by its text, a place for a digit by whether it shows a zero.
_Template = tuple[str | bool, ...]


@lru_cache(maxsize=1_024)
def _template(number_format: str) -> _Template | None:
    """The format's first section as its pieces; None where it shows something else than the digits as they are."""
    section = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format[:255])[0]
    if _CONDITION.search(section):
        return None
    section = _NOT_SHOWN.sub("", section)
    bare = _LITERALS.sub("", section)
    if "0" not in bare or "." in bare or "," in bare or "General" in bare or _OTHER.search(bare):
        return None
    pieces = re.findall(r'"[^"]*"|\\.|.', section)
    return tuple(piece == "0" if piece in ("0", "#") else piece.strip('"').removeprefix("\\") for piece in pieces)


def shown_number(value: float, number_format: str) -> str:
    """The number as text: a whole one has no point, and the zeros and signs of its format around it."""
    if not value.is_integer() or abs(value) >= 10**MOST_DIGITS:
        return repr(value)
    digits = str(int(value))
    template = _template(number_format)
    if template is None or value < 0:
        return digits
    missing = sum(isinstance(piece, bool) for piece in template) - len(digits)
    shown = ""
    for piece in template:
        if isinstance(piece, str):
            shown += piece
        elif missing > 0:
            missing -= 1
            shown += "0" if piece else ""
        else:
            # The first place takes the digits for which there is none.
            shown, digits, missing = shown + digits[: 1 - missing], digits[1 - missing :], 0
    return shown
