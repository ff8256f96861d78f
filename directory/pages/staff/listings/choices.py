"""What can be chosen in forms of listings, labelled, in the order of the reader's language: pairs of code and label."""

from collections.abc import Iterable
from functools import lru_cache

from config.languages import LANGUAGES
from directory.listings.curating import METHODS
from directory.models import Kind, Settlement
from directory.vocabulary.codes import Code, load_codes
from directory.vocabulary.languages import LANGUAGE_CODES, language_name
from directory.wording.catalogue import phrase
from geodata.countries import country_name, load_countries
from geodata.text import sort_key

Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=len(LANGUAGES))
def listing_choices(lang: str) -> dict[str, Pairs]:
    """All of them, by the name of the field."""
    codes = load_codes()
    return {
        "kinds": tuple((each.value, phrase(lang, f"listing.kind_{each}")) for each in Kind),
        "types": _by_label(_labelled(codes.types.values(), lang)),
        "specialties": _by_label(_labelled(codes.specialties.values(), lang)),
        "languages": _by_label((code, language_name(code, lang)) for code in LANGUAGE_CODES),
        "countries": _by_label((code, country_name(code, lang)) for code in load_countries()),
        "networks": tuple(_labelled(codes.networks.values(), lang)),
        "settlements": tuple((each.value, phrase(lang, f"settlement.{each}")) for each in Settlement),
        "methods": tuple((each, phrase(lang, f"listing.method_{each}")) for each in METHODS),
    }


def with_known(pairs: Pairs, chosen: Iterable[str]) -> Pairs:
    """With those that are chosen though they are not offered, under their own name: saving must not lose them."""
    offered = {code for code, _ in pairs}
    return (*pairs, *((code, code) for code in dict.fromkeys(chosen) if code and code not in offered))


def _labelled(codes: Iterable[Code], lang: str) -> Iterable[tuple[str, str]]:
    return ((code.code, code.label(lang)) for code in codes)


def _by_label(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return tuple(sorted(pairs, key=lambda pair: sort_key(pair[1])))
