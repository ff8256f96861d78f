"""Cases of customer service on the wire. Which values are good is the capability's to say."""

import marshmallow as ma
from marshmallow import validate

from directory.api.schemas import Item
from directory.care import questions, refusals
from directory.care.kinds import TOPICS
from directory.care.numbers import LONGEST as LONGEST_NUMBER
from directory.cases.queue import PAGE
from directory.models import Channel
from directory.web.answer_fields import many, nested, string, truth, whole
from directory.web.bodies import Body, ListingId, code, day, line
from directory.web.fields import CodeOf, page_size
from directory.web.reading import LanguageQuery
from geodata.countries import load_countries

_COUNTRIES = tuple(load_countries())
_LANG = "The sender's language, in which we answer: en, fr, es, ar."


def yes_no(about: str, *, required: bool = False) -> ma.fields.Boolean:
    """True or false, and no word for either."""
    return ma.fields.Boolean(
        truthy={True}, falsy={False}, required=required, allow_none=not required,
        error_messages={"invalid": "true or false.", "required": "This is needed."},
        metadata={"description": about},
    )  # fmt: skip


def listing(about: str, *, required: bool = False) -> ListingId:
    """The id of a listing."""
    return ListingId(
        required=required,
        allow_none=not required,
        error_messages={"required": "This is needed."},
        metadata={"description": about, "type": "string"},
    )


def country(about: str, *, required: bool = False) -> CodeOf:
    """One country."""
    return CodeOf(
        _COUNTRIES, upper=True, required=required, error_messages={"required": "This is needed."},
        metadata={"description": about},
    )  # fmt: skip


class RefusalBody(Body):
    """A provider refused the card. Nothing about anybody's health, please."""

    listing_id = listing("Which one.", required=True)
    at_desk = yes_no("true: now, the sender stands at the desk; false: it was earlier.", required=True)
    network = line("A code of /v1/codes: the sender's network.", longest=60)
    happened_on = day("The day; today where it is left out.")
    care = code(refusals.CARES, "What it was about.")
    asked_cash = yes_no("Whether cash was asked for.")
    paid_amount = ma.fields.Decimal(
        places=2, allow_none=True, error_messages={"invalid": "An amount, such as 120.50."},
        metadata={"description": "What was paid, with its currency."},
    )  # fmt: skip
    paid_currency = line("ISO 4217.", longest=3)
    phone = line("Where we call back; needed at the desk.", longest=LONGEST_NUMBER)
    contact = line("An e-mail address or a phone number.", longest=refusals.LONGEST_CONTACT)
    lang = line(_LANG, longest=2)
    text = line("In own words.", longest=refusals.LONGEST_TEXT)


class RefusalAction(Body):
    """What comes with an action; which of it each takes and needs: docs/care.md."""

    message = line("Words that the sender reads.", longest=4000)
    note = line("Words that the desk alone reads.", longest=4000)
    channel = code(Channel, "How the provider was contacted.")
    reason = line("Why.", longest=refusals.LONGEST_REASON)
    confirmed = yes_no("The provider says so itself.")
    listing_ids = ma.fields.List(
        ListingId(), validate=validate.Length(max=refusals.MOST_ALTERNATIVES, error="At most 3."),
        metadata={"description": "Where to go instead: one to three."},
    )  # fmt: skip
    telehealth = yes_no("A doctor by video instead.")
    begins = ma.fields.Date(data_key="from", allow_none=True, metadata={"description": "Today where it is left out."})
    until = day("The day on which the agreement comes back: at most 180 days.")
    instead = line("What members read meanwhile.", longest=500)
    agreement_id = ma.fields.Integer(strict=True, allow_none=True, metadata={"description": "Which agreement."})


class CallBody(Body):
    """Call me back: one attempt, as soon as possible, day and night."""

    country = country("Where the number is, ISO 3166-1 alpha-2.", required=True)
    number = line("As it is dialled there, or with +.", required=True, longest=LONGEST_NUMBER)
    lang = line(_LANG, longest=2)
    topic = code(TOPICS, "What it is about.")
    urgent = yes_no("Somebody waits at a desk.")
    listing_id = listing("The provider that it is about.")
    case_reference = line("The reference of another case.", longest=20)
    confirmed = line("The number in E.164 as /v1/calls/number gave it: where it differs, nothing is kept.", longest=20)


class CallAction(Body):
    """What comes with an action."""

    note = line("Words that the desk alone reads.", longest=4000)


class ContactBody(Body):
    """A question. One way to reach who asks is needed."""

    topic = code(TOPICS, "What it is about.", required=True)
    text = line("In own words. Nothing about anybody's health, please.", required=True, longest=questions.LONGEST_TEXT)
    email = line(longest=questions.LONGEST_CONTACT)
    phone = line(longest=LONGEST_NUMBER)
    country = country("Where the phone number is.")
    reference_number = line("As on the card: 414/UNMIP1.", longest=40)
    lang = line(_LANG, longest=2)
    listing_id = listing("The provider that it is about.")


class ContactAction(Body):
    """What comes with an action."""

    message = line("Words that the sender reads.", longest=4000)
    note = line("Words that the desk alone reads.", longest=4000)


class NumberQuery(LanguageQuery):
    """A number, to be looked at."""

    country = country("ISO 3166-1 alpha-2.", required=True)
    number = ma.fields.String(
        required=True, validate=validate.Length(1, LONGEST_NUMBER, error=f"At most {LONGEST_NUMBER} characters."),
        error_messages={"required": "This is needed."}, metadata={"description": "As it is dialled."},
    )  # fmt: skip


class ContactsQuery(LanguageQuery):
    """Where somebody is, and how insured."""

    country = country("Where the reader is, ISO 3166-1 alpha-2.")
    plan = ma.fields.String(validate=validate.Length(1, 40, error="At most 40 characters."))


class FollowQuery(LanguageQuery):
    """Of who has no account: what the secret link holds."""

    follow = ma.fields.String(
        validate=validate.Length(1, 100, error="At most 100 characters."),
        metadata={"description": "What follow_url ends with: opens this one case to who has no account."},
    )


class CareQueueQuery(LanguageQuery):
    """What of the queue is shown."""

    state = ma.fields.String(metadata={"description": "One state; by default all that are open."})
    owner = code(("me", "none"), "Whose.")
    overdue = ma.fields.Boolean(metadata={"description": "Only what is overdue."})
    limit = page_size(PAGE, 100)
    offset = ma.fields.Integer(
        load_default=0, validate=validate.Range(0, 100_000, error="A whole number from 0."),
        error_messages={"invalid": "A whole number from 0."},
    )  # fmt: skip


class ListingOfCase(ma.Schema):
    """The provider that a case is about."""

    id = string()
    name = string()
    city = string(null=True)
    country = string()
    country_label = string()
    phones = many(ma.fields.String())


class CareDueAnswer(ma.Schema):
    """What is due next."""

    what = string()
    label = string()
    on = ma.fields.Date(required=True)
    at = ma.fields.DateTime(required=True, metadata={"description": "From this moment on it is overdue."})
    overdue = truth()


class CareByAnswer(ma.Schema):
    """Who: `member`, `team`, or `clock` where a time was over. Names of the team are for the team."""

    side = string()
    name = string(null=True)


class CareEventAnswer(ma.Schema):
    """One step."""

    at = ma.fields.DateTime(required=True)
    action = string()
    label = string()
    from_ = ma.fields.String(required=True, allow_none=True, data_key="from")
    to = string()
    by = nested(CareByAnswer)


class CareMessageAnswer(ma.Schema):
    """Words on a case."""

    id = string()
    at = ma.fields.DateTime(required=True)
    kind = string()
    text = string()
    by = nested(CareByAnswer)


class FileAnswer(ma.Schema):
    """A file that came with a question."""

    id = string()
    name = string()
    media_type = string(example="application/pdf")
    size = whole(about="Bytes.")
    link = string(about="Where it is fetched.")


class PersonAnswer(ma.Schema):
    """What was said, and how to reach who said it: for customer service alone."""

    phone = string(null=True)
    contact = string(null=True)
    text = string(null=True)
    reference_number = string(null=True)
    files = many(FileAnswer)


class CareRowAnswer(ma.Schema):
    """A case in a list."""

    id = string()
    kind = string()
    reference = string(example="R-7K2M9Q", about="For people: on the telephone, in a subject line.")
    state = string()
    state_label = string()
    revision = whole()
    received_at = ma.fields.DateTime(required=True)
    due = nested(CareDueAnswer, null=True)
    owner = string(null=True)
    lang = string()
    listing = nested(ListingOfCase, null=True)
    topic = string(null=True)
    topic_label = string(null=True)
    at_desk = truth(null=True)
    urgent = truth(null=True)
    country = string(null=True)
    country_label = string(null=True)
    reports = whole(null=True, about="How many different people reported the listing in the last 30 days.")


class CaseAnswer(CareRowAnswer):
    """One case with all that its reader may see, and `actions`, which the reader may take now."""

    actions = many(ma.fields.String())
    events = many(CareEventAnswer)
    messages = many(CareMessageAnswer)
    follow_url = string(null=True, about="Of who has no account: where to see how it goes on. A secret.")
    person = nested(PersonAnswer, null=True)


class PaidAnswer(ma.Schema):
    """What was paid."""

    amount = string()
    currency = string()


class RefusalAnswer(CaseAnswer):
    """A card that was refused."""

    network = string(null=True)
    happened_on = ma.fields.Date(required=True)
    care = string(null=True)
    asked_cash = truth(null=True)
    paid = nested(PaidAnswer, null=True)
    confirmed = truth(null=True)
    reason = string(null=True)
    alternatives = many(ma.fields.String())
    telehealth = truth()


class CallAnswer(CaseAnswer):
    """A call that is wished for."""

    case_reference = string(null=True)
    number = string(null=True, about="E.164; for who brought it, and for who claimed it.")
    position = whole(null=True, about="Its place in the queue.")
    expected_minutes = whole(null=True, about="Null where fewer than ten calls were measured.")


class CareRowsAnswer(ma.Schema):
    """What waits, what is due first first."""

    items = many(CareRowAnswer)
    total = whole()


class NumberAnswer(ma.Schema):
    """A number as we would call it."""

    number = string(example="+32479171882", about="E.164: show it, and have it confirmed.")
    number_shown = string(example="+32 479 17 18 82")
    country = string()
    warnings = many(ma.fields.String(metadata={"description": "published, unusual: what to look at again."}))
    sentences = many(ma.fields.String())


class LineAnswer(ma.Schema):
    """A number to call."""

    kind = string(about="members, or provider: for desks of providers.")
    number = string(about="E.164.")
    number_shown = string()
    country = string(null=True)
    country_label = string(null=True)
    toll_free = truth()
    reachable_from = many(ma.fields.String(metadata={"description": "Empty: from anywhere."}))
    hours = string()
    languages = many(ma.fields.String())
    plan = string(null=True)
    checked_on = ma.fields.Date(required=True, allow_none=True)
    stale = truth("Nobody has checked it for long.")
    note = string(null=True)


class ContactsAnswer(ma.Schema):
    """Whom to call and write to."""

    country = string(null=True)
    first = nested(LineAnswer, null=True)
    lines = many(LineAnswer)
    provider_lines = many(LineAnswer)
    mailboxes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    call_back = truth("Whether one can ask to be called.")
    page = string(about="The same as a page.")
    invented = truth("The numbers are invented: nobody answers there.")


class SheetAnswer(ma.Schema):
    """What a desk is shown, in its language."""

    lang = string()
    dir = string()
    title = string()
    lines = many(ma.fields.String())
    phone = string(null=True)


class NowAnswer(ma.Schema):
    """What helps somebody whose card was just refused, or where it is not taken for a while."""

    call = nested(LineAnswer, null=True)
    provider_call = nested(LineAnswer, null=True)
    sheet = nested(SheetAnswer)
    nearest = many(Item)
    letter = string(null=True)
    claim = string()
    keep_receipt = string()
