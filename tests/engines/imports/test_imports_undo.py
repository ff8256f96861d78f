"""Taking an import back."""

import pytest

from directory.actors import command
from directory.imports import ImportAlreadyUndone, ImportNotFound, UndoReport, undo_import
from tests.engines.import_world import ImportWorld, clinic, counts


def undo(world: ImportWorld, import_id: int | None) -> UndoReport:
    assert import_id is not None
    return undo_import(world.engine, import_id, command("someone"))


def test_undo_restores_what_was_changed_and_retires_what_was_created(world: ImportWorld) -> None:
    before_row = clinic(
        "1", name_local="عيادة", city="Nairobi", specialties="cardiology", network="worldwide", outpatient="card"
    )
    world.run_rows(before_row)
    before = world.listing()
    after_row = clinic(
        "1", name="New", name_local="مركز", city="Mombasa", specialties="surgery", network="worldwide;essential",
        outpatient="none", phone="020 366 2000",
    )  # fmt: skip
    second = world.run_rows(after_row, clinic("2"))
    assert counts(second) == (1, 1, 0, 0)
    queued = world.queued()
    report = undo(world, second.import_id)
    assert (report.restored, report.retired, report.left) == (1, 1, ())
    assert world.listing("1").facts == before.facts
    assert world.listing("1").revision == 3
    created = world.listing("2")
    assert (created.facts["listing"]["status"], created.facts["listing"]["status_reason"]) == (
        "retired",
        "import undone",
    )
    assert world.queued() == queued + 2


def test_listing_that_changed_since_is_named_and_left(world: ImportWorld) -> None:
    world.run_rows(clinic("1"), clinic("2"))
    second = world.run_rows(clinic("1", address="A"), clinic("2", address="B"), clinic("3"))
    world.query(
        "UPDATE listing SET hours = '24/7', revision = revision + 1 WHERE source = %s AND external_id = '1'",
        world.source,
    )
    world.run_rows(clinic("3", address="C"))
    listings = world.listings()
    report = undo(world, second.import_id)
    assert (report.restored, report.retired) == (1, 0)
    assert report.left == ((listings["1"].listing_id, "1"), (listings["3"].listing_id, "3"))
    assert report.as_json()["left"][0] == {"listing_id": str(listings["1"].listing_id), "external_id": "1"}
    assert world.listing("1") == listings["1"]
    assert world.listing("3") == listings["3"]
    assert world.listing("2").facts["location"]["address"] is None


def test_import_is_undone_once(world: ImportWorld) -> None:
    report = world.run_rows(clinic())
    undo(world, report.import_id)
    known = world.listing()
    with pytest.raises(ImportAlreadyUndone, match="undone before"):
        undo(world, report.import_id)
    assert world.listing() == known
    with pytest.raises(ImportNotFound):
        undo(world, 10**12)


def test_same_file_after_an_undo_brings_the_listings_back(world: ImportWorld) -> None:
    rows = [clinic("1", network="worldwide", outpatient="card"), clinic("2")]
    first = world.run_rows(*rows)
    undo(world, first.import_id)
    again = world.run_rows(*rows)
    assert counts(again) == (0, 2, 0, 0)
    assert {each.facts["listing"]["status"] for each in world.listings().values()} == {"active"}
    assert counts(world.run_rows(*rows)) == (0, 0, 2, 0)
    undo(world, again.import_id)
    assert {each.facts["listing"]["status"] for each in world.listings().values()} == {"retired"}


def test_several_imports_are_undone_from_the_latest_to_the_first(world: ImportWorld) -> None:
    imports = [world.run_rows(clinic(address=address)).import_id for address in ("A", "B", "C")]
    assert undo(world, imports[2]).restored == 1
    assert world.listing().facts["location"]["address"] == "B"
    assert undo(world, imports[1]).restored == 1
    assert world.listing().facts["location"]["address"] == "A"
    assert undo(world, imports[0]).retired == 1
    assert world.listing().facts["listing"]["status"] == "retired"


def test_earlier_import_leaves_what_a_later_one_changed(world: ImportWorld) -> None:
    imports = [world.run_rows(clinic(address=address)).import_id for address in ("A", "B", "C")]
    assert len(undo(world, imports[1]).left) == 1
    assert world.listing().facts["location"]["address"] == "C"


def test_undo_is_in_the_audit(world: ImportWorld) -> None:
    report = world.run_rows(clinic())
    undone = undo(world, report.import_id)
    [row] = world.query(
        "SELECT actor, after FROM audit_entry WHERE action = 'undo' AND subject = %s", f"import:{report.import_id}"
    )
    assert row == ("someone", undone.as_json())
    assert world.query("SELECT status FROM import WHERE id = %s AND undone_at <= now()", report.import_id) == [
        ("undone",)
    ]


def test_undo_of_a_shared_provider_raises_every_listing_that_shows_it(world: ImportWorld) -> None:
    world.run_rows(clinic("1"), clinic("2"))
    one, two = world.listing("1"), world.listing("2")
    world.query(
        "UPDATE listing SET provider_id = %s, revision = revision + 1 WHERE id = %s", one.provider_id, two.listing_id
    )
    renamed = world.run_rows(clinic("1", name="New"))
    undo(world, renamed.import_id)
    assert world.listing("2").facts["provider"]["name"] == "Clinic 1"
    assert (world.listing("1").revision, world.listing("2").revision) == (3, 4)
