"""What a place is called in the languages of readers and in its own script, of all the names that are known of it."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel.core import get_global

from geodata.text import script_of

# The language of a place's own country, where its script is not the Latin one.
LOCAL = "local"
_SCRIPTS = {"Kore": "Hang", "Hans": "Hani", "Hant": "Hani"}
# Letters that Arabic has not: a name with one of them is Persian, Urdu, Kurdish or Uyghur.
_NOT_ARABIC = frozenset("پچژگکیەېۆێڕڵڤہھےټډړښڼۇۈۋڭٹڈڑںۍۀ")
# What careful writers write: القاهرة rather than قاهره.
_CAREFUL = ("ال", "ة", "أ", "إ", "آ", "ئ", "ؤ")
# In these countries an Arabic name is the place's own.
ARAB = frozenset(
    word
    for line in ("AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE",)
    for word in line.split()
)


@lru_cache(maxsize=512)
def own_script(country: str) -> str:
    """ISO 15924 code of the script that a country's names are written in: "Arab" of EG, "Latn" of KE."""
    likely = get_global("likely_subtags").get(f"und_{country}", "en_Latn_US").split("_")[1]
    return "Arab" if country in ARAB else _SCRIPTS.get(likely, likely)


def arabic_name(names: Iterable[str]) -> str | None:
    """The name that Arabic speakers write with care, of names in many languages."""
    arabic = [name for name in names if script_of(name) == "Arab" and _NOT_ARABIC.isdisjoint(name)]
    return max(arabic, key=lambda name: sum(mark in name for mark in _CAREFUL), default=None)


def labels_of(country: str, names: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
    """Names by language ("en", "fr", "es", "ar" and LOCAL): those that are told, and what follows from the scripts."""
    labels = dict(told)
    script = own_script(country)
    if script == "Latn":
        return labels
    if country in ARAB:
        if "ar" not in labels and (name := arabic_name(names)):
            labels["ar"] = name
        return labels | ({LOCAL: labels["ar"]} if "ar" in labels else {})
    own = [name for name in names if not name.isascii() and script_of(name) == script]
    if LOCAL not in labels and len(own) == 1:
        labels[LOCAL] = own[0]
    return labels


def pack(labels: Mapping[str, str], region_labels: Mapping[str, str]) -> str | None:
    """One text for a column of the place file: "fr=Le Caire", one a line, those of the region with a dot before."""
    lines = [f"{lang}={name}" for lang, name in sorted(labels.items())]
    lines += [f".{lang}={name}" for lang, name in sorted(region_labels.items())]
    return "\n".join(lines) or None


def unpack(packed: str | None) -> dict[str, str]:
    """The same as a dictionary, keys as they were packed."""
    return dict(line.split("=", 1) for line in (packed or "").split("\n") if "=" in line)
