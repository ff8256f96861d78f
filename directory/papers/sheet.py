"""A sheet of A4 as PDF, in any of our languages: fonts that lie beside it, Arabic shaped and from right to left.

Positions are counted from the side on which the language begins to read: 0 is the left edge in English, the right one
in Arabic. What no font here can draw (a name in Chinese, say) is written in Latin letters.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from anyascii import anyascii
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, TextDirection, XPos, YPos

from config.languages import LANGUAGES

FONTS = Path(__file__).parent / "fonts"
_STYLES = {"": "Regular", "B": "Bold"}
MARGIN, WIDTH, HEIGHT = 14.0, 210.0, 297.0
INK, MUTED, LINE = (23, 33, 43), (75, 88, 104), (160, 168, 178)
# How much taller a line is than its letters; Arabic reaches further up and down.
_LEADING = {"ltr": 1.32, "rtl": 1.55}
_MM_PER_POINT = 25.4 / 72
_STRONG = re.compile(r"[A-Za-zÀ-ɏͰ-ӿ]|[֐-ࣿיִ-﷿ﹰ-﻿]")
# What each font draws letter by letter.
_PLAIN = re.compile(r"[ -~\u00a0-\u02ff\u0370-\u052f\u2010-\u2027\u20a0-\u20bf]*")
_RTL = re.compile(r"[֐-ࣿיִ-﷿ﹰ-﻿]")


class Sheet(FPDF):
    """A document of such sheets. `foot`: what stands below each page, beside its number."""

    def __init__(self, lang: str, title: str, foot: str) -> None:
        super().__init__(format="A4")
        self.lang = lang
        self.rtl = LANGUAGES[lang].direction == "rtl"
        self.foot = foot
        self._widths: dict[tuple[str, bool], float] = {}
        for style, name in _STYLES.items():
            self.add_font("noto", style, FONTS / f"NotoSans-{name}.ttf")
            self.add_font("noto-arabic", style, FONTS / f"NotoSansArabic-{name}.ttf")
        self.set_fallback_fonts(["noto-arabic"], exact_match=True)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.set_lang(lang)
        self.set_title(drawable(title))
        self.set_creator("Provider directory")
        self.add_page()

    def footer(self) -> None:
        """The stamp, and which page of the document it is."""
        self.set_y(HEIGHT - 11)
        self.write_at(0, self.room - 20, self.foot, size=7.5, colour=MUTED, lines=1)
        self.set_y(HEIGHT - 11)
        self.write_at(self.room - 18, 18, str(self.page_no()), size=7.5, colour=MUTED, end=True)

    @property
    def room(self) -> float:
        """The width between the margins."""
        return WIDTH - 2 * MARGIN

    def left(self) -> float:
        """How much of the page is left."""
        return HEIGHT - 16 - self.get_y()

    def x_of(self, start: float, width: float) -> float:
        """Where a box begins on the paper, counted from the side where reading begins."""
        return WIDTH - MARGIN - start - width if self.rtl else MARGIN + start

    def write_at(
        self,
        start: float,
        width: float,
        said: str,
        *,
        size: float = 9,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        end: bool = False,
        middle: bool = False,
        lines: int | None = None,
        ltr: bool = False,
    ) -> float:
        """Words in a box, in as many lines as they need (or `lines` at most); gives their height.

        Names keep the direction of their own script. `ltr`: a number, an address.
        """
        said = drawable(said)
        own = "ltr" if ltr else direction_of(said, "rtl" if self.rtl else "ltr")
        self.set_text_color(*colour)
        align = Align.C if middle else Align.R if self.rtl != end else Align.L
        high, top, x = self._high(size), self.get_y(), self.x_of(start, width)
        pieces = self._wrap(said, width, size, bold=bold)
        shown = pieces[:lines] if lines else pieces
        if len(shown) < len(pieces):
            shown[-1] = f"{shown[-1].rstrip()[:-2]}…"
        for number, piece in enumerate(shown):
            self._use(piece, own, size, bold=bold)
            self.set_xy(x, top + number * high)
            self.cell(width, high, piece, align=align, new_x=XPos.LEFT, new_y=YPos.TOP)
        self.set_xy(MARGIN, top)
        return high * max(1, len(shown))

    def height_of(self, width: float, said: str, *, size: float = 9, bold: bool = False) -> float:
        """How high words would be in a box."""
        return self._high(size) * max(1, len(self._wrap(drawable(said), width, size, bold=bold)))

    def _high(self, size: float) -> float:
        return size * _MM_PER_POINT * _LEADING["rtl" if self.rtl else "ltr"]

    def _use(self, said: str, own: str, size: float, *, bold: bool) -> None:
        """The font for these words. Only what needs shaping is shaped: it takes ten times as long."""
        # As if there were none yet: what stands in the page after letters of the other font, fpdf2 does not remember.
        self.font_family = ""
        self.set_font("noto", "B" if bold else "", size)
        shaped = not _PLAIN.fullmatch(said)
        direction = TextDirection.RTL if own == "rtl" else TextDirection.LTR
        self.set_text_shaping(use_shaping_engine=shaped, direction=direction)

    def _wrap(self, said: str, width: float, size: float, *, bold: bool) -> list[str]:
        """The words in lines that fit."""
        lines: list[str] = []
        line, used, blank = "", 0.0, self._wide(" ", size, bold=bold)
        # A cell keeps a millimetre on each side.
        room = width - 2 * self.c_margin
        for word in (part for each in said.split() for part in self._parts(each, room, size, bold=bold)):
            wide = self._wide(word, size, bold=bold)
            if line and used + blank + wide > room:
                lines.append(line)
                line, used = "", 0.0
            line, used = (f"{line} {word}", used + blank + wide) if line else (word, wide)
        return [*lines, line] if line else lines

    def _parts(self, word: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
        """The word, in parts where it is wider than a line."""
        while len(word) > 1 and (wide := self._wide(word, size, bold=bold)) > room:
            fits = max(1, int(len(word) * room / wide) - 1)
            yield word[:fits]
            word = word[fits:]
        yield word

    def _wide(self, word: str, size: float, *, bold: bool) -> float:
        known = self._widths.get((word, bold))
        if known is None:
            self._use(word, direction_of(word, "ltr"), 10, bold=bold)
            known = self._widths[word, bold] = self.get_string_width(word)
        return known * size / 10

    def down(self, by: float) -> None:
        """Go on further down."""
        self.set_xy(MARGIN, self.get_y() + by)

    def rule(self, *, strong: bool = False) -> None:
        """A line across the page."""
        self.set_draw_color(*(INK if strong else LINE))
        self.set_line_width(0.4 if strong else 0.15)
        self.line(MARGIN, self.get_y(), WIDTH - MARGIN, self.get_y())

    def tick(self, start: float, width: float, high: float) -> None:
        """A tick in the middle of a box; it is drawn, so that no font need have one."""
        x, y = self.x_of(start, width) + width / 2, self.get_y() + high / 2
        self.set_draw_color(*INK)
        self.set_line_width(0.5)
        self.polyline([(x - 1.5, y), (x - 0.4, y + 1.2), (x + 1.7, y - 1.4)])

    def qr(self, rows: Sequence[Sequence[bool]], start: float, top: float, side: float) -> None:
        """A QR code as squares: it stays sharp at any size."""
        each, left = side / len(rows), self.x_of(start, side)
        self.set_fill_color(0, 0, 0)
        for down, row in enumerate(rows):
            for begin, length in _runs(row):
                self.rect(left + begin * each, top + down * each, length * each, each * 1.01, style="F")

    def finish(self) -> bytes:
        """The document."""
        return bytes(self.output())


def _runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark begins in a row of squares, and for how long it goes on."""
    runs, begin = [], None
    for place, dark in enumerate([*row, False]):
        if dark and begin is None:
            begin = place
        elif not dark and begin is not None:
            runs.append((begin, place - begin))
            begin = None
    return runs


def direction_of(said: str, otherwise: str) -> str:
    """The direction of the first letter that has one."""
    first = _STRONG.search(said)
    return otherwise if first is None else "rtl" if _RTL.match(first[0]) else "ltr"


def drawable(said: str) -> str:
    """The words with what no font here has in Latin letters; marks of direction and line ends are not drawn."""
    said = " ".join(re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", said).split())
    if all(ord(letter) in _drawn() for letter in said):
        return said
    return " ".join("".join(letter if ord(letter) in _drawn() else anyascii(letter) for letter in said).split())


@lru_cache(maxsize=1)
def _drawn() -> frozenset[int]:
    fonts = (TTFont(FONTS / f"{name}-Regular.ttf", lazy=True) for name in ("NotoSans", "NotoSansArabic"))
    return frozenset(code for font in fonts for code in font.getBestCmap())
