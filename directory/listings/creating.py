"""A new listing by the network team: the same words as an edit has, checked the same way."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from directory.listings.agreements import Terms, agreement_of, check_terms
from directory.listings.checking import check_reason
from directory.listings.curating import TEAM, Curator
from directory.listings.editing import apply_patch
from directory.listings.facts import EMPTY_LISTING, EMPTY_LOCATION, Facts, Known, named
from directory.listings.making import make_of_facts
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer


def create_listing(
    curator: Curator,
    patch: Mapping[str, Any],
    agreements: Sequence[Terms],
    gazetteer: Gazetteer,
    reason: str | None = None,
) -> Known:
    """Make a listing of what is said. Raises InvalidRequest with every fault, by JSON pointer."""
    why = check_reason(reason, needed=False)
    facts = apply_patch(_blank(patch), patch, gazetteer)
    facts["agreements"] = [agreement_of(check_terms(terms, curator.today)) for terms in agreements]
    facts["listing"] |= _confirmed(curator.today)
    return make_of_facts(curator.session, facts, actor=curator.actor, reason=why)


def _blank(patch: Mapping[str, Any]) -> Facts:
    """What the patch is laid upon; a type knows whether people or organisations have it."""
    type_ = load_codes().types.get(str(patch.get("type")))
    kind = (type_.provider_kind if type_ else None) or "organisation"
    return Facts(
        provider=named({"kind": kind, "lang": None}, ""),
        names=[],
        location=dict(EMPTY_LOCATION),
        listing=dict(EMPTY_LISTING),
        specialties=[],
        agreements=[],
        import_hash=None,
    )


def _confirmed(today: dt.date) -> dict[str, Any]:
    return {"verified_on": today.isoformat(), "verified_by": TEAM}
