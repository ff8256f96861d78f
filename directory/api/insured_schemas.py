"""What the interface answers to a member who said their plan, as the OpenAPI document describes it."""

import marshmallow as ma
from marshmallow import validate

from directory.vocabulary.plans import COVERAGES
from directory.web.answer_fields import many, nested, string, truth, whole
from directory.wording.verdicts import WAYS


class VerdictOfSetting(ma.Schema):
    """How members of the plan pay in one care setting: one way, by the agreements in force of its networks."""

    value = ma.fields.String(required=True, validate=validate.OneOf(WAYS))
    sentence = string(example="Ask for the letter by 6 December.")
    notice_days = ma.fields.Integer(strict=True, metadata={"description": "Of a letter: how many days before."})
    ask_by = ma.fields.Date(
        metadata={"description": "Of a letter: the last day to ask. Without the day of a visit: today, for for_day."}
    )
    for_day = ma.fields.Date(metadata={"description": "Of a letter: the day of the visit; else the earliest in time."})
    late = ma.fields.Boolean(metadata={"description": "Of a letter: that last day is over."})
    ask_at = ma.fields.String(metadata={"description": "Of a letter: a number or a page where it is asked for."})


class VerdictAnswer(ma.Schema):
    """How members of the plan pay."""

    outpatient = nested(VerdictOfSetting)
    inpatient = nested(VerdictOfSetting)


class DependsAnswer(ma.Schema):
    """Whether members of one plan pay otherwise than those of another, by care setting."""

    outpatient = truth()
    inpatient = truth()


class CoverageAnswer(ma.Schema):
    """Where a listing lies to the member's area."""

    value = ma.fields.String(required=True, validate=validate.OneOf(COVERAGES))
    label = string(example="Outside your area")
    sentence = string()


class BorderAnswer(ma.Schema):
    """That a listing lies in another country than the place that is searched around."""

    country = string(example="RW")
    sentence = string(example="3 km away, but across the border, in Rwanda: outside your area")


class InsuredAnswer(ma.Schema):
    """How plan, duty and on were understood."""

    plan = string(example="un_mip")
    label = string()
    duty = string(null=True, about="Null where the plan has no rule of areas, or no country was given.")
    duty_label = string(null=True)
    on = ma.fields.Date(required=True, allow_none=True)


class OutsideAnswer(ma.Schema):
    """What holds where the searched place lies outside the member's area: the limit, emergencies, evacuation."""

    value = ma.fields.String(required=True, validate=validate.OneOf(["outside"]))
    place = string()
    sentences = many(ma.fields.String())
    phone = string(null=True, about="Whom to call, where the service has such a number.")


class PlanAnswer(ma.Schema):
    """A plan that members may say they have."""

    code = string(example="un_mip")
    label = string()
    client = string()
    networks = many(ma.fields.String())
    duty = ma.fields.List(
        ma.fields.String(),
        required=True,
        metadata={"description": "The countries of duty that it has a rule of areas for; none: it has no such rule."},
    )
    claim_months = whole(about="Within how many months who has paid claims.")
    staff = ma.fields.String(required=True, validate=validate.OneOf(["active", "retired"]))
    invented = truth("A plan of the demonstration.")
