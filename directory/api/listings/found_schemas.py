"""Listings on the wire, as the network team finds them."""

import marshmallow as ma
from marshmallow import validate

from directory.api.schemas import FacetCount, Item, Links, Total, UnderstoodAnswer, WhereAnswer
from directory.web.answer_fields import many, nested, string, truth, whole
from directory.web.listings.asking import STATUSES


class OwnerAnswer(ma.Schema):
    """Who looks after a listing."""

    id = ma.fields.UUID(required=True)
    name = string()


class ListedItem(Item):
    """A listing of any status, with what members do not see."""

    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    status_label = string()
    status_reason = string(null=True)
    merged_into = string(null=True, about="The listing that took its place.")
    source = string(null=True, about="The source of the import that brought it.")
    external_id = string(null=True, about="What it is called there.")
    owner = nested(OwnerAnswer, null=True)
    changed_at = ma.fields.AwareDateTime(required=True, format="iso", data_key="updated_at")
    agreements_suspended = whole(about="How many agreements are suspended; `agreements` has those in force.")
    agreements_coming = whole(about="How many begin later.")


class ListingsAnswer(ma.Schema):
    """A page of listings."""

    items = many(ListedItem)
    total = nested(Total)
    facets = ma.fields.Dict(keys=ma.fields.String(), values=many(FacetCount), required=True)
    facets_left_out = many(ma.fields.String())
    where = nested(WhereAnswer, null=True)
    links = nested(Links)
    forgiving = truth("Too little was found as typed, so near spellings count too.")
    found_as_typed = whole(null=True)
    degraded = truth("The answer comes from the plainer search, without typos forgiven.")
    notice = ma.fields.String()


class OwnedAnswer(ma.Schema):
    """Who looks after a listing now."""

    id = string(about="The listing.")
    owner = nested(OwnerAnswer, null=True)


class ReasonAnswer(ma.Schema):
    """One thing that keeps a listing from a search."""

    code = string(example="radius")
    parameter = string(null=True, about="The parameter that asks for it; null where it is not the search.")
    words = string(about="In the reader's language.", example="It is 40 km from Goma; the search looks within 25 km.")
    remedy = string(about="What would make it appear.")


class WhyNotAnswer(ma.Schema):
    """Whether a search finds a listing, at which place, and if not, why."""

    id = string()
    name = string()
    status = ma.fields.String(required=True, validate=validate.OneOf(STATUSES))
    found = truth()
    rank = whole(null=True, about="Its place from 1 on; null where it is not found, or not among the first 500.")
    total = nested(Total)
    words = string(about="The same as a sentence.")
    reasons = many(ReasonAnswer)
    where = nested(WhereAnswer, null=True)
    understood = nested(UnderstoodAnswer, null=True)
    degraded = truth("The search engine is away: near spellings were not looked for.")
