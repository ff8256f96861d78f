"""Words around a name that only say what or whereabouts it is: kinds of place, postcodes, continents, joining words."""

import re

from geodata.small_words import JOINING
from geodata.text import fold


def _words(*lines: str) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split())


# "City of Nairobi", "Nairobi City", "Lyon Cedex", "downtown Austin", "м. Київ".
_SETTLEMENTS = _words(
    "city town township municipality municipal metro metropolitan metropolis urban rural area suburb suburbs village",
    "greater downtown uptown midtown center centre central cbd cdp proper metroplex outskirts",
    "ville commune communaute urbaine agglomeration cedex banlieue centre-ville quartier",
    "cidade municipio concelho freguesia ciudad villa centro pueblo localidad barrio alcaldia",
    "comune citta stadt gemeinde landkreis kreis lungsod kota kabupaten jiji mji shi si gu gun ken",
    "город г гор місто м місті посёлок пгт деревня село",
    "مدينة بلدية قضاء حي ضاحية وسط",
    "airport aeroport aeroporto aeropuerto flughafen airfield مطار аэропорт",
)
# "Cork County", "Provincia de Buenos Aires": of these a region or county is meant, not a small town of the name.
DIVISIONS = _words(
    "county co parish district borough ward division prefecture province region state territory governorate emirate",
    "canton department oblast voivodeship",
    "departement arrondissement provincia departamento estado region comunidad distrito regiao bezirk kanton",
    "область район область обл край محافظة منطقة ولاية إقليم",
)
_WHEREABOUTS = JOINING | _words(
    "in near around close by from within outside at around nearby",
    "pres autour proche vers dans a cerca alrededor junto cerca perto nahe bei um",
    "قرب بالقرب حول عند",
)
_WORLD = frozenset(
    map(
        fold,
        (
            "Africa", "Afrique", "África", "Afrika", "East Africa", "West Africa", "North Africa", "Southern Africa",
            "Central Africa", "Afrique de l'Ouest", "Afrique centrale", "Afrique de l'Est", "Afrique du Nord",
            "África occidental", "أفريقيا", "إفريقيا", "Африка", "非洲",
            "Asia", "Asie", "Asien", "South Asia", "Southeast Asia", "South East Asia", "East Asia", "Central Asia",
            "Asie du Sud-Est", "Asie centrale", "Asia central", "آسيا", "Азия", "亚洲",
            "Europe", "Europa", "Eastern Europe", "Western Europe", "أوروبا", "Европа", "欧洲", "EU",
            "Middle East", "Near East", "Moyen-Orient", "Proche-Orient", "Oriente Medio", "Medio Oriente",
            "الشرق الأوسط", "Gulf", "Levant",
            "America", "North America", "South America", "Central America", "Latin America", "Caribbean",
            "Amérique du Nord", "Amérique du Sud", "Amérique latine", "Amérique centrale", "Caraïbes",
            "América", "América del Sur", "América Latina", "América Central", "América del Norte", "Caribe",
            "Oceania", "Océanie", "Oceanía", "Pacific", "South Pacific", "World", "Earth",
        ),
    )
)  # fmt: skip

_POSTCODE = re.compile(r"(?=.*\d)[a-z0-9]{1,8}( (?=.*\d)[a-z0-9]{1,4})?")
_HALF_POSTCODE = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?")

LONGEST = 4


def is_around(key: str) -> bool:
    """Whether the folded words name nothing themselves: "city", "of", "75015", "East Africa"."""
    first, _, rest = key.partition(" ")
    kind = first in _SETTLEMENTS or first in DIVISIONS
    return (kind and (not rest or rest in _WHEREABOUTS)) or key in _WHEREABOUTS or key in _WORLD or is_number(key)


def is_number(key: str) -> bool:
    """A house number, postcode or ordinal: "12", "75015", "w1u 6ty", "15e"."""
    return bool(_POSTCODE.fullmatch(key))


def is_joining(key: str) -> bool:
    """A word that leads to a place in a sentence, or joins two: "in", "près", "de"."""
    return key in _WHEREABOUTS


def is_settlement(key: str) -> bool:
    """A word that says that the name beside it is a town's or a part's of one: "city", "centro"."""
    return key in _SETTLEMENTS


def without_division(key: str) -> str:
    """The folded name of a county or region without the word for that: "Travis County", "Sverdlovsk Oblast"."""
    words = [word for word in key.split(" ") if word not in DIVISIONS]
    while len(words) > 1 and words[0] in _WHEREABOUTS:
        words = words[1:]  # what is left of "Provincia de Sevilla"
    return " ".join(words)
