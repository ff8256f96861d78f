"""The answers, as the OpenAPI document describes them and the tests hold them to."""

import marshmallow as ma
from marshmallow import validate

from directory.api.insured_schemas import (
    BorderAnswer,
    CoverageAnswer,
    DependsAnswer,
    InsuredAnswer,
    OutsideAnswer,
    PlanAnswer,
    VerdictAnswer,
)
from directory.api.way_schemas import TelehealthAnswer, TrustAnswer
from directory.models import ReportKind
from directory.models.report import LONGEST_CONTACT, LONGEST_TEXT
from directory.web.answer_fields import many, nested, number, string, truth, whole

PHONE = "E.164; an extension follows as in RFC 3966: +16502530000;ext=136."


class Coordinates(ma.Schema):
    """A point, WGS 84."""

    lat = number(about="Degrees north.")
    lon = number(about="Degrees east.")


class ItemLocation(Coordinates):
    """Where a listing is, and how well that is known."""

    precision = ma.fields.String(
        required=True,
        validate=validate.OneOf(["exact", "place"]),
        metadata={"description": "place: only the city is known."},
    )


class ItemName(ma.Schema):
    """A name in one script."""

    text = string(example="مستشفى الأغا خان")
    lang = string(null=True, about="BCP 47.")
    script = string(about="ISO 15924.", example="Arab")


class ItemAgreement(ma.Schema):
    """An agreement in force; or one that is suspended, which pays nothing until it comes back."""

    network = string()
    outpatient = ma.fields.String(required=True, validate=validate.OneOf(["card", "guarantee_letter", "none"]))
    inpatient = ma.fields.String(required=True, validate=validate.OneOf(["card", "guarantee_letter", "none"]))
    tariff = truth("A negotiated tariff.")
    notice_days = whole(null=True, about="How many days before a guarantee letter is asked for.")
    status = ma.fields.String(required=True, validate=validate.OneOf(["active", "suspended"]))
    suspended_until = string(null=True, about="The day on which it comes back; null where that is not known.")
    instead = string(null=True, about="What to do meanwhile, in the words of the network team.")


class Payment(ma.Schema):
    """How to pay, in the reader's language."""

    outpatient = string(example="Your card is accepted here.")
    inpatient = string(example="Guarantee letter: ask 7 days before.")


class Caution(ma.Schema):
    """Members told us lately that the card was refused here."""

    reports = whole(about="How many different people, in the last 30 days.")
    last_on = ma.fields.Date(required=True)
    sentence = string(example="Refused our card lately: 2 reports, last on 3 May")


class ExplainedPart(ma.Schema):
    """One clause of the ranking that gave a hit something."""

    code = string(about="Its name in config/ranking.toml, or rest: what no clause accounts for.", example="exact")
    about = string(null=True, about="The words that it is about.")
    worth = number(about="What it is worth by itself.")
    given = number(about="What it gave: of several ways to have a word only the best gives all that it is worth.")
    words = string(about="The same as a sentence.")


class ExplainedAnswer(ma.Schema):
    """Why an item stands where it stands."""

    order = ma.fields.String(required=True, validate=validate.OneOf(["relevance", "distance", "name"]))
    words = string(about="The order as a sentence.")
    score = number(null=True, about="The sum of what the parts gave; null where the order is no score.")
    parts = many(ExplainedPart)


class Item(ma.Schema):
    """A listing: one provider at one location."""

    id = string(example="4711")
    revision = whole(about="Grows with every change.")
    name = string()
    names = many(ItemName)
    type = string(about="A code of /v1/codes.", example="hospital")
    type_label = string()
    specialties = many(ma.fields.String())
    specialty_labels = many(ma.fields.String())
    address = string(null=True)
    postal_code = string(null=True)
    country = string(example="KE")
    country_label = string()
    region = string(null=True)
    city = string(null=True, about="As the listing has it.")
    city_label = string(null=True, about="The same in the reader's language, where it is known.")
    place = string(null=True, about="The city's id in /v1/places.")
    location = nested(ItemLocation, null=True)
    distance_km = number(null=True, about="From the point that was asked for.")
    time_zone = string(null=True)
    phones = many(ma.fields.String(metadata={"description": PHONE}))
    email = string(null=True)
    website = string(null=True)
    languages = many(ma.fields.String(metadata={"description": "ISO 639."}))
    hours = string(null=True, about="In the syntax of OpenStreetMap's opening_hours.")
    agreements = many(ItemAgreement)
    payment = nested(Payment)
    caution = nested(Caution, null=True)
    status = ma.fields.String(required=True, validate=validate.OneOf(["active", "suspended"]))
    verified_on = ma.fields.Date(required=True, allow_none=True)
    verified_by = ma.fields.String(required=True, allow_none=True, validate=validate.OneOf(["source", "network_team"]))
    verified_by_label = string(null=True, about="As in: confirmed by the network team.")
    verdict = ma.fields.Nested(VerdictAnswer, metadata={"description": "Only with plan."})
    depends_on_plan = ma.fields.Nested(
        DependsAnswer, metadata={"description": "Only without plan and network, where plans are known."}
    )
    coverage = ma.fields.Nested(CoverageAnswer, metadata={"description": "Only with plan and duty."})
    across_border = ma.fields.Nested(
        BorderAnswer, allow_none=True, metadata={"description": "Only in a search: in another country than its place."}
    )
    trust = nested(TrustAnswer)
    explained = ma.fields.Nested(ExplainedAnswer, metadata={"description": "Only with explain=true."})


class Total(ma.Schema):
    """How many there are."""

    value = whole()
    relation = ma.fields.String(
        required=True,
        validate=validate.OneOf(["eq", "gte"]),
        metadata={"description": "`eq`: exactly so many. `gte`: at least, where the search is `degraded`."},
    )


class FacetCount(ma.Schema):
    """One value of a facet: what choosing it would give."""

    value = string()
    label = string()
    count = whole()
    selected = truth()


class PlaceAnswer(ma.Schema):
    """A city, town or region, a district of a city, or an airport."""

    id = string(example="184745")
    kind = ma.fields.String(required=True, validate=validate.OneOf(["city", "region", "district", "airport"]))
    name = string(example="Nairobi", about="In the reader's language where it is known.")
    local_name = string(null=True, about="In the script of its own country, where that is another one.")
    label = string(example="Nairobi, Nairobi City, Kenya", about="Name, region and country, as `near` reads them.")
    country = string(example="KE")
    country_label = string()
    region = string(null=True, about="Of a district its city; null too where it has no name in the reader's script.")
    location = nested(Coordinates)
    population = whole()


class WhereAnswer(ma.Schema):
    """The point, radius and place that were understood."""

    lat = number()
    lon = number()
    radius_km = number()
    place = nested(PlaceAnswer, null=True)
    alternatives = many(PlaceAnswer)
    corrected = ma.fields.Boolean(
        metadata={"description": "Only where no place is called as `near` says: a near spelling was taken."}
    )


class RelaxationAnswer(ma.Schema):
    """A change of the search, and the total that it would give."""

    parameter = string(example="radius_km")
    value = string(null=True, about="The new value; null: leave the parameter out.")
    label = string(example="Within 50 km")
    total = whole()
    relation = ma.fields.String(
        required=True,
        validate=validate.OneOf(["eq", "gte"]),
        metadata={"description": "Of `total`, as of the search's."},
    )
    link = string(about="The changed search.")


class WhichAnswer(ma.Schema):
    """A kind of care that words of q name."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(["type", "specialty"]))
    code = string(example="cardiology")
    label = string(example="Cardiology")
    words = string(example="cardiologue")


class LineWhereAnswer(ma.Schema):
    """Where words of q say."""

    words = string(example="Kinshasa")
    place = nested(PlaceAnswer, null=True)
    country = string(null=True, about="Where they name a country.")
    country_label = string(null=True)
    sure = truth("Only what lies there is found; otherwise names with these words are too.")
    asks_for_point = truth("They say 'near me', and no point was given: send lat and lon, or near.")


class PayAnswer(ma.Schema):
    """A way to pay that words of q ask for."""

    value = string(about="As in the parameter settlement.", example="outpatient:card")
    label = string()
    words = string(example="qui prend la carte")


class SpokenAnswer(ma.Schema):
    """A language that words of q ask for."""

    code = string(example="en")
    label = string(example="English")
    words = string(example="english speaking")


class WhoAnswer(ma.Schema):
    """What is looked for as a name."""

    words = string(example="Aga Khan")


class UnderstoodAnswer(ma.Schema):
    """How q was read, each part with the words that it came from; as_typed=true reads it as a name alone."""

    which = many(WhichAnswer)
    where = nested(LineWhereAnswer, null=True)
    pay = many(PayAnswer)
    open_now = truth()
    open_now_words = string(null=True)
    language = many(SpokenAnswer)
    who = nested(WhoAnswer, null=True)
    left = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Words that ask nothing, such as 'I need a'."}
    )
    as_typed = truth()
    set_aside = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "What q wishes and nothing met: language, open_now, settlement."},
    )


class Links(ma.Schema):
    """This page and the next."""

    self = string()
    next = string(null=True)


class NearestAnswer(ma.Schema):
    """Only where a search around a point finds nothing within its radius: what fits at any distance."""

    any = nested(Item, null=True)
    card = nested(Item, null=True)


class SearchAnswer(ma.Schema):
    """A page of listings."""

    items = many(Item)
    total = nested(Total)
    facets = ma.fields.Dict(keys=ma.fields.String(), values=many(FacetCount), required=True)
    facets_left_out = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Facets that were asked for and not counted; only where the search is `degraded`."},
    )
    where = nested(WhereAnswer, null=True)
    understood = nested(UnderstoodAnswer, null=True)
    relaxations = many(RelaxationAnswer)
    links = nested(Links)
    forgiving = truth("Too little was found as typed, so near spellings count too.")
    found_as_typed = whole(null=True, about="Of the total; null on the later pages of a forgiving search.")
    plainer = truth("The words are so long that near spellings, or changes that keep them, were not looked for.")
    degraded = truth("The answer comes from the plainer search, without typos forgiven.")
    nearest = nested(NearestAnswer, null=True)
    takes_plan = truth("Plans are known here: with plan each item says how its members pay.")
    insured = nested(InsuredAnswer, null=True)
    outside_area = nested(OutsideAnswer, null=True)
    telehealth = nested(TelehealthAnswer, null=True)
    helpline = string(
        null=True, about="Only where nothing is found: whom to call, where the service has such a number."
    )
    notice = ma.fields.String(metadata={"description": "Only where the agreements are invented: says so."})


class PointGeometry(ma.Schema):
    """GeoJSON."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["Point"]))
    coordinates = ma.fields.List(
        ma.fields.Float(), required=True, validate=validate.Length(equal=2), metadata={"description": "[lon, lat]"}
    )


class Feature(ma.Schema):
    """A listing as GeoJSON; its properties are those of an item."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["Feature"]))
    id = string()
    geometry = nested(PointGeometry, null=True)
    properties = nested(Item)


class FeatureAnswer(Feature):
    """One listing as GeoJSON."""

    degraded = truth()
    notice = ma.fields.String()


class FeatureCollection(ma.Schema):
    """A page of listings as GeoJSON, with the other members of the page beside its features."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["FeatureCollection"]))
    features = many(Feature)
    total = nested(Total)
    facets = ma.fields.Dict(keys=ma.fields.String(), values=many(FacetCount), required=True)
    facets_left_out = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "Facets that were asked for and not counted; only where the search is `degraded`."},
    )
    where = nested(WhereAnswer, null=True)
    understood = nested(UnderstoodAnswer, null=True)
    relaxations = many(RelaxationAnswer)
    links = nested(Links)
    nearest = nested(NearestAnswer, null=True)
    takes_plan = truth("Plans are known here: with plan each item says how its members pay.")
    insured = nested(InsuredAnswer, null=True)
    outside_area = nested(OutsideAnswer, null=True)
    telehealth = nested(TelehealthAnswer, null=True)
    helpline = string(null=True)
    forgiving = truth()
    found_as_typed = whole(null=True)
    plainer = truth()
    degraded = truth()
    notice = ma.fields.String()


class ItemAnswer(Item):
    """One listing."""

    degraded = truth()
    notice = ma.fields.String()


class ReportBody(ma.Schema):
    """What is wrong with a listing."""

    class Meta:
        unknown = ma.RAISE

    kind = ma.fields.Enum(
        ReportKind,
        by_value=ma.fields.String(),
        required=True,
        error_messages={"required": "Say what kind of report it is."},
    )
    text = ma.fields.String(
        validate=validate.Length(max=LONGEST_TEXT, error=f"At most {LONGEST_TEXT} characters."),
        metadata={"description": "In your own words; needed with other. Nothing about anybody's health, please."},
    )
    contact = ma.fields.String(
        validate=validate.Length(max=LONGEST_CONTACT, error=f"At most {LONGEST_CONTACT} characters."),
        metadata={"description": "An e-mail address or a phone number, if we may ask back."},
    )


class ReceiptAnswer(ma.Schema):
    """The report was received."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.Enum(ReportKind, by_value=ma.fields.String(), required=True)
    received_at = ma.fields.AwareDateTime(required=True, format="iso")


class PlacesAnswer(ma.Schema):
    """Places, best known first."""

    items = many(PlaceAnswer)


class Suggestion(ma.Schema):
    """Something that completes what was typed. `code` for a specialty or type, `id` for a place or provider."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(["specialty", "type", "place", "provider"]))
    code = ma.fields.String()
    id = ma.fields.String()
    label = string()
    detail = string(null=True, about="What tells two of the same label apart.")
    country = ma.fields.String(allow_none=True)


class SuggestAnswer(ma.Schema):
    """Suggestions of all kinds, in one list."""

    items = many(Suggestion)
    degraded = truth("Without provider names: the search engine does not answer.")


class CodeAnswer(ma.Schema):
    """A code and its label."""

    code = string()
    label = string()


class ClinicalCodeAnswer(CodeAnswer):
    """A type or specialty, with its code in public terminologies where one exists."""

    nucc = ma.fields.String(required=True, allow_none=True)
    snomed = ma.fields.String(required=True, allow_none=True)
    synonyms = many(ma.fields.String(metadata={"description": "Everyday words in the reader's language."}))


class CodesAnswer(ma.Schema):
    """Every code that parameters take and answers use."""

    types = many(ClinicalCodeAnswer)
    specialties = many(ClinicalCodeAnswer)
    networks = many(CodeAnswer)
    languages = many(CodeAnswer)
    countries = many(CodeAnswer)
    settlements = many(CodeAnswer)
    plans = many(PlanAnswer)
    demonstration = truth("The agreements of this directory are invented.")
    notice = ma.fields.String()


class EngineHealth(ma.Schema):
    """One engine."""

    ok = truth()
    milliseconds = number(null=True)
    reason = string(null=True)


class IndexHealth(ma.Schema):
    """How far the index is behind."""

    waiting = whole(null=True, about="Changes that the index has yet to hear of.")
    oldest_s = number(null=True)
    set_aside = whole(null=True, about="Listings that could not be indexed.")
    filling = truth(null=True, about="Whether a file of listings comes in just now: searches do not find all yet.")


class ReadyAnswer(ma.Schema):
    """Whether requests can be answered, engine by engine."""

    status = ma.fields.String(required=True, validate=validate.OneOf(["ready", "degraded", "not ready"]))
    database = nested(EngineHealth)
    search = nested(EngineHealth)
    alias = string(null=True)
    index = nested(IndexHealth)
    sealing = truth("Whether what people say can be sealed; without HEALTH_KEYS nobody can ask for a call.")


class AliveAnswer(ma.Schema):
    """The process answers."""

    status = ma.fields.String(required=True, validate=validate.OneOf(["alive"]))
