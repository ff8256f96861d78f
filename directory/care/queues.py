"""What waits at the desk of customer service: what many people report first, then what is due first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from directory.care.cautions import LASTS_DAYS, URGENT_FROM
from directory.care.kinds import CALLS, CONTACTS, REFUSALS
from directory.cases.casework import Desk
from directory.cases.queue import DUE_FIRST, CaseFilter, conditions
from directory.models import Call, CaseFile, Contact, Refusal

Row = Refusal | Call | Contact
TABLES: dict[str, type[Row]] = {REFUSALS.kind: Refusal, CALLS.kind: Call, CONTACTS.kind: Contact}


def load_queue(desk: Desk, filters: CaseFilter) -> tuple[Sequence[Row], int]:
    """The rows of a page, and how many there are in all."""
    table: type[Any] = TABLES[desk.workflow.kind]
    wanted = conditions(desk, filters)
    total = desk.session.scalar(select(func.count()).select_from(CaseFile).where(*wanted)) or 0
    chosen = select(table).join(CaseFile, CaseFile.id == table.id).where(*wanted)
    order = (_many_first().desc(), *DUE_FIRST) if table is Refusal else DUE_FIRST
    rows: Sequence[Row] = desk.session.scalars(
        chosen.order_by(*order).limit(filters.limit).offset(filters.offset)
    ).all()  # fmt: skip
    return rows, total


def find_row(session: Session, kind: str, case_id: UUID) -> Row | None:
    """What belongs to a case of a kind; None where there is none."""
    table: type[Any] = TABLES[kind]
    found: Row | None = session.get(table, case_id)
    return found


def _many_first() -> ScalarSelect[Any]:
    """Whether so many different people report the same listing that it comes before what is merely due."""
    other, case = aliased(Refusal), aliased(CaseFile)
    since = func.now() - func.make_interval(0, 0, 0, LASTS_DAYS)
    return (
        select(func.count(func.distinct(other.sender)) >= URGENT_FROM)
        .join(case, case.id == other.id)
        .where(
            other.listing_id == Refusal.listing_id,
            other.received_at > since,
            case.state.not_in(("unfounded", "withdrawn")),
        )
        .correlate(Refusal)
        .scalar_subquery()
    )
