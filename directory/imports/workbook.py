"""An XLSX file opened with care: a ZIP archive of XML parts, which may have been made to fill a memory or a day.

The parts are read as a stream, by expat and not by openpyxl: that pads rows up to the number which a row claims, and
takes minutes for a million texts. Every limit below ends in a sentence.
"""

import io
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from directory.imports.errors import ImportFileError

# A million rows of a dozen short columns; what is larger is better kept as CSV.
MOST_UNPACKED = 512 << 20
# Sheets shrink to a tenth, and styled emptiness to a fortieth; what shrinks to less was made to fill a disk.
MOST_RATIO, RATIO_FROM = 100, 32 << 20
MOST_TEXT = 96 << 20
MOST_SMALL_PART = 16 << 20
# Of the archive's table of contents: some 50,000 parts.
_MOST_DIRECTORY = 4 << 20
_MOST_DEPTH = 64
# Of one tag, comment or attribute, which expat keeps whole.
_MOST_TOKEN = 1 << 20
# Tags that nobody asked for; a file of these alone would be read for minutes.
_MOST_OTHER_TAGS = 2_000_000
_BLOCK = 1 << 16

_USE_CSV = "Save it as CSV and import that."
_OTHER_KINDS = (
    ("xl/workbook.bin", "a binary Excel file (.xlsb): save it as .xlsx"),
    ("word/document.xml", "a Word document"),
    ("content.xml", "an OpenDocument file: save it as .xlsx or “CSV UTF-8”"),
)

# What zipfile raises for archives that are none, or whose places and names were changed; each becomes a sentence.
# What it raises for a packing, a version or an encryption that it does not know is NotImplementedError alone
# (tests/unit/test_workbook_unreadable.py): nothing of ours is left undone.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, UnicodeError, OverflowError,
)  # fmt: skip

Start = Callable[[str, Mapping[str, str]], bool]
"""Called with a tag's local name and attributes; whether anybody asked for it."""


class BrokenWorkbook(ImportFileError):
    """The file begins as XLSX does and cannot be read as such."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The file cannot be read as XLSX: {reason}.")


class _GuardedFile(io.FileIO):
    """A file of which no one may read so much at once as a table of contents of millions of parts would be."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY:
            raise BrokenWorkbook("its table of contents is too long")
        return super().read(-1 if size is None else size) or b""


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, of a size that can be read. ImportFileError, also while it is read, when it is none or is broken."""
    try:
        with _GuardedFile(path, "rb") as file, zipfile.ZipFile(file) as archive:
            _refuse_large(archive)
            _refuse_other_kinds(archive)
            yield archive
    except _BROKEN as error:
        raise BrokenWorkbook(str(error) or "it ends too early") from error


def _refuse_large(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    for part in parts:
        if part.flag_bits & 1:
            raise BrokenWorkbook("it is protected by a password: save it without one")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BrokenWorkbook("it is compressed in a way that spreadsheets do not use")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise ImportFileError(
            f"The file unpacks to {unpacked >> 20:,} MB, more than the {MOST_UNPACKED >> 20} MB allowed. {_USE_CSV}"
        )
    if unpacked > RATIO_FROM and unpacked > MOST_RATIO * packed:
        raise ImportFileError(
            f"The file unpacks to {unpacked >> 20:,} MB, {unpacked // max(packed, 1):,} times its size, as no sheet of "
            f"rows does. {_USE_CSV}"
        )


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if any(name.casefold().endswith("workbook.xml") for name in names):
        return
    for name, what in _OTHER_KINDS:
        if name in names:
            raise ImportFileError(f"The file is {what}. CSV, XLSX and NDJSON can be imported.")
    raise ImportFileError("The file is a ZIP archive and no XLSX file: unpack it, and import what is in it.")


def read_part(archive: zipfile.ZipFile, name: str, most: int = MOST_UNPACKED) -> Iterator[bytes]:
    """A part's bytes, block by block; none when the archive lacks it. ImportFileError when it has more than `most`."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return
    if info.file_size > most:
        raise ImportFileError(f"{name} in the file has {info.file_size >> 20:,} MB, more than {most >> 20}. {_USE_CSV}")
    with archive.open(info) as part:
        while block := part.read(_BLOCK):
            yield block


class XmlStream:
    """XML taken apart block by block: `start`, `text` and `end` with local names; no entities, nothing unbounded."""

    def __init__(self, start: Start, text: Callable[[str], None], end: Callable[[str], None]) -> None:
        self._start, self._end = start, end
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._depth = self._others = self._fed = 0

    def feed(self, blocks: Iterator[bytes]) -> Iterator[None]:
        """Feed each block, and give way after it. BrokenWorkbook where they are no XML, or endless."""
        try:
            for block in blocks:
                self._parser.Parse(block, False)
                self._fed += len(block)
                if self._fed - self._parser.CurrentByteIndex > _MOST_TOKEN:
                    raise BrokenWorkbook("a tag in it does not end")
                yield
            if self._fed:
                self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BrokenWorkbook(f"its XML is broken ({error})") from error

    def run(self, blocks: Iterator[bytes]) -> None:
        """Feed all blocks."""
        for _ in self.feed(blocks):
            pass

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise BrokenWorkbook("its tags are nested too deeply")
        if not self._start(name.rpartition(":")[2] if ":" in name else name, attributes):
            self._others += 1
            if self._others > _MOST_OTHER_TAGS:
                raise BrokenWorkbook("it consists of what is no cell")

    def _ended(self, name: str) -> None:
        self._depth -= 1
        self._end(name.rpartition(":")[2] if ":" in name else name)


def _refuse_doctype(*_: object) -> None:
    raise BrokenWorkbook("it declares entities, which spreadsheets do not")


class Texts:
    """The workbook's table of texts, as UTF-8 in one piece: a million take 4 bytes each beside their letters."""

    def __init__(self) -> None:
        self._letters = bytearray()
        self._ends = array("L", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._letters[self._ends[index] : self._ends[index + 1]].decode("utf-8")

    def append(self, text: str) -> None:
        """One more text. ImportFileError when all are too long together."""
        self._letters += text.encode("utf-8", "replace")
        self._ends.append(len(self._letters))
        if len(self._letters) + 8 * len(self._ends) > MOST_TEXT:
            raise ImportFileError(f"The file's texts take more than {MOST_TEXT >> 20} MB. {_USE_CSV}")


def read_texts(archive: zipfile.ZipFile, name: str) -> Texts:
    """The table of texts: each the `t` of an `si` together, without the `t` of a reading aid (`rPh`)."""
    texts = Texts()
    parts: list[str] = []
    open_text = aid = False

    def start(tag: str, _: Mapping[str, str]) -> bool:
        nonlocal open_text, aid
        if tag == "si":
            parts.clear()
        elif tag == "rPh":
            aid = True
        elif tag == "t":
            open_text = not aid
        return tag in ("si", "t", "r")

    def take(text: str) -> None:
        if open_text and len(parts) < 10_000:
            parts.append(text)

    def end(tag: str) -> None:
        nonlocal open_text, aid
        if tag == "t":
            open_text = False
        elif tag == "rPh":
            aid = False
        elif tag == "si":
            texts.append("".join(parts))

    XmlStream(start, take, end).run(read_part(archive, name))
    return texts
