"""From a proposal to what members find: what an officer said, as the facts of a listing, in the caller's transaction.

The listing is made and changed in its own room (listings/making.py, listings/changing.py).
"""

from directory.cases.casework import Desk
from directory.errors import Fault, InvalidRequest, ListingNotFound
from directory.listings.agreements import Terms, add_terms
from directory.listings.changing import change_listing
from directory.listings.facts import Facts
from directory.listings.making import NewListing, make_listing
from directory.listings.phones import parse_phones
from directory.models import ListingStatus, Precision, Proposal
from directory.proposals.draft import ProposedProvider
from directory.proposals.placing import locate
from directory.proposals.proposing import draft_of
from geodata.gazetteer import get_gazetteer
from geodata.places import Place
from geodata.points import Point

# With a proposal's reference it makes (source, external_id), which the database lets exist once.
SOURCE = "proposals"
_LICENCE = "licence:{country}"
_TEAM = "network_team"


def list_proposed(desk: Desk, proposal: Proposal, terms: Terms) -> int:
    """Make a new listing of the proposal, with its agreement; gives its id."""
    provider = draft_of(proposal).provider
    place, point, precision = _where(provider)
    new = NewListing(
        name=provider.name,
        kind=provider.kind or "",  # a draft that was checked has one
        type=provider.type,
        country=provider.country,
        other_names=(provider.name_local,) if provider.name_local and provider.name_local != provider.name else (),
        specialties=tuple(provider.specialties),
        address=provider.address,
        city=provider.city,
        place=place,
        point=point,
        precision=precision,
        phones=parse_phones(provider.phone, provider.country).numbers if provider.phone else (),
        email=provider.email,
        website=provider.website,
        agreements=(terms,),
        identifiers=((_LICENCE.format(country=provider.country), provider.licence),) if provider.licence else (),
        verified_on=desk.today,
        verified_by=_TEAM,
        source=SOURCE,
        external_id=proposal.case.reference,
    )
    return make_listing(desk.session, new, actor=desk.actor, told=_told(proposal)).listing_id


def extend_listing(desk: Desk, listing_id: int, proposal: Proposal, terms: Terms) -> int:
    """Give a listing that is there the agreement. An earlier one in the same network ends where it begins.

    Raises InvalidRequest for a listing that is none, or no longer one. A suspended one is resumed.
    """
    today = desk.today.isoformat()

    def edit(facts: Facts) -> Facts:
        status = facts["listing"]["status"]
        if status in (ListingStatus.retired, ListingStatus.merged):
            raise InvalidRequest(Fault("/listing_id", f"Listing {listing_id} is {status}."))
        confirmed = {"status": "active", "status_reason": None, "verified_on": today, "verified_by": _TEAM}
        return {
            **facts,
            "listing": {**facts["listing"], **confirmed},
            "agreements": add_terms(facts["agreements"], terms),
            "specialties": list(dict.fromkeys([*facts["specialties"], *proposal.specialties])),
        }

    try:
        change_listing(desk.session, listing_id, edit, actor=desk.actor, action="extend", told=_told(proposal))
    except ListingNotFound:
        raise InvalidRequest(Fault("/listing_id", f"There is no listing {listing_id}.")) from None
    return listing_id


def _told(proposal: Proposal) -> dict[str, str]:
    return {"proposal": str(proposal.id)}


def _where(provider: ProposedProvider) -> tuple[Place | None, Point | None, Precision | None]:
    """Its own point, or else that of the city which it named."""
    where = locate(provider, get_gazetteer())
    if where.point:
        return where.place, where.point, Precision.exact
    if where.place and provider.city:
        return where.place, where.place.point, Precision.place
    return where.place, None, None
