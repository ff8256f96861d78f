"""Fields of answers, as the OpenAPI document describes them."""

from typing import Any

import marshmallow as ma


def string(*, null: bool = False, about: str | None = None, example: Any = None) -> ma.fields.String:
    """A string of an answer."""
    metadata = {key: value for key, value in (("description", about), ("example", example)) if value is not None}
    return ma.fields.String(required=True, allow_none=null, metadata=metadata)


def number(*, null: bool = False, about: str | None = None) -> ma.fields.Float:
    """A number of an answer."""
    return ma.fields.Float(required=True, allow_none=null, metadata={"description": about} if about else {})


def whole(*, null: bool = False, about: str | None = None) -> ma.fields.Integer:
    """A whole number of an answer."""
    return ma.fields.Integer(
        required=True, strict=True, allow_none=null, metadata={"description": about} if about else {}
    )


def truth(about: str | None = None, *, null: bool = False) -> ma.fields.Boolean:
    """True or false."""
    return ma.fields.Boolean(required=True, allow_none=null, metadata={"description": about} if about else {})


def nested(schema: type[ma.Schema], *, null: bool = False) -> ma.fields.Nested:
    """One object."""
    return ma.fields.Nested(schema, required=True, allow_none=null)


def many(inner: ma.fields.Field[Any] | type[ma.Schema]) -> ma.fields.List[Any]:
    """A list of them."""
    return ma.fields.List(inner if isinstance(inner, ma.fields.Field) else ma.fields.Nested(inner), required=True)
