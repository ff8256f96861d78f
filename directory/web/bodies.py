"""Bodies of requests: parts in which nothing unknown is taken, and the fields that several of them have."""

from typing import Any

import marshmallow as ma
from marshmallow import validate


class Body(ma.Schema):
    """A part of what is sent: what is not named here is refused, be it misspelt or not the sender's to set."""

    class Meta:
        unknown = ma.RAISE


class ListingId(ma.fields.Field[int]):
    """The id of a listing as answers give it, a string of digits; a number will do."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise ma.ValidationError("Ids of listings are numbers.")
        return int(text)


def line(about: str = "", *, required: bool = False, longest: int = 500) -> ma.fields.String:
    """Words."""
    return ma.fields.String(
        required=required,
        allow_none=not required,
        validate=validate.Length(max=longest, error=f"At most {longest} characters."),
        error_messages={"required": "This is needed."},
        metadata={"description": about} if about else {},
    )


def item(about: str = "", *, longest: int = 500) -> ma.fields.String:
    """One of a list of words, where none may be null."""
    rule = validate.Length(max=longest, error=f"At most {longest} characters.")
    return ma.fields.String(validate=rule, metadata={"description": about} if about else {})


def code(choices: Any, about: str = "", *, required: bool = False) -> ma.fields.String:
    """One of a closed list."""
    return ma.fields.String(
        required=required,
        allow_none=not required,
        validate=validate.OneOf([str(each) for each in choices], error="This is not one of the codes."),
        error_messages={"required": "This is needed."},
        metadata={"description": about} if about else {},
    )


def day(about: str = "") -> ma.fields.Date:
    """A day, ISO 8601."""
    return ma.fields.Date(allow_none=True, metadata={"description": about} if about else {})
