"""Words in any script: the one form in which they are compared, their script, and one order for them all."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

SORT_KEY_LENGTH = 48

# The first word of a character's Unicode name tells its script; ISO 15924 gives the script its code.
_SCRIPTS = {
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "CJK": "Hani",
    "IDEOGRAPHIC": "Hani",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "KATAKANA-HIRAGANA": "Jpan",
    "HANGUL": "Hang",
    "THAI": "Thai",
    "DEVANAGARI": "Deva",
    "TIFINAGH": "Tfng",
    "HEBREW": "Hebr",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "ETHIOPIC": "Ethi",
    "BENGALI": "Beng",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "ORIYA": "Orya",
    "SINHALA": "Sinh",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MYANMAR": "Mymr",
    "MONGOLIAN": "Mong",
    "TIBETAN": "Tibt",
    "SYRIAC": "Syrc",
    "THAANA": "Thaa",
    "NKO": "Nkoo",
    "VAI": "Vaii",
    "CANADIAN": "Cans",
    "CHEROKEE": "Cher",
    "ADLAM": "Adlm",
    "BOPOMOFO": "Bopo",
    "JAVANESE": "Java",
    "OL": "Olck",
}

# Written in many ways or left out altogether: "Côte d'Ivoire", "Hawaiʻi", "Sana'a" in a hurry, "L´Aquila".
_APOSTROPHES = "'`´‘’‛ʻʼʽʾʿˈʹʺ′″＇ʿ׳״״"

# What writers of one language exchange freely; hamza and madda go with the other marks.
_LETTERS = {
    "ة": "ه",
    "ى": "ي",
    "ٱ": "ا",
    "ی": "ي",
    "ې": "ي",
    "ے": "ي",
    "ک": "ك",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ـ": "",
}

# Marks that readers of these scripts leave out. Vowel signs of Indic and Thai script are letters and stay.
_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)


class _FoldTable(dict[int, str]):
    """A `str.translate` table that works out each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = "".join(_fold_part(part) for part in _decompose(chr(code)))
        self[code] = folded
        return folded


def _decompose(char: str) -> str:
    if char in _APOSTROPHES:
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    return unicodedata.normalize("NFC", _DROPPED_MARKS.sub("", parts))


def _fold_part(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in ("Cf", "Lm") and not _script_of_char(char):
        return ""  # directions, joiners, modifier letters such as the ʻokina
    if category[0] not in "LNM":
        return " "
    if not char.isascii() and unicodedata.name(char, "").startswith("LATIN "):
        return re.sub("[^a-z0-9]", "", anyascii(char).lower()) or char  # ø, ł, æ, ı, ə
    return char


_FOLD = _FoldTable()


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The form in which words are compared everywhere: `fold(fold(x)) == fold(x)`.

    Casefolded and compatibility-normalised; no accents, no Arabic vowel signs, one form of exchangeable
    Arabic letters, Latin letters as ASCII, digits of every script as 0-9, apostrophes dropped, any other
    punctuation a single space, trimmed: "Saint-Étienne" and "SAINT ETIENNE" both give "saint etienne".
    """
    if text.isascii():
        return " ".join(text.translate(_FOLD).split())
    folded = " ".join(unicodedata.normalize("NFC", text).translate(_FOLD).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def fold_digits(text: str) -> str:
    """The text with digits of every script as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char for char in text)


@lru_cache(maxsize=16_384)
def latin_words(text: str) -> str:
    """The words of any script, folded, in Latin letters: lower-case ASCII with single spaces between."""
    return re.sub("[^a-z0-9]+", " ", anyascii(fold(text)).lower()).strip()


def sort_key(text: str) -> str:
    """Orders names of all scripts in one list: the first 48 characters of their Latin words."""
    return latin_words(text)[:SORT_KEY_LENGTH].rstrip()


@lru_cache(maxsize=8_192)
def _script_of_char(char: str) -> str:
    if char.isascii():
        return "Latn" if char.isalpha() else ""
    if not (char.isalpha() or unicodedata.category(char)[0] == "M"):
        return ""
    words = unicodedata.normalize("NFKC", char)[:1]
    return _SCRIPTS.get(unicodedata.name(words or char, "").partition(" ")[0], "")


@lru_cache(maxsize=16_384)
def script_of(text: str) -> str:
    """ISO 15924 code of the script that most letters are in; "Zyyy" when there is none that is known.

    Han characters beside kana are Japanese ("Jpan"); of two scripts with equal shares the first one counts.
    """
    if text.isascii():
        return "Latn" if text.upper() != text.lower() else "Zyyy"
    counts: dict[str, int] = {}
    for char in text:
        if script := _script_of_char(char):
            counts[script] = counts.get(script, 0) + 1
    if not counts:
        return "Zyyy"
    if "Jpan" in counts and "Hani" in counts:
        counts["Jpan"] += counts.pop("Hani")
    return max(counts, key=lambda script: counts[script])


def latin_names(names: Iterable[str]) -> str:
    """Latin words of all names, each word between spaces and each name between bars: `" aga khan | alagha khan "`.

    PostgreSQL knows no transliteration, so what it compares is stored: `LIKE '% khan %'` finds a whole word, `'% kha%'`
    its beginning and `'%han%'` a part of it, in one name.
    """
    return "|".join(f" {words} " for name in names if (words := latin_words(name)))
