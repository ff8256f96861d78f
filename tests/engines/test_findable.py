"""The rows that the search of the database looks in say what the tables say, whoever changes those."""

import random

import pytest

from tests.engines.index_world import World

TOLD = """
SELECT l.id, c.country, c.place_id, l.type, l.languages, p.sort_name, p.latin_names,
       string_to_array(concat_ws(' ', NULLIF(btrim(c.latin_city), ''), btrim(pl.latin_name)), ' '), ST_AsText(c.point),
       c.precision IS NOT DISTINCT FROM 'place'
  FROM listing l JOIN provider p ON p.id = l.provider_id JOIN location c ON c.id = l.location_id
  LEFT JOIN place pl ON pl.id = c.place_id
 WHERE l.status = 'active' ORDER BY l.id
"""
KEPT = """
SELECT listing_id, country, place_id, type, languages, sort_name, names, cities, ST_AsText(point), by_city
  FROM findable ORDER BY listing_id
"""
HIDDEN_TOLD = TOLD.replace("ST_AsText(c.point)", "l.status, ST_AsText(c.point)").replace("= 'active'", "<> 'active'")
HIDDEN_KEPT = KEPT.replace("ST_AsText(point)", "status, ST_AsText(point)").replace("findable", "hidden_listing")
PLACE = (
    "INSERT INTO place (id, name, latin_name, country, population, point)"
    " VALUES (:id, 'Goma', ' goma ', 'CD', 9, ST_MakePoint(29, -1.6)::geography) ON CONFLICT DO NOTHING"
)
CHANGES = {
    "suspended": "UPDATE listing SET status = 'suspended', revision = revision + 1 WHERE id % 3 = :some",
    "retired": "UPDATE listing SET status = 'retired', revision = revision + 1 WHERE id % 4 = :some",
    "active again": "UPDATE listing SET status = 'active', revision = revision + 1 WHERE id % 2 = 0",
    "another type": "UPDATE listing SET type = 'pharmacy', revision = revision + 1 WHERE id % 4 = :some",
    "languages": "UPDATE listing SET languages = '{fr,ar}', revision = revision + 1 WHERE id % 3 = :some",
    "another name": "UPDATE provider SET sort_name = 'b' || id, latin_names = ' b ' WHERE id % 3 = :some",
    "moved": "UPDATE location SET point = ST_MakePoint(30 + :some, 1)::geography, precision = 'place' WHERE id % 2 = 1",
    "known better": "UPDATE location SET precision = 'exact' WHERE precision = 'place' AND id % 2 = 1",
    "known by its city": "UPDATE location SET precision = 'place' WHERE precision = 'exact' AND id % 2 = 0",
    "no point": "UPDATE location SET point = NULL, precision = NULL WHERE id % 3 = :some",
    "another country": "UPDATE location SET country = 'CD', place_id = 71, latin_city = ' goma ' WHERE id % 3 = :some",
    "another provider": "UPDATE listing SET provider_id = (SELECT min(id) FROM provider), revision = revision + 1"
    " WHERE id % 4 = :some",
    "a place renamed": "UPDATE place SET latin_name = ' goma ville ' || :some WHERE id = 71",
}


@pytest.mark.parametrize("number", range(6))
def test_findable_rows_say_what_the_tables_say(world: World, number: int) -> None:
    rng = random.Random(number)
    for id_ in (71, 72):
        world.sql(PLACE, id=id_)
    for name in ("Alpha", "Beta", "Gamma"):
        world.add_listing(name, status=rng.choice(("active", "suspended")))
    world.add_listings(6)
    check(world, "as they were made")
    for what in rng.sample(sorted(CHANGES), len(CHANGES)):
        statement = CHANGES[what]
        world.sql(statement, **({"some": rng.randrange(3)} if ":some" in statement else {}))
        check(world, what)


def check(world: World, what: str) -> None:
    assert world.sql(KEPT) == world.sql(TOLD), what
    assert world.sql(HIDDEN_KEPT) == world.sql(HIDDEN_TOLD), what


def test_a_change_of_what_is_not_searched_writes_no_findable_row(world: World) -> None:
    listing = world.add_listing()
    before = world.value("SELECT xmin FROM findable WHERE listing_id = :id", id=listing)
    world.change(listing, hours="24/7")
    world.sql("UPDATE location SET phones = '{+254123}'")
    assert world.value("SELECT xmin FROM findable WHERE listing_id = :id", id=listing) == before


def test_when_all_listings_go_nothing_is_found(world: World) -> None:
    world.add_listing()
    world.sql("TRUNCATE listing CASCADE")
    assert world.value("SELECT count(*) FROM findable") == 0
