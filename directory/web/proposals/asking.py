"""What is asked of proposals, by the interface or by a page: look-alikes, the queue, a file."""

from collections.abc import Mapping
from typing import Any

from directory.actors import Actor
from directory.cases.queue import PAGE
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, ListingGone, ListingNotFound
from directory.listings.shown import load_public_listing
from directory.proposals import reading, rules
from directory.proposals.draft import ProposedProvider
from directory.proposals.matches import Looked, SameProposal, Wanted, find_matches, find_named, find_same_proposals
from directory.proposals.placing import Whereabouts, locate
from directory.web.proposals.render import render_matches
from directory.web.render import render_item
from geodata.countries import load_countries
from geodata.gazetteer import get_gazetteer

# How many listings are offered to choose one of.
MOST_PICKED = 8


def look_up(actor: Actor, query: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Who may be the same as what is being typed, and who serves the same need. Call it outside of a transaction."""
    country = str(query["country"]).upper()
    if country not in load_countries():
        raise InvalidRequest(Fault("country", "This is not one of the codes."))
    names = tuple(filter(None, (query.get("name"), query.get("name_local"))))
    where = _whereabouts(country, query)
    looked: Looked | None = None
    proposals: list[SameProposal] = []
    if names:
        looked = Looked(names, country, where.point, around=where.around)
        with transaction() as session:
            proposals = find_same_proposals(session, looked, actor)
    wanted = None
    if query.get("type"):
        specialties, settings = (_split(query.get(name)) for name in ("specialties", "settings"))
        wanted = Wanted(where.around, country, query["type"], specialties, settings)
    return render_matches(find_matches(looked, wanted, proposals), lang)


def pick_listings(looked: Looked, about: int | None, lang: str) -> list[dict[str, Any]]:
    """Listings to choose one of, the likeliest first; `about` is one that was chosen before, and stands above them.

    A number that is typed instead of a name means the listing of this number.
    """
    typed = looked.names[0] if looked.names else ""
    numbers = [about, int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else None]
    found = [shown for number in numbers if number and (shown := _known_listing(number))]
    first = {shown["id"] for shown in found}
    others = [each.shown for each in find_named(looked, MOST_PICKED) if each.shown["id"] not in first]
    return [{**render_item(shown, lang), "in_network": bool(shown["agreements"])} for shown in (*found, *others)]


def _known_listing(listing_id: int) -> Mapping[str, Any] | None:
    try:
        return load_public_listing(listing_id)
    except (ListingNotFound, ListingGone):
        return None


def _whereabouts(country: str, query: Mapping[str, Any]) -> Whereabouts:
    provider = ProposedProvider("", "", country, city=query.get("city"), lat=query.get("lat"), lon=query.get("lon"))
    return locate(provider, get_gazetteer())


def read_filter(query: Mapping[str, Any], actor: Actor) -> reading.QueueFilter:
    """What of the queue is asked for. Raises InvalidRequest for a state or country that there is not."""
    states, countries = _split(query.get("state")), tuple(map(str.upper, _split(query.get("country"))))
    for name, given, known in (("state", states, rules.PROPOSALS.states), ("country", countries, load_countries())):
        if unknown := [each for each in given if each not in known]:
            raise InvalidRequest(Fault(name, f"There is no {unknown[0]!r}.", tuple(sorted(known))))
    return reading.QueueFilter(
        states=states,
        countries=countries,
        urgency=query.get("urgency"),
        owner=actor.account_id if query.get("owner") == "me" else None,
        unowned=query.get("owner") == "none",
        overdue=bool(query.get("overdue")),
        q=query.get("q"),
        sort=reading.QueueSort(query.get("sort") or reading.QueueSort.due),
        limit=query.get("limit", PAGE),
        offset=query.get("offset", 0),
    )


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in (text or "").split(","))))
