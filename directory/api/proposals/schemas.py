"""Proposals on the wire: what comes in, what goes out. Which values are good is the capability's to say."""

import marshmallow as ma
from marshmallow import validate

from directory.api.schemas import Item
from directory.listings.agreements import MOST_NOTICE_DAYS
from directory.models import CareSetting, Channel, Kind, MessageKind, NeedReason, Settlement, Urgency
from directory.proposals.reading import QueueSort
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS
from directory.web.answer_fields import many, nested, string, truth, whole
from directory.web.bodies import Body, ListingId, code, line
from directory.web.fields import number
from directory.web.reading import LanguageQuery

_MOST_TEXT = 4000


def _count(about: str) -> ma.fields.Integer:
    rule = "A whole number from 0 to 1,000,000."
    return ma.fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(0, 1_000_000, error=rule),
        error_messages=dict.fromkeys(("invalid", "too_large"), rule),
        metadata={"description": about},
    )


def _degrees(most: float) -> ma.fields.Float:
    field = number("Degrees", -most, most, "Both lat and lon, or neither.")
    field.allow_none = True
    return field


def _yes_no(about: str) -> ma.fields.Boolean:
    return ma.fields.Boolean(
        truthy={True}, falsy={False}, allow_none=True, error_messages={"invalid": "true or false."},
        metadata={"description": about},
    )  # fmt: skip


class ProviderBody(Body):
    """The provider that is proposed."""

    name = line("As on its door.", required=True, longest=300)
    name_local = line("In the local script.", longest=300)
    kind = code(Kind)
    type = line("A code of /v1/codes.", required=True)
    specialties = ma.fields.List(
        ma.fields.String(), validate=validate.Length(max=30), metadata={"description": "Codes of /v1/codes."}
    )
    address = line()
    city = line()
    country = line("ISO 3166-1 alpha-2.", required=True, longest=2)
    lat = _degrees(90)
    lon = _degrees(180)
    phone = line()
    email = line()
    website = line()
    contact_person = line("Whom to ask for.")
    licence = line("Its number in the country's register.")
    asked = _yes_no("Whether somebody asked it to join.")
    willing = _yes_no("What it said.")


class NeedBody(Body):
    """Why the provider is needed. Never a patient's name or diagnosis."""

    reason = code(NeedReason, required=True)
    people = _count("How many people would use it.")
    visits = _count("Expected visits a year.")
    urgency = code(Urgency)
    settings = ma.fields.List(code(CareSetting))
    words = line("Why, in own words, where the reason is `other`.", longest=500)
    listing_id = ListingId(
        data_key="about_listing", allow_none=True,
        metadata={"description": "The listing that refuses the card, or is closed.", "type": "string"},
    )  # fmt: skip


class ProposalBody(Body):
    """A proposal. `submit`: send it at once; else it stays a draft that only the officer's client sees."""

    provider = ma.fields.Nested(ProviderBody, required=True, error_messages={"required": "This is needed."})
    need = ma.fields.Nested(NeedBody, required=True, error_messages={"required": "This is needed."})
    consent_named = _yes_no("The client may be named to the provider.")
    submit = _yes_no("Send it at once.")


class ProviderChange(ProviderBody):
    """What else is said of the provider; what is left out stays."""

    name = line(longest=300)
    type = line()
    country = line(longest=2)


class NeedChange(NeedBody):
    """What else is said of the need."""

    reason = code(NeedReason)


class AgreementBody(Body):
    """What was agreed."""

    network = line("A code of /v1/codes.", required=True)
    outpatient = code(Settlement, required=True)
    inpatient = code(Settlement, required=True)
    tariff = ma.fields.Boolean(truthy={True}, falsy={False})
    notice_days = ma.fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(0, MOST_NOTICE_DAYS, error=f"Whole days from 0 to {MOST_NOTICE_DAYS}."),
    )
    effective_from = ma.fields.Date(allow_none=True, metadata={"description": "Today where it is left out."})
    effective_to = ma.fields.Date(allow_none=True, metadata={"description": "The first day without it."})


class AgreementChange(AgreementBody):
    """What of the terms is otherwise."""

    network = line("A code of /v1/codes.")
    outpatient = code(Settlement)
    inpatient = code(Settlement)


class ProposalChange(Body):
    """What else is said; what is left out stays. `agreement` is the network team's, between agreeing and listing."""

    provider = ma.fields.Nested(ProviderChange)
    need = ma.fields.Nested(NeedChange)
    consent_named = _yes_no("The client may be named to the provider; for its officers to say.")
    agreement = ma.fields.Nested(AgreementChange)


class ActionBody(Body):
    """What comes with an action; which of it each takes and needs: docs/proposals.md."""

    message = line("Both sides read it.", longest=_MOST_TEXT)
    note = line("Only the network team reads it.", longest=_MOST_TEXT)
    channel = code(Channel, "How the provider was contacted.")
    reason = line(f"Why it is declined: {', '.join(DECLINE_REASONS)}, or own words.", longest=200)
    agreement = ma.fields.Nested(AgreementBody)
    listing_id = ListingId(
        allow_none=True, metadata={"description": "A listing to extend, or the same one.", "type": "string"}
    )
    proposal_id = ma.fields.UUID(allow_none=True, metadata={"description": "The proposal that is the same."})
    passed_over = line("Why it is listed with a point of the checklist open; the team reads it.", longest=_MOST_TEXT)


class MessageBody(Body):
    """Words on a proposal."""

    text = line(required=True, longest=_MOST_TEXT)
    kind = code(MessageKind, "note and contact are the network team's; message where it is left out.")
    channel = code(Channel, "Of a contact.")


class OwnerBody(Body):
    """Who works on it: an account of the network team, null for nobody, the sender where it is left out."""

    account_id = ma.fields.UUID(allow_none=True)


class NotSameBody(Body):
    """A look-alike that is another provider: one of the two."""

    listing_id = ListingId(metadata={"description": "A listing.", "type": "string"})
    proposal_id = ma.fields.UUID(metadata={"description": "Another proposal."})


class SupportBody(Body):
    """Nothing."""


class QueueQuery(LanguageQuery):
    """GET /v1/proposals."""

    state = ma.fields.String(
        metadata={"description": f"States, separated by commas: {', '.join(sorted(PROPOSALS.states))}."}
    )
    country = ma.fields.String(metadata={"description": "Countries, separated by commas."})
    urgency = code(Urgency)
    q = line("Words of a name in any script, a city, a client or a reference.")
    owner = code(("me", "none"), "The network team: one's own, or those that nobody works on.")
    overdue = ma.fields.Boolean(truthy={"true"}, falsy={"false"}, metadata={"description": "Only what is late."})
    sort = code(QueueSort)
    limit = ma.fields.Integer(load_default=50, validate=validate.Range(1, 100))
    offset = ma.fields.Integer(load_default=0, validate=validate.Range(0, 100_000))


class LookQuery(LanguageQuery):
    """GET /v1/proposals/matches."""

    name = line("What was typed of the name.", longest=300)
    name_local = line(longest=300)
    country = line(required=True, longest=2)
    city = line()
    type = line()
    specialties = line("Codes, separated by commas.")
    settings = line("outpatient, inpatient, separated by commas.")
    lat = number("Degrees", -90, 90, "Both lat and lon, or neither.")
    lon = number("Degrees", -180, 180, "Both lat and lon, or neither.")


class Due(ma.Schema):
    """What the network team promised next. While it waits for the officer: `information`, and no day."""

    what = string(example="triage")
    on = ma.fields.Date(required=True, allow_none=True)
    overdue = truth()
    days = whole(null=True, about="Business days that are left; negative where it is overdue.")
    label = string()


class SameListingAnswer(Item):
    """A listing that may be the same."""

    in_network = truth("Members can use it under an agreement today; `payment` says how they pay.")


class SameProposalAnswer(ma.Schema):
    """An open proposal that may be the same. Of another client's proposal nothing else is shown."""

    id = ma.fields.UUID(required=True)
    name = string()
    type = string()
    type_label = string()
    city = string(null=True)
    country = string()
    state_label = string()
    supporters = whole()
    own = truth("Of the reader's own client, or the reader is of the network team: it can be opened.")


class SameAnswer(ma.Schema):
    """What may be the same provider."""

    listings = many(SameListingAnswer)
    proposals = many(SameProposalAnswer)


class MatchesAnswer(ma.Schema):
    """Who may be the same, and who serves the same need now."""

    possible_duplicates = nested(SameAnswer)
    alternatives = many(Item)


class By(ma.Schema):
    """Who did it. An officer reads which side it was, the network team also who."""

    side = string(example="team")
    name = string(null=True)


class EventAnswer(ma.Schema):
    """Something that happened."""

    at = ma.fields.AwareDateTime(required=True, format="iso")
    action = string()
    label = string()
    before = ma.fields.String(required=True, allow_none=True, data_key="from")
    after = ma.fields.String(required=True, data_key="to")
    by = nested(By)


class MessageAnswer(ma.Schema):
    """Words on a proposal."""

    id = ma.fields.UUID(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    kind = string()
    channel = string(null=True)
    text = string()
    by = nested(By)


class AttachmentAnswer(ma.Schema):
    """A file."""

    id = ma.fields.UUID(required=True)
    at = ma.fields.AwareDateTime(required=True, format="iso")
    name = string()
    media_type = string()
    size = whole()
    link = string()
    by = nested(By)


class HintAnswer(ma.Schema):
    """Something that looks like a patient's name or diagnosis."""

    pointer = string()
    kind = string()
    message = string()


class WrittenAnswer(MessageAnswer):
    """What was written just now."""

    hints = many(HintAnswer)


class AttachedAnswer(AttachmentAnswer):
    """What was attached just now."""

    hints = many(HintAnswer)


class ProposalSummary(ma.Schema):
    """A proposal in a list."""

    id = ma.fields.UUID(required=True)
    reference = string(example="P-7F3K9Q")
    state = string()
    state_label = string()
    waits_for = string(
        null=True,
        example="you",
        about="Whom it waits for: you, a colleague of the officer who reads, the officer, or the team.",
    )
    answered = truth("The officer answered what the team asked, and nobody went on with it yet.")
    progress = string(example="Negotiating — next word by 4 December")
    client = string(about="The client's code.")
    client_name = string()
    provider = ma.fields.Dict(required=True, metadata={"description": "As it was sent, and its labels."})
    need = ma.fields.Dict(required=True, metadata={"description": "As it was sent, and its labels."})
    consent_named = truth()
    supporters = whole()
    due = nested(Due, null=True)
    owner = string(null=True, about="Who of the network team works on it; the officer does not see it.")
    listing_id = string(null=True)
    revision = whole()
    opened_at = ma.fields.AwareDateTime(required=True, format="iso")
    changed_at = ma.fields.AwareDateTime(required=True, format="iso")


class ProposalAnswer(ProposalSummary):
    """One proposal, as its reader may see it."""

    actions = many(ma.fields.String())
    explained = string(about="The state in a sentence.")
    reason = string(null=True, about="Why it ended.")
    message = string(null=True, about="What the network team said as it ended.")
    agreement = ma.fields.Dict(
        required=True, allow_none=True, metadata={"description": "As agreed; the network team's."}
    )
    duplicate_of = ma.fields.UUID(required=True, allow_none=True)
    possible_duplicates = nested(SameAnswer)
    alternatives = many(Item)
    open_points = many(
        ma.fields.String(metadata={"description": "Open before listing: phone, where, look_alikes. For the team."})
    )
    events = many(EventAnswer)
    messages = many(MessageAnswer)
    attachments = many(AttachmentAnswer)
    hints = many(HintAnswer)


class CountsAnswer(ma.Schema):
    """The network team's queue in numbers."""

    open = whole()
    due_today = whole()
    overdue = whole()
    unowned = whole()
    yours = whole(about="Open ones that wait for the reader, who owns them.")
    waiting = whole(about="Those that wait for their officer.")


class ProposalsAnswer(ma.Schema):
    """A list. `backed`: what an officer backs of other clients' proposals; `counts`: the network team's."""

    items = many(ProposalSummary)
    total = whole()
    counts = nested(CountsAnswer, null=True)
    backed = many(SameProposalAnswer)


class SupportAnswer(ma.Schema):
    """How many officers back it now."""

    supporters = whole()
