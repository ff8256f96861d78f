"""What waits at the desk of customer service: what many people report first, then what is due first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from directory.care.cautions import LASTS_DAYS, URGENT_FROM
from directory.care.kinds import CALLS, CONTACTS, REFUSALS
from directory.cases.casework import Desk
from directory.cases.queue import DUE_FIRST, CaseFilter, conditions
from directory.models import Call, CaseFile, Contact, Refusal

Row = Refusal | Call | Contact
TABLES: dict[str, type[Refusal] | type[Call] | type[Contact]] = {
    REFUSALS.kind: Refusal,
    CALLS.kind: Call,
    CONTACTS.kind: Contact,
}


def load_queue(desk: Desk, filters: CaseFilter) -> tuple[Sequence[Row], int]:
    """The rows of a page, and how many there are in all."""
    table = TABLES[desk.workflow.kind]
    wanted = conditions(desk, filters)
    total = desk.session.scalar(select(func.count()).select_from(CaseFile).where(*wanted)) or 0
    chosen: Select[tuple[Row]] = select(table).join(CaseFile, CaseFile.id == table.id).where(*wanted)
    order = (_many_first().desc(), *DUE_FIRST) if table is Refusal else DUE_FIRST
    rows = desk.session.scalars(chosen.order_by(*order).limit(filters.limit).offset(filters.offset))
    return rows.all(), total


def load_row(desk: Desk, case_id: UUID) -> Row:
    """One of the desk's kind that was looked for by its case."""
    return desk.session.get_one(TABLES[desk.workflow.kind], case_id)


def _many_first():  # type: ignore[no-untyped-def]  # an expression of SQL
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
