"""What is there already: listings and open proposals that may be the same, and who serves the same need now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.listings.likeness import FAR_M, distance_m, likeness, may_be_same
from directory.models import CaseFile, Proposal
from directory.proposals.reading import count_supporters
from directory.proposals.rules import PROPOSALS
from directory.runtime import deadline
from directory.search.agreements import AgreementFilter
from directory.search.look_alikes import Looked, SameListing, find_hits, find_same_listings
from directory.search.request import Circle, SearchRequest, Sort
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import get_gazetteer
from geodata.points import Point
from geodata.text import latin_names

MOST_PROPOSALS = 5
MOST_ALTERNATIVES = 5
# So many candidates are looked at by name.
_CANDIDATES = 30
# Looking takes no more of a request than this, so that a slow search leaves time for the proposal itself.
ALTERNATIVES_S = 0.4
# How far one would go, tried one after the other.
_RADII_M = (25_000.0, 100_000.0, 300_000.0)
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class SameProposal:
    """An open proposal that may be the same. Of another client's, no more than this is shown."""

    id: UUID
    name: str
    type: str
    city: str | None
    country: str
    state: str
    supporters: int
    own: bool
    alike: float
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need that somebody else may serve: around a point, or else somewhere in the country."""

    around: Point | None
    country: str
    type: str
    specialties: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """What there is already: listings and open proposals that may be the same, and who serves the same need."""

    listings: Sequence[SameListing] = ()
    proposals: Sequence[SameProposal] = ()
    # With metres from where it is needed, where that is known.
    alternatives: Sequence[tuple[Mapping[str, Any], float | None]] = ()


def find_matches(looked: Looked | None, wanted: Wanted | None, proposals: Sequence[SameProposal]) -> Matches:
    """What the engine knows of both, beside the proposals of the database.

    The engine may take its time, so this is asked while no transaction is open.
    """
    listings = find_same_listings(looked) if looked else ()
    return Matches(listings, proposals, find_alternatives(wanted) if wanted else ())


def find_same_proposals(session: Session, looked: Looked, actor: Actor) -> list[SameProposal]:
    """Open proposals of any client that may be the same, the likeliest first, and drafts of the actor's own client."""
    latin = latin_names(looked.names)
    mine = (CaseFile.client_id == actor.client_id) & (CaseFile.state == PROPOSALS.start)
    chosen = (
        select(Proposal)
        .join(CaseFile)
        .where(Proposal.country == looked.country, or_(CaseFile.state.in_(PROPOSALS.open_states), mine))
        .order_by(func.similarity(Proposal.latin_names, latin).desc(), Proposal.id)
        .limit(_CANDIDATES * 10)
    )
    same = []
    for proposal in session.scalars(chosen):
        if proposal.id == looked.but:
            continue
        alike = likeness(looked.names, filter(None, (proposal.name, proposal.name_local)))
        away = distance_m(looked.point, point_of(proposal))
        if may_be_same(alike, away) and not _lies_far(looked, proposal):
            same.append((alike, away, proposal))
    same.sort(key=lambda each: (-each[0], each[1] or 0.0, each[2].id))
    return [_same_proposal(session, *each, actor) for each in same[:MOST_PROPOSALS]]


def _lies_far(looked: Looked, proposal: Proposal) -> bool:
    """Whether a proposal is about another region, by its point or that of its city."""
    place = get_gazetteer().place(proposal.place_id) if proposal.place_id else None
    away = distance_m(looked.middle, point_of(proposal) or (place.point if place else None))
    return away is not None and away > FAR_M


def find_alternatives(need: Wanted) -> list[tuple[Mapping[str, Any], float | None]]:
    """Listings in the network that serve the same need, the nearest first, with metres from its point (None: unknown).

    Those where the insurer pays in the settings that are needed; where there is none near enough, any in the network.
    """
    around, settings, specialties = need.around, need.settings, need.specialties
    wanted = AgreementFilter(tuple(load_codes().networks), tuple(f"{setting}:direct" for setting in settings))
    tries = [(wanted, specialties, radius) for radius in _RADII_M]
    if settings:
        tries.append((AgreementFilter(wanted.networks), specialties, _RADII_M[-1]))
    if specialties:
        tries.append((AgreementFilter(wanted.networks), (), _RADII_M[-1]))
    types: list[tuple[str, ...]] = [(need.type,)] * len(tries)
    # No other of its type: who belongs under the same heading, as clinics and polyclinics do.
    tries.append((AgreementFilter(wanted.networks), (), _RADII_M[0]))
    types.append(_same_heading(need.type))
    listings: dict[int, tuple[Mapping[str, Any], float | None]] = {}
    with deadline.sooner(ALTERNATIVES_S):
        for (agreement, offered, radius), of_types in zip(tries, types, strict=True):
            request = SearchRequest(
                countries=() if around else (need.country,),
                circle=Circle(around, radius) if around else None,
                # Who offers the specialty serves the need, whatever type it is.
                types=() if offered else of_types,
                specialties=offered,
                agreement=agreement,
                sort=Sort.distance if around else Sort.name,
                facets=(),
                limit=MOST_ALTERNATIVES,
            )
            hits = find_hits(request)
            for hit in hits or ():
                listings.setdefault(hit.shown["id"], (hit.shown, hit.distance_m))
            if hits is None or len(listings) >= _ENOUGH:
                break
    return list(listings.values())[:MOST_ALTERNATIVES]


def _same_heading(type_: str) -> tuple[str, ...]:
    types = load_codes().types
    group = types[type_].group if type_ in types else None
    return tuple(code.code for code in types.values() if code.group == group) or (type_,)


def point_of(proposal: Proposal) -> Point | None:
    """The officer's own point of a proposal."""
    return Point(proposal.lon, proposal.lat) if proposal.lat is not None and proposal.lon is not None else None


def _same_proposal(
    session: Session, alike: float, away: float | None, proposal: Proposal, actor: Actor
) -> SameProposal:
    own = PROPOSALS.reads.may_see(actor, proposal.case)
    return as_same(proposal, count_supporters(session, proposal.id), own=own, alike=alike, distance_m=away)


def as_same(
    proposal: Proposal, supporters: int, *, own: bool = False, alike: float = 0.0, distance_m: float | None = None
) -> SameProposal:
    """What somebody of another client may know of a proposal."""
    return SameProposal(
        id=proposal.id,
        name=proposal.name,
        type=proposal.type,
        city=proposal.city,
        country=proposal.country,
        state=proposal.case.state,
        supporters=supporters,
        own=own,
        alike=alike,
        distance_m=distance_m,
    )
