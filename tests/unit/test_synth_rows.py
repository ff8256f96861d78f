"""The listings of a synthetic world as they are drawn, before any database sees them."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from directory.synth.ground import Ground, make_ground
from directory.synth.rows import PORTION, TABLES, draw_portion
from geodata.gazetteer import Gazetteer
from geodata.points import Point, haversine_m
from geodata.text import script_of, sort_key

Rows = dict[str, list[dict[str, str]]]
COUNT = 3_000


@pytest.fixture(scope="module")
def ground(gazetteer_path: Path) -> Ground:
    return make_ground(Gazetteer(gazetteer_path), seed=7)


@pytest.fixture(scope="module")
def rows(ground: Ground) -> Rows:
    return _read(draw_portion(ground, 7, 0, COUNT))


def _read(portion: dict[str, bytes]) -> Rows:
    return {
        table: [
            dict(zip(columns.replace(",", "").split(), line.split("\t"), strict=True))
            for line in portion[table].decode().splitlines()
        ]
        for table, columns in TABLES.items()
    }


def test_same_seed_draws_the_same_rows(ground: Ground) -> None:
    assert draw_portion(ground, 7, 3, 200) == draw_portion(ground, 7, 3, 200)


def test_another_seed_draws_other_rows(ground: Ground) -> None:
    assert draw_portion(ground, 7, 0, 200)["provider"] != draw_portion(ground, 8, 0, 200)["provider"]


def test_second_portion_goes_on_with_the_numbers_of_the_first(ground: Ground) -> None:
    listings = _read(draw_portion(ground, 7, 1, 50))["listing"]
    assert [int(row["id"]) for row in listings] == list(range(PORTION + 1, PORTION + 51))


def test_every_listing_has_its_provider_and_its_location(rows: Rows) -> None:
    providers = {row["id"] for row in rows["provider"]}
    assert {row["provider_id"] for row in rows["listing"]} == providers
    assert [row["location_id"] for row in rows["listing"]] == [row["id"] for row in rows["location"]]


def test_chains_have_several_locations_in_one_country(rows: Rows) -> None:
    countries: dict[str, list[str]] = defaultdict(list)
    for listing, location in zip(rows["listing"], rows["location"], strict=True):
        countries[listing["provider_id"]].append(location["country"])
    assert all(len(set(found)) == 1 for found in countries.values())
    assert sum(len(found) > 1 for found in countries.values()) > COUNT / 50
    assert max(map(len, countries.values())) > 5


def test_names_are_written_in_the_script_that_they_say(rows: Rows) -> None:
    scripts = {row["script"] for row in rows["provider_name"]}
    assert {"Arab", "Cyrl", "Hani", "Jpan", "Hang", "Thai", "Deva"} <= scripts
    for row in rows["provider_name"]:
        # A Japanese name may be all Han characters, and one of a town without a local name part Latin.
        allowed = {row["script"], "Latn"} | ({"Hani"} if row["script"] == "Jpan" else set())
        assert script_of(row["text"]) in allowed, row
    assert all(script_of(row["name"]) == "Latn" and row["script"] == "Latn" for row in rows["provider"])


def test_names_are_sorted_as_an_import_sorts_them(rows: Rows) -> None:
    assert all(row["sort_name"] == sort_key(row["name"]) for row in rows["provider"])


def test_many_countries_have_listings_and_large_ones_more(rows: Rows) -> None:
    counts = Counter(row["country"] for row in rows["location"])
    assert len(counts) > 90
    assert counts["CN"] > counts["KE"] > 0


def test_points_lie_near_their_place(ground: Ground, rows: Rows) -> None:
    index_of = {str(place): index for index, place in enumerate(ground.ids)}
    distances = []
    for row in rows["location"]:
        if row["precision"] == "exact":
            lon, lat = map(float, row["point"].removeprefix("SRID=4326;POINT(").rstrip(")").split())
            index = index_of[row["place_id"]]
            distances.append(haversine_m(Point(lon, lat), Point(float(ground.lon[index]), float(ground.lat[index]))))
    assert max(distances) < 100_000
    assert sorted(distances)[len(distances) // 2] > 100


def test_some_listings_have_no_point_and_some_their_places(rows: Rows) -> None:
    shares = {word: count / COUNT for word, count in Counter(row["precision"] for row in rows["location"]).items()}
    assert 0.01 < shares["\\N"] < 0.06
    assert 0.02 < shares["place"] < 0.09


def test_listings_and_agreements_are_of_every_state(rows: Rows) -> None:
    assert {row["status"] for row in rows["listing"]} == {"active", "suspended", "retired"}
    assert {row["status"] for row in rows["agreement"]} == {"active", "suspended", "ended"}
    networks = Counter(
        row["listing_id"] for row in {(r["listing_id"], r["network"]): r for r in rows["agreement"]}.values()
    )
    assert len(networks) == COUNT
    assert set(networks.values()) == {1, 2, 3}


def test_types_come_in_realistic_shares(rows: Rows) -> None:
    counts = Counter(row["type"] for row in rows["listing"])
    assert counts.most_common(1)[0][0] == "doctor"
    assert 0.08 < counts["pharmacy"] / COUNT < 0.19
