"""One cell that holds both coordinates of a point, taken apart."""

import re

_NUMBER = r"[-+−]?\d{1,3}(?:\.\d+)?"
# Heights and accuracies, which follow in some files.
_HEIGHT = r"[-+−]?\d+(?:\.\d+)?"
_TWO = re.compile(rf"\(?\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})(?:[,;\s]+{_HEIGHT})*\s*\)?")
# Well-known text, with a system of coordinates before it or none, and heights behind; longitude comes first there.
_WKT = re.compile(
    rf"(?:SRID=\d+;)?\s*POINT\s*Z?M?\s*\(\s*({_NUMBER})\s+({_NUMBER})(?:\s+{_HEIGHT})*\s*\)", re.IGNORECASE
)


def split_point(cell: str, lon_first: bool) -> tuple[str, str]:
    """Latitude and longitude as texts. A cell in another form is given whole as the latitude, for others to read."""
    if match := _WKT.fullmatch(cell):
        return match[2], match[1]
    if match := _TWO.fullmatch(cell):
        return (match[2], match[1]) if lon_first else (match[1], match[2])
    return cell, ""
