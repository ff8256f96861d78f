"""A kind of case that only the tests know: somebody without an account is worried, and the complaints desk answers.

It is all that proposals are not: opened by anybody, followed by a link, read by one desk and by no officer, network
team or admin, with clocks that run through every wait, and with words about health.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from directory.accounts.sessions import actor_of
from directory.actors import Actor, Outside, Role, opener
from directory.cases.calendar import Calendar, load_calendar
from directory.cases.casework import Desk, Reader
from directory.cases.clocks import Clock, Keeps, Starts, Unit
from directory.cases.readers import Reads
from directory.cases.workflow import Action, Workflow
from directory.db import get_engine, transaction
from directory.models import Account, CaseFile, Client

# A Friday evening: nobody of the team is there until Monday.
FRIDAY = dt.datetime(2026, 9, 11, 20, 0, tzinfo=dt.UTC)
LONDON = Calendar(ZoneInfo("Europe/London"), frozenset((6, 7)), frozenset(), frozenset())

_DESK = Role.complaints
_ACTIONS = (
    Action("take", frozenset(("received",)), "at_work", _DESK),
    Action("ask", frozenset(("at_work",)), "asked", _DESK, needs=frozenset(("message",))),
    Action("reply", frozenset(("asked",)), "at_work", Outside.opener, resumes=True),
    Action("answer", frozenset(("at_work",)), "answered", _DESK),
    Action("withdraw", frozenset(("received", "at_work")), "withdrawn", Outside.opener),
    Action("reopen", frozenset(("answered",)), "at_work", Outside.opener),
)
WORRIES = Workflow(
    kind="worry",
    letter="W",
    start="received",
    waiting="asked",
    ends=frozenset(("answered", "withdrawn")),
    actions={action.name: action for action in _ACTIONS},
    # The desk enters what comes by letter.
    openers=frozenset((Outside.opener, _DESK)),
    reads=Reads(frozenset((_DESK,))),
    clocks=(
        Clock("call", 15, frozenset(("received",)), Unit.minutes, Starts.received, False, Keeps.always),
        Clock(
            "answer", 28, frozenset(("received", "at_work", "asked")), Unit.calendar_days, Starts.received, False,
            Keeps.licence,
        ),
        Clock("word", 2, frozenset(("at_work",)), renewed_by_word=True),
    ),
    holds_health=True,
)  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """One of each role; `amina` and `root` have no desk here."""

    amina: Actor
    nadia: Actor
    root: Actor
    cora: Actor
    mila: Actor
    dario: Actor

    @property
    def others(self) -> tuple[Actor, ...]:
        """All but those of the complaints desk."""
        return (self.amina, self.nadia, self.root, self.cora, self.mila)


_ROLES = {
    "amina": Role.hr,
    "nadia": Role.network,
    "root": Role.admin,
    "cora": Role.care,
    "mila": Role.medical,
    "dario": Role.complaints,
}


def settle_staff() -> Staff:
    """No case, no mail; an account of each role."""
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE case_file, repeatable_request, mail_message CASCADE"))
    with transaction() as session:
        known = {account.email: account for account in session.scalars(select(Account))}
        client = session.scalar(select(Client).where(Client.code == "worried")) or Client(
            code="worried", name="Worried"
        )
        session.add(client)
        session.flush()
        for name, role in _ROLES.items():
            if (email := f"{name}@worries.example") not in known:
                client_id = client.id if role is Role.hr else None
                known[email] = Account(
                    email=email, role=role.value, client_id=client_id, display_name=name, status="active"
                )
                session.add(known[email])
        session.flush()
        return Staff(**{name: actor_of(known[f"{name}@worries.example"]) for name in _ROLES})


def worries_of(actor: Actor, now: dt.datetime = FRIDAY, workflow: Workflow = WORRIES) -> Reader:
    """The actor as a reader of worries."""
    return Reader(actor, workflow, load_calendar(), now, LONDON)


@contextmanager
def desk_of(actor: Actor, now: dt.datetime = FRIDAY, workflow: Workflow = WORRIES) -> Iterator[Desk]:
    """The actor's desk at a moment, in a transaction of its own."""
    with transaction() as session:
        yield Desk(session, worries_of(actor, now, workflow))


def somebody(case: CaseFile | None = None) -> Actor:
    """Who has no account, and, once there is a case, its link."""
    return opener("fr", follows=case.id if case else None)
