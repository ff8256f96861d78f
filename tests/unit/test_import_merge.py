"""What rows make of a listing as it stands."""

from typing import Any

import pytest

from directory.imports.merge import UNDONE, merge_row, merge_rows
from directory.imports.rows import ParsedRow, UnusableRow
from directory.listings.facts import Facts


def row(line: int = 2, **parts: Any) -> ParsedRow:
    """A row that says a name, type and country, and what is given."""
    provider = {"name": "A clinic", "script": "Latn", "sort_name": "a clinic", **parts.pop("provider", {})}
    location = {
        "country": "KE", "lat": None, "lon": None, "precision": None, "place_id": None, "time_zone": None,
        **parts.pop("location", {}),
    }  # fmt: skip
    listing = {"type": "clinic", **parts.pop("listing", {})}
    return ParsedRow(line, "1", provider=provider, location=location, listing=listing, **parts)


def agreement(network: str = "worldwide", /, **terms: Any) -> dict[str, Any]:
    return {"network": network, **terms}


def first(**parts: Any) -> Facts:
    """The listing that a first row makes."""
    facts = merge_rows(None, [row(**parts)]).facts
    assert facts is not None
    return facts


def test_first_row_creates_a_listing_with_everything_else_empty() -> None:
    merged = merge_rows(None, [row()])
    assert [outcome for _, outcome in merged.outcomes] == ["created"]
    assert merged.facts is not None
    assert merged.facts["listing"]["status"] == "active"
    assert merged.facts["location"]["phones"] == []
    assert merged.facts["provider"]["kind"] == "organisation"


def test_same_row_again_changes_nothing() -> None:
    said = row(specialties=["cardiology"], agreements=[agreement(outpatient="card")])
    known = merge_rows(None, [said]).facts
    merged = merge_rows(known, [said])
    assert merged.facts == known
    assert [outcome for _, outcome in merged.outcomes] == ["unchanged"]


def test_absent_column_leaves_a_fact_and_an_empty_cell_empties_it() -> None:
    known = first(location={"address": "1 Main St", "phones": ["+1"]}, specialties=["cardiology"])
    kept = merge_row(known, row())
    assert (kept["location"]["address"], kept["specialties"]) == ("1 Main St", ["cardiology"])
    emptied = merge_row(known, row(location={"address": None}, specialties=[]))
    assert (emptied["location"]["address"], emptied["specialties"]) == (None, [])


def test_file_without_coordinates_leaves_the_point() -> None:
    known = first(location={"lat": -1.2, "lon": 36.8, "precision": "exact", "place_id": 7, "city": "Nairobi"})
    placed_by_city = {"city": "Nairobi", "lat": -1.3, "lon": 36.9, "precision": "place", "place_id": 7}
    after = merge_row(known, row(location=placed_by_city))["location"]
    assert (after["lat"], after["lon"], after["precision"]) == (-1.2, 36.8, "exact")


def test_emptied_coordinates_give_way_to_the_city() -> None:
    known = first(location={"lat": -1.2, "lon": 36.8, "precision": "exact", "place_id": 7, "city": "Nairobi"})
    placed_by_city = {"city": "Nairobi", "lat": -1.3, "lon": 36.9, "precision": "place", "place_id": 7}
    after = merge_row(known, row(location=placed_by_city, says_point=True))["location"]
    assert (after["lat"], after["precision"]) == (-1.3, "place")


def test_another_country_takes_the_old_point_away() -> None:
    known = first(location={"lat": -1.2, "lon": 36.8, "precision": "exact", "place_id": 7})
    after = merge_row(known, row(location={"country": "UG"}))["location"]
    assert (after["lat"], after["precision"], after["place_id"]) == (None, None, None)


def test_file_of_names_alone_leaves_a_point_that_came_from_the_city() -> None:
    known = first(location={"lat": -1.3, "lon": 36.9, "precision": "place", "place_id": 7, "city": "Nairobi"})
    after = merge_row(known, row())["location"]
    assert (after["lat"], after["place_id"], after["city"]) == (-1.3, 7, "Nairobi")


def test_local_name_replaces_the_one_of_its_script_and_keeps_the_others() -> None:
    known = first(names=[{"text": "عيادة", "lang": "ar", "script": "Arab"}])
    known["names"].append({"text": "Клиника", "lang": "ru", "script": "Cyrl"})
    after = merge_row(known, row(names=[{"text": "العيادة", "lang": "ar", "script": "Arab"}]))
    assert [name["text"] for name in after["names"]] == ["العيادة", "Клиника"]
    assert merge_row(known, row(names=[]))["names"] == known["names"]


@pytest.mark.parametrize("status", ["suspended", "retired", "merged"])
def test_update_never_changes_a_status(status: str) -> None:
    known = first()
    known["listing"] |= {"status": status, "status_reason": "by the team"}
    after = merge_row(known, row(listing={"hours": "24/7"}))["listing"]
    assert (after["status"], after["status_reason"], after["hours"]) == (status, "by the team", "24/7")


def test_listing_that_an_undo_retired_comes_back() -> None:
    known = first()
    known["listing"] |= {"status": "retired", "status_reason": UNDONE}
    merged = merge_rows(known, [row()])
    assert merged.facts is not None
    assert (merged.facts["listing"]["status"], merged.facts["listing"]["status_reason"]) == ("active", None)
    assert [outcome for _, outcome in merged.outcomes] == ["changed"]


def test_agreement_of_the_same_network_and_time_is_updated_in_place() -> None:
    known = first(agreements=[agreement(outpatient="card", **{"from": "2024-01-01", "to": None})])
    known["agreements"][0] |= {"id": 5, "status": "suspended"}
    after = merge_row(known, row(agreements=[agreement(outpatient="none", **{"from": "2024-06-01", "to": None})]))
    [found] = after["agreements"]
    assert (found["id"], found["status"], found["outpatient"], found["from"]) == (5, "suspended", "none", "2024-06-01")


def test_agreement_of_another_time_or_network_is_added_beside() -> None:
    known = first(agreements=[agreement(**{"from": "2023-01-01", "to": "2024-01-01"})])
    later = agreement(**{"from": "2024-01-01", "to": None})
    after = merge_row(known, row(agreements=[later, agreement("essential")]))
    assert [(each["network"], each["from"]) for each in after["agreements"]] == [
        ("worldwide", "2023-01-01"), ("worldwide", "2024-01-01"), ("essential", None),
    ]  # fmt: skip


def test_networks_that_a_file_does_not_name_are_left() -> None:
    known = first(agreements=[agreement("essential", outpatient="card")])
    assert merge_row(known, row())["agreements"] == known["agreements"]


def test_agreement_that_overlaps_two_is_set_aside() -> None:
    known = first(
        agreements=[
            agreement(**{"from": "2023-01-01", "to": "2024-01-01"}),
            agreement(**{"from": "2024-01-01", "to": None}),
        ]
    )
    with pytest.raises(UnusableRow, match="overlaps 2 agreements of the listing in worldwide"):
        merge_row(known, row(agreements=[agreement()]))


def test_two_rows_of_one_listing_give_it_two_networks() -> None:
    rows = [row(2, agreements=[agreement("worldwide")]), row(3, agreements=[agreement("essential")])]
    merged = merge_rows(None, rows)
    assert merged.facts is not None
    assert [each["network"] for each in merged.facts["agreements"]] == ["worldwide", "essential"]
    assert [outcome for _, outcome in merged.outcomes] == ["created", "changed"]
    again = merge_rows(merged.facts, rows)
    assert again.facts == merged.facts
    assert [outcome for _, outcome in again.outcomes] == ["unchanged", "unchanged"]


def test_later_row_of_one_listing_wins() -> None:
    rows = [row(2, provider={"name": "Old"}), row(3, provider={"name": "New"}), row(4, provider={"name": "New"})]
    merged = merge_rows(None, rows)
    assert merged.facts is not None
    assert merged.facts["provider"]["name"] == "New"
    assert [outcome for _, outcome in merged.outcomes] == ["created", "changed", "unchanged"]
    again = merge_rows(merged.facts, rows)
    assert [outcome for _, outcome in again.outcomes] == ["unchanged"] * 3
