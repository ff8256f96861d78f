"""What is shown of a proposal, to whom: an allow-list for each side."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from directory.actors import Actor, Role
from directory.cases.casework import Reader
from directory.cases.clocks import is_overdue
from directory.cases.queue import due_days
from directory.models import CaseAttachment, CaseEvent, CaseMessage, Proposal
from directory.proposals import words
from directory.proposals.checklist import open_points
from directory.proposals.matches import Matches, SameProposal
from directory.proposals.patients import Hint, Texts, find_hints, texts_of
from directory.proposals.proposing import draft_of
from directory.proposals.reading import Row
from directory.proposals.rules import PROPOSALS
from directory.proposals.viewing import View
from directory.search.look_alikes import SameListing
from directory.vocabulary.codes import load_codes
from directory.web.render import code_label, render_item
from geodata.countries import country_name


def render_summary(row: Row, reader: Reader, lang: str) -> dict[str, Any]:
    """A proposal in a list, as `proposal_schemas.ProposalSummary` describes it."""
    proposal, case = row.proposal, row.proposal.case
    return {
        "id": str(proposal.id),
        "reference": case.reference,
        "state": case.state,
        "state_label": words.state(row, lang, reader.actor),
        "waits_for": words.waits_for(case, reader.actor),
        "answered": row.answered,
        "progress": words.progress(row, lang, reader.actor, reader.now),
        "client": row.client.code,
        "client_name": row.client.name,
        "provider": _render_provider(proposal, lang),
        "need": _render_need(proposal, lang),
        "consent_named": proposal.consent_named,
        "supporters": row.supporters,
        "due": render_due(row, reader, lang),
        "owner": row.owner if reader.is_desk else None,
        "listing_id": str(proposal.listing_id) if proposal.listing_id else None,
        "revision": case.revision,
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
    }


def render_proposal(view: View, lang: str) -> dict[str, Any]:
    """One proposal, as `proposal_schemas.ProposalAnswer` describes it."""
    proposal, actor, case = view.proposal, view.reader.actor, view.proposal.case
    of_team = view.reader.is_desk
    return {
        **render_summary(view.row, view.reader, lang),
        "actions": list(PROPOSALS.allowed(case.state, actor)),
        "explained": words.explained(view.row, lang, actor),
        "reason": words.end_reason(proposal, lang),
        "message": proposal.end_message,
        "agreement": proposal.agreement if of_team else None,
        "duplicate_of": str(proposal.duplicate_of) if proposal.duplicate_of and of_team else None,
        **render_matches(view.matches, lang),
        "open_points": list(open_points(proposal, view.matches)) if of_team else [],
        "events": [_render_event(each, actor, lang) for each in view.events],
        "messages": [render_message(each, actor) for each in view.messages],
        "attachments": [render_attachment(each, actor) for each in view.attachments],
        "hints": hints_of(texts_of(proposal), lang),
    }


def render_due(row: Row, reader: Reader, lang: str) -> dict[str, Any] | None:
    """What is due next; None where nothing is."""
    case = row.proposal.case
    if case.state == PROPOSALS.waiting:
        for_reader = words.waits_for(case, reader.actor) == "you"
        label = words.label(lang, "due", "information") if for_reader else words.state(row, lang, reader.actor)
        return {"what": "information", "on": None, "overdue": False, "days": None, "label": label}
    if case.due_what is None or case.due_on is None:
        return None
    return {
        "what": case.due_what,
        "on": case.due_on,
        "overdue": is_overdue(case.due_at, reader.now),
        "days": due_days(case.due_on, reader),
        "label": words.due(lang, case.due_what, case.due_on),
    }


def render_matches(matches: Matches, lang: str) -> dict[str, Any]:
    """Who may be the same as a provider, and who serves the same need."""
    same = {
        "listings": [_render_same_listing(each, lang) for each in matches.listings],
        "proposals": [render_same_proposal(each, lang) for each in matches.proposals],
    }
    alternatives = [render_item(shown, lang, distance_m) for shown, distance_m in matches.alternatives]
    return {"possible_duplicates": same, "alternatives": alternatives}


def render_same_proposal(same: SameProposal, lang: str) -> dict[str, Any]:
    """What an officer of any client may know of an open proposal."""
    return {
        "id": str(same.id),
        "name": same.name,
        "type": same.type,
        "type_label": code_label(load_codes().types, same.type, lang),
        "city": same.city,
        "country": same.country,
        "state_label": words.label(lang, "state", same.state),
        "supporters": same.supporters,
        "own": same.own,
    }


def render_message(message: CaseMessage, actor: Actor) -> dict[str, Any]:
    """Words on a proposal."""
    return {
        "id": str(message.id),
        "at": message.at,
        "kind": message.kind,
        "channel": message.channel,
        "text": message.text,
        "by": _by(message.author_role, message.author_name, actor),
    }


def render_attachment(attachment: CaseAttachment, actor: Actor) -> dict[str, Any]:
    """A file, without its bytes."""
    return {
        "id": str(attachment.id),
        "at": attachment.at,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "link": f"/v1/proposals/{attachment.case_id}/attachments/{attachment.id}",
        "by": _by(attachment.author_role, None, actor),
    }


def render_hints(hints: Iterable[Hint], lang: str) -> list[dict[str, str]]:
    """What looks like a patient's, by JSON pointer of the text."""
    return [
        {"pointer": hint.where, "kind": hint.kind, "message": words.label(lang, "hint", hint.kind)} for hint in hints
    ]


def hints_of(texts: Texts, lang: str) -> list[dict[str, str]]:
    """The same of texts that were not looked at yet."""
    return render_hints(find_hints(texts), lang)


def _render_same_listing(same: SameListing, lang: str) -> dict[str, Any]:
    return {**render_item(same.shown, lang, same.distance_m), "in_network": same.in_network}


def _render_provider(proposal: Proposal, lang: str) -> dict[str, Any]:
    codes = load_codes()
    provider = asdict(draft_of(proposal).provider)
    return {
        **provider,
        "specialties": list(provider["specialties"]),
        "type_label": code_label(codes.types, proposal.type, lang),
        "specialty_labels": [code_label(codes.specialties, code, lang) for code in proposal.specialties],
        "country_label": country_name(proposal.country, lang),
    }


def _render_need(proposal: Proposal, lang: str) -> dict[str, Any]:
    need = asdict(draft_of(proposal).need)
    about = need.pop("listing_id")
    return {
        **need,
        "settings": list(need["settings"]),
        "about_listing": str(about) if about else None,
        "reason_label": words.label(lang, "reason", proposal.reason),
        "urgency_label": words.label(lang, "urgency", proposal.urgency),
    }


def _render_event(event: CaseEvent, actor: Actor, lang: str) -> dict[str, Any]:
    return {
        "at": event.at,
        "action": event.action,
        "label": words.label(lang, "event", event.action),
        "from": event.from_state,
        "to": event.to_state,
        "by": _by(event.actor_role, event.actor_name, actor),
    }


def _by(role: str, name: str | None, reader: Actor) -> dict[str, str | None]:
    """An officer reads the names of colleagues; of the team, that it was the team."""
    side = "officer" if role == Role.hr else "team"
    return {"side": side, "name": name if side == "officer" or reader.has_role(Role.network) else None}
