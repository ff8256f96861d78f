"""Agreements as the page of a listing shows them: in force, suspended, coming, and what was."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from directory.listings.curating import is_suspended
from directory.listings.shown import holds_on
from directory.listings.terms import allowed_actions
from directory.listings.whole import WholeListing
from directory.pages.staff.listings.told import last_day, say
from directory.vocabulary.codes import load_codes
from directory.web.render import code_label
from directory.wording.catalogue import phrase

_ORDER = ("in_force", "suspended", "coming", "was")


def show_agreements(whole: WholeListing, lang: str) -> list[dict[str, Any]]:
    """Each agreement in words: those that count first, and of one kind those of one network together."""
    day = whole.day.isoformat()
    shown = [_show(each, day, "edit" in whole.actions, lang) for each in whole.facts["agreements"]]
    shown.sort(key=lambda each: (_ORDER.index(each["state"]), each["network"], each["begins"] or ""))
    return shown


def state_on(agreement: Mapping[str, Any], day: str) -> str:
    """What an agreement is on a day (ISO 8601): one of `in_force`, `suspended`, `coming`, `was`."""
    if agreement["status"] == "ended" or (agreement["to"] and agreement["to"] <= day):
        return "was"
    if agreement["status"] == "suspended":
        return "suspended"
    return "in_force" if holds_on(agreement, day) else "coming"


def _show(agreement: Mapping[str, Any], day: str, may: bool, lang: str) -> dict[str, Any]:
    days = agreement["notice_days"]
    return {
        "id": agreement["id"],
        "state": state_on(agreement, day),
        "network": agreement["network"],
        "label": code_label(load_codes().networks, agreement["network"], lang),
        "outpatient": agreement["outpatient"],
        "inpatient": agreement["inpatient"],
        "tariff": agreement["tariff"],
        "notice": None if days is None else phrase(lang, "listing.notice", count=days),
        "notice_days": days,
        "begins": agreement["from"],
        "ends": last_day(agreement["to"]),
        "from": say("verified_on", agreement["from"], lang),
        "to": say("verified_on", last_day(agreement["to"]), lang),
        "suspension": _suspension(agreement, lang),
        "actions": allowed_actions(agreement) if may else (),
    }


def open_terms(whole: WholeListing, form: str | None, lang: str) -> dict[str, Any] | None:
    """The form that is open, by its name (`agreement-new`, `agreement-end-12`): its action, where it is sent to.

    None where it is none of agreements, or the agreement does not allow it.
    """
    kind, _, rest = (form or "").partition("-")
    name, _, number = rest.partition("-")
    if kind != "agreement" or "edit" not in whole.actions:
        return None
    if name == "new":
        return {"name": name, "id": None, "label": None, "action": url_for("listing.add", listing_id=whole.listing_id)}
    agreement = _find(whole, number)
    if agreement is None or name not in allowed_actions(agreement):
        return None
    where = {"listing_id": whole.listing_id, "agreement_id": agreement["id"], "name": name}
    label = code_label(load_codes().networks, agreement["network"], lang)
    return {"name": name, "id": agreement["id"], "label": label, "action": url_for("listing.act_on", **where)}


def fill_terms(whole: WholeListing, opened: Mapping[str, Any]) -> MultiDict[str, str]:
    """The fields of that form before anything is typed."""
    today = whole.day.isoformat()
    if opened["name"] == "new":
        return MultiDict({"effective_from": today})
    if opened["name"] != "edit":
        return MultiDict({"from": today})
    agreement = _find(whole, str(opened["id"])) or {}
    days = agreement["notice_days"]
    return MultiDict({
        **{name: agreement[name] for name in ("network", "outpatient", "inpatient")},
        "notice_days": "" if days is None else str(days),
        "effective_from": agreement["from"] or "",
        "effective_to": last_day(agreement["to"]) or "",
        "tariff": "yes" if agreement["tariff"] else "",
    })  # fmt: skip


def _find(whole: WholeListing, number: str) -> Mapping[str, Any] | None:
    return next((each for each in whole.facts["agreements"] if str(each["id"]) == number), None)


def _suspension(agreement: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    if not is_suspended(agreement):
        return None
    return {
        "from": say("suspended_from", agreement["suspended_from"], lang),
        "until": say("suspended_until", agreement["suspended_until"], lang),
        "reason": agreement["suspension_reason"],
        "instead": agreement["instead"],
    }
