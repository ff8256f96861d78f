"""What should be known before a proposal is listed: how to reach it, where it is, and that it is no one who is there.

A listing without a phone, an address or a point once told members to "call before you go". Who lists, by page or by the
interface, meets each point, or passes over it with a reason that is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from directory.actors import NotAllowed
from directory.cases import casework
from directory.cases.casework import Desk
from directory.errors import Fault, InvalidRequest
from directory.models import Proposal
from directory.proposals.matches import Matches
from directory.proposals.reading import lock_proposal

PHONE, WHERE, ALIKES = "phone", "where", "look_alikes"
POINTS = (PHONE, WHERE, ALIKES)


@dataclass(frozen=True, slots=True)
class Alike:
    """A look-alike, as it is kept that it is another: `listing:12`, `proposal:…`."""

    listing_id: int | None = None
    proposal_id: UUID | None = None

    @property
    def key(self) -> str:
        """How it is kept."""
        return f"listing:{self.listing_id}" if self.listing_id is not None else f"proposal:{self.proposal_id}"


def read_alike(listing_id: int | None, proposal_id: UUID | None) -> Alike:
    """One of the two. Raises InvalidRequest for none, and for both."""
    if (listing_id is None) == (proposal_id is None):
        raise InvalidRequest(Fault("", "Name one of listing_id and proposal_id."))
    return Alike(listing_id, proposal_id)


def missing_facts(proposal: Proposal) -> tuple[str, ...]:
    """What members would need and is not known: a `phone`, and `where` it is."""
    known = {PHONE: proposal.phone, WHERE: proposal.address or proposal.lat is not None}
    return tuple(point for point in (PHONE, WHERE) if not known[point])


def unanswered(proposal: Proposal, matches: Matches) -> list[Alike]:
    """Look-alikes of which nobody said yet whether they are the same."""
    return [alike for alike in _alikes(matches) if alike.key not in proposal.not_same]


def open_points(proposal: Proposal, matches: Matches) -> tuple[str, ...]:
    """The points of the checklist that are not met."""
    return (*missing_facts(proposal), *((ALIKES,) if unanswered(proposal, matches) else ()))


def check(proposal: Proposal, matches: Matches, passed_over: str | None) -> None:
    """Before a new listing is made. Raises InvalidRequest where a point is open, and not passed over with a reason."""
    points = open_points(proposal, matches)
    if points and not (passed_over or "").strip():
        raise InvalidRequest(Fault("/passed_over", f"Still open: {', '.join(points)}.", points))


def say_another(desk: Desk, proposal_id: UUID, alike: Alike) -> Proposal:
    """Say that a look-alike is another provider; it is not asked about again. Raises CaseNotFound, NotAllowed."""
    proposal = lock_proposal(desk, proposal_id)
    if not desk.is_desk:
        raise NotAllowed("Look-alikes are answered by the network team.")
    if alike.key not in proposal.not_same:
        proposal.not_same = [*proposal.not_same, alike.key]
        casework.touch(desk, proposal.case)
        casework.record(desk, proposal.case, "not_same", None, {"not_same": alike.key})
        casework.add_event(desk, proposal.case, "not_same", from_state=proposal.case.state, internal=True)
    return proposal


def _alikes(matches: Matches) -> Iterator[Alike]:
    for listing in matches.listings:
        yield Alike(listing_id=listing.shown["id"])
    for other in matches.proposals:
        yield Alike(proposal_id=other.id)
