"""Cells that a spreadsheet would run as formulas: made harmless where a file is written, and undone where one is read.

A spreadsheet runs what begins with `=`, `+`, `-` or `@`; some do so after characters that nobody sees, and take
full-width and other mathematical signs for those. In front of such a beginning an apostrophe is written, and one is
taken away when the file comes back. A cell that held apostrophes there already gets one more, so that what was
written is always what is read.
"""

import re
import unicodedata

# U+2212 and the dashes that editors make of a hyphen; full-width, small, raised and lowered forms follow by NFKC.
_SIGNS = frozenset("=+-@−‐‑‒–—―➕➖")
_BREAKS = "\t\r\n"
# Categories of what takes no ink at the beginning of a cell, marks that find nothing to stand on included.
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})
# Letters by category that show nothing: fillers of Hangul, the empty pattern of Braille.
_FILLERS = "\u115f\u1160\u3164\uffa0\u2800"
# A cell begins again after what the spreadsheet of another country takes for its end.
_BEGINNINGS = re.compile("(?:^|(?<=[;\t\r\n]))'*")
_QUOTED_BEGINNINGS = re.compile("(?:^|(?<=[;\t\r\n]))'+")


def make_harmless(cell: str) -> str:
    """The cell as it may be written into a file that people open in a spreadsheet."""
    return _BEGINNINGS.sub(lambda beginning: f"'{beginning[0]}" if _runs(beginning) else beginning[0], cell)


def undo_harmless(cell: str) -> str:
    """The cell that `make_harmless` was given."""
    if "'" not in cell:
        return cell
    return _QUOTED_BEGINNINGS.sub(lambda beginning: beginning[0][1:] if _runs(beginning) else beginning[0], cell)


def _runs(beginning: re.Match[str]) -> bool:
    """Whether a sign is the first thing to be seen after it, or a break, with which a whole cell can begin."""
    cell = beginning.string
    for position in range(beginning.end(), len(cell)):
        char = cell[position]
        if char in _BREAKS:
            return beginning.start() == 0
        if unicodedata.category(char) not in _UNSEEN and char not in _FILLERS:
            return unicodedata.normalize("NFKC", char)[:1] in _SIGNS
    return False
