"""Cases of customer service as the interface and the pages show them: each reader no more than is theirs to see."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.care import calls
from directory.care.cautions import count_reports
from directory.care.desks import reader
from directory.care.kinds import KINDS
from directory.care.queues import Row
from directory.care.telling import follow_url
from directory.cases import casework, vault
from directory.cases.casework import Desk, Reader
from directory.cases.clocks import is_overdue
from directory.cases.queue import load_names
from directory.cases.sealed_files import KeptFile, list_files
from directory.cases.vault import VaultClosed
from directory.listings.shown import load_public_listings
from directory.models import Call, CaseEvent, CaseFile, CaseMessage, Refusal
from directory.wording.catalogue import phrase
from geodata.countries import country_name


def render_case(session: Session, actor: Actor, row: Row, lang: str, *, link: bool = False) -> dict[str, Any]:
    """One case with all that its reader may see. `link`: with the secret link, for who just brought it."""
    case = row.case
    workflow = KINDS[case.kind]
    at = Desk(session, reader(workflow, actor))
    [head] = render_rows(at, [row], lang)
    return {
        **head,
        **_more(session, actor, row),
        "actions": list(workflow.allowed(case.state, actor)),
        "events": [_event(each, lang, at) for each in casework.load_events(at, case.id)],
        "messages": [_message(each, at) for each in casework.load_messages(at, case.id)],
        "follow_url": follow_url(case) if link or actor.follows == case.id else None,
        "person": _person(session, actor, row),
    }


def render_rows(at: Desk, rows: Sequence[Row], lang: str) -> list[dict[str, Any]]:
    """What a list says of each."""
    session = at.session
    listings = _listings(session, {row.listing_id for row in rows if row.listing_id}, lang)
    owners = load_names(session, {row.case.owner_id for row in rows}) if at.is_desk else {}
    reports: dict[int, int] = {}
    if at.is_desk and (refused := [row.listing_id for row in rows if isinstance(row, Refusal)]):
        reports = count_reports(session.connection(), refused)
    return [_head(at.reader, row, lang, listings, owners) | _reports(row, reports) for row in rows]


def _head(
    reads: Reader, row: Row, lang: str, listings: dict[int, dict[str, Any]], owners: dict[UUID | None, str]
) -> dict[str, Any]:
    case = row.case
    topic = getattr(row, "topic", None)
    return {
        "id": str(case.id),
        "kind": case.kind,
        "reference": case.reference,
        "state": case.state,
        "state_label": phrase(lang, f"care.state_{case.state}"),
        "revision": case.revision,
        "received_at": case.received_at,
        "due": render_due(case, reads, lang),
        "owner": owners.get(case.owner_id) if case.owner_id else None,
        "lang": row.lang,
        "listing": listings.get(row.listing_id) if row.listing_id else None,
        "topic": topic,
        "topic_label": phrase(lang, f"care.topic_{topic}") if topic else None,
        "at_desk": row.at_desk if isinstance(row, Refusal) else None,
        "urgent": row.urgent if isinstance(row, Call) else None,
        "country": row.country if isinstance(row, Call) else None,
        "country_label": country_name(row.country, lang) if isinstance(row, Call) else None,
    }


def render_due(case: CaseFile, reads: Reader, lang: str) -> dict[str, Any] | None:
    """What is due next, by which moment; None where nothing is."""
    if case.due_what is None or case.due_at is None or case.due_on is None:
        return None
    return {
        "what": case.due_what,
        "label": phrase(lang, f"care.due_{case.due_what}"),
        "on": case.due_on,
        "at": case.due_at,
        "overdue": is_overdue(case.due_at, reads.now),
    }


def _reports(row: Row, reports: dict[int, int]) -> dict[str, Any]:
    return {"reports": reports.get(row.listing_id) if isinstance(row, Refusal) else None}


def _listings(session: Session, ids: Iterable[int], lang: str) -> dict[int, dict[str, Any]]:
    return {
        shown["id"]: {
            "id": str(shown["id"]),
            "name": shown["name"],
            "city": shown["city"],
            "country": shown["country"],
            "country_label": country_name(shown["country"], lang),
            "phones": shown["phones"],
        }
        for shown in load_public_listings(session.connection(), ids)
    }


def _more(session: Session, actor: Actor, row: Row) -> dict[str, Any]:
    """What only cases of this kind have."""
    if isinstance(row, Refusal):
        return _of_refusal(actor, row)
    return _of_call(session, actor, row) if isinstance(row, Call) else {}


def _of_refusal(actor: Actor, row: Refusal) -> dict[str, Any]:
    at_desk = actor.has_role(Role.care, Role.network)
    return {
        "network": row.network,
        "happened_on": row.happened_on,
        "care": row.care,
        "asked_cash": row.asked_cash,
        "paid": {"amount": str(row.paid_amount), "currency": row.paid_currency} if row.paid_amount else None,
        "confirmed": row.confirmed if at_desk else None,
        "reason": row.reason if at_desk else None,
        "alternatives": [str(each) for each in row.alternatives],
        "telehealth": row.telehealth,
    }


def _of_call(session: Session, actor: Actor, row: Call) -> dict[str, Any]:
    where = calls.waiting(session, row)
    return {
        "case_reference": row.about,
        "number": _or_none(lambda: calls.number_for(session, actor, row)),
        "position": where.position if where else None,
        "expected_minutes": where.minutes if where else None,
    }


def _person(session: Session, actor: Actor, row: Row) -> dict[str, Any] | None:
    """What was said, and how to reach who said it: for customer service alone; of a call only who claimed it has it."""
    if actor.role is not Role.care or isinstance(row, Call):
        return None
    said = _or_none(lambda: vault.unseal(session, row.case.id)) or {}
    files = [render_file(row.case.id, each) for each in list_files(said)]
    return {name: said.get(name) for name in ("phone", "contact", "text", "reference_number")} | {"files": files}


def render_file(case_id: UUID, file: KeptFile) -> dict[str, Any]:
    """A file of a question, without its bytes."""
    return {**asdict(file), "id": str(file.id), "link": f"/v1/contact/{case_id}/files/{file.id}"}


def _or_none(read: Any) -> Any:
    """What is sealed; None where its key is not there any more."""
    try:
        return read()
    except VaultClosed:
        return None


def _event(event: CaseEvent, lang: str, at: Desk) -> dict[str, Any]:
    return {
        "at": event.at,
        "action": event.action,
        "label": phrase(lang, f"care.event_{event.action}"),
        "from": event.from_state,
        "to": event.to_state,
        "by": _by(event.actor_role, event.actor_name, at),
    }


def _message(message: CaseMessage, at: Desk) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "at": message.at,
        "kind": message.kind,
        "text": message.text,
        "by": _by(message.author_role, message.author_name, at),
    }


def _by(role: str, name: str, at: Desk) -> dict[str, str | None]:
    side = "member" if role == "opener" else "clock" if role == "clock" else "team"
    return {"side": side, "name": name if side == "team" and at.is_desk else None}
