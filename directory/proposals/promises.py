"""How long proposals of a kind took, and how many came to their goal: shown before one is written, from real cases.

Of fewer than five cases nothing is said: it would tell of single clients, and little of the next case.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import CaseFile, Proposal
from directory.proposals.rules import DECLINED

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """Of `ended` proposals `agreed` were listed, half of those within `days` days."""

    ended: int
    agreed: int
    days: int | None


def find_kept(session: Session, type_: str, country: str) -> Kept | None:
    """How it went with proposals of a type in a country; None where there were fewer than five."""
    listed = CaseFile.state == "listed"
    took = func.percentile_cont(0.5).within_group(func.extract("epoch", CaseFile.ended_at - CaseFile.received_at))
    counted = (
        select(func.count(), func.count().filter(listed), took.filter(listed))
        .select_from(Proposal)
        .join(CaseFile)
        .where(Proposal.type == type_, Proposal.country == country, CaseFile.state.in_((*DECLINED, "listed")))
    )
    ended, agreed, seconds = session.execute(counted).one()
    if ended < FEWEST:
        return None
    return Kept(ended, agreed, max(1, round(seconds / 86_400)) if seconds is not None else None)
