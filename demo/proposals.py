"""The demonstration's proposals: `python -m demo.proposals` makes them, so that the desk has something to do.

All of them are invented: providers, people and words. They stand in real cities, in every state, for two clients. Six
of one type and country have ended, so that "promises kept" has something to show.
"""

import datetime as dt
from dataclasses import dataclass, field, replace

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo.people import load_actor
from directory import db
from directory.listings.agreements import Terms
from directory.models import Channel, Proposal
from directory.proposals import acting, proposing, rules, writing
from directory.proposals.acting import Given
from directory.proposals.draft import Draft, Need, ProposedProvider

AID, RELIEF = "officer@aid.example", "officer@relief.example"
DESK = "network@insurer.example"


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did, so many days ago: an action with what comes with it, or a message."""

    days_ago: float
    by: str
    action: str | None = None
    given: Given = field(default_factory=Given)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Invented:
    """A proposal: by whom, of whom, why, and what happened."""

    by: str
    provider: ProposedProvider
    need: Need
    steps: tuple[Step, ...]


def _team(days_ago: float, action: str, **given: object) -> Step:
    return Step(days_ago, DESK, action, Given(**given))  # type: ignore[arg-type]


def _sent(days_ago: float, by: str) -> Step:
    return Step(days_ago, by, "submit")


def _hospital(name: str, city: str, country: str, **more: object) -> ProposedProvider:
    return ProposedProvider(name=name, type="hospital", city=city, country=country, **more)  # type: ignore[arg-type]


_TERMS = Terms("worldwide", outpatient="card", inpatient="guarantee_letter", tariff=True, notice_days=3)
_CALLED = {"note": "Spoke to the accounts office; they ask for the form.", "channel": Channel.call}


def _open() -> tuple[Invented, ...]:
    clinic = replace(_hospital("Clinique du Plateau Vert", "Goma", "CD", phone="+243 970 000 111"), type="clinic")
    pharmacy = replace(_hospital("Pharmacie de l'Étoile du Lac", "Bukavu", "CD"), type="pharmacy")
    lab = replace(_hospital("Levant Diagnostic Laboratory", "Irbid", "JO", address="Prince Hassan Street 14"),
                  type="laboratory", name_local="مختبر المشرق للتشخيص")  # fmt: skip
    return (
        Invented(AID, _hospital("White Nile Mission Hospital", "Juba", "SS", address="Hai Malakal, near the bridge"),
                 Need("none_nearby", people=60, urgency="high", settings=("outpatient", "inpatient")),
                 (_sent(0.2, AID),)),
        Invented(AID, clinic, Need("refuses_card", people=25, urgency="high"), (_sent(3, AID),)),
        Invented(RELIEF, _hospital("Al-Rawda Community Hospital", "Aden", "YE", phone="+967 2 000 111",
                 name_local="مستشفى الروضة الأهلي"), Need("none_nearby", people=80), (_sent(4, RELIEF),)),
        Invented(RELIEF, lab, Need("already_used", people=12, urgency="low"),
                 (_sent(6, RELIEF), _team(5, "start_review"))),
        Invented(AID, _hospital("Hôpital Sainte-Aurore", "Bangui", "CF", phone="+236 72 00 01 11"),
                 Need("closed", people=35), (_sent(9, AID), _team(8, "start_review"),
                 _team(6, "ask_information", message="Which phone number is answered at the reception, and when?"))),
        Invented(RELIEF, pharmacy, Need("other", people=18, words="The only one that is open at night"),
                 (_sent(8, RELIEF), _team(7, "ask_information", message="Where is it exactly?"),
                  Step(1, RELIEF, says="Avenue du Lac 22, across from the post office."))),
        Invented(AID, _hospital("Blue Mountain Hospital", "Mbale", "UG", phone="+256 700 000111", lat=1.0806,
                 lon=34.1753), Need("none_nearby", people=20), (_sent(15, AID), _team(14, "start_review"),
                 _team(11, "contact", **_CALLED))),
        Invented(RELIEF, _hospital("Cox Bazar Seaside Hospital", "Cox's Bazar", "BD", phone="+880 1700 000111"),
                 Need("already_used", people=140, urgency="high", settings=("inpatient",)), (_sent(22, RELIEF),
                 _team(21, "start_review"), _team(17, "contact", **_CALLED), _team(10, "negotiate"))),
        Invented(AID, _hospital("Hospital Nuestra Señora del Valle", "Cúcuta", "CO", phone="+57 300 0001111",
                 address="Calle 10 # 4-22"), Need("none_nearby", people=30), (_sent(26, AID),
                 _team(25, "start_review"), _team(20, "contact", **_CALLED), _team(2, "agree", agreement=_TERMS))),
        Invented(AID, _hospital("Torit Hills Hospital", "Torit", "SS"), Need("none_nearby", people=15),
                 (_sent(30, AID), _team(29, "start_review"), _team(22, "contact", **_CALLED),
                  _team(3, "agree", agreement=_TERMS))),
        Invented(RELIEF, _hospital("Mazar Garden Hospital", "Mazār-e Sharīf", "AF"), Need("none_nearby", people=45),
                 (_sent(12, RELIEF), _team(11, "start_review"))),
        Invented(AID, _hospital("Dolow River Clinic", "Dolow", "SO"), Need("none_nearby", people=9, urgency="low"), ()),
    )  # fmt: skip


def _ended() -> tuple[Invented, ...]:
    """Six hospitals in South Sudan, of which four were listed."""
    took = (("Lakes", 61, 30), ("Jonglei", 80, 41), ("Equator", 95, 52), ("Acacia", 120, 88), ("Baobab", 70, 0),
            ("Savanna", 66, 0))  # fmt: skip
    return tuple(_ended_one(name, since, until) for name, since, until in took)


def _ended_one(name: str, since: int, until: int) -> Invented:
    begun = (_sent(since, AID), _team(since - 1, "start_review"), _team(since - 4, "contact", **_CALLED))
    end = (
        (_team(until + 1, "agree", agreement=_TERMS), _team(until, "list", passed_over="Phone follows."))
        if until
        else (_team(since - 20, "provider_declined", message="They take cash only."),)
    )
    return Invented(
        AID, _hospital(f"{name} Demonstration Hospital", "Juba", "SS"), Need("none_nearby", people=10), begun + end
    )


def make_proposals(now: dt.datetime) -> int:
    """Make them where there are none yet; gives how many. Each in a transaction of its own."""
    with db.transaction() as session:
        if session.scalar(select(func.count()).select_from(Proposal)):
            return 0
    several = (*_ended(), *_open())
    for each in several:
        with db.transaction() as session:
            _make(session, each, now)
    return len(several)


def _make(session: Session, invented: Invented, now: dt.datetime) -> None:
    first = invented.steps[0].days_ago if invented.steps else 1
    draft = Draft(invented.provider, invented.need, consent_named=True)
    desk = rules.desk(session, load_actor(session, invented.by), now - dt.timedelta(days=first))
    proposal = proposing.propose(desk, draft)
    for step in invented.steps:
        desk = rules.desk(session, load_actor(session, step.by), now - dt.timedelta(days=step.days_ago))
        if step.action:
            acting.act(desk, proposal.id, step.action, step.given, sure=True)
        else:
            writing.write(desk, proposal.id, step.says, sure=True)


@click.command()
def main() -> None:
    """Make the demonstration's proposals, all of them invented."""
    made = make_proposals(dt.datetime.now(dt.UTC))
    click.echo(f"{made} invented proposals are on the desk.")


if __name__ == "__main__":
    main()
