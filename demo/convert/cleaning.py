"""What a curator does to every text of a source: spaces, capitals, lost letters, two scripts in one field."""

import re
import unicodedata

from geodata.text import script_of

_PLACEHOLDERS = frozenset({"", "0", "-", ".", "?", "-999", "NOT AVAILABLE", "UNKNOWN", "N/A", "NULL", "S/N", "SN"})

# Words that stay small inside a name: "Hospital de la Cruz", "Casa di Cura", "Università degli Studi".
_SMALL = frozenset({
    "of", "the", "and", "for", "at", "in", "by", "de", "da", "do", "das", "dos", "du", "des", "del",
    "dei", "della", "delle", "dello", "degli", "di", "la", "le", "les", "el", "los", "las", "et", "e", "y", "und",
    "für", "im", "der", "die", "van", "het", "en", "op", "te", "tot", "au", "aux", "con", "per",
})  # fmt: skip
# Written in capitals by those who carry them; other short words without a vowel are kept as well (NHS, UBS).
_ACRONYMS = frozenset({
    "UBS", "USF", "ESF", "PSF", "PAM", "UPA", "CMS", "SMS", "MMF", "CF", "VA", "II", "III", "IV", "VI", "VII",
    "VIII", "IX", "XI", "XII", "XIII", "XXIII", "UMC", "UZA", "CHU", "CHI", "AZ", "UZ", "LUX", "IRCCS", "ASST",
    "ASL", "AOU", "ONG", "CNSS", "CDC", "AIC", "ECWA", "CEI", "CSI", "CSU", "CMA", "EPH", "EPSP", "EHS", "CHPS",
    "US", "AP", "CEO", "EACS", "USA", "UCLA", "UCSF", "UAB", "UPMC", "UNC", "AMG", "OSF", "LTAC", "IHS",
    "PHS", "AFM", "TGP", "AIDS", "HIV", "ICU", "ENT", "RCH", "SDA", "SOS", "EYN", "ULS", "EPE", "SA", "SAS",
    "AG", "PC", "MC",
})  # fmt: skip
_SHORT_WORDS = frozenset({
    "LN", "PKWY", "HWY", "PL", "SQ", "ST", "STE", "STS", "DR", "MR", "MT", "FT", "CTR", "HTS", "DRS", "STR",
    "RD", "BLVD", "MRS",
})  # fmt: skip
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\ufeff"))
_VOWELS = re.compile(r"[AEIOUYÀ-ÖØ-ÝΑΕΗΙΟΥΩΆΈΉΊΌΎΏ]")
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_ELISION = re.compile(r"(?<![^\W_])([DLN]|DELL|DALL|ALL|SANT|NELL|SULL|O)[’'](?=[^\W\d_]{2})", re.IGNORECASE)
_SCRIPT_BORDER = re.compile(r"(?<=[A-Za-zÀ-ɏ])(?=[\u0600-\u06ff\u2d30-\u2d7f])|(?<=[\u0600-\u06ff])(?=[A-Za-z])")


def tidy(text: str) -> str:
    """Composed letters and single spaces; a placeholder such as NOT AVAILABLE, -999 or "0" is nothing."""
    text = " ".join(unicodedata.normalize("NFC", text).translate(_DIRECTION_MARKS).split())
    return "" if text.upper() in _PLACEHOLDERS else text


def without_lost_letters(text: str) -> str:
    """Drops the words whose letters an earlier conversion lost: "Rue Tchad ???? ???", "Handicap?®"."""
    kept = [word for word in tidy(text).split() if "\ufffd" not in word and not re.search(r"\?(?=\w|\?|\W)|^\?$", word)]
    return tidy(" ".join(kept).replace("()", ""))


def proper_case(text: str) -> str:
    """Capitals where a name has them, when the source wrote all in capitals or none; else untouched."""
    text = tidy(text)
    text = text.upper() if text.islower() else text
    if not text.isupper() or script_of(text) not in ("Latn", "Grek", "Cyrl"):
        return text
    spread = _ELISION.sub(lambda match: match[0] + "\x00 ", text)  # L'AQUILA is two words
    words = _WORD.sub(
        lambda match: _proper_word(match[0], match.start() == 0 or spread[match.end() :][:1] == "."), spread
    )
    return words.replace("\x00 ", "")


def _proper_word(word: str, never_small: bool) -> str:
    if word in _ACRONYMS:
        return word
    if any(char.isdigit() for char in word):
        return re.sub(r"(?<=\d)(ST|ND|RD|TH)$", lambda match: match[0].lower(), word)
    if not never_small and word.lower() in _SMALL:
        return word.lower()
    if len(word) <= 4 and word not in _SHORT_WORDS and not _VOWELS.search(word):
        return word
    if re.match(r"MC[^\W\d_]{3}", word):
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def article_first(text: str) -> str:
    """ "Ejido, El" is "El Ejido"; "Good Samaritan Hospital, The" is "The Good Samaritan Hospital"."""
    match = re.fullmatch(r"(.+?), (the|el|la|los|las|l'|a|o|as|os|les|els)", text, re.IGNORECASE)
    return f"{match[2].capitalize()} {match[1]}" if match else text


def split_scripts(name: str) -> tuple[str, str]:
    """(name, name_local): "Pharmacie Misk صيدلية مسك" is a Latin name and an Arabic one.

    A few Latin letters inside another script (an abbreviation) do not make a name; a third script is dropped.
    """
    latin: list[str] = []
    local: list[str] = []
    local_script = ""
    side = latin
    for word in _SCRIPT_BORDER.sub(" ", tidy(name)).split():
        script = script_of(word)
        if script == "Latn":
            side = latin
        elif script != "Zyyy":
            local_script = local_script or script
            if script != local_script:
                continue
            side = local
        side.append(word)
    first, second = (" ".join(words).strip(" -–/|,;:") for words in (latin, local))
    if not second or sum(char.isalpha() for char in first) <= 4:
        return tidy(name), ""
    return tidy(first), tidy(second)


def join_address(*parts: str) -> str:
    """The parts that say something, each once, separated by commas."""
    return ", ".join(dict.fromkeys(part for part in map(tidy, parts) if part))


def phones(text: str) -> list[str]:
    """The numbers of a field that may hold several, as written; the import brings them to E.164."""
    numbers = [tidy(part).strip(" .-/") for part in re.split(r"[;,、]| or |或", unicodedata.normalize("NFKC", text))]
    return [number for number in numbers if sum(char.isdigit() for char in number) >= 6]


def web_address(text: str) -> str:
    """An address of a site with its scheme, or nothing."""
    text = tidy(text).rstrip("/")
    if not re.fullmatch(r"(https?://)?[^\s/@]+\.[a-z]{2,}(:\d+)?(/\S*)?", text, re.IGNORECASE):
        return ""
    return text if text.lower().startswith("http") else f"http://{text}"


def mail_address(text: str) -> str:
    """A mail address in small letters, or nothing."""
    text = tidy(text).lower()
    return text if re.fullmatch(r"[^\s@;,]+@[^\s@;,]+\.[a-z]{2,}", text) else ""


def coordinate(text: str) -> str:
    """Degrees with a point for the decimals; nothing where there is no number."""
    text = tidy(text).replace(",", ".")
    try:
        return f"{float(text):.6f}".rstrip("0").rstrip(".")
    except ValueError:
        return ""
