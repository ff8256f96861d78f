"""The demonstration's cases of customer service: each sentence can be seen, and making them again makes none."""

import datetime as dt
from pathlib import Path

from sqlalchemy import text

from demo.care import make_care
from demo.people import load_secrets, make_people
from directory.db import get_engine
from tests.worlds.care_people import Desk
from tests.worlds.small_directory import World

RESUMED = text(
    "UPDATE agreement SET status = 'active', suspended_until = NULL, instead = NULL WHERE status = 'suspended'"
)


def test_the_demonstration_has_something_of_each(desk: Desk, world: World, tmp_path: Path) -> None:
    make_people(load_secrets(tmp_path))
    now = dt.datetime.now(dt.UTC)
    try:
        assert make_care(now) == {"suspended": 1, "refusals": 4, "calls": 4, "questions": 4}
        assert make_care(now) == {}
        rows = desk.ask("lucia", "GET", "/v1/refusals").get_json()["items"]
        assert {row["state"] for row in rows} == {"received", "contacting"}
        cautioned = {row["listing"]["id"] for row in rows}
        items = desk.ask(None, "GET", "/v1/providers", query_string={"country": "CD", "limit": "50"}).get_json()[
            "items"
        ]
        assert {item["id"] for item in items if item["caution"]} == cautioned
        assert sorted(item["caution"]["reports"] for item in items if item["caution"]) == [1, 3]
        assert desk.ask("lucia", "GET", "/v1/calls").get_json()["total"] == 3
        assert desk.ask("lucia", "GET", "/v1/contact").get_json()["total"] == 3
    finally:
        with get_engine().begin() as connection:
            connection.execute(RESUMED)
