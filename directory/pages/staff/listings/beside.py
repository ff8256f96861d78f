"""What stands beside a listing and its card: who looks after it, what was reported and proposed, look-alikes."""

from typing import Any

from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.listings.facts import Facts
from directory.listings.owning import load_owner
from directory.listings.reports import load_open
from directory.proposals.reading import load_about
from directory.proposals.words import label
from directory.search.look_alikes import Looked, find_same_listings
from directory.web.render import render_item
from directory.wording.catalogue import phrase
from geodata.points import Point

_REPORTS, _PROPOSALS = 5, 5


def load_beside(session: Session, listing_id: int, actor: Actor, lang: str) -> dict[str, Any]:
    """What the database knows of it; look-alikes are searched for once the page is there."""
    owner = load_owner(session, listing_id)
    reports, total = load_open(session, listing_id, _REPORTS)
    return {
        "owner": owner and {"name": owner.name, "mine": owner.id == str(actor.account_id)},
        "reports": [
            {
                "kind": phrase(lang, f"members.report_{each.kind}"),
                "at": each.created_at,
                "text": each.text,
                "contact": each.contact,
            }
            for each in reports
        ],
        "reports_total": total,
        "proposals": [
            {
                "id": each.id,
                "reference": each.case.reference,
                "name": each.name,
                "state": label(lang, "state", each.case.state),
            }
            for each in load_about(session, actor, listing_id, _PROPOSALS)
        ],
    }


def find_alike(listing_id: int, facts: Facts, lang: str) -> list[dict[str, Any]]:
    """Other listings that may be the same as one."""
    same = find_same_listings(_looked(facts))
    return [render_item(each.shown, lang, each.distance_m) for each in same if each.shown["id"] != listing_id]


def _looked(facts: Facts) -> Looked:
    location, provider = facts["location"], facts["provider"]
    exact = location["precision"] == "exact"
    point = Point(lon=location["lon"], lat=location["lat"]) if exact else None
    return Looked((provider["name"], *(name["text"] for name in facts["names"])), location["country"], point)
