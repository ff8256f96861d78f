"""The team puts right what was proposed and what was agreed, until it is listed; the directory shows it so."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from directory.actors import Actor, NotAllowed
from directory.db import transaction
from directory.errors import InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.listings.shown import load_public_listing
from directory.models import AuditEntry, Proposal
from directory.proposals import correcting
from directory.proposals.correcting import Correction
from directory.proposals.proposing import draft_of
from directory.proposals.rules import PROPOSALS
from tests.engines.proposals.test_proposals_steps import in_state
from tests.worlds.proposal_people import CARD, DRAFT, People, at, events_of, look, walk

RIGHT = replace(
    DRAFT.provider,
    name="Hôpital général Heal Africa", type="clinic", city="Bukavu", lat=-2.5, lon=28.86, phone="+243 998 000 111",
    specialties=("paediatrics",), website="heal.example.com", address="Avenue du Lac 5",
)  # fmt: skip


def correct(actor: Actor, proposal: UUID, *, revision: int | None = None, **changes: Any) -> Proposal:
    with at(actor) as desk:
        known = draft_of(look(actor, proposal))
        draft = replace(known, provider=replace(known.provider, **changes.pop("provider", {})))
        return correcting.edit(desk, proposal, Correction(draft, **changes), revision)


def audited(action: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    with transaction() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()))
        return [(each.before or {}, each.after or {}) for each in found]


@pytest.mark.parametrize("state", sorted(PROPOSALS.states))
def test_the_team_corrects_what_is_open_and_nothing_else(people: People, state: str) -> None:
    proposal = in_state(people, state)
    if state in PROPOSALS.open_states:
        correct(people.nadia, proposal, provider={"phone": "+243 998 000 111"})
        assert look(people.nadia, proposal).phone == "+243998000111"
        assert events_of(proposal)[-1] == ("correct", state, state)
    else:
        with pytest.raises(TransitionNotAllowed):
            correct(people.nadia, proposal, provider={"phone": "+243 998 000 111"})


def test_what_was_corrected_is_listed(people: People) -> None:
    proposal = in_state(people, "agreed")
    with at(people.omar) as desk:
        terms = replace(CARD, notice_days=30, inpatient="none")
        correcting.edit(desk, proposal, Correction(replace(DRAFT, provider=RIGHT), terms), None)
    walk(people, proposal, "list")
    shown = load_public_listing(look(people.nadia, proposal).listing_id)
    assert (shown["names"][0]["text"], shown["type"], shown["city"]) == (RIGHT.name, "clinic", "Bukavu")
    assert (shown["phones"], shown["website"]) == (["+243998000111"], "https://heal.example.com")
    [agreement] = shown["agreements"]
    assert (agreement["notice_days"], agreement["inpatient"], agreement["outpatient"]) == (30, "none", "card")


def test_each_correction_is_in_the_audit_with_what_stood_there(people: People) -> None:
    proposal = in_state(people, "agreed")
    correct(people.nadia, proposal, provider={"city": "Bukavu"}, terms=replace(CARD, notice_days=30))
    before, after = audited("correct")[0]
    assert (before, after) == ({"city": "Goma"}, {"city": "Bukavu"})
    before, after = audited("correct_terms")[0]
    assert (before["agreement"]["notice_days"], after["agreement"]["notice_days"]) == (3, 30)
    assert [action for action, _, _ in events_of(proposal)][-2:] == ["correct", "correct_terms"]


def test_what_is_as_it_was_is_no_correction(people: People) -> None:
    proposal = in_state(people, "agreed")
    before = look(people.nadia, proposal)
    correct(people.nadia, proposal, terms=replace(CARD, effective_from=dt.date(2026, 9, 7)))
    after = look(people.nadia, proposal)
    assert (after.case.revision, after.agreement) == (before.case.revision, before.agreement)


@pytest.mark.parametrize("state", sorted(PROPOSALS.states - {"agreed"}))
def test_terms_are_corrected_only_between_agreeing_and_listing(people: People, state: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        correct(people.nadia, in_state(people, state), terms=CARD)


def test_a_correction_of_what_was_changed_meanwhile_is_refused(people: People) -> None:
    proposal = in_state(people, "agreed")
    seen = look(people.nadia, proposal).case.revision
    correct(people.nadia, proposal, provider={"city": "Bukavu"})
    with pytest.raises(RevisionConflict):
        correct(people.omar, proposal, revision=seen, terms=replace(CARD, notice_days=30))


def test_terms_beyond_what_can_be_kept_are_refused_with_the_limit(people: People) -> None:
    proposal = in_state(people, "agreed")
    with pytest.raises(InvalidRequest) as refused:
        correct(people.nadia, proposal, terms=replace(CARD, notice_days=120))
    assert [(fault.where, fault.most) for fault in refused.value.faults] == [("/agreement/notice_days", 90)]


def test_consent_is_the_clients_and_terms_are_the_teams(people: People) -> None:
    proposal = in_state(people, "agreed")
    with at(people.nadia) as desk, pytest.raises(NotAllowed):
        correcting.edit(desk, proposal, Correction(replace(DRAFT, consent_named=True)), None)
    with pytest.raises(NotAllowed):
        correct(people.amina, proposal, terms=CARD)
