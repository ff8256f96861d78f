"""Files on the disk: there with the row that tells of them, and gone with the transaction that failed."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from config.settings import get_settings
from directory.cases import attachments
from directory.cases.attachments import attach, path_of
from directory.cases.casework import Desk
from directory.proposals import reading
from tests.proposals.people import People, at, propose
from tests.proposals.test_proposals_security import PDF


class Mishap(Exception):
    """Something goes wrong after the file was taken."""


def files() -> set[Path]:
    """All that lies where files are kept."""
    return {file for file in get_settings().attachments_path.rglob("*") if file.is_file()}


def keep(desk: Desk, proposal: UUID) -> UUID:
    return attach(desk, reading.lock_proposal(desk, proposal).case, "contract.pdf", PDF).id


def test_a_file_stays_with_its_row_whatever_fails_later(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with at(people.amina) as desk:
        kept = keep(desk, proposal)
        desk.session.commit()
        # The next transaction of the same session.
        desk.session.execute(text("SELECT 1"))
        desk.session.rollback()
    assert files() - before == {path_of(kept)}


def test_a_file_goes_with_the_transaction_that_fails(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with pytest.raises(Mishap), at(people.amina) as desk:
        keep(desk, proposal)
        assert files() != before
        raise Mishap
    assert files() == before


def test_a_file_goes_where_the_database_refuses(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with pytest.raises(IntegrityError), at(people.amina) as desk:
        keep(desk, proposal)
        desk.session.flush()
        desk.session.execute(text("INSERT INTO case_attachment SELECT * FROM case_attachment"))
    assert files() == before


def test_a_savepoint_that_fails_takes_no_file_from_before_it(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with at(people.amina) as desk:
        kept = keep(desk, proposal)
        with pytest.raises(Mishap), desk.session.begin_nested():
            raise Mishap
    assert files() - before == {path_of(kept)}


def test_a_file_whose_row_nobody_can_look_for_stays(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal, before = propose(people.amina), files()
    # As where the answer to a commit was lost with the database.
    monkeypatch.setattr(attachments, "_may_be_kept", lambda _session, _id: True)
    with pytest.raises(Mishap), at(people.amina) as desk:
        kept = keep(desk, proposal)
        raise Mishap
    assert files() - before == {path_of(kept)}


def test_half_a_file_goes_too(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal, before = propose(people.amina), files()

    def break_off(_file: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(attachments.os, "fsync", break_off)
    with pytest.raises(OSError, match="no space"), at(people.amina) as desk:
        keep(desk, proposal)
    assert files() == before
