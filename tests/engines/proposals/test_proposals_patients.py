"""Whatever takes words to another desk asks first where they look like a patient's."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from directory.actors import Actor
from directory.cases.casework import Desk
from directory.models import MessageKind
from directory.proposals import acting, correcting, writing
from directory.proposals.acting import Given
from directory.proposals.correcting import Correction
from directory.proposals.patients import MayNamePatient
from directory.proposals.rules import PROPOSALS
from tests.worlds.proposal_people import DRAFT, NEEDED, People, at, events_of, look, propose, walk

PATIENT = "my wife, who is treated for cancer"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ABOUT_ONE = replace(DRAFT, provider=replace(DRAFT.provider, contact_person=PATIENT))
CLEAN = replace(DRAFT, provider=replace(DRAFT.provider, contact_person="Dr Kambale"))

Way = Callable[[Desk, UUID, bool], object]


def _write(desk: Desk, proposal: UUID, sure: bool) -> object:
    return writing.write(desk, proposal, PATIENT, sure=sure)


# How words leave: who, from which state, what is done.
WAYS: dict[str, tuple[str, str, Way]] = {
    "an officer's message": ("amina", "submitted", _write),
    "a message on a draft": ("amina", "draft", _write),
    "the officer's answer": ("bruno", "needs_information", _write),
    "the team's message": ("nadia", "submitted", _write),
    "the name of a file": (
        "amina", "submitted",
        lambda desk, id_, sure: writing.attach_file(desk, id_, "scan_Mme-Kasongo_diabete.pdf", PDF, sure=sure),
    ),
    "an edit that was asked for": (
        "amina", "needs_information",
        lambda desk, id_, sure: correcting.edit(desk, id_, Correction(ABOUT_ONE), None, sure=sure),
    ),
    "a correction by the team": (
        "nadia", "agreed", lambda desk, id_, sure: correcting.edit(desk, id_, Correction(ABOUT_ONE), None, sure=sure),
    ),
    "own words for a reason": (
        "nadia", "submitted",
        lambda desk, id_, sure: acting.act(desk, id_, "decline", Given(reason=PATIENT), sure=sure),
    ),
}  # fmt: skip


def _act(name: str) -> Way:
    given = replace(NEEDED.get(name, Given()), message=PATIENT)
    return lambda desk, proposal, sure: acting.act(desk, proposal, name, given, sure=sure)


# Every action that takes a message: a new one is asked about without a word more.
for action in PROPOSALS.actions.values():
    if "message" in action.takes:
        who = "amina" if action.name in ("submit", "withdraw") else "nadia"
        WAYS[f"the message of {action.name}"] = (who, sorted(action.sources)[0], _act(action.name))

REACHED = {
    "draft": (), "submitted": ("submit",), "needs_information": ("submit", "ask_information"),
    "under_review": ("submit", "start_review"), "contacting": ("submit", "start_review", "contact"),
    "agreed": ("submit", "start_review", "contact", "agree"), "declined_by_network": ("submit", "decline"),
}  # fmt: skip


def left(proposal: UUID, reader: Actor) -> tuple[object, ...]:
    """All that another desk could have come to read."""
    found = look(reader, proposal)
    return (found.case.state, found.case.revision, found.contact_person, len(events_of(proposal)))


@pytest.mark.parametrize("way", sorted(WAYS))
def test_each_way_in_which_words_leave_asks_and_goes_on_with_who_is_sure(people: People, way: str) -> None:
    name, state, do = WAYS[way]
    actor: Actor = getattr(people, name)
    proposal = propose(people.amina, CLEAN, submit=False)
    walk(people, proposal, *REACHED[state])
    before = left(proposal, actor)
    with pytest.raises(MayNamePatient), at(actor) as desk:
        do(desk, proposal, False)
    assert left(proposal, actor) == before
    with at(actor) as desk:
        do(desk, proposal, True)


def test_a_draft_asks_as_it_is_sent_and_not_before(people: People) -> None:
    proposal = propose(people.amina, ABOUT_ONE, submit=False)
    with at(people.amina) as desk:
        correcting.edit(desk, proposal, Correction(replace(ABOUT_ONE, consent_named=True)), None)
    with pytest.raises(MayNamePatient) as asked, at(people.amina) as desk:
        acting.act(desk, proposal, "submit")
    assert {hint.where for hint in asked.value.hints} == {"/provider/contact_person"}
    with at(people.amina) as desk:
        acting.act(desk, proposal, "submit", sure=True)
    # Asked once, and answered: nobody is asked again of the same words.
    walk(people, proposal, "ask_information")
    with at(people.amina) as desk:
        correcting.edit(desk, proposal, Correction(replace(ABOUT_ONE, consent_named=False)), None)
        acting.act(desk, proposal, "submit")


def test_what_stays_with_the_team_is_not_asked_about(people: People) -> None:
    proposal = propose(people.amina, CLEAN)
    for kind in (MessageKind.note, MessageKind.contact):
        with at(people.nadia) as desk:
            writing.write(desk, proposal, "Mrs Otieno heads the admission", kind)
    with at(people.nadia) as desk:
        writing.attach_file(desk, proposal, "Mrs Otieno.pdf", PDF)
