"""Look-alikes among listings and open proposals, in any script; and who serves the same need now."""

from dataclasses import replace

import pytest

from directory.db import transaction
from directory.proposals.acting import Given
from directory.proposals.matches import Wanted, find_alternatives, find_same_proposals
from directory.search.look_alikes import Looked, find_same_listings
from geodata.points import Point
from tests.worlds.proposal_people import DRAFT, HEAL_AFRICA, People, act, called, propose
from tests.worlds.small_directory import World

GOMA = Point(29.2261, -1.6735)
NAIROBI = Point(36.8172, -1.2864)


def names_of(people: People, *names: str, country: str = "CD", point: Point | None = None) -> list[str]:
    with transaction() as session:
        return [each.name for each in find_same_proposals(session, Looked(names, country, point), people.chen)]


@pytest.mark.parametrize(
    "typed", ["Aga Khan", "aga kahn hospital", "مستشفى الأغا خان", "Hôpital universitaire Aga Khan", "Агахан"]
)
def test_a_listing_is_found_as_the_same_however_it_is_typed(world: World, typed: str) -> None:
    found = find_same_listings(Looked((typed,), "KE", NAIROBI))
    assert found
    assert (found[0].shown["id"], found[0].in_network) == (world.ids["aga-khan"], True)


def test_listings_of_another_country_or_name_are_not_the_same(world: World) -> None:
    assert find_same_listings(Looked(("Aga Khan Hospital",), "CD")) == []
    assert find_same_listings(Looked(("Mater Misericordiae",), "KE", NAIROBI)) == []


def test_next_door_a_name_copied_with_slips_is_enough(people: People, world: World) -> None:
    propose(people.amina, called("Centre Medical Bethesda", lat=GOMA.lat, lon=GOMA.lon))
    slipped = "Ctr. Méd. Betesda"
    assert names_of(people, slipped, point=Point(GOMA.lon + 0.001, GOMA.lat)) == ["Centre Medical Bethesda"]
    assert names_of(people, slipped, point=Point(GOMA.lon + 1.0, GOMA.lat)) == []


def test_an_open_proposal_of_any_client_is_found_and_one_that_ended_or_was_not_sent_is_not(people: People) -> None:
    open_one = propose(people.amina)
    assert names_of(people, "Heal Afrika") == ["Hôpital Heal Africa"]
    assert names_of(people, "هيل أفريقيا") == ["Hôpital Heal Africa"]
    assert names_of(people, "Heal Afrika", country="KE") == []
    act(people.nadia, open_one, "decline", Given(reason="other"))
    assert names_of(people, "Heal Afrika") == []
    propose(people.amina, submit=False)
    assert names_of(people, "Heal Afrika") == []
    propose(people.chen, submit=False)
    assert names_of(people, "Heal Afrika") == ["Hôpital Heal Africa"]


def test_a_local_name_counts_as_much_as_the_other(people: People) -> None:
    provider = replace(HEAL_AFRICA, name="Polyclinic No 7", name_local="عيادة النور")
    propose(people.amina, replace(DRAFT, provider=provider))
    assert names_of(people, "Clinique Nour") == ["Polyclinic No 7"]


def test_alternatives_are_the_nearest_in_the_network_that_pay_where_it_is_needed(world: World) -> None:
    found = find_alternatives(Wanted(GOMA, "CD", "clinic", settings=("outpatient",)))
    assert len(found) == 5
    distances = [metres or 0.0 for _, metres in found]
    assert distances == sorted(distances)
    assert all(listing["agreements"][0]["outpatient"] == "card" for listing, _ in found)


def test_where_nobody_pays_in_that_setting_those_who_only_belong_to_the_network_are_shown(world: World) -> None:
    found = find_alternatives(Wanted(GOMA, "CD", "clinic", settings=("inpatient",)))
    assert found
    assert all(listing["agreements"] for listing, _ in found)


def test_a_specialty_is_served_by_whoever_offers_it(world: World) -> None:
    [first, *_] = find_alternatives(Wanted(NAIROBI, "KE", "clinic", specialties=("cardiology",)))
    assert first[0]["id"] == world.ids["aga-khan"]


def test_where_there_is_none_of_its_type_those_under_the_same_heading_are_shown(world: World) -> None:
    found = find_alternatives(Wanted(GOMA, "CD", "polyclinic"))
    assert {listing["type"] for listing, _ in found} == {"clinic"}


def test_without_a_point_the_country_is_looked_through(world: World) -> None:
    found = find_alternatives(Wanted(None, "CD", "clinic"))
    assert {listing["country"] for listing, _ in found} == {"CD"}
    assert {metres for _, metres in found} == {None}
