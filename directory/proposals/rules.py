"""What a proposal may become: states, actions and clocks as data (docs/proposals.md has the same as a table)."""

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.cases.calendar import load_calendar, load_days
from directory.cases.casework import Desk, Reader
from directory.cases.clocks import Clock
from directory.cases.readers import Reads
from directory.cases.workflow import Action, Workflow
from directory.models import Urgency

DECLINED = frozenset(("declined_by_network", "declined_by_provider", "no_response"))
ENDS = DECLINED | {"listed", "duplicate", "withdrawn"}
# An officer may still change what was said.
EDITABLE = frozenset(("draft", "needs_information"))

# Why the network team declines: phrases `proposals.decline.…`. Other words are shown as they were written.
DECLINE_REASONS = (
    "enough_nearby",
    "no_fair_terms",
    "not_licensed",
    "quality",
    "too_few_people",
    "outside_plan",
    "other",
)


def _action(
    name: str, sources: str, target: str, role: Role, *, resumes: bool = False, takes: str = "", needs: str = ""
) -> Action:
    needed = frozenset(needs.split())
    taken = frozenset(takes.split()) | needed
    return Action(name, frozenset(sources.split()), target, role, resumes, taken, needed)


_ACTIONS = (
    _action("submit", "draft needs_information", "submitted", Role.hr, resumes=True, takes="message"),
    _action(
        "ask_information", "submitted under_review contacting negotiating", "needs_information", Role.network,
        needs="message",
    ),
    _action("start_review", "submitted", "under_review", Role.network),
    _action("contact", "under_review", "contacting", Role.network, takes="note channel"),
    _action("negotiate", "contacting", "negotiating", Role.network, takes="note channel"),
    _action("agree", "contacting negotiating", "agreed", Role.network, needs="agreement"),
    _action("list", "agreed", "listed", Role.network, takes="listing_id passed_over"),
    _action(
        "decline", "submitted needs_information under_review contacting negotiating", "declined_by_network",
        Role.network,
        needs="reason", takes="message",
    ),
    _action(
        "provider_declined", "contacting negotiating agreed", "declined_by_provider", Role.network, takes="message",
    ),
    _action("no_response", "contacting negotiating", "no_response", Role.network, takes="message"),
    # One of the two is needed.
    _action("mark_duplicate", "submitted under_review", "duplicate", Role.network, takes="listing_id proposal_id"),
    _action("withdraw", "draft submitted needs_information under_review", "withdrawn", Role.hr, takes="message"),
    _action("remind", "needs_information", "needs_information", Role.network, takes="message"),
    _action(
        "withdraw_question", "needs_information", "under_review", Role.network, resumes=True, takes="message",
    ),
    _action("reopen", " ".join(sorted(ENDS - {"listed"})), "under_review", Role.network, takes="message"),
)  # fmt: skip


# Questions to officers that are asked often: phrases `proposals.question.…`, in the officer's language.
QUESTIONS = ("phone", "address", "licence", "services", "people", "contact", "already_asked", "urgency")

# The step that is likely next in each state: the one main button of the desk, the others stand in its menu.
NEXT_STEPS = {
    "submitted": "start_review",
    "needs_information": "remind",
    "under_review": "contact",
    "contacting": "negotiate",
    "negotiating": "agree",
    "agreed": "list",
}


def _clock(name: str, states: str, *, renewed_by_word: bool = False) -> Clock:
    return Clock(name, load_days("proposal")[name], frozenset(states.split()), renewed_by_word=renewed_by_word)


PROPOSALS = Workflow(
    kind="proposal",
    letter="P",
    start="draft",
    waiting="needs_information",
    ends=ENDS,
    actions={action.name: action for action in _ACTIONS},
    openers=frozenset((Role.hr,)),
    reads=Reads(frozenset((Role.network,)), clients=True, admins=True),
    unsent=frozenset(("draft",)),
    clocks=(
        _clock("triage", "submitted"),
        _clock("first_contact", "submitted under_review"),
        _clock("listing", "agreed"),
        _clock("word", "submitted under_review contacting negotiating agreed", renewed_by_word=True),
    ),
)


_URGENT_DAYS = load_days("proposal_urgent")
_URGENT = replace(
    PROPOSALS,
    clocks=tuple(replace(clock, length=_URGENT_DAYS.get(clock.name, clock.length)) for clock in PROPOSALS.clocks),
)


def paced(desk: Desk, urgency: str) -> Desk:
    """The desk by whose clocks a proposal goes: an urgent one is looked at sooner."""
    if urgency != Urgency.high:
        return desk
    return replace(desk, reader=replace(desk.reader, workflow=_URGENT))


def offers_alternatives(state: str) -> bool:
    """Whether others who serve the need are of use: until the proposed provider is there."""
    return state not in ("agreed", "listed")


def desk(session: Session, actor: Actor, now: dt.datetime | None = None) -> Desk:
    """Where the actor works on proposals, at this moment unless told."""
    return Desk(session, reader(actor, now))


def reader(actor: Actor, now: dt.datetime | None = None) -> Reader:
    """The actor as a reader of proposals."""
    return Reader(actor, PROPOSALS, load_calendar(), now or dt.datetime.now(dt.UTC))
