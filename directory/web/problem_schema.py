"""Problems, as the OpenAPI document describes them."""

import marshmallow as ma

from directory.web.answer_fields import string, whole


class ProblemError(ma.Schema):
    """One thing that was wrong."""

    parameter = ma.fields.String()
    pointer = ma.fields.String(metadata={"description": "A JSON pointer into the body."})
    message = string()
    allowed = ma.fields.List(ma.fields.String())


class ProblemAnswer(ma.Schema):
    """RFC 9457."""

    type = string(example="/docs#problem-invalid-request")
    title = string()
    status = whole()
    detail = string()
    errors = ma.fields.List(ma.fields.Nested(ProblemError))
    violated_policies = ma.fields.List(
        ma.fields.String(), data_key="violated-policies", metadata={"description": "Names of limits that are used up."}
    )
    reason = ma.fields.String(allow_none=True)
    replaced_by = ma.fields.String(allow_none=True)
    replacement = ma.fields.String(allow_none=True)
    state = ma.fields.String(metadata={"description": "Of a 409: the state that there is."})
    allowed = ma.fields.List(ma.fields.String(), metadata={"description": "Actions that are possible instead."})
    revision = ma.fields.Integer(metadata={"description": "Of a 412: the revision that there is."})
    changed = ma.fields.List(
        ma.fields.String(), metadata={"description": "Of a 412: the fields that others changed and this would too."}
    )
    current = ma.fields.Dict(metadata={"description": "Of a 412: what there is now."})
    agreements = ma.fields.List(ma.fields.Dict(), metadata={"description": "Those that would overlap."})
    blocked_by = ma.fields.List(
        ma.fields.String(), metadata={"description": "Changes that rest on the one to be undone, the latest first."}
    )
