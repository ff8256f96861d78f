"""Who takes part in the tests of proposals, and what they do, said in one line each."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from directory.actors import Actor, Role
from directory.cases.casework import Desk
from directory.db import get_engine, transaction
from directory.listings.agreements import Terms
from directory.models import Account, CaseEvent, Client, MailMessage
from directory.proposals import acting, proposing, reading, rules
from directory.proposals.acting import Given
from directory.proposals.draft import Draft, Need, ProposedProvider

# A Monday without a holiday near.
MONDAY = dt.datetime(2026, 9, 7, 9, 0, tzinfo=dt.UTC)

HEAL_AFRICA = ProposedProvider(
    name="Hôpital Heal Africa",
    type="hospital",
    country="CD",
    city="Goma",
    lat=-1.6735,
    lon=29.2261,
    specialties=("cardiology",),
    phone="+243 998 765 432",
    email="direction@heal.example.org",
    website="heal.example.org",
    contact_person="Dr Kambale",
    licence="NK-1234",
)
DRAFT = Draft(HEAL_AFRICA, Need("none_nearby", people=40, visits=200, settings=("outpatient", "inpatient")))
CARD = Terms("worldwide", outpatient="card", inpatient="guarantee_letter", tariff=True, notice_days=3)

# What each action needs, so that it can be taken.
NEEDED: dict[str, Given] = {
    "ask_information": Given(message="Which ward do you mean?"),
    "agree": Given(agreement=CARD),
    "decline": Given(reason="enough_nearby"),
}


@dataclass(frozen=True)
class People:
    """The actors: two officers of one client, one of another, two of the network team, an admin."""

    amina: Actor
    bruno: Actor
    chen: Actor
    nadia: Actor
    omar: Actor
    root: Actor

    @property
    def everybody(self) -> tuple[Actor, ...]:
        """All of them."""
        return (self.amina, self.bruno, self.chen, self.nadia, self.omar, self.root)


def settle_people() -> People:
    """Empty what proposals write, and make sure that everybody has an account."""
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE case_file, proposal, repeatable_request, mail_message, rate CASCADE"))
    with transaction() as session:
        clients = {client.code: client for client in session.scalars(select(Client))}
        for code, name in (("unhcr", "Refugee Agency"), ("who", "Health Agency")):
            if code not in clients:
                session.add(client := Client(code=code, name=name))
                clients[code] = client
        session.flush()
        accounts = {account.display_name: account for account in session.scalars(select(Account))}
        made: dict[str, Actor] = {}
        officers: tuple[tuple[str, str, str | None, str], ...] = (
            ("amina", "hr", "unhcr", "fr"),
            ("bruno", "hr", "unhcr", "en"),
            ("chen", "hr", "who", "ar"),
            ("nadia", "network", None, "en"),
            ("omar", "network", None, "es"),
            ("root", "admin", None, "en"),
        )
        for name, role, of_client, lang in officers:
            account = accounts.get(name)
            if account is None:
                client_id = clients[of_client].id if of_client else None
                account = Account(
                    email=f"{name}@example.org", role=role, client_id=client_id, lang=lang, display_name=name,
                    status="active",
                )  # fmt: skip
                session.add(account)
                session.flush()
            made[name] = Actor(account.id, Role(role), account.client_id, name, lang)
    return People(**made)


@contextmanager
def at(actor: Actor, now: dt.datetime = MONDAY) -> Iterator[Desk]:
    """The actor's desk at a moment, in a transaction of its own."""
    with transaction() as session:
        yield rules.desk(session, actor, now)


def propose(actor: Actor, draft: Draft = DRAFT, now: dt.datetime = MONDAY, *, submit: bool = True) -> UUID:
    """A proposal, sent unless told."""
    with at(actor, now) as desk:
        proposal = proposing.propose(desk, draft)
        if submit:
            acting.act(desk, proposal.id, "submit")
        return proposal.id


def act(actor: Actor, proposal: UUID, name: str, given: Given | None = None, now: dt.datetime = MONDAY) -> str:
    """Take an action with what it needs; gives the state after it."""
    with at(actor, now) as desk:
        return acting.act(desk, proposal, name, given or NEEDED.get(name, Given())).case.state


def walk(people: People, proposal: UUID, *names: str, now: dt.datetime = MONDAY) -> str:
    """Take actions one after the other, each by one who may."""
    state = ""
    for name in names:
        actor = people.amina if name in ("submit", "withdraw") else people.nadia
        state = act(actor, proposal, name, now=now)
    return state


def look(actor: Actor, proposal: UUID) -> Any:
    """The proposal as the actor sees it, with its case."""
    with transaction() as session:
        return reading.load_proposal(session, proposal, actor)


def events_of(proposal: UUID) -> list[tuple[str, str | None, str]]:
    """Action, state before, state after, the oldest first."""
    with transaction() as session:
        found = select(CaseEvent).where(CaseEvent.case_id == proposal).order_by(CaseEvent.id)
        return [(each.action, each.from_state, each.to_state) for each in session.scalars(found)]


def mails() -> list[tuple[str, str, str, dict[str, Any]]]:
    """To whom, in which language, which message, with which values; the oldest first."""
    with transaction() as session:
        found = session.scalars(select(MailMessage).order_by(MailMessage.id))
        return [(each.recipient.partition("@")[0], each.lang, each.message, each.values) for each in found]


def called(name: str, **more: Any) -> Draft:
    """A draft of another provider."""
    provider = replace(HEAL_AFRICA, name=name, licence=None, email=None, **more)
    return replace(DRAFT, provider=provider)
