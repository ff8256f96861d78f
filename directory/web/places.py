"""Places as the API and the pages show them: in the reader's language, and told apart where they are called alike."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from geodata.countries import country_name
from geodata.gazetteer import get_gazetteer
from geodata.places import Place
from geodata.text import fold


def render_place(place: Place, lang: str) -> dict[str, Any]:
    """A place as the API shows it, in the reader's language where it has a name there."""
    return {
        "id": str(place.id),
        "kind": place.kind,
        "name": place.name_in(lang),
        "local_name": place.local_name(lang),
        "label": place.label(lang),
        "country": place.country,
        "country_label": country_name(place.country, lang),
        "region": place.region_in(lang),
        "location": {"lat": place.lat, "lon": place.lon},
        "population": place.population,
    }


def render_places(places: Sequence[Place], lang: str) -> list[dict[str, Any]]:
    """Several of them. Where two would read alike the region tells them apart, in whatever script it is known.

    In Arabic "القاهرة، الولايات المتحدة" stood twice: Cairo in Georgia and Cairo in Illinois.
    """
    shown = [render_place(place, lang) for place in places]
    alike = Counter(each["label"] for each in shown)
    for place, each in zip(places, shown, strict=True):
        if alike[each["label"]] > 1 and each["region"] is None and place.region and place.kind != "region":
            comma = "، " if lang == "ar" else ", "
            each["region"] = place.region
            each["label"] = comma.join((each["name"], place.region, each["country_label"]))
    return shown


# A page has twenty of them, and most cities come again.
@lru_cache(maxsize=16_384)
def city_label(written: str | None, place_id: int | None, lang: str) -> str | None:
    """A listing's city for the reader: as their language calls it where that is what was written, else as written.

    A listing without a known city has the nearest place: that one's name is not its city's.
    """
    place = None if place_id is None else get_gazetteer().place(place_id)
    if place is None or written is None:
        return written
    known = {fold(name) for name in get_gazetteer().names(place.id)}
    return place.name_in(lang) if fold(written) in known else written
