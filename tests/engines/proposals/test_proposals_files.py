"""Files on the disk: there with the row that tells of them, and gone with the transaction that failed."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.actors import Actor
from directory.cases import attachments
from directory.cases.attachments import attach, path_of
from directory.cases.casework import Desk
from directory.db import get_engine
from directory.proposals import reading, rules
from tests.http.proposals.test_proposals_security import PDF
from tests.worlds.proposal_people import MONDAY, People, at, propose


class Mishap(Exception):
    """Something goes wrong after the file was taken."""


def files() -> set[Path]:
    """All that lies where files are kept."""
    return {file for file in get_settings().attachments_path.rglob("*") if file.is_file()}


def keep(desk: Desk, proposal: UUID) -> UUID:
    return attach(desk, reading.lock_proposal(desk, proposal).case, "contract.pdf", PDF).id


def keep_and_fail(actor: Actor, proposal: UUID) -> None:
    """The file is there, and then something goes wrong."""
    with at(actor) as desk:
        assert path_of(keep(desk, proposal)).is_file()
        raise Mishap


def keep_and_be_refused(actor: Actor, proposal: UUID) -> None:
    """The file is there, and then the database refuses something."""
    with at(actor) as desk:
        assert path_of(keep(desk, proposal)).is_file()
        desk.session.flush()
        desk.session.execute(text("INSERT INTO case_attachment SELECT * FROM case_attachment"))


def test_a_file_stays_with_its_row_whatever_fails_later(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with Session(get_engine()) as session:
        kept = keep(rules.desk(session, people.amina, MONDAY), proposal)
        session.commit()
        # The next transaction of the same session.
        session.execute(text("SELECT 1"))
        session.rollback()
    assert files() - before == {path_of(kept)}


def test_a_file_goes_with_the_transaction_that_fails(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with pytest.raises(Mishap):
        keep_and_fail(people.amina, proposal)
    assert files() == before


def test_a_file_goes_where_the_database_refuses(people: People) -> None:
    proposal, before = propose(people.amina), files()
    with pytest.raises(IntegrityError):
        keep_and_be_refused(people.amina, proposal)
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
    with pytest.raises(Mishap):
        keep_and_fail(people.amina, proposal)
    assert len(files() - before) == 1


def test_half_a_file_goes_too(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal, before = propose(people.amina), files()

    def break_off(_file: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", break_off)
    with pytest.raises(OSError, match="no space"), at(people.amina) as desk:
        keep(desk, proposal)
    assert files() == before
