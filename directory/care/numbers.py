"""Numbers that we may be asked to call: read as they are dialled, refused with a reason, or taken with a warning.

A nought is never taken away by a rule of ours: in Benin, Congo, Côte d'Ivoire, Gabon, Italy, San Marino and the Vatican
it belongs to the number. What is national and what is dialled before it is the library's to say, country by country.
"""

import re
import unicodedata
from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult, shortnumberinfo

from directory.errors import Fault
from geodata.countries import country_name
from geodata.text import fold_digits

LONGEST = 60
_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015\u2212]+")
_EXTENSION = re.compile(r"(?:;ext=|ext|extn|extension|poste|int|interno|x|#|تحويلة|,)\.?\s*:?\s*\d", re.IGNORECASE)
_PLAIN = re.compile(r"\+?[0-9]{2,20}")
_REFUSED_TYPES = {
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.TOLL_FREE: "toll_free",
}
# Beyond so many digits nothing is a short number.
_LONGEST_SHORT = 6


@dataclass(frozen=True, slots=True)
class Callable:
    """A number as it will be called. `warnings`: what its sender should look at again."""

    e164: str
    country: str
    warnings: tuple[str, ...] = field(default=())


class NumberRefused(Exception):
    """Why a number cannot be called: a code (`care.number_…` has the sentence), and what fills its sentence in."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(_SENTENCES[code].format(**values))
        self.code = code
        self.values = values


# In English, for programs; pages say it in the reader's language.
_SENTENCES = {
    "empty": "A phone number is needed here.",
    "letters": "Only digits, please, and + or 00 for another country.",
    "extension": "We cannot call an extension: give a direct line, without a switchboard.",
    "length": "Numbers of {country} have {digits} digits.",
    "too_short": "This is too short for {country}: its numbers have {digits} digits.",
    "too_long": "This is too long for {country}: its numbers have {digits} digits.",
    "other_country": "This is a number of {other}, and the country chosen is {country}. Change one of them.",
    "unknown_country": "No country has numbers that begin like this.",
    "premium": "We do not call numbers that cost more.",
    "shared_cost": "We do not call numbers whose cost is shared.",
    "toll_free": "A toll-free number can only be called from within its country: give another one.",
    "short": "We cannot call short numbers.",
    "emergency": "This is an emergency number. In an emergency dial it yourself, now.",
    "own": "This is our own number: give yours.",
}


def read_number(text: str, country: str, own: frozenset[str] = frozenset()) -> Callable:
    """The number that somebody in `country` (alpha-2) would be called at. Raises NumberRefused."""
    typed = plain(text)
    if not typed:
        raise NumberRefused("empty")
    if _EXTENSION.search(typed):
        raise NumberRefused("extension")
    digits = _BETWEEN.sub("", typed)
    if not _PLAIN.fullmatch(digits):
        raise NumberRefused("letters")
    international = digits.startswith(("+", "00"))
    _refuse_short(digits, country)
    number = _parse(typed, digits, country, international=international)
    _check_length(number, country)
    region = phonenumbers.region_code_for_number(number)
    if region and region != country and international:
        raise _other(region, country)
    kind = phonenumbers.number_type(number)
    if kind in _REFUSED_TYPES:
        raise NumberRefused(_REFUSED_TYPES[kind])
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if e164 in own:
        raise NumberRefused("own")
    return Callable(e164, country, () if phonenumbers.is_valid_number(number) else ("unusual",))


def read_phone(text: str | None, country: str, where: str) -> tuple[str | None, list[Fault]]:
    """A number beside other things that are said, of any country; nothing where none is given."""
    if not (text or "").strip():
        return None, []
    try:
        return read_number(text or "", _country_of(text or "", country)).e164, []
    except NumberRefused as error:
        return None, [Fault(where, str(error))]


def plain(text: str) -> str:
    """What was typed with one kind of digit and plus, without invisible marks."""
    folded = fold_digits(unicodedata.normalize("NFKC", text))
    return "".join(char for char in folded if unicodedata.category(char) not in ("Cf", "Cc")).strip()


def _country_of(text: str, country: str) -> str:
    """The country of a number that names it; else the one at hand."""
    digits = _BETWEEN.sub("", plain(text))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        return country
    try:
        number = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        return country
    regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
    return phonenumbers.region_code_for_number(number) or (country if country in regions else (*regions, country)[0])


def _refuse_short(digits: str, country: str) -> None:
    if digits.startswith(("+", "00")) or len(digits) > _LONGEST_SHORT:
        return
    if shortnumberinfo.is_emergency_number(digits, country):
        raise NumberRefused("emergency")
    code = phonenumbers.country_code_for_region(country)
    number = phonenumbers.PhoneNumber(country_code=code, national_number=int(digits))
    # On small islands a whole number is as short.
    is_whole = phonenumbers.is_valid_number(number)
    if not is_whole and shortnumberinfo.is_possible_short_number_for_region(number, country):
        raise NumberRefused("short")


def _parse(typed: str, digits: str, country: str, *, international: bool) -> phonenumbers.PhoneNumber:
    if international:
        whole = f"+{digits[2:]}" if digits.startswith("00") else digits
        try:
            number = phonenumbers.parse(whole, None)
        except phonenumbers.NumberParseException as error:
            if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
                raise NumberRefused("unknown_country") from None
            raise _length("too_short", country) from None
        regions = phonenumbers.region_codes_for_country_code(number.country_code or 0)
        if country not in regions:
            if not regions or regions == ("001",):
                raise NumberRefused("unknown_country")
            raise _other(phonenumbers.region_code_for_number(number) or regions[0], country)
        return number
    try:
        return phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise _length("too_short", country) from None


def _check_length(number: phonenumbers.PhoneNumber, country: str) -> None:
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.IS_POSSIBLE:
        return
    codes = {
        ValidationResult.TOO_LONG: "too_long",
        ValidationResult.TOO_SHORT: "too_short",
        # Without its area code it can be called from next door alone.
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
    }
    raise _length(codes.get(reason, "length"), country)


def _length(code: str, country: str) -> NumberRefused:
    return NumberRefused(code, country=country_name(country, "en"), code_of=country, digits=digits_of(country))


def _other(region: str, country: str) -> NumberRefused:
    return NumberRefused(
        "other_country",
        other=country_name(region, "en"),
        country=country_name(country, "en"),
        other_of=region,
        code_of=country,
    )


def digits_of(country: str) -> str:
    """How many digits numbers of a country have, without the nought that is dialled before them: `8`, `9–10`."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country, None)
    if metadata is None:
        return "7–15"
    general = metadata.general_desc.possible_length if metadata.general_desc else ()
    kinds = (metadata.fixed_line, metadata.mobile)
    several = (length for kind in kinds if kind for length in (kind.possible_length or general) if length > 0)
    lengths = sorted(set(several)) or sorted(general) or [7, 15]
    return str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]}–{lengths[-1]}"
