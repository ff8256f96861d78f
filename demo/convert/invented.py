"""Invented practitioners: open data names none that may be shown, and people do search for a heart doctor.

Every name is put together from a plant and a stone, so that nobody is meant; no address, phone or site is
given, and the points are spread around the middle of real cities.
"""

from collections.abc import Iterable, Iterator

from demo.agreements import Draw
from demo.convert.form import Raw, Row, listing

SOURCE = "invented-practitioners"

_FIRST = (
    "Acacia", "Aster", "Azalea", "Bryony", "Cedar", "Clover", "Dahlia", "Fern", "Heather", "Hazel", "Iris", "Jasmine",
    "Juniper", "Laurel", "Linden", "Lotus", "Maple", "Myrtle", "Olive", "Poppy", "Rowan", "Sage", "Tansy", "Willow",
)  # fmt: skip
_LAST = (
    "Agate", "Amber", "Basalt", "Beryl", "Coral", "Flint", "Garnet", "Granite", "Jade", "Jasper", "Marble", "Onyx",
    "Opal", "Pearl", "Quartz", "Ruby", "Sandstone", "Sapphire", "Slate", "Topaz", "Turquoise", "Zircon",
)  # fmt: skip

SPECIALTIES = (
    "general_practice", "general_practice", "paediatrics", "cardiology", "obstetrics_gynaecology", "dermatology",
    "ophthalmology",
    "ent", "orthopaedics", "psychiatry", "internal_medicine", "neurology", "gastroenterology", "urology",
    "endocrinology",
)  # fmt: skip
# How often each type is drawn, and the specialties that go with it; a doctor's is drawn from SPECIALTIES.
PRACTITIONERS = (
    ("doctor", ()), ("doctor", ()), ("doctor", ()), ("doctor", ()), ("dentist", ("dentistry",)),
    ("physiotherapist", ("physiotherapy",)), ("psychologist", ("psychology",)), ("midwife", ("midwifery",)),
)  # fmt: skip

_SPREAD_DEGREES = 0.045  # about 5 km


def convert_practitioners(cities: Iterable[Raw]) -> Iterator[Row]:
    """Thirty practitioners in each city of the list (country, city, lat, lon)."""
    for city in cities:
        for number in range(30):
            key = f"{city['country']}-{city['city']}-{number + 1}"
            draw = Draw(SOURCE, key, "person")
            type_code, specialties = PRACTITIONERS[draw.below(len(PRACTITIONERS))]
            given, family = _FIRST[draw.below(len(_FIRST))], _LAST[draw.below(len(_LAST))]
            offsets = [(draw.below(2001) - 1000) / 1000 * _SPREAD_DEGREES for _ in range(2)]
            yield listing(
                external_id=key,
                name=f"Dr {given} {family}" if type_code == "doctor" else f"{given} {family}",
                kind="practitioner",
                type=type_code,
                country=city["country"],
                city=city["city"],
                specialties=specialties or (SPECIALTIES[draw.below(len(SPECIALTIES))],),
                lat=f"{float(city['lat']) + offsets[0]:.5f}",
                lon=f"{float(city['lon']) + offsets[1]:.5f}",
            )
