"""Imports on the wire: what comes in, what goes out."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from directory.api.schemas import Links
from directory.imports.header import FIELDS
from directory.imports.reasons import CODES
from directory.models import ImportStatus, RowOutcome
from directory.web.answer_fields import many, nested, string, whole
from directory.web.fields import page_size
from directory.web.reading import KeyQuery

_FIELDS = ", ".join(FIELDS)


def _cursor() -> ma.fields.String:
    return ma.fields.String(
        validate=validate.Regexp(r"^\d{1,18}$", error="Take it unchanged from links.next."),
        metadata={"description": "Of the previous page's `links.next`."},
    )


class ImportsQuery(KeyQuery):
    """GET /v1/imports."""

    limit = page_size(20, 100)
    cursor = _cursor()


class RowsQuery(KeyQuery):
    """GET /v1/imports/{id}/rows."""

    outcome = ma.fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in RowOutcome], error="'{input}' is not one of the outcomes."),
        error_messages={"required": "Say which rows: created, changed, unchanged, set_aside or warned."},
        metadata={"description": "`warned`: a row for each thing that was noticed, with its `kind` and `cell`."},
    )
    limit = page_size(50, 500)
    cursor = _cursor()


class ColumnsBody(ma.Schema):
    """What columns of the file are, by their names; what is not named stays as it was said."""

    class Meta:
        unknown = ma.RAISE

    columns = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(allow_none=True),
        required=True,
        validate=validate.Length(max=1000, error="At most 1,000 columns."),
        error_messages={"required": "Say what columns are: {name: field or null}."},
        metadata={"description": f"Each a field, or null to leave the column out. Fields: {_FIELDS}."},
    )


class ColumnQuestionAnswer(ma.Schema):
    """What must be said of a column: a guess, and why it is asked."""

    field = string(example="phone")
    reason = string(example="seems to hold phone numbers")


class ColumnAnswer(ma.Schema):
    """A column of the file."""

    number = whole(about="From 1.")
    name = string(example="Téléphone")
    field = string(null=True, about="What it is read as; null: it is left out.")
    how = ma.fields.String(
        required=True,
        validate=validate.OneOf(("name", "synonym", "told", "ignored", "passed_over", "other_used", "unknown")),
        metadata={"description": "Why."},
    )
    samples = many(ma.fields.String())
    question = nested(ColumnQuestionAnswer, null=True)


class ImportCounts(ma.Schema):
    """Rows of the file by what becomes of them; of a preview, what would."""

    rows = whole()
    created = whole()
    changed = whole()
    unchanged = whole()
    set_aside = whole()


class WarningAnswer(ma.Schema):
    """What was noticed in rows that go in."""

    count = whole()
    lines = many(ma.fields.Integer(metadata={"description": "The first of them; all are in `rows?outcome=warned`."}))


class ProgressAnswer(ma.Schema):
    """How far the work is."""

    rows = whole()
    share = ma.fields.Float(required=True, metadata={"description": "From 0 to 1."})


class ImportLeft(ma.Schema):
    """A listing that changed after the import, and stays as it is."""

    listing_id = string()
    external_id = string(null=True)


class ImportUndo(ma.Schema):
    """What was taken back."""

    import_id = whole()
    restored = whole()
    retired = whole(about="What the import had created.")
    left = many(ImportLeft)


class ImportSummary(ma.Schema):
    """An import in a list."""

    id = string()
    state = ma.fields.String(required=True, validate=validate.OneOf([each.value for each in ImportStatus]))
    source = string(about="Who keeps the file: a row is known by source and external_id.")
    file_name = string()
    size = whole(null=True, about="Bytes; null where no file is kept.")
    by = string()
    created_at = ma.fields.DateTime(required=True)
    counts = nested(ImportCounts, null=True)
    progress = nested(ProgressAnswer, null=True)
    problem = string(null=True, about="Why it failed; nothing was imported.")
    problem_code = string(null=True, about="The same as a code.")
    revision = whole(about="Grows with what people say of it.")


class ImportAnswer(ImportSummary):
    """One import."""

    format = string(null=True, example="csv")
    columns = many(ColumnAnswer)
    missing = many(ma.fields.String(metadata={"description": "Fields that must be there and are none of the columns."}))
    unclear = many(ma.fields.String(metadata={"description": "What is wrong with the columns, as sentences."}))
    warnings = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(WarningAnswer), required=True)
    remarks = many(ma.fields.String())
    rejects_file = string(null=True, about="The address of the rows that were set aside, as CSV.")
    warnings_file = string(null=True, about="The address of all that was noticed, as CSV.")
    undo = nested(ImportUndo, null=True)
    actions = many(ma.fields.String(metadata={"description": "What may be done now."}))


class ImportsAnswer(ma.Schema):
    """The latest imports first."""

    items = many(ImportSummary)
    links = nested(Links)


class RowChange(ma.Schema):
    """A field that differs."""

    field = string()
    before = ma.fields.Raw(required=True, allow_none=True)
    after = ma.fields.Raw(required=True, allow_none=True)


class RowOtherwise(ma.Schema):
    """What the file says of a field that somebody set, which stays."""

    field = string()
    said = ma.fields.Raw(required=True, allow_none=True)


class RowAnswer(ma.Schema):
    """A row of the file."""

    line = whole()
    outcome = string()
    external_id = string(null=True)
    listing_id = string(null=True)
    name = string(null=True)
    changes = many(RowChange)
    otherwise = many(RowOtherwise)
    column = string(null=True, about="Of a row set aside.")
    reason = string(null=True)
    codes = ma.fields.List(ma.fields.String(validate=validate.OneOf(CODES)), required=True)
    kind = string(null=True, about="Of a warning.")
    cell = string(null=True)


class RowsAnswer(ma.Schema):
    """Rows of one outcome, in the order of the file."""

    items = many(RowAnswer)
    total = whole(about="Of all rows of the file.")
    kept = whole(about="So many can be paged through; the counts are of all.")
    links = nested(Links)


Shown = dict[str, Any]
