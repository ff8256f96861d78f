"""What people set of a listing stays, whatever the next file of its source says; and the import says so."""

from collections.abc import Callable
from typing import Any

import pytest

from directory.listings.facts import Facts
from tests.engines.import_world import as_csv, clinic
from tests.worlds.import_desk import ImportDesk, work

NETWORK = {"network": "worldwide", "outpatient": "card", "inpatient": "none"}
PHONE, OTHER, THIRD = "+254203662000", "+254203662001", "+254203662002"


def setting(part: str, **fields: Any) -> Callable[[Facts], Facts]:
    """An edit of some fields."""
    return lambda facts: {**facts, part: {**facts[part], **fields}}  # type: ignore[misc]


def preview(desk: ImportDesk, *rows: dict[str, str]) -> Any:
    """Bring these rows, and see what would become of them."""
    return desk.act(desk.bring(as_csv(*rows))["id"], "preview")


def test_a_phone_that_the_team_set_is_left_and_the_file_is_said_to_say_otherwise(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE), clinic("2", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    previewed = preview(desk, clinic("1", phone=THIRD), clinic("2", phone=THIRD))
    assert previewed["counts"]["changed"] == 1
    assert previewed["warnings"]["kept"] == {"count": 1, "lines": [2]}
    [left] = desk.rows(previewed["id"], "unchanged")
    assert left["otherwise"] == [{"field": "phones", "said": [THIRD]}]
    desk.act(previewed["id"], "apply")
    assert desk.listings()["1"].facts["location"]["phones"] == [OTHER]
    assert desk.listings()["2"].facts["location"]["phones"] == [THIRD]


def test_the_same_file_again_says_so_too(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    for _ in range(2):
        again = desk.apply(clinic("1", phone=PHONE))
        assert again["counts"]["unchanged"] == 1
        assert again["warnings"]["kept"]["lines"] == [2]
    assert desk.listings()["1"].facts["location"]["phones"] == [OTHER]


def test_other_fields_of_the_same_listing_still_follow_the_file(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE, email="old@clinic.example"))
    desk.edit("1", setting("location", phones=[OTHER]))
    desk.apply(clinic("1", phone=PHONE, email="new@clinic.example"))
    location = desk.listings()["1"].facts["location"]
    assert (location["phones"], location["email"]) == ([OTHER], "new@clinic.example")


def test_what_the_file_says_too_is_no_news(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    assert "kept" not in desk.apply(clinic("1", phone=OTHER))["warnings"]


def test_an_edit_that_was_undone_leaves_the_field_to_the_file_again(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    desk.edit("1", setting("location", phones=[PHONE]), action="undo")
    desk.apply(clinic("1", phone=THIRD))
    assert desk.listings()["1"].facts["location"]["phones"] == [THIRD]


def test_a_point_is_kept_whole(desk: ImportDesk) -> None:
    desk.apply(clinic("1", lat="-1.2636", lon="36.8167"))
    desk.edit("1", setting("location", lat=-1.2700))
    desk.apply(clinic("1", lat="-1.3000", lon="36.9000"))
    location = desk.listings()["1"].facts["location"]
    assert (location["lat"], location["lon"]) == (pytest.approx(-1.27), pytest.approx(36.8167))


def test_of_an_agreement_what_the_team_set_is_kept_and_the_rest_follows_the_file(desk: ImportDesk) -> None:
    desk.apply(clinic("1", notice_days="12", **NETWORK))

    def seven_days(facts: Facts) -> Facts:
        return {**facts, "agreements": [{**each, "notice_days": 7} for each in facts["agreements"]]}

    desk.edit("1", seven_days)
    done = desk.apply(clinic("1", notice_days="12", tariff="yes", **NETWORK))
    [agreement] = desk.listings()["1"].facts["agreements"]
    assert (agreement["notice_days"], agreement["tariff"]) == (7, True)
    assert done["warnings"]["kept"]["lines"] == [2]
    [changed] = desk.rows(done["id"], "changed")
    assert changed["otherwise"] == [{"field": "worldwide.notice_days", "said": 12}]


def test_what_a_command_set_is_not_kept(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]), who="system")
    desk.apply(clinic("1", phone=THIRD))
    assert desk.listings()["1"].facts["location"]["phones"] == [THIRD]


def test_a_dry_run_of_many_rows_by_other_processes_keeps_and_tells_the_same(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    rows = (clinic("1", phone=THIRD), *(clinic(str(number)) for number in range(2, 25_002)))
    number = desk.bring(as_csv(*rows))["id"]
    previewed = desk.act(number, "preview")
    work()
    assert previewed["counts"] == {"rows": 25_001, "created": 25_000, "changed": 0, "unchanged": 1, "set_aside": 0}
    page = desk.get(f"/{number}/rows?outcome=created")
    assert (page["total"], page["kept"]) == (25_000, 10_000)
    assert previewed["warnings"]["kept"]["lines"] == [2]
