"""What a change of many sets: read once from what was sent, and then an edit like any other's."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.listings.agreements import Terms, add_terms, agreement_of, check_terms, read_terms
from directory.listings.curating import FACTS, METHODS, TEAM, require, suspended
from directory.listings.editing import apply_patch
from directory.listings.facts import Facts
from directory.models import ListingStatus
from geodata.gazetteer import Gazetteer

# What may be said of many at once. Names, addresses and points are one listing's own.
FIELDS = ("type", "kind", "specialties", "languages", "hours", "website", "email")
LISTS = ("specialties", "languages")
STATUSES = {"active": "", "suspended": "suspend", "retired": "retire"}
_OF_STATUS = ("from", "until")
_OTHERS = ("status", *_OF_STATUS, "verify", "method", "agreement", "terms")
KEYS = (*FIELDS, *(f"{how}_{name}" for how in ("add", "remove") for name in LISTS), *_OTHERS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The edit that is made of each listing. Raises what an edit of one raises; then that listing is left."""

    said: Mapping[str, Any]
    reason: str | None
    actor: str
    today: dt.date
    gazetteer: Gazetteer

    @property
    def touches_agreements(self) -> bool:
        """Whether it says how members pay, which takes a second person."""
        return touches_agreements(self.said)

    def __call__(self, facts: Facts) -> Facts:
        """The facts as they shall be."""
        require(facts, "restore" if self._restores(facts) else "edit")
        patch = {name: value for name, value in self.said.items() if name in FIELDS}
        for name in LISTS:
            change = self._changed_list(name, facts)
            if change is not None:
                patch[name] = change
        edited = apply_patch(facts, patch, self.gazetteer) if patch else facts
        edited = self._settle(edited)
        edited = self._agree(edited)
        return self._confirm(edited)

    def _restores(self, facts: Facts) -> bool:
        return self.said.get("status") == "active" and facts["listing"]["status"] == ListingStatus.retired

    def _changed_list(self, name: str, facts: Facts) -> list[str] | None:
        added, removed = self.said.get(f"add_{name}") or (), self.said.get(f"remove_{name}") or ()
        if not added and not removed:
            return None
        known: Sequence[str] = facts["specialties"] if name == "specialties" else facts["listing"]["languages"]
        return [each for each in dict.fromkeys([*known, *added]) if each not in removed]

    def _settle(self, facts: Facts) -> Facts:
        status = self.said.get("status")
        if status is None:
            return facts
        decided: dict[str, Any] = {"suspended_from": None, "suspended_until": None}
        if status == "suspended":
            begins, ends = (_date(self.said.get(name)) for name in _OF_STATUS)
            decided = suspended(begins, ends, self.today)
        else:
            decided["status"] = status
        decided["status_reason"] = None if status == "active" else self.reason
        return {**facts, "listing": {**facts["listing"], **decided}}

    def _agree(self, facts: Facts) -> Facts:
        agreements = facts["agreements"]
        if said := self.said.get("agreement"):
            agreements = add_terms(agreements, check_terms(read_terms(dict(said)), self.today))
        if said := self.said.get("terms"):
            agreements = [self._corrected(each, said) for each in agreements]
        return {**facts, "agreements": agreements}

    def _corrected(self, agreement: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """The terms that hold in the network now, or will; what was is left as it was."""
        over = agreement["to"] is not None and agreement["to"] <= self.today.isoformat()
        if agreement["network"] != said["network"] or over or agreement["status"] == "ended":
            return agreement
        names = ("network", "outpatient", "inpatient", "tariff", "notice_days")
        terms = replace(read_terms({name: agreement[name] for name in names}), **said)
        corrected = agreement_of(check_terms(terms, self.today))
        return {**agreement, **{name: corrected[name] for name in names}}

    def _confirm(self, facts: Facts) -> Facts:
        groups = self.said.get("verify")
        if not groups:
            return facts
        day = self.today.isoformat()
        said = {"on": day, "by": self.actor, "method": self.said.get("method") or "other"}
        confirmed = {**facts["listing"]["confirmed"], **dict.fromkeys(groups, said)}
        listing = {**facts["listing"], "verified_on": day, "verified_by": TEAM, "confirmed": confirmed}
        return {**facts, "listing": listing}


def touches_agreements(said: Mapping[str, Any]) -> bool:
    """Whether it says how members pay."""
    return bool(said.get("agreement") or said.get("terms"))


def check_wanted(said: Mapping[str, Any], reason: str | None, today: dt.date) -> dict[str, Any]:
    """What is set, as it is kept. Raises InvalidRequest: nothing is set, a word is unknown, a reason is needed."""
    faults = [Fault(f"/set/{name}", "This cannot be set of many.", KEYS) for name in said if name not in KEYS]
    kept = {name: value for name, value in said.items() if name in KEYS and value is not None}
    if not kept:
        faults.append(Fault("/set", "Say what shall be set.", KEYS))
    if kept.get("status") not in (None, *STATUSES):
        faults.append(Fault("/set/status", "This is not one of the codes.", tuple(STATUSES)))
    for name, allowed in (("verify", FACTS), ("method", METHODS)):
        values = kept.get(name, ()) if name == "verify" else filter(None, [kept.get(name)])
        faults += [Fault(f"/set/{name}", "This is not one of the codes.", allowed) for v in values if v not in allowed]
    faults += _faults_of_terms(kept, today)
    if not reason and (kept.get("status") or touches_agreements(kept)):
        faults.append(Fault("/reason", "Say why: it is kept with the change."))
    if faults:
        raise InvalidRequest(*faults)
    return kept


def _faults_of_terms(said: Mapping[str, Any], today: dt.date) -> list[Fault]:
    faults = []
    for name in ("agreement", "terms"):
        terms = said.get(name)
        if terms is None:
            continue
        if not isinstance(terms, Mapping) or not terms.get("network"):
            faults.append(Fault(f"/set/{name}/network", "Say in which network."))
            continue
        try:
            whole = {"outpatient": "none", "inpatient": "none", **terms} if name == "terms" else terms
            check_terms(read_terms(dict(whole)), today)
        except InvalidRequest as error:
            faults += [replace(each, where=f"/set/{name}/{each.where.rpartition('/')[2]}") for each in error.faults]
        except (TypeError, ValueError):
            known = tuple(Terms.__dataclass_fields__)
            faults.append(Fault(f"/set/{name}", "Terms are network, outpatient, inpatient, …", known))
    return faults


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
