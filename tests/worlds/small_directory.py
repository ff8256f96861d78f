"""A small world behind the interface: a file of providers, really imported and indexed; and settings to switch."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import settings_from
from directory.actors import command
from directory.admission.limits import counting
from directory.db import get_engine, transaction
from directory.imports import import_file
from directory.listings.changing import set_status
from directory.models import ListingStatus
from directory.runtime import connections
from directory.search import answering
from geodata.gazetteer import get_gazetteer
from indexers.outbox import drain
from indexers.rebuild import rebuild
from indexers.stores import open_stores
from indexers.writer import BulkWriter

Row = dict[str, Any]

NAIROBI = {"city": "Nairobi", "country": "KE"}
# Walk-in clinics on a line eastwards from here, 1.1 km apart: enough for pages, and with names that repeat.
GOMA = (29.2356, -1.6792)
CLINICS = 23

_AGA_KHAN: Row = {
    "external_id": "aga-khan",
    "name": "Aga Khan University Hospital",
    "name_local": "مستشفى الأغا خان",
    "type": "hospital",
    "specialties": "cardiology;paediatrics",
    "address": "3rd Parklands Avenue",
    "postal_code": "00100",
    "lat": -1.2636,
    "lon": 36.8167,
    "phone": "+254 20 366 2000",
    "email": "info@example.org",
    "website": "https://hospital.example.org",
    "languages": "en;sw;ar",
    "verified_on": "2026-01-15",
    **NAIROBI,
}

ROWS: tuple[Row, ...] = (
    # Two agreements: a card without a tariff in one network, a tariff without a card in the other.
    {**_AGA_KHAN, "network": "worldwide", "outpatient": "card", "inpatient": "guarantee_letter", "notice_days": 7},
    {**_AGA_KHAN, "network": "essential", "outpatient": "none", "inpatient": "none", "tariff": True},
    {
        "external_id": "nairobi-pharmacy",
        "name": "Uhuru Pharmacy",
        "type": "pharmacy",
        "lat": -1.2864,
        "lon": 36.8172,
        "network": "worldwide",
        "outpatient": "card",
        "inpatient": "none",
        "tariff": True,
        **NAIROBI,
    },
    {
        "external_id": "no-agreement",
        "name": "Karen Dental Rooms",
        "type": "dentist",
        "lat": -1.32,
        "lon": 36.70,
        **NAIROBI,
    },
    {"external_id": "suspended", "name": "Suspended House", "type": "clinic", "lat": -1.30, "lon": 36.80, **NAIROBI},
    {"external_id": "retired", "name": "Retired House", "type": "clinic", "lat": -1.31, "lon": 36.81, **NAIROBI},
    {"external_id": "merged", "name": "Aga Khan Hosp.", "type": "hospital", "lat": -1.2637, "lon": 36.8168, **NAIROBI},
    {"external_id": "nowhere", "name": "Somewhere Midwives", "type": "midwife", "country": "KE"},
    # One that only its city places, and one in its street.
    {
        "external_id": "kisumu-somewhere",
        "name": "Lakeside Physiotherapy",
        "type": "physiotherapist",
        "city": "Kisumu",
        "country": "KE",
        "phone": "+254 57 202 0801",
    },
    {
        "external_id": "kisumu-street",
        "name": "Milimani Physiotherapy",
        "type": "physiotherapist",
        "city": "Kisumu",
        "country": "KE",
        "lat": -0.15,
        "lon": 34.80,
        "phone": "+254 57 202 0802",
        "network": "worldwide",
        "outpatient": "card",
        "inpatient": "none",
    },
    {
        "external_id": "cairo",
        "name": "مستشفى السلام الدولي",
        "name_lang": "ar",
        "type": "hospital",
        "specialties": "cardiology",
        "city": "القاهرة",
        "country": "EG",
        "lat": 29.985,
        "lon": 31.231,
        "languages": "ar",
        "network": "worldwide",
        "outpatient": "guarantee_letter",
        "inpatient": "guarantee_letter",
        "notice_days": 2,
    },
    {
        "external_id": "fiji-west",
        "name": "Taveuni Hospital",
        "type": "hospital",
        "country": "FJ",
        "lat": -16.81,
        "lon": -179.97,
    },
    {
        "external_id": "fiji-east",
        "name": "Labasa Hospital",
        "type": "hospital",
        "country": "FJ",
        "lat": -16.43,
        "lon": 179.37,
    },
    *(
        {
            "external_id": f"goma-{number}",
            "name": f"Goma Walk-in Clinic {number % 7}",
            "type": "clinic",
            "city": "Goma",
            "country": "CD",
            "lat": GOMA[1],
            "lon": GOMA[0] - 0.002 * number,
            "network": "local_staff",
            "outpatient": "card",
            "inpatient": "none",
        }
        for number in range(CLINICS)
    ),
)
HIDDEN = 3  # the suspended, the retired and the merged one
LISTINGS = len({row["external_id"] for row in ROWS}) - HIDDEN


@dataclass(frozen=True)
class World:
    """Ids of the listings by `external_id`."""

    ids: dict[str, int]


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[None]:
    """This process reads `variables` as its environment, and reaches its engines anew, before and after."""
    with settings_from(variables):
        _let_engines_be_asked()
        yield
    _let_engines_be_asked()


def _let_engines_be_asked() -> None:
    """None of them is known to be away."""
    for breaker in (answering.opensearch, answering.type_ahead, connections.database, connections.plain_search):
        breaker.succeeded()
    counting.counted()


def index_what_waits() -> None:
    """Bring into the index what tests before this one changed in the database that they share."""
    stores = open_stores()
    drain(stores, BulkWriter(stores.client))
    stores.engine.dispose()
    stores.client.close()


def build_world(directory: Path) -> World:
    """Load ROWS into the database of the settings, which has codes and places, settle some of them, and index all."""
    file = directory / "world.ndjson"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    engine, gazetteer = get_engine(), get_gazetteer()
    report = import_file(file, source="world", engine=engine, gazetteer=gazetteer)
    assert report.set_aside == 0, report.first_rejects
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT external_id, id FROM listing").all()
    ids = {row.external_id: row.id for row in rows}
    with transaction() as session:
        set_status(session, ids["suspended"], ListingStatus.suspended, actor=command("test"))
        set_status(session, ids["retired"], ListingStatus.retired, actor=command("test"), reason="closed for good")
        set_status(
            session,
            ids["merged"],
            ListingStatus.merged,
            actor=command("test"),
            reason="the same house",
            merged_into=ids["aga-khan"],
        )
    stores = open_stores()
    rebuild(stores, grace_s=0)
    stores.engine.dispose()
    stores.client.close()
    return World(ids)
