"""The encoding of a text file, from all of its bytes, in bounded memory.

Certain evidence comes first: a byte order mark, NULs in every second byte, bytes that are UTF-8 throughout. Of the
single-byte encodings only Windows-1252 (with Latin-1 inside it) and Windows-1256 are read, each on plain evidence
of its own; anything else is refused by name rather than imported as gibberish.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from directory.imports.errors import ImportFileError

BLOCK = 1 << 20
SAMPLE = 256 * 1024
MOST_CHARACTERS = 1_000_000
"""Of a line, or of a record that several lines make."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Arabic, Persian and Urdu letters of Windows-1256, and those that make up most of any Arabic text.
_ARABIC_RUN = re.compile(
    "[\u0621-\u063a\u0641-\u064a\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2]{3,}"
)
_ARABIC_OFTEN = frozenset("المنويره")
_LETTER_RUN = re.compile("[À-ÖØ-öø-ÿŒœŠšŽžŸ]{3,}")
# A sign in the middle of a word ("£ódŸ", "Bia³ystok") tells that another code page was meant.
_SIGN_IN_WORD = re.compile("(?<=[A-Za-zÀ-ÿ])[¢-§©«¬®±-³µ¶¸¹»-¿×÷†‡‰‹›€ƒ](?=[A-Za-zÀ-ÿ])")
_RULED_OUT = frozenset({"ascii", "utf_8", "utf_16", "utf_32", "cp1252", "latin_1", "iso8859_1", "cp1256"})
_TOO_LONG = "A line is longer than a million characters: this is no table of rows."
_USE_UTF8 = "Save it as UTF-8 (in Excel: “CSV UTF-8”) and import it again."


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name; `damaged` when the text is UTF-8 but for a few bytes, which the reader then sets aside."""

    codec: str
    damaged: bool = False

    @property
    def errors(self) -> str:
        """How a decoder treats bytes that are none of its own: UTF-8 keeps them apart, so that their rows are known."""
        return "surrogateescape" if self.damaged else "replace"


def find_encoding(path: Path) -> Encoding:
    """The encoding of a text file. ImportFileError where it is none that can be read, or no text at all."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return Encoding(codec, damaged=codec == "utf-8-sig" and _sample_of_other_bytes(path) is not None)
    if unmarked := _utf16_without_mark(head[:4096]):
        return Encoding(unmarked)
    _refuse_binary(head[:65_536])
    sample = _sample_of_other_bytes(path)
    if sample is None:
        return Encoding("utf-8")
    if _mostly_utf8(sample):
        return Encoding("utf-8", damaged=True)
    return Encoding(judge_single_bytes(sample))


def bounded_lines(text: TextIO) -> Iterator[str]:
    """The lines of a text file with their ends. ImportFileError where one is longer than MOST_CHARACTERS."""
    # A file may be one line of gigabytes, in UTF-16 too, where no byte tells where a line ends.
    read = partial(text.readline, MOST_CHARACTERS + 1)
    for line in iter(read, ""):
        if len(line) > MOST_CHARACTERS:
            raise ImportFileError(_TOO_LONG)
        yield line


def _utf16_without_mark(head: bytes) -> str | None:
    half = len(head) // 2
    if half < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _refuse_binary(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, bytes({*range(32)} - {9, 10, 12, 13})))
    if controls > 0.05 * len(head):
        raise ImportFileError("The file is not text, and not XLSX either. CSV, XLSX and NDJSON can be imported.")


def _sample_of_other_bytes(path: Path) -> bytes | None:
    """None when the whole file is UTF-8; else lines that are not ASCII, SAMPLE bytes at most."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    utf8 = True
    sample = bytearray()
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if len(block) == BLOCK and b"\n" not in block and b"\r" not in block:
                raise ImportFileError(_TOO_LONG)
            if utf8:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    utf8 = False
            if block.isascii() and tail.isascii():
                # Nothing of these lines goes into the sample, and they may be millions of empty ones.
                tail = block[max(block.rfind(b"\n"), block.rfind(b"\r")) + 1 :]
            elif len(sample) < SAMPLE:
                *lines, tail = (tail + block).splitlines(keepends=True)
                sample += b"".join(line for line in lines if not line.isascii())
            elif not utf8:
                break
    if utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            utf8 = False
    if utf8:
        return None
    return bytes(sample[:SAMPLE] + tail)


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for char in text if char > "\x7f" and char != "\ufffd")
    return good > 10 * broken


def judge_single_bytes(sample: bytes) -> str:
    """ "cp1252" or "cp1256" for text that is not UTF-8; ImportFileError, with a guess, where it is neither.

    In Arabic text letters stand side by side; in French or Spanish a letter with an accent stands alone. In both
    code pages é, è, ç and à have the same bytes, so French words in an Arabic file come out right.
    """
    high = sum(1 for byte in sample if byte > 127)
    arabic = "".join(_ARABIC_RUN.findall(sample.decode("cp1256")))
    if len(arabic) > 0.3 * high and sum(char in _ARABIC_OFTEN for char in arabic) > 0.3 * len(arabic):
        return "cp1256"
    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    in_runs = sum(map(len, _LETTER_RUN.findall(western)))
    if western and in_runs < 0.2 * high and len(_SIGN_IN_WORD.findall(western)) < 0.05 * high:
        return "cp1252"
    guess = from_bytes(sample).best()
    # What was ruled out above is no guess: "not Windows-1252. It looks like cp1252".
    seems = f" It looks like {guess.encoding}." if guess and guess.encoding not in _RULED_OUT else ""
    raise ImportFileError(
        f"The file's encoding is not UTF-8, UTF-16, Latin-1 (Windows-1252) or Windows-1256.{seems} {_USE_UTF8}"
    )
