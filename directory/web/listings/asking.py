"""What the network team may ask of listings, beside what members may."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow import ValidationError, validate

from directory.actors import Actor
from directory.models import ListingStatus
from directory.search.curated import NONE
from directory.search.request import Facet
from directory.web.fields import CodeOf, several
from directory.web.parameters import FacetList, SearchQuery

STATUSES = tuple(status.value for status in ListingStatus)
ME = "me"
_MOST_DAYS = 36_500


class OwnerOf(ma.fields.String):
    """The id of an account, or one of the words `me` and `none`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        if text in (ME, NONE):
            return text
        try:
            return str(UUID(text))
        except ValueError:
            raise ValidationError(f"The id of an account, {ME} or {NONE}.") from None


def _days() -> ma.fields.Integer:
    rule = f"A whole number from 0 to {_MOST_DAYS}."
    return ma.fields.Integer(
        validate=validate.Range(0, _MOST_DAYS, error=rule),
        error_messages=dict.fromkeys(("invalid", "too_large"), rule),
        metadata={"description": "Confirmed longer ago than so many days, or never."},
    )


class ListingsQuery(SearchQuery):
    """GET /v1/listings."""

    status = several(CodeOf(STATUSES), "Statuses: any of them; without it, all.")
    source = several(
        ma.fields.String(validate=validate.Length(1, 200)), f"Sources of imports: any of them; {NONE}: no file."
    )
    owner = several(OwnerOf(), f"Who looks after it: ids of accounts, {ME}, or {NONE}.")
    stale = _days()
    facets = FacetList(
        tuple(facet for facet in Facet if facet is not Facet.coverage),
        metadata={"description": "What to count; none counts nothing.", "example": ["status", "source"]},
    )


def of_reader(query: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The query with the reader's own id where it says `me`."""
    if ME not in query.get("owner", ()):
        return query
    return {**query, "owner": [str(actor.account_id) if each == ME else each for each in query["owner"]]}
