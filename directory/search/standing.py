"""How well a listing is known: what breaks ties, and nothing more. Kept in the index, and counted the same in SQL.

A whole number that is a sort key of its own, so that no word or kilometre is ever outweighed by it. It depends on the
listing alone and not on the day it is asked: of two that are known alike, the one that was verified later comes first.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from directory.search.ranking import load_ranking

# Beyond the days since EPOCH, until the year 2243: one point is more than any day of verification.
POINT = 100_000
EPOCH = date(1970, 1, 1)


def standing_of(shown: Mapping[str, Any]) -> int:
    """The standing of what members see of a listing (`listings.shown.PublicListing`)."""
    worth = load_ranking().standing
    location, verified_on = shown["location"], shown["verified_on"]
    ways = {way for terms in shown["agreements"] for way in (terms["outpatient"], terms["inpatient"])}
    points = (
        worth.point * bool(location and location["precision"] == "exact")
        + (worth.card if "card" in ways else worth.letter if "guarantee_letter" in ways else 0)
        + worth.verified * bool(verified_on)
        + worth.phone * bool(shown["phones"])
        + worth.detail * sum(bool(shown[name]) for name in ("address", "hours", "specialties", "website"))
    )
    days = (date.fromisoformat(verified_on) - EPOCH).days if verified_on else 0
    return points * POINT + days
