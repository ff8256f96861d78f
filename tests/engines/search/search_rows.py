"""Rows of a made-up world in the import format: every corner of the earth, every script, every kind of agreement."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from geodata.places import Place
from geodata.points import Point

NETWORKS = ("worldwide", "essential", "local_staff", "emergency")
SETTLEMENTS = ("card", "guarantee_letter", "none")
TYPES = ("hospital", "clinic", "pharmacy", "laboratory", "dentist", "doctor", "imaging_centre", "health_post")
SPECIALTIES = (
    "cardiology",
    "paediatrics",
    "dentistry",
    "dermatology",
    "oncology",
    "radiology",
    "urology",
    "psychiatry",
)
LANGUAGES = ("en", "fr", "es", "ar", "sw", "uk", "el", "zh", "ja", "ko", "th", "pt-BR")
# Over midnight, over the end of the week, in parts of a day, always, and what nobody can read.
HOURS = (
    "",
    "24/7",
    "Mo-Fr 08:00-17:00",
    "Mo-Sa 08:00-12:00,14:00-18:30",
    "22:00-06:00",
    "Su 20:00-26:00; Mo off",
    "Sa-Th 09:00-21:00",
    "by appointment",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """One agreement; `begins` and `ends` are the first and last day in force."""

    network: str
    outpatient: str
    inpatient: str
    tariff: bool
    begins: date | None = None
    ends: date | None = None
    status: str = "active"


@dataclass(slots=True)
class Row:
    """One listing as a file tells of it, and what the network team decided about it afterwards."""

    external_id: str
    name: str
    type: str
    country: str
    local: tuple[str, str] | None = None  # text, language
    city: str = ""
    point: Point | None = None
    specialties: Sequence[str] = ()
    languages: Sequence[str] = ()
    agreements: list[Terms] = field(default_factory=list)
    status: str = "active"

    def as_import(self) -> Iterator[dict[str, Any]]:
        """The rows of the file: one an agreement, or one that tells of none."""
        common = {
            "external_id": self.external_id,
            "name": self.name,
            "name_local": self.local[0] if self.local else "",
            "name_lang": self.local[1] if self.local else "",
            "type": self.type,
            "specialties": ";".join(self.specialties),
            "city": self.city,
            "country": self.country,
            "lat": repr(self.point.lat) if self.point else "",
            "lon": repr(self.point.lon) if self.point else "",
            "languages": ";".join(self.languages),
            "hours": hours_of(self),
        }
        if not self.agreements:
            yield common
        for terms in self.agreements:
            yield common | {
                "network": terms.network,
                "outpatient": terms.outpatient,
                "inpatient": terms.inpatient,
                "tariff": str(terms.tariff).lower(),
                "effective_from": terms.begins.isoformat() if terms.begins else "",
                "effective_to": terms.ends.isoformat() if terms.ends else "",
            }


def hours_of(row: Row) -> str:
    """Its opening hours, as the file has them."""
    return HOURS[crc32(row.external_id.encode()) % len(HOURS)]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where listings gather: a centre, how far from it they lie, how many there are, and what they are called."""

    country: str
    city: str
    center: Point
    spread_km: float
    count: int
    lang: str = ""


# Words of names, by language. Latin names are found everywhere.
_LATIN = [
    "Aga",
    "Nyota",
    "Unity",
    "Mercy",
    "Harmony",
    "Sunrise",
    "Lakeside",
    "Saint-Étienne",
    "Ñandú",
    "O'Brien",
    "Hope",
    "Zion",
    "Baraka",
    "Aurora",
    "Delta",
]
_KINDS = [
    "Hospital",
    "Clinic",
    "Pharmacie",
    "Laboratory",
    "Medical Centre",
    "Dental Care",
    "Centro Médico",
    "Polyclinique",
]
_LOCAL = {
    "ar": ["مستشفى الشفاء", "صيدلية النور", "عيادة الأمل", "مركز السلام الطبي", "مستوصف الحياة"],
    "uk": ["Аптека Добра", "Лікарня Святого Луки", "Клініка Здоров'я", "Поліклініка Надія"],
    "el": ["Νοσοκομείο Ευαγγελισμός", "Φαρμακείο Ήλιος", "Κλινική Υγεία"],
    "zh": ["北京协和医院", "朝阳药房", "和平诊所", "人民医院"],
    "ja": ["さくら病院", "ひまわりクリニック", "みどり薬局", "東京メディカルセンター"],
    "ko": ["서울대학교병원", "한강약국", "미래치과의원"],
    "th": ["โรงพยาบาลกรุงเทพ", "ร้านยาสุขใจ", "คลินิกทันตกรรม"],
}

SPOTS = (
    Spot("KE", "Nairobi", Point(36.8219, -1.2921), 15, 420, "ar"),
    Spot("EG", "القاهرة", Point(31.2357, 30.0444), 25, 180, "ar"),
    Spot("UA", "Київ", Point(30.5234, 50.4501), 20, 150, "uk"),
    Spot("GR", "Αθήνα", Point(23.7275, 37.9838), 15, 120, "el"),
    Spot("CN", "北京", Point(116.4074, 39.9042), 30, 140, "zh"),
    Spot("JP", "東京", Point(139.6917, 35.6895), 20, 140, "ja"),
    Spot("KR", "서울", Point(126.978, 37.5665), 12, 140, "ko"),
    Spot("TH", "Bangkok", Point(100.5018, 13.7563), 20, 110, "th"),
    # Both sides of the antimeridian, on it, and far in the north of it.
    Spot("FJ", "", Point(180.0, -16.85), 25, 60),
    Spot("FJ", "", Point(-180.0, -16.85), 0, 2),
    Spot("FJ", "", Point(180.0, -16.85), 0, 2),
    Spot("RU", "", Point(-179.13, 66.32), 60, 40, "uk"),
    # The ends of the inhabited earth, and a pole.
    Spot("AQ", "", Point(0.0, -90.0), 0, 3),
    Spot("AQ", "", Point(139.3, -89.9), 40, 40),
    Spot("AQ", "", Point(166.67, -77.85), 5, 10),
    Spot("SJ", "Longyearbyen", Point(15.64, 78.22), 3, 10),
    Spot("CA", "", Point(-62.3, 82.5), 5, 12),
    # Several in one house.
    *(Spot("TZ", "", Point(35.7 + number, -6.1), 0, 2 + number) for number in range(4)),
)
# No country reaches the north pole: these are carried there after the import.
DRIFTING = 12


# Told apart by their agreements alone; in a country of their own.
BARGAINS = {
    "card in one, tariff in another": [
        Terms("worldwide", "card", "none", False),
        Terms("essential", "none", "none", True),
    ],
    "card with tariff": [Terms("worldwide", "card", "guarantee_letter", True)],
    "letters": [Terms("emergency", "guarantee_letter", "guarantee_letter", False)],
    "pay and claim": [Terms("worldwide", "none", "none", True)],
    "no agreement": [],
    "agreement that has ended": [Terms("worldwide", "card", "card", True, ends=date(2020, 12, 31))],
    "agreement to come": [Terms("essential", "card", "card", True, begins=date(2071, 1, 1))],
}
BARGAINS_COUNTRY = "IS"

# Told apart by their names alone: (external id, name, local name).
NAMED = (
    ("kenyatta", "Kenyatta National Hospital", None),
    ("bwamanda", "Clinique Bwamandakaya", None),
    ("severine", "Hôpital Sévérine-Élodie", None),
    ("brannigan", "O'Brannigan Clinic", None),
    ("elision", "Maternité de l'Espérançaise", None),
    ("qurtubi", "مستشفى القرطبي", None),
    ("zahrawi", "Zahrawi Hospital", ("مستشفى الزهراوي", "ar")),
    ("podorozhnik", "Аптека Подорожник", None),
    ("asklepios", "Φαρμακείο Ασκληπιός", None),
    ("xiehe", "上海协和医院", None),
    ("severance", "세브란스병원", None),
    ("asahi", "あさひ小児科クリニック", None),
    ("bamrung", "โรงพยาบาลบำรุงราษฎร์", None),
)
NAMED_COUNTRY = "MT"


def build_told_rows() -> Iterator[Row]:
    """The listings that tests name one by one; none has a point or a city."""
    for external_id, agreements in BARGAINS.items():
        yield Row(external_id, "Bargain", "clinic", BARGAINS_COUNTRY, agreements=agreements)
    for external_id, name, local in NAMED:
        yield Row(external_id, name, "clinic", NAMED_COUNTRY, local=local)


def build_rows(seed: int, cities: Sequence[Place], today: date, count: int = 3000) -> list[Row]:
    """The same rows for the same seed and day: those of SPOTS, and the rest in and around `cities`."""
    rng = random.Random(seed)
    rows = [_row(rng, today, spot) for spot in SPOTS for _ in range(spot.count)]
    while len(rows) < count:
        city = rng.choice(cities)
        rows.append(_row(rng, today, Spot(city.country, city.name, city.point, 8, 1)))
    for row in rows[-600:]:
        # Known by its city alone, or by nothing but its country.
        if rng.random() < 0.3:
            row.point = None
            if rng.random() < 0.5:
                row.city = ""
    for number, row in enumerate(rows):
        row.external_id = f"r{number}"
    return rows


def _row(rng: random.Random, today: date, spot: Spot) -> Row:
    local = (rng.choice(_LOCAL[spot.lang]), spot.lang) if spot.lang and rng.random() < 0.7 else None
    name = f"{rng.choice(_LATIN)} {rng.choice(_KINDS)}"
    if local and rng.random() < 0.2:
        name, local = local[0], None
    return Row(
        external_id="",
        name=name,
        local=local,
        type=rng.choice(TYPES),
        country=spot.country,
        city=spot.city,
        point=_around(rng, spot.center, spot.spread_km),
        specialties=rng.sample(SPECIALTIES, rng.choice((0, 1, 1, 2, 3))),
        languages=rng.sample(LANGUAGES, rng.choice((0, 1, 1, 2))),
        agreements=[terms for network in NETWORKS if rng.random() < 0.4 for terms in _agreements(rng, today, network)],
        status=rng.choices(("active", "suspended", "retired", "merged"), (94, 2, 2, 2))[0],
    )


def _around(rng: random.Random, center: Point, spread_km: float) -> Point:
    """A point at most `spread_km` away on the great circle, by its bearing; the centre itself where that is 0."""
    if not spread_km:
        return center
    angle, bearing = rng.random() * spread_km / 6371, rng.uniform(0, math.tau)
    lat0, lon0 = math.radians(center.lat), math.radians(center.lon)
    lat = math.asin(math.sin(lat0) * math.cos(angle) + math.cos(lat0) * math.sin(angle) * math.cos(bearing))
    east = math.sin(bearing) * math.sin(angle) * math.cos(lat0)
    lon = lon0 + math.atan2(east, math.cos(angle) - math.sin(lat0) * math.sin(lat))
    return Point((round(math.degrees(lon), 6) + 540) % 360 - 180, round(math.degrees(lat), 6))


def _agreements(rng: random.Random, today: date, network: str) -> Iterator[Terms]:
    """One agreement of a network, or two of which the second begins when the first has ended."""
    day = timedelta(days=1)
    status = rng.choices(("active", "suspended", "ended"), (90, 6, 4))[0]
    periods: tuple[tuple[date | None, date | None], ...] = rng.choice(
        (
            ((None, None),),
            ((None, None),),
            ((None, today), (today + day, None)),
            ((None, today - day), (today, None)),
            ((None, today - day),),
            ((today, today),),
            ((today + day, None),),
            ((today - 400 * day, today - 30 * day), (today + 30 * day, today + 400 * day)),
        )
    )
    for begins, ends in periods:
        yield Terms(
            network,
            rng.choice(SETTLEMENTS),
            rng.choice(SETTLEMENTS),
            rng.random() < 0.5,
            begins,
            ends,
            status if len(periods) == 1 else "active",
        )
