"""What of a place is shown."""

from typing import Any

from geodata.countries import country_name
from geodata.places import Place


def describe_place(place: Place, lang: str) -> dict[str, Any]:
    """A place as the API shows it."""
    return {
        "id": str(place.id),
        "kind": place.kind,
        "name": place.name,
        "country": place.country,
        "country_label": country_name(place.country, lang),
        "region": place.region,
        "location": {"lat": place.lat, "lon": place.lon},
        "population": place.population,
    }
