"""Requests that may come again, as they come: with an Idempotency-Key, or as a form of our pages with its number."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
from flask import request

from directory.admission.repeating import Sending, sending

# The hidden field with the number of a form; and what differs from one sending of the same form to the next.
FORM_FIELD = "once"
_OF_EACH_SENDING = frozenset((FORM_FIELD, "csrf_token"))
_LONGEST_NUMBER = 60


def sent_by_key(
    headers: Mapping[str, Any], account_id: UUID | None, content: tuple[bytes, ...] | None = None
) -> Sending | None:
    """A request to the interface; None where it came without a key.

    `content`: what tells it from another one to its address, by default its body.
    """
    key = headers.get("idempotency_key")
    if not key:
        return None
    told = content or (request.get_data(cache=True),)
    return sending(account_id, key, request.method.encode(), request.full_path.encode(), *told)


def sent_by_form(account_id: UUID | None) -> Sending | None:
    """A form of a page, by all that its fields and files say; None where it came without its number."""
    number = request.form.get(FORM_FIELD, "")[:_LONGEST_NUMBER]
    if not number:
        return None
    fields = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in _OF_EACH_SENDING)
    files = [(name, file.filename, _digest_of(file.stream)) for name, file in request.files.items(multi=True)]
    return sending(account_id, f"form {number}", request.path.encode(), orjson.dumps([fields, files]))


def _digest_of(stream: Any) -> str:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return digest
