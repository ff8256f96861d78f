"""A listing on the wire as the network team sees it: what comes in, what goes out."""

from typing import Any

import marshmallow as ma

from directory.api.schemas import Item, ItemName
from directory.changes.leaving import CODES
from directory.changes.wanted import KEYS
from directory.listings.agreements import MOST_NOTICE_DAYS
from directory.listings.checking import LONGEST_NAME, LONGEST_REASON
from directory.listings.curating import FACTS, METHODS
from directory.listings.merging import FIELDS
from directory.models import AgreementStatus, Kind, ListingStatus, Precision, Settlement
from directory.web.answer_fields import many, nested, string, truth, whole
from directory.web.bodies import Body, ListingId, code, day, item, line
from directory.web.fields import latitude, longitude, number
from directory.web.reading import LanguageQuery


class NameField(ma.fields.Field[Any]):
    """A name: its text, or an object with `text` and `lang`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        fits = isinstance(value, str) or (
            isinstance(value, dict)
            and value.keys() <= {"text", "lang", "script"}
            and all(each is None or isinstance(each, str) for each in value.values())
        )
        if not fits:
            raise ma.ValidationError("A name is a text, or an object with text and lang.")
        return value


def _nullable(field: ma.fields.Field[Any]) -> ma.fields.Field[Any]:
    field.allow_none = True
    return field


def _several(inner: ma.fields.Field[Any]) -> ma.fields.List[Any]:
    return ma.fields.List(inner, allow_none=True)


class WholeQuery(LanguageQuery):
    """GET /v1/listings/{id}."""

    as_of = ma.fields.DateTime(
        metadata={"description": "As it stood at that moment (RFC 3339); a day means its end, in UTC."}
    )


class ListingPatch(Body):
    """What else is said of a listing, as a JSON merge patch (RFC 7396): null takes away, what is left out stays."""

    name = line("The first of its names, which members read.", longest=LONGEST_NAME)
    names = _several(NameField(metadata={"type": "object"}))
    kind = code(Kind)
    type = line("A code of /v1/codes.")
    specialties = _several(item())
    address = line()
    postal_code = line()
    city = line()
    region = line()
    country = line("ISO 3166-1 alpha-2.", longest=2)
    lat = _nullable(latitude())
    lon = _nullable(longitude())
    precision = code(Precision)
    phones = _several(item("In any writing; kept as E.164."))
    email = line()
    website = line()
    languages = _several(item())
    hours = line("In the syntax of OpenStreetMap's opening_hours.")
    reason = line("Why: kept with the change.", longest=LONGEST_REASON)


class NewAgreement(Body):
    """Terms in a network; those that run there end where they begin."""

    network = line("A code of /v1/codes.", required=True)
    outpatient = code(Settlement, required=True)
    inpatient = code(Settlement, required=True)
    tariff = ma.fields.Boolean(truthy={True}, falsy={False})
    notice_days = ma.fields.Integer(
        strict=True,
        allow_none=True,
        validate=ma.validate.Range(0, MOST_NOTICE_DAYS, error=f"Whole days from 0 to {MOST_NOTICE_DAYS}."),
    )
    effective_from = day("Today where it is left out.")
    effective_to = day("The first day without it.")
    reason = line(longest=LONGEST_REASON)


class AgreementPatch(NewAgreement):
    """What of the terms is otherwise."""

    network = line("A code of /v1/codes.")
    outpatient = code(Settlement)
    inpatient = code(Settlement)


class NewListingBody(ListingPatch):
    """A new listing: `name`, `type` and `country` must be there."""

    name = line(required=True, longest=LONGEST_NAME)
    type = line("A code of /v1/codes.", required=True)
    country = line("ISO 3166-1 alpha-2.", required=True, longest=2)
    agreements = ma.fields.List(ma.fields.Nested(NewAgreement))


class ListingActionBody(Body):
    """What comes with an action; which of it each takes stands in docs/console.md."""

    reason = line("Why: kept with the change.", longest=LONGEST_REASON)
    note = line("Of a confirmation: what was said.", longest=LONGEST_REASON)
    facts = ma.fields.List(
        code(FACTS, required=True), metadata={"description": "Of a confirmation: the groups; all where left out."}
    )
    method = code(METHODS, "Of a confirmation.")
    from_ = ma.fields.Date(data_key="from", allow_none=True, metadata={"description": "Today where it is left out."})
    until = day("The day on which it comes back by itself, or ends.")
    instead = line("Of a suspended agreement: what members read meanwhile.", longest=LONGEST_REASON)
    into = ListingId(allow_none=True, metadata={"description": "Of a merge: the survivor.", "type": "string"})
    fields_ = ma.fields.Dict(
        data_key="fields",
        keys=ma.fields.String(),
        values=ListingId(),
        metadata={"description": f"Of a merge: by field the listing that it is taken from: {', '.join(FIELDS)}."},
    )


class AgreementAnswer(ma.Schema):
    """An agreement, whenever it holds."""

    id = string()
    network = string()
    outpatient = code(Settlement, required=True)
    inpatient = code(Settlement, required=True)
    tariff = truth()
    notice_days = whole(null=True)
    effective_from = string(null=True)
    effective_to = string(null=True, about="The first day without it.")
    status = code(AgreementStatus, required=True)
    suspended_from = string(null=True)
    suspended_until = string(null=True)
    suspension_reason = string(null=True)
    instead = string(null=True)
    in_force = truth("Today, or on the day that was asked for.")
    actions = many(ma.fields.String())


class FactsAnswer(ma.Schema):
    """Where a group of facts comes from."""

    source = string()
    confirmed_on = string(null=True)
    confirmed_by = string(null=True)
    method = string(null=True)


class MergedAnswer(ma.Schema):
    """A listing that was merged into this one."""

    id = string()
    source = string(null=True)
    external_id = string(null=True)


class WholeAnswer(ma.Schema):
    """A listing with all that the network team knows of it."""

    id = string()
    status = code(ListingStatus, required=True)
    status_reason = string(null=True)
    suspended_from = string(null=True)
    suspended_until = string(null=True)
    merged_into = string(null=True)
    merged = many(MergedAnswer)
    revision = whole()
    name = string()
    names = many(ItemName)
    kind = code(Kind, required=True)
    type = string()
    type_label = string()
    specialties = many(ma.fields.String())
    specialty_labels = many(ma.fields.String())
    address = string(null=True)
    postal_code = string(null=True)
    city = string(null=True)
    region = string(null=True)
    country = string()
    country_label = string()
    place = string(null=True)
    lat = ma.fields.Float(required=True, allow_none=True)
    lon = ma.fields.Float(required=True, allow_none=True)
    precision = string(null=True)
    time_zone = string(null=True)
    phones = many(ma.fields.String())
    email = string(null=True)
    website = string(null=True)
    languages = many(ma.fields.String())
    hours = string(null=True)
    verified_on = string(null=True)
    verified_by = string(null=True)
    agreements = many(AgreementAnswer)
    facts = ma.fields.Dict(required=True, keys=code(FACTS), values=ma.fields.Nested(FactsAnswer))
    source = string(null=True)
    external_id = string(null=True)
    updated_at = ma.fields.DateTime(required=True)
    as_of = ma.fields.DateTime(required=True, allow_none=True)
    actions = many(ma.fields.String())
    change_id = string(null=True, about="The change that this answers to, by which it can be undone.")
    shown = nested(Item, null=True)


class ActorAnswer(ma.Schema):
    """Who did it."""

    role = string()
    name = string()


class DifferenceAnswer(ma.Schema):
    """One field that a change changed."""

    field = string()
    label = string()
    before = ma.fields.Raw(required=True, allow_none=True)
    after = ma.fields.Raw(required=True, allow_none=True)


class StepAnswer(ma.Schema):
    """One change of a listing."""

    change_id = string()
    at = ma.fields.DateTime(required=True)
    actor = nested(ActorAnswer)
    action = string()
    action_label = string()
    reason = string(null=True)
    revision = whole()
    fields_ = ma.fields.List(ma.fields.Nested(DifferenceAnswer), data_key="fields", required=True)
    undoes = string(null=True)
    undone_by = string(null=True)
    undoable = truth()
    blocked_by = many(ma.fields.String())


class HistoryAnswer(ma.Schema):
    """What was done to a listing, the latest first."""

    items = many(StepAnswer)
    total = whole()


class HistoryQuery(LanguageQuery):
    """GET /v1/listings/{id}/history."""

    limit = number("Changes", 1, 500, "How many at most.")


class ChangeBody(Body):
    """A change of many: `set` says what, `ids` or `search` (the parameters of GET /v1/listings) of which."""

    set_ = ma.fields.Dict(
        data_key="set", required=True, keys=ma.fields.String(), metadata={"description": f"Any of {', '.join(KEYS)}."}
    )
    ids = ma.fields.List(ListingId(), metadata={"type": "array", "items": {"type": "string"}})
    search = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
    reason = line("Why: kept with the change.", longest=LONGEST_REASON)


class ChangeActionBody(Body):
    """What comes with undoing."""

    reason = line("Why: kept with the change.", longest=LONGEST_REASON)


class LeftListingAnswer(ma.Schema):
    """A listing that was left as it was."""

    id = string()
    code = ma.fields.String(required=True, validate=ma.validate.OneOf(CODES))
    why = string(about="The same in words.")


class PreviewAnswer(ma.Schema):
    """What a change makes of one listing."""

    id = string()
    name = string()
    fields_ = ma.fields.List(ma.fields.Nested(DifferenceAnswer), data_key="fields", required=True)
    why = string(null=True, about="Why it would be left as it is.")


class ListingChangeAnswer(ma.Schema):
    """A change, of one listing or of many."""

    id = string()
    revision = whole()
    state = string()
    action = string()
    action_label = string()
    at = ma.fields.DateTime(required=True)
    actor = nested(ActorAnswer)
    reason = string(null=True)
    search = ma.fields.Dict(required=True, allow_none=True)
    set_ = ma.fields.Dict(data_key="set", required=True)
    needs_approval = truth("Somebody else must agree before it is applied.")
    approved_by = string(null=True)
    total = whole()
    done = whole()
    left = many(LeftListingAnswer)
    left_total = whole()
    preview = many(PreviewAnswer)
    import_id = string(null=True)
    undoes = string(null=True)
    undone_by = string(null=True)
    actions = many(ma.fields.String())


class ChangesQuery(LanguageQuery):
    """GET /v1/changes."""

    limit = number("Changes", 1, 100, "How many at most.")
    before = ListingId(metadata={"description": "The id of the last one of the page before.", "type": "string"})


class ChangeSummary(ma.Schema):
    """A change of many, or a file, in a list."""

    id = string()
    at = ma.fields.DateTime(required=True)
    actor = nested(ActorAnswer)
    action = string()
    action_label = string()
    reason = string(null=True)
    state = string()
    total = whole(null=True)
    import_id = string(null=True)


class ChangesAnswer(ma.Schema):
    """Changes of many and files, the latest first."""

    items = many(ChangeSummary)
