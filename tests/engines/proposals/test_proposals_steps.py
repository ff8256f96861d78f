"""Each action of a proposal: who may take it, from where, what it needs, what it leaves."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from directory.actors import NotAllowed
from directory.cases.casework import CaseNotFound
from directory.errors import InvalidRequest, RevisionConflict, TransitionNotAllowed, UnknownAction
from directory.listings.agreements import Terms
from directory.models import MessageKind
from directory.proposals import acting, correcting, writing
from directory.proposals.acting import Given
from directory.proposals.correcting import Correction
from directory.proposals.rules import ENDS, PROPOSALS
from tests.worlds.proposal_people import DRAFT, People, act, at, events_of, look, propose, walk

REACHED = {
    "draft": (),
    "submitted": ("submit",),
    "needs_information": ("submit", "ask_information"),
    "under_review": ("submit", "start_review"),
    "contacting": ("submit", "start_review", "contact"),
    "negotiating": ("submit", "start_review", "contact", "negotiate"),
    "agreed": ("submit", "start_review", "contact", "agree"),
    "listed": ("submit", "start_review", "contact", "agree", "list"),
    "declined_by_network": ("submit", "decline"),
    "declined_by_provider": ("submit", "start_review", "contact", "provider_declined"),
    "no_response": ("submit", "start_review", "contact", "no_response"),
    "withdrawn": ("submit", "withdraw"),
}


def in_state(people: People, state: str) -> UUID:
    proposal = propose(people.amina, submit=False)
    if state == "duplicate":
        other = propose(people.chen)
        walk(people, proposal, "submit")
        act(people.nadia, proposal, "mark_duplicate", Given(proposal_id=other))
    else:
        walk(people, proposal, *REACHED[state])
    assert look(people.amina, proposal).case.state == state
    return proposal


@pytest.mark.parametrize("state", sorted(PROPOSALS.states))
def test_in_each_state_exactly_its_actions_are_possible_and_the_refusal_names_them(people: People, state: str) -> None:
    proposal = in_state(people, state)
    for actor in (people.amina, people.nadia):
        allowed = PROPOSALS.allowed(state, actor)
        for action in PROPOSALS.actions.values():
            if action.name in allowed:
                continue
            wanted = NotAllowed if not actor.has_role(action.role) else TransitionNotAllowed
            with pytest.raises(wanted) as refused:
                act(actor, proposal, action.name)
            if isinstance(refused.value, TransitionNotAllowed):
                assert refused.value.allowed == allowed
    assert look(people.amina, proposal).case.state == state


def test_an_admin_may_do_what_the_network_team_may_and_no_more(people: People) -> None:
    proposal = propose(people.amina)
    assert act(people.root, proposal, "start_review") == "under_review"
    with pytest.raises(NotAllowed):
        act(people.root, proposal, "withdraw")


@pytest.mark.parametrize("state", ["submitted", "under_review", "contacting", "negotiating"])
def test_an_answer_goes_back_to_the_state_that_asked(people: People, state: str) -> None:
    proposal = in_state(people, state)
    assert walk(people, proposal, "ask_information") == "needs_information"
    assert walk(people, proposal, "submit") == state


@pytest.mark.parametrize("state", ["submitted", "under_review", "contacting", "negotiating"])
def test_an_officers_message_is_the_answer_and_needs_no_second_step(people: People, state: str) -> None:
    proposal = in_state(people, state)
    walk(people, proposal, "ask_information")
    with at(people.bruno) as desk:
        writing.write(desk, proposal, "The ward in the north")
    assert look(people.amina, proposal).case.state == state
    assert events_of(proposal)[-1] == ("submit", "needs_information", state)


def test_a_message_of_the_team_or_a_note_answers_nothing(people: People) -> None:
    proposal = in_state(people, "needs_information")
    for kind in MessageKind:
        with at(people.nadia) as desk:
            writing.write(desk, proposal, "Any news?", kind)
    assert look(people.amina, proposal).case.state == "needs_information"


def test_whoever_of_the_team_acts_first_owns_it(people: People) -> None:
    proposal = propose(people.amina)
    act(people.omar, proposal, "ask_information")
    assert look(people.nadia, proposal).case.owner_id == people.omar.account_id
    walk(people, proposal, "submit", "decline")
    assert look(people.nadia, proposal).case.owner_id == people.omar.account_id


@pytest.mark.parametrize("state", sorted(ENDS - {"listed"}))
def test_every_end_but_listed_can_be_reopened_and_leaves_no_reason_behind(people: People, state: str) -> None:
    proposal = in_state(people, state)
    assert walk(people, proposal, "reopen") == "under_review"
    now = look(people.nadia, proposal)
    assert (now.end_reason, now.end_message, now.listing_id, now.duplicate_of, now.agreement) == (None,) * 5


@pytest.mark.parametrize(
    ("action", "given", "pointer"),
    [
        ("ask_information", Given(), "/message"),
        ("ask_information", Given(message=" \n "), "/message"),
        ("decline", Given(message="no"), "/reason"),
        ("decline", Given(reason="x" * 201), "/reason"),
        ("mark_duplicate", Given(), ""),
        ("mark_duplicate", Given(listing_id=987_654), "/listing_id"),
        ("mark_duplicate", Given(proposal_id=uuid4()), "/proposal_id"),
        ("start_review", Given(message="hello"), "/message"),
    ],
)
def test_an_action_without_what_it_needs_is_refused_and_leaves_nothing(
    people: People, action: str, given: Given, pointer: str
) -> None:
    proposal = propose(people.amina)
    before = events_of(proposal)
    with pytest.raises(InvalidRequest) as refused:
        act(people.nadia, proposal, action, given)
    assert [fault.where for fault in refused.value.faults] == [pointer]
    assert events_of(proposal) == before
    assert look(people.nadia, proposal).case.state == "submitted"


def test_agreement_is_needed_and_checked(people: People) -> None:
    proposal = in_state(people, "contacting")
    bad = Terms("nowhere", outpatient="cash", inpatient="direct", notice_days=91)
    with pytest.raises(InvalidRequest) as refused:
        act(people.nadia, proposal, "agree", Given(agreement=bad))
    assert [fault.where for fault in refused.value.faults] == [
        "/agreement/network", "/agreement/outpatient", "/agreement/inpatient", "/agreement/notice_days"
    ]  # fmt: skip


def test_an_unknown_action_is_told_with_those_that_there_are(people: People) -> None:
    with pytest.raises(UnknownAction) as refused:
        act(people.nadia, propose(people.amina), "approve")
    assert set(refused.value.known) == set(PROPOSALS.actions)


def test_a_stale_revision_is_refused(people: People) -> None:
    proposal = propose(people.amina)
    seen = look(people.nadia, proposal).case.revision
    walk(people, proposal, "start_review")
    with at(people.nadia) as desk, pytest.raises(RevisionConflict):
        acting.act(desk, proposal, "contact", revision=seen)


def test_events_follow_each_other_without_a_gap(people: People) -> None:
    proposal = in_state(people, "listed")
    steps = events_of(proposal)
    assert [action for action, _, _ in steps] == ["open", *REACHED["listed"]]
    assert all(step[2] == following[1] for step, following in pairwise(steps))


def test_only_an_officer_proposes(people: People) -> None:
    for actor in (people.nadia, people.root):
        with pytest.raises(NotAllowed):
            propose(actor)


def test_what_another_client_proposed_is_not_there(people: People) -> None:
    proposal = propose(people.amina)
    with pytest.raises(CaseNotFound):
        look(people.chen, proposal)
    for name in PROPOSALS.actions:
        with pytest.raises(CaseNotFound):
            act(people.chen, proposal, name)
    with at(people.chen) as desk:
        with pytest.raises(CaseNotFound):
            correcting.edit(desk, proposal, Correction(DRAFT), None)
        with pytest.raises(CaseNotFound):
            writing.write(desk, proposal, "hello")
    assert look(people.bruno, proposal).id == proposal
