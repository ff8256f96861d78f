"""A member says whether a provider took their card, by the interface or a page: within limits, and counted."""

from dataclasses import dataclass

from directory.admission.limits import Limit
from directory.db import transaction
from directory.listings.visits import record_visit
from directory.models import ReportKind
from directory.web.admission import count_use, sender
from directory.wording.catalogue import phrase

# A ward full of colleagues may share an address; who wants to praise or ruin a provider has many, and one answer each.
PER_ADDRESS = Limit("visits", 20, 3600)
PER_LISTING = Limit("visits-of-a-listing", 60, 3600)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an answer. `counted`: not where this sender gave one today."""

    card: bool
    counted: bool

    def sentence(self, lang: str) -> str:
        """What its sender reads."""
        return phrase(lang, "visit.again" if not self.counted else f"visit.thanks_{'yes' if self.card else 'no'}")

    @property
    def report(self) -> str | None:
        """The kind of report that tells more of a refusal."""
        return None if self.card else ReportKind.card_refused.value


def hear(listing_id: int, *, card: bool) -> Heard:
    """Count the answer. Raises TooManyRequests, ListingNotFound, ListingGone."""
    count_use(PER_ADDRESS, sender())
    count_use(PER_LISTING, str(listing_id))
    with transaction() as session:
        return Heard(card, record_visit(session, listing_id, card=card, sender=sender()))
