"""What the demonstration's members brought: `python -m demo.care` makes it, so that each sentence of it can be seen.

All of it is invented: people, numbers (of the ranges that Ofcom keeps for stories), words. The providers are real, and
none of them ever refused anything: their agreements are invented too.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from demo.people import load_actor
from directory import db
from directory.actors import opener
from directory.care import calls, questions, refusals
from directory.care.calls import CallDraft
from directory.care.questions import Question
from directory.care.refusals import Outcome, RefusalDraft
from directory.listings.curating import Curator
from directory.listings.terms import suspend_agreement
from directory.models import Refusal

CARE, NETWORK = "care@insurer.example", "network@insurer.example"
PHONE = "+44 7700 900123"

# Hospitals that take the card, one a country, where people look first.
_TAKES_CARD = text("""
SELECT l.id, a.id AS agreement, c.country
  FROM listing l JOIN agreement a ON a.listing_id = l.id JOIN location c ON c.id = l.location_id
  LEFT JOIN place p ON p.id = c.place_id
 WHERE l.status = 'active' AND a.status = 'active' AND a.outpatient = 'card' AND a.period @> CURRENT_DATE
   AND c.country = :country AND l.type IN ('hospital', 'clinic')
 ORDER BY (SELECT count(*) FROM agreement b WHERE b.listing_id = l.id AND b.status = 'active'),
          p.population DESC NULLS LAST, l.id
 LIMIT 3
""")
Rows = Sequence[Any]

COUNTRIES = ("CD", "KE", "NG", "GH", "BR", "IN", "FR", "GB")


def make_care(now: dt.datetime) -> dict[str, int]:
    """Make it where there is none yet; gives how many of each."""
    with db.transaction() as session:
        if session.scalar(select(func.count()).select_from(Refusal)):
            return {}
        found = {country: session.execute(_TAKES_CARD, {"country": country}).all() for country in COUNTRIES}
    several = [rows for rows in found.values() if len(rows) > 2]
    if not several:
        return {}
    with db.transaction() as session:
        return {
            "suspended": sum([_suspend(session, rows[0], now) for rows in several[:4]]),
            "refusals": sum(
                [_refusals(session, rows, now, first=place == 0) for place, rows in enumerate(several[:3])]
            ),
            "calls": _calls(session, several, now),
            "questions": _questions(session, now),
        }


def _suspend(session: Session, row: Any, now: dt.datetime) -> int:
    curator = Curator(session, load_actor(session, NETWORK), now.date())
    suspend_agreement(
        curator, row.id, row.agreement, "Invoices of the summer are disputed.",
        ends=now.date() + dt.timedelta(45), instead="Pay and claim, or ask us for a letter before a stay.",
    )  # fmt: skip
    return 1


def _refusals(session: Session, rows: Rows, now: dt.datetime, *, first: bool) -> int:
    """Of each country one that two people report; in the first one that three do, and one that was confirmed."""
    reported = [(rows[1].id, 3 if first else 2), (rows[2].id, 1)]
    made = 0
    for listing_id, people in reported:
        for number in range(people):
            at_desk = first and number == 0
            draft = RefusalDraft(
                listing_id, at_desk=at_desk, lang=("fr", "en", "ar")[number % 3], care="consultation", asked_cash=True,
                phone=PHONE if at_desk else None, contact=f"member{number}@example.org",
                text="The desk says that the insurer pays late, and wanted cash.",
                happened_on=(now - dt.timedelta(3 + number)).date(),
            )  # fmt: skip
            moment = now - (dt.timedelta(minutes=4) if at_desk else dt.timedelta(days=1 + number))
            kept = refusals.refuse(session, opener(draft.lang), draft, f"demo {listing_id} {number}", moment)
            made += 1
        if people == 1:
            care = load_actor(session, CARE)
            confirmed = Outcome(
                note="Spoke to accounts: they do not take it this week.", channel="call", confirmed=True
            )
            refusals.act(session, care, kept.id, "contact", confirmed, now=now - dt.timedelta(hours=3))
    return made


def _calls(session: Session, several: list[Rows], now: dt.datetime) -> int:
    wishes = (
        (CallDraft("GB", "+447700900321", "en", "claims_coverage"), 12),
        (CallDraft("GB", "+441632960555", "fr", "letter"), 40),
        (CallDraft("GB", "+447700900654", "ar", "card_refused", True, several[0][1].id), 6),
        (CallDraft("GB", "+447700900777", "es", "membership_cards"), 55),
    )
    for draft, minutes in wishes:
        moment = now - dt.timedelta(minutes=minutes)
        call = calls.request_call(session, opener(draft.lang), draft, draft.number, f"demo {minutes}", moment)
    care = load_actor(session, CARE)
    calls.act(session, care, call.id, "claim", now=now - dt.timedelta(minutes=30))
    calls.act(session, care, call.id, "no_answer", "Rang for a minute.", now=now - dt.timedelta(minutes=28))
    return len(wishes)


def _questions(session: Session, now: dt.datetime) -> int:
    asked = (
        Question("claims_coverage", "How long do I have to send the bills of the dentist?", "member1@example.org"),
        Question("membership_cards", "Ma nouvelle carte n'est pas arrivée à Goma.", "member2@example.org", lang="fr"),
        Question("privacy", "أود معرفة ما تحتفظون به من بياناتي.", "member3@example.org", lang="ar"),
        Question("work_details", "Mi oficina se ha trasladado a Bogotá.", "member4@example.org", lang="es"),
    )
    made = [
        questions.ask(session, opener(each.lang), each, now - dt.timedelta(days=place, hours=2))
        for place, each in enumerate(asked)
    ]
    answer = "Twelve months from the day of the bill. You can send them by the portal or by post."
    questions.act(session, load_actor(session, CARE), made[0].id, "answer", message=answer, now=now)
    return len(made)


@click.command()
def main() -> None:
    """Make what the demonstration's members brought, all of it invented."""
    counts = make_care(dt.datetime.now(dt.UTC))
    told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing new"
    click.echo(f"Customer service: {told}; all of it invented.")


if __name__ == "__main__":
    main()
