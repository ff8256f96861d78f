"""Answers on trust, visits and telehealth, as the OpenAPI document describes them."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from directory.web.answer_fields import many, string, truth


class TrustAnswer(ma.Schema):
    """How far what is said of it can be trusted, in a line."""

    kind = ma.fields.String(required=True, validate=validate.OneOf(["accepted", "mixed", "confirmed", "old", "never"]))
    sentence = string(example="Card accepted for a colleague 3 weeks ago")
    call = string(null=True, about="Where the sentence says so: the number to call first, its own or ours.")


class _YesNo(ma.fields.Boolean):
    """true or false, and nothing that Python takes for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class VisitBody(ma.Schema):
    """Whether a provider took the card."""

    class Meta:
        unknown = ma.RAISE

    card = _YesNo(
        required=True,
        error_messages={"required": "Say whether they took the card.", "invalid": "true or false."},
        metadata={"description": "Whether they took your card."},
    )


class VisitAnswer(ma.Schema):
    """The answer was received."""

    card = truth("As it was sent.")
    counted = truth("false: an answer of today counts already.")
    sentence = string()
    report = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "After a refusal: the kind of report that tells more of it, card_refused."},
    )


class AppAnswer(ma.Schema):
    """Where an application is had."""

    system = string(example="android")
    url = string()


class TelehealthAnswer(ma.Schema):
    """Care by video or telephone: where nothing suitable is near or open, and only for what it is good for."""

    reason = ma.fields.String(required=True, validate=validate.OneOf(["none", "far", "closed", "refused"]))
    label = string(example="See a doctor by video or phone")
    sentence = string()
    caution = string(example="Not for emergencies.")
    spoken = string(example="Languages: English, French")
    url = string(about="A plain link: nothing of the search goes with it.")
    apps = many(AppAnswer)
    languages = many(ma.fields.String())
    hours = string(about="In the syntax of OpenStreetMap's opening_hours.", example="24/7")
