"""Goma and Gisenyi: one town in two countries, with agreements of every kind, and the plans of its members."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from directory.db import get_engine
from directory.imports import import_file
from geodata.gazetteer import get_gazetteer
from indexers.rebuild import rebuild
from indexers.stores import open_stores

Row = dict[str, Any]

GOMA, GISENYI = {"city": "Goma", "country": "CD"}, {"city": "Gisenyi", "country": "RW"}
NETWORKS = ("worldwide", "essential", "local_staff", "emergency")
WAYS = ("card", "guarantee_letter", "none")

PLANS = """
[with_region]
networks = ["worldwide", "emergency"]
en = "Staff with a regional area"
fr = "Personnel avec zone régionale"
es = "Personal con zona regional"
ar = "موظفون مع منطقة إقليمية"
[with_region.area]
duty = ["CD", "KE"]
emergency_on_official_travel = true
[[with_region.area.regional]]
duty = "CD"
country = "RW"
[[with_region.area.regional]]
duty = "CD"
country = "KE"
place = { name = "Nairobi", lat = -1.2864, lon = 36.8172 }
radius_km = 30
[[with_region.area.regional]]
duty = "CD"
country = "EG"
from = 2020-01-01
to = 2021-01-01

[without_region]
networks = ["worldwide", "emergency"]
en = "Staff"
fr = "Personnel"
es = "Personal"
ar = "موظفون"
[without_region.area]
duty = "any"
emergency_on_official_travel = true

[retired]
networks = ["worldwide"]
staff = "retired"
en = "Retired staff"
fr = "Personnel retraité"
es = "Personal jubilado"
ar = "متقاعدون"
[retired.area]
duty = "any"
emergency_on_official_travel = true

[local]
networks = ["local_staff", "essential"]
claim_months = 6
en = "Local staff"
fr = "Personnel local"
es = "Personal local"
ar = "موظفون محليون"
"""

NAMED: tuple[Row, ...] = (
    {
        "external_id": "goma-hospital",
        "name": "Goma General Hospital",
        "type": "hospital",
        "lat": -1.6792,
        "lon": 29.2280,
        "network": "worldwide",
        "outpatient": "card",
        "inpatient": "guarantee_letter",
        "notice_days": 9,
        **GOMA,
    },
    {
        "external_id": "gisenyi-hospital",
        "name": "Gisenyi District Hospital",
        "type": "hospital",
        "lat": -1.7000,
        "lon": 29.2560,
        "network": "worldwide",
        "outpatient": "guarantee_letter",
        "inpatient": "guarantee_letter",
        **GISENYI,
    },
    {
        "external_id": "suspended",
        "name": "Lakeside Clinic",
        "type": "clinic",
        "lat": -1.6800,
        "lon": 29.2200,
        "network": "worldwide",
        "outpatient": "card",
        "inpatient": "card",
        **GOMA,
    },
    {"external_id": "vague", "name": "Somewhere Dentist", "type": "dentist", **GISENYI},
    {"external_id": "nowhere", "name": "Nowhere Midwives", "type": "midwife", "country": "KE"},
    {"external_id": "kisumu", "name": "Kisumu Clinic", "type": "clinic", "lat": -0.1, "lon": 34.75, "country": "KE"},
)
MANY = 90
_CENTRES = (("CD", -1.6792, 29.2280), ("RW", -1.7, 29.26), ("KE", -1.2864, 36.8172), ("EG", 30.04, 31.24))


def make_rows() -> list[Row]:
    """The named ones, and many clinics with agreements of one to four networks."""
    rng = random.Random("border")
    rows = list(NAMED)
    for number in range(MANY):
        country, lat, lon = _CENTRES[number % len(_CENTRES)]
        base: Row = {
            "external_id": f"many-{number}",
            "name": f"Walk-in Clinic {number}",
            "type": rng.choice(("clinic", "hospital", "pharmacy")),
            "country": country,
            "lat": lat + rng.uniform(-0.6, 0.6),
            "lon": lon + rng.uniform(-0.6, 0.6),
        }
        networks = rng.sample(NETWORKS, rng.choice((0, 1, 1, 2, 3, 4)))
        rows += [{**base, **_terms(network, rng)} for network in networks] or [base]
    return rows


def _terms(network: str, rng: random.Random) -> Row:
    terms: Row = {"network": network, "outpatient": rng.choice(WAYS), "inpatient": rng.choice(WAYS)}
    if "guarantee_letter" in terms.values() and rng.random() < 0.7:
        terms["notice_days"] = rng.choice((2, 7, 10))
    return {**terms, "tariff": rng.random() < 0.4}


@dataclass(frozen=True)
class Town:
    """Ids of the listings by `external_id`."""

    ids: dict[str, int]


def build_town(directory: Path) -> Town:
    """Load the rows into the database of the settings, suspend some agreements, and index all."""
    file = directory / "town.ndjson"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in make_rows()), encoding="utf-8")
    engine = get_engine()
    report = import_file(file, source="town", engine=engine, gazetteer=get_gazetteer())
    assert report.set_aside == 0, report.first_rejects
    with engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT external_id, id FROM listing").all()
        ids = {row.external_id: row.id for row in rows}
        some = [ids["suspended"], *(ids[f"many-{number}"] for number in range(0, MANY, 7))]
        connection.exec_driver_sql(
            "UPDATE agreement SET status = 'suspended' WHERE network = 'worldwide' AND listing_id = ANY(%s)", (some,)
        )
    stores = open_stores()
    rebuild(stores, grace_s=0)
    stores.engine.dispose()
    stores.client.close()
    return Town(ids)
