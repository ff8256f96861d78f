"""Fields of requests and answers: one rule each, and the sentence that a broken one gets."""

from typing import Any

import marshmallow as ma
from marshmallow import validate
from webargs import fields as args

from geodata.countries import load_countries

AnyField = ma.fields.Field[Any]

MOST_VALUES = 100


class CodeOf(ma.fields.String):
    """A code of a closed list. Case does not matter where `upper` says how codes are written."""

    def __init__(self, choices: tuple[str, ...], *, upper: bool = False, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(choices, error="'{input}' is not one of the codes."), **more)
        self.upper = upper

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        return text.upper() if self.upper else text


def several(inner: AnyField, about: str) -> args.DelimitedList:
    """Values separated by commas."""
    return args.DelimitedList(
        inner,
        validate=validate.Length(1, MOST_VALUES, error=f"At most {MOST_VALUES} values."),
        metadata={"description": about},
    )


def words(about: str, *, required: bool = False, longest: int = 200) -> ma.fields.String:
    """Free words in any script."""
    return ma.fields.String(
        required=required,
        validate=validate.Length(1, longest, error=f"At most {longest} characters."),
        error_messages={"required": "Words are needed here."},
        metadata={"description": about},
    )


def number(unit: str, least: float, most: float, about: str) -> ma.fields.Float:
    """A number of `unit`s from `least` to `most`; whatever is wrong with it, the error says so."""
    rule = f"{unit} from {least:g} to {most:g}."
    return ma.fields.Float(
        validate=validate.Range(least, most, error=rule),
        error_messages=dict.fromkeys(("invalid", "special", "too_large"), rule),
        metadata={"description": about},
    )


def latitude() -> ma.fields.Float:
    """Degrees north."""
    return number("Degrees", -90, 90, "Degrees north.")


def longitude() -> ma.fields.Float:
    """Degrees east."""
    return number("Degrees", -180, 180, "Degrees east.")


_COUNTRIES = tuple(load_countries())


def countries() -> args.DelimitedList:
    """ISO 3166-1 alpha-2 codes."""
    return several(CodeOf(_COUNTRIES, upper=True), "Countries, ISO 3166-1 alpha-2.")


def page_size(default: int, most: int) -> ma.fields.Integer:
    """How many items a page holds."""
    rule = f"A whole number from 1 to {most}."
    return ma.fields.Integer(
        load_default=default,
        validate=validate.Range(1, most, error=rule),
        error_messages=dict.fromkeys(("invalid", "too_large"), rule),
        metadata={"description": "How many at most."},
    )
