"""From a proposal to what members find: provider, location, listing and agreement, in the caller's transaction.

The outbox is the database's business (docs/adr/0003-outbox-by-trigger.md): an insert or a raised revision is enough for
the index to hear of it.
"""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from directory.cases.casework import Desk
from directory.errors import Fault, InvalidRequest, ListingNotFound
from directory.listings.changing import lock_listing, write_audit
from directory.listings.values import parse_phones
from directory.models import (
    Agreement,
    Listing,
    ListingSpecialty,
    ListingStatus,
    Location,
    Precision,
    Proposal,
    Provider,
    ProviderIdentifier,
    ProviderName,
)
from directory.proposals.agreeing import Terms, write_terms
from directory.proposals.draft import ProposedProvider
from directory.proposals.placing import Whereabouts, locate
from directory.proposals.proposing import draft_of
from geodata.gazetteer import get_gazetteer
from geodata.text import latin_names, script_of, sort_key

# With a proposal's reference it makes (source, external_id), which the database lets exist once.
SOURCE = "proposals"
_LICENCE = "licence:{country}"


def make_listing(desk: Desk, proposal: Proposal, terms: Terms) -> Listing:
    """A new provider at a new location, with its listing and agreement."""
    said = draft_of(proposal).provider
    where = locate(said, get_gazetteer())
    listing = Listing(
        provider=_provider(said),
        location=_location(said, where),
        type=said.type,
        specialties=[
            ListingSpecialty(specialty=code, position=position) for position, code in enumerate(said.specialties)
        ],
        agreements=[_agreement(terms)],
        verified_on=desk.today,
        verified_by="network_team",
        source=SOURCE,
        external_id=proposal.case.reference,
    )
    session = desk.session
    session.add(listing)
    session.flush()
    _keep_licence(session, listing, said)
    after = {"proposal": str(proposal.id), "name": said.name, "agreement": write_terms(terms)}
    write_audit(
        session, actor=desk.actor, action="create", subject="listing", subject_id=listing.id, before=None, after=after
    )
    return listing


def extend_listing(desk: Desk, listing_id: int, proposal: Proposal, terms: Terms) -> Listing:
    """Give a listing that is there the agreement. An earlier one in the same network ends where it begins.

    Raises InvalidRequest for a listing that is none, or no longer one. A suspended one is resumed.
    """
    session = desk.session
    try:
        listing = lock_listing(session, listing_id)
    except ListingNotFound:
        raise InvalidRequest(Fault("/listing_id", f"There is no listing {listing_id}.")) from None
    if listing.status in (ListingStatus.retired, ListingStatus.merged):
        raise InvalidRequest(Fault("/listing_id", f"Listing {listing_id} is {listing.status}."))
    before = {"status": listing.status, "agreements": [_told(each) for each in listing.agreements]}
    _make_room(session, listing, terms)
    listing.agreements.append(_agreement(terms))
    _add_specialties(listing, proposal)
    listing.status, listing.status_reason = ListingStatus.active, None
    listing.verified_on, listing.verified_by = desk.today, "network_team"
    listing.revision += 1
    session.flush()
    after = {
        "status": listing.status,
        "agreements": [_told(each) for each in listing.agreements],
        "proposal": str(proposal.id),
    }
    write_audit(
        session, actor=desk.actor, action="extend", subject="listing", subject_id=listing.id, before=before, after=after
    )
    return listing


def _provider(said: ProposedProvider) -> Provider:
    others = [said.name_local] if said.name_local and said.name_local != said.name else []
    return Provider(
        kind=said.kind,
        name=said.name,
        script=script_of(said.name),
        sort_name=sort_key(said.name),
        latin_names=latin_names([said.name, *others]),
        other_names=[
            ProviderName(text=text, script=script_of(text), position=position) for position, text in enumerate(others)
        ],
    )


def _location(said: ProposedProvider, where: Whereabouts) -> Location:
    point, precision = where.point, Precision.exact
    if point is None and where.place and said.city:
        point, precision = where.place.point, Precision.place
    phones, _ = parse_phones(said.phone, said.country) if said.phone else ((), 0)
    return Location(
        address=said.address,
        city=said.city,
        latin_city=latin_names([said.city or ""]),
        region=where.place.region if where.place else None,
        country=said.country,
        place_id=where.place.id if where.place else None,
        point=f"SRID=4326;POINT({point.lon!r} {point.lat!r})" if point else None,
        precision=precision.value if point else None,
        time_zone=where.place.time_zone if where.place else None,
        phones=list(phones),
        email=said.email,
        website=said.website,
    )


def _keep_licence(session: Session, listing: Listing, said: ProposedProvider) -> None:
    """The licence number, unless another provider has it: that is for the network team to look into."""
    if not said.licence:
        return
    system = _LICENCE.format(country=said.country)
    taken = select(ProviderIdentifier).where(
        ProviderIdentifier.system == system, ProviderIdentifier.value == said.licence
    )
    if session.scalar(taken) is None:
        session.add(ProviderIdentifier(provider_id=listing.provider_id, system=system, value=said.licence))


def _agreement(terms: Terms) -> Agreement:
    return Agreement(
        network=terms.network,
        period=Range(terms.effective_from, terms.effective_to, bounds="[)"),
        outpatient=terms.outpatient,
        inpatient=terms.inpatient,
        tariff=terms.tariff,
        notice_days=terms.notice_days,
    )


def _make_room(session: Session, listing: Listing, terms: Terms) -> None:
    """No two agreements in one network overlap: one that began before is cut, one that begins later goes."""
    wanted = Range(terms.effective_from, terms.effective_to, bounds="[)")
    for old in list(listing.agreements):
        if old.network != terms.network or not old.period.overlaps(wanted):
            continue
        if old.period.lower is None or old.period.lower < wanted.lower:  # type: ignore[operator]
            old.period = Range(old.period.lower, wanted.lower, bounds="[)")
        else:
            listing.agreements.remove(old)
    session.flush()


def _add_specialties(listing: Listing, proposal: Proposal) -> None:
    held = {each.specialty for each in listing.specialties}
    new = [code for code in proposal.specialties if code not in held]
    first = max((each.position for each in listing.specialties), default=-1) + 1
    listing.specialties += [
        ListingSpecialty(specialty=code, position=first + number) for number, code in enumerate(new)
    ]


def _told(agreement: Agreement) -> dict[str, object]:
    period = agreement.period
    return {
        "network": agreement.network,
        "outpatient": agreement.outpatient,
        "inpatient": agreement.inpatient,
        "tariff": agreement.tariff,
        "notice_days": agreement.notice_days,
        "from": period.lower and period.lower.isoformat(),
        "to": period.upper and period.upper.isoformat(),
        "status": agreement.status,
    }
