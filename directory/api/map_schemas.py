"""What `GET /v1/map` answers, as the OpenAPI document describes it."""

import marshmallow as ma
from marshmallow import validate

from directory.api.insured_schemas import CoverageAnswer, DependsAnswer, OutsideAnswer, VerdictAnswer
from directory.api.schemas import Payment, PointGeometry, Total, WhereAnswer
from directory.web.answer_fields import many, nested, string, truth, whole

_WAY = validate.OneOf(["card", "guarantee_letter", "none"])


class Ways(ma.Schema):
    """The easiest way to pay in each care setting under any of the agreements; a suspended one is none."""

    outpatient = ma.fields.String(required=True, validate=_WAY)
    inpatient = ma.fields.String(required=True, validate=_WAY)


class MapProperties(ma.Schema):
    """`cluster`: count, bbox, same_point. `listing`: id, name, type, type_label, precision, payment, ways."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(["cluster", "listing"]))
    count = ma.fields.Integer(strict=True, metadata={"description": "How many listings."})
    bbox = ma.fields.List(
        ma.fields.Float(),
        validate=validate.Length(equal=4),
        metadata={
            "description": "[west, south, east, north]: the same search in this box finds these, and what is "
            "somewhere in a city there."
        },
    )
    same_point = ma.fields.Boolean(metadata={"description": "All are at one point: no zoom parts them."})
    id = ma.fields.String()
    name = ma.fields.String()
    type = ma.fields.String()
    type_label = ma.fields.String()
    precision = ma.fields.String(
        validate=validate.OneOf(["exact", "place"]), metadata={"description": "place: only the city is known."}
    )
    payment = ma.fields.Nested(Payment)
    ways = ma.fields.Nested(Ways)
    verdict = ma.fields.Nested(VerdictAnswer)
    depends_on_plan = ma.fields.Nested(DependsAnswer)
    coverage = ma.fields.Nested(CoverageAnswer)


class MapFeature(ma.Schema):
    """A cluster at the centroid of its listings, or one listing; only the latter has an id."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["Feature"]))
    id = ma.fields.String()
    geometry = nested(PointGeometry)
    properties = nested(MapProperties)


class NamedAnswer(ma.Schema):
    """A listing as a list beside the map shows it."""

    id = string()
    name = string()
    type = string()
    type_label = string()
    payment = nested(Payment)
    ways = nested(Ways)
    verdict = ma.fields.Nested(VerdictAnswer)
    depends_on_plan = ma.fields.Nested(DependsAnswer)
    coverage = ma.fields.Nested(CoverageAnswer)


class CityAnswer(ma.Schema):
    """Listings that are somewhere in one city."""

    place = string(null=True, about="The city's id, as the parameter place takes it.")
    city = string(null=True, about="Its name in the reader's language.")
    count = whole(about="How many.")
    listings = many(NamedAnswer)


class SomewhereAnswer(ma.Schema):
    """What is known by its city alone, which is no pin: the cities that have the most, a few of each by name."""

    total = whole(about="How many in all; none of them is in a feature.")
    cities = many(CityAnswer)


class MapAnswer(ma.Schema):
    """What is in the box, as GeoJSON: each listing with a point in one feature; their counts add up to the total."""

    type = ma.fields.String(required=True, validate=validate.OneOf(["FeatureCollection"]))
    features = many(MapFeature)
    total = nested(Total)
    somewhere = nested(SomewhereAnswer)
    where = nested(WhereAnswer, null=True)
    outside_area = nested(OutsideAnswer, null=True)
    forgiving = truth("Too little was found as typed, so near spellings count too.")
    degraded = truth("The answer comes from the plainer search, without typos forgiven.")
    notice = ma.fields.String(metadata={"description": "Only where the agreements are invented: says so."})
