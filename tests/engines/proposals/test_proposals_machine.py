"""Proposals against a model of their rules: several actors, days that pass, whatever order hypothesis thinks of.

`SOAK=1` runs it long: 500 runs of 50 steps.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)
from sqlalchemy import func, select, text

from directory.actors import Actor, NotAllowed
from directory.cases.calendar import load_calendar
from directory.cases.casework import CaseNotFound
from directory.db import transaction
from directory.errors import RevisionConflict, TransitionNotAllowed
from directory.models import (
    AuditEntry,
    CaseEvent,
    CaseFile,
    CaseMessage,
    Listing,
    MailMessage,
    MessageKind,
    Proposal,
    ProposalSupporter,
)
from directory.proposals import acting, proposing, rules, writing
from directory.proposals.acting import Given
from tests.worlds.machines import try_orders
from tests.worlds.proposal_people import CARD, DRAFT, MONDAY, People, settle_people

CALENDAR = load_calendar()

# The table of docs/proposals.md once more, written by hand: action -> states, then the state after it.
TABLE = {
    "submit": ("draft needs_information", "submitted"),
    "ask_information": ("submitted under_review contacting negotiating", "needs_information"),
    "start_review": ("submitted", "under_review"),
    "contact": ("under_review", "contacting"),
    "negotiate": ("contacting", "negotiating"),
    "agree": ("contacting negotiating", "agreed"),
    "list": ("agreed", "listed"),
    "decline": ("submitted needs_information under_review contacting negotiating", "declined_by_network"),
    "provider_declined": ("contacting negotiating agreed", "declined_by_provider"),
    "no_response": ("contacting negotiating", "no_response"),
    "mark_duplicate": ("submitted under_review", "duplicate"),
    "withdraw": ("draft submitted needs_information under_review", "withdrawn"),
    "remind": ("needs_information", "needs_information"),
    "withdraw_question": ("needs_information", "under_review"),
    "reopen": ("declined_by_network declined_by_provider no_response duplicate withdrawn", "under_review"),
}
OFFICERS_OWN = {"submit", "withdraw"}
ENDS = {"listed", "declined_by_network", "declined_by_provider", "no_response", "duplicate", "withdrawn"}
# Which promises hold in which state, and for how many business days.
PROMISES = {
    "triage": (2, {"submitted"}),
    "first_contact": (10, {"submitted", "under_review"}),
    "listing": (2, {"agreed"}),
    "word": (14, {"submitted", "under_review", "contacting", "negotiating", "agreed"}),
}


@dataclass
class Known:
    """What the model knows of one proposal. `left`: business days until each promise is due, negative when late."""

    client: int
    opener: UUID
    state: str = "draft"
    asked_in: str | None = None
    revision: int = 1
    steps: list[str] = field(default_factory=lambda: ["open"])
    messages: int = 0
    supporters: set[UUID] = field(default_factory=set)
    left: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    # Mails that wait, and would be taken back: of its end, and of the questions that the officer was asked.
    of_end: int = 0
    of_question: int = 0

    @property
    def open(self) -> bool:
        return self.state != "draft" and self.state not in ENDS


class Machine(RuleBasedStateMachine):
    """The real thing and the model, side by side."""

    proposals = Bundle("proposals")

    def __init__(self) -> None:
        super().__init__()
        self.people: People = settle_people()
        self.now = MONDAY
        self.known: dict[UUID, Known] = {}
        self.touched: set[UUID] = set()
        with transaction() as session:
            session.execute(text("SELECT 1"))
            self.audited = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
            self.listings = session.scalar(select(func.count()).select_from(Listing)) or 0
        self.mails = 0

    actors = st.sampled_from(("amina", "bruno", "chen", "nadia", "omar", "root"))

    def actor(self, name: str) -> Actor:
        found: Actor = getattr(self.people, name)
        return found

    @initialize(target=proposals, sent=st.booleans())
    def first(self, sent: bool) -> UUID:
        return self._propose(self.people.amina, sent)

    @rule(target=proposals, name=actors, sent=st.booleans())
    def propose(self, name: str, sent: bool) -> object:
        actor = self.actor(name)
        if actor.client_id is None:
            with transaction() as session, _refused(NotAllowed):
                proposing.propose(rules.desk(session, actor, self.now), DRAFT)
            return multiple()
        return self._propose(actor, sent)

    def _propose(self, actor: Actor, sent: bool) -> UUID:
        with transaction() as session:
            proposal = proposing.propose(rules.desk(session, actor, self.now), DRAFT).id
        assert actor.client_id is not None
        assert actor.account_id is not None
        self.known[proposal] = Known(actor.client_id, actor.account_id)
        self.audited += 1
        self.touched.add(proposal)
        if sent:
            self.act(proposal, "submit", _name(actor), stale=False)
        return proposal

    @rule(proposal=proposals, action=st.sampled_from(sorted(TABLE)), name=actors, stale=st.booleans())
    def act(self, proposal: UUID, action: str, name: str, stale: bool) -> None:
        actor, model = self.actor(name), self.known[proposal]
        wanted = self._refusal(model, actor, action, stale)
        seen = model.revision - 1 if stale else model.revision
        given = self._given(action, proposal)
        with transaction() as session:
            desk = rules.desk(session, actor, self.now)
            if wanted:
                with _refused(wanted):
                    acting.act(desk, proposal, action, given, seen)
                return
            acting.act(desk, proposal, action, given, seen)
        self._moved(model, actor, action, given)
        self.touched.add(proposal)

    def _refusal(self, model: Known, actor: Actor, action: str, stale: bool) -> type[Exception] | None:
        officer = actor.client_id is not None
        if officer and actor.client_id != model.client:
            return CaseNotFound
        if officer != (action in OFFICERS_OWN):
            return NotAllowed
        if model.state not in TABLE[action][0].split():
            return TransitionNotAllowed
        return RevisionConflict if stale else None

    def _given(self, action: str, proposal: UUID) -> Given:
        if action == "mark_duplicate":
            return Given(listing_id=self._any_listing())
        return {
            "ask_information": Given(message="Which ward?"),
            "agree": Given(agreement=CARD),
            "decline": Given(reason="quality", message="We looked twice."),
            "contact": Given(note="Called."),
            "reopen": Given(message="Once more."),
        }.get(action, Given())

    def _any_listing(self) -> int:
        with transaction() as session:
            found = session.scalar(select(func.min(Listing.id)).where(Listing.status == "active"))
        assert found is not None
        return found

    def _moved(self, model: Known, actor: Actor, action: str, given: Given) -> None:
        before = model.state
        after = TABLE[action][1]
        if action in ("submit", "withdraw_question") and before == "needs_information":
            assert model.asked_in
            after = model.asked_in
        if action != "remind":
            model.asked_in = before if after == "needs_information" else None
        model.state, model.revision = after, model.revision + 1
        model.steps.append(action)
        self._promise(model, before, by_team=actor.client_id is None)
        words = (given.message is not None) + (given.note is not None)
        model.messages += words
        self.audited += 1 + words
        if action == "list":
            model.listed += 1
            self.listings += 1
            self.audited += 1
        self._mailed(model, actor, before, action)

    def _promise(self, model: Known, before: str, *, by_team: bool) -> None:
        after = model.state
        if before in ENDS:
            model.left = {}
        if after != "needs_information":
            kept = {}
            for promise, (days, states) in PROMISES.items():
                if after in states:
                    left = model.left.get(promise, days)
                    # What is due today on a day on which nobody works is due on the next one.
                    rest = before == "needs_information" and left == 0 and not CALENDAR.is_business_day(self.today)
                    kept[promise] = 1 if rest else left
            model.left = kept
        if by_team and "word" in model.left:
            model.left["word"] = PROMISES["word"][0]

    def _mailed(self, model: Known, actor: Actor, before: str, action: str) -> None:
        # Nothing is sent while the machine runs: what is taken back takes its mails along, and tells nobody.
        if action == "reopen":
            taken, model.of_end = model.of_end, 0
            self.mails -= taken
            # Who withdrew was told nothing of it, and hears that it goes on.
            self.mails += before == "withdrawn"
            return
        if action == "withdraw_question":
            self.mails -= model.of_question
            model.of_question = 0
            return
        # Who answered knows that it goes on; the one who proposed hears of a colleague's answer.
        answered = action == "submit" and before == "needs_information"
        told = actor.account_id != model.opener if answered else True
        to_officer = model.state != "withdrawn" and told
        self.mails += to_officer
        if action in ("ask_information", "remind"):
            model.of_question += 1
        if model.state in ENDS:
            model.of_end = to_officer + len(model.supporters)
            self.mails += len(model.supporters)

    @rule(proposal=proposals, name=actors)
    def support(self, proposal: UUID, name: str) -> None:
        actor, model = self.actor(name), self.known[proposal]
        wanted: type[Exception] | None = None
        if actor.client_id is None:
            wanted = NotAllowed
        elif actor.client_id != model.client and not model.open:
            wanted = CaseNotFound
        elif not model.open or actor.account_id == model.opener:
            wanted = TransitionNotAllowed
        with transaction() as session:
            desk = rules.desk(session, actor, self.now)
            if wanted:
                with _refused(wanted):
                    proposing.support(desk, proposal)
                return
            count = proposing.support(desk, proposal)
        assert actor.account_id
        self.audited += actor.account_id not in model.supporters
        model.supporters.add(actor.account_id)
        assert count == len(model.supporters)

    @rule(proposal=proposals, name=actors, kind=st.sampled_from(MessageKind))
    def write(self, proposal: UUID, name: str, kind: MessageKind) -> None:
        actor, model = self.actor(name), self.known[proposal]
        officer = actor.client_id is not None
        wanted: type[Exception] | None = None
        if officer and actor.client_id != model.client:
            wanted = CaseNotFound
        elif officer and kind is not MessageKind.message:
            wanted = NotAllowed
        with transaction() as session:
            desk = rules.desk(session, actor, self.now)
            if wanted:
                with _refused(wanted):
                    writing.write(desk, proposal, "Hello", kind)
                return
            writing.write(desk, proposal, "Hello", kind)
        model.messages += 1
        self.audited += 1
        if officer and model.state == "needs_information":
            self._moved(model, actor, "submit", Given())
        if kind is MessageKind.message and not officer:
            self.mails += 1
            if "word" in model.left:
                model.left["word"] = PROMISES["word"][0]
        self.touched.add(proposal)

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self.now += dt.timedelta(1)
            if CALENDAR.is_business_day(self.today):
                for model in self.known.values():
                    if model.state != "needs_information":
                        model.left = {promise: left - 1 for promise, left in model.left.items()}
        self.touched |= set(self.known)

    @property
    def today(self) -> dt.date:
        return CALENDAR.today(self.now)

    @invariant()
    def what_was_touched_is_as_the_model_says(self) -> None:
        with transaction() as session:
            for proposal in self.touched:
                self._compare(session.get_one(CaseFile, proposal), self.known[proposal])
        self.touched.clear()

    def _compare(self, case: CaseFile, model: Known) -> None:
        assert (case.state, case.asked_in, case.revision) == (model.state, model.asked_in, model.revision)
        if model.state == "needs_information" or not model.left:
            assert (case.due_what, case.due_on) == (None, None)
            return
        assert case.due_on is not None
        assert CALENDAR.between(self.today, case.due_on) == min(model.left.values())
        assert model.left[str(case.due_what)] == min(model.left.values())
        if min(model.left.values()) < 0:
            assert case.due_on < self.today
        else:
            assert case.due_on >= self.today or not CALENDAR.is_business_day(self.today)

    def teardown(self) -> None:
        with transaction() as session:
            for proposal, model in self.known.items():
                chosen = select(CaseEvent).where(CaseEvent.case_id == proposal).order_by(CaseEvent.id)
                steps = [step for step in session.scalars(chosen) if not step.internal]
                assert [step.action for step in steps] == model.steps
                assert all(step.to_state == following.from_state for step, following in pairwise(steps))
                assert steps[-1].to_state == model.state
                shown = session.get_one(Proposal, proposal)
                assert (shown.listing_id is not None) == (model.state in ("listed", "duplicate"))
                counted = select(func.count()).select_from(CaseMessage).where(CaseMessage.case_id == proposal)
                assert session.scalar(counted) == model.messages
                backed = select(func.count()).select_from(ProposalSupporter)
                assert session.scalar(backed.where(ProposalSupporter.proposal_id == proposal)) == len(model.supporters)
            assert session.scalar(select(func.count()).select_from(Listing)) == self.listings
            audited = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.role != ""))
            assert audited == self.audited
            to_officers = MailMessage.message.not_like("%to_team") & MailMessage.message.not_in(
                ("proposal_moved_by_officer", "proposal_answered")
            )
            assert session.scalar(select(func.count()).select_from(MailMessage).where(to_officers)) == self.mails


def _name(actor: Actor) -> str:
    return actor.name


class _refused:  # noqa: N801 - reads as a word in `with _refused(NotAllowed):`
    """What is inside must be refused with this error and no other."""

    def __init__(self, wanted: type[Exception]) -> None:
        self._wanted = wanted

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        assert kind is self._wanted, f"wanted {self._wanted.__name__}, got {kind and kind.__name__}"
        return True


def test_no_order_of_steps_breaks_a_rule(people: People) -> None:
    try_orders(Machine, usual=(15, 25), long=(500, 50))
