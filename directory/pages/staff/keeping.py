"""Nothing that was typed is lost: a form that could not be taken, because its session had ended, is shown again.

A view that takes words says how its page is shown with them, `@shows_again(…)`. Where the session is gone the sign-in
page carries the words, in the browser and nowhere else, and behind it the form stands filled in.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import orjson
from flask import current_app, request
from werkzeug.exceptions import HTTPException

from directory.errors import DirectoryError
from directory.web.access import CSRF_FIELD

AGAIN, KEPT, LOST = "again", "kept", "file_lost"
# What is said anew each time: of the session, of this way of sending, and that one is sure.
_NOT_KEPT = frozenset((CSRF_FIELD, AGAIN, KEPT, LOST, "sure"))

View = TypeVar("View")
# Takes the values of the address, and the key of the phrase that says what happened.
Show = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, and its fields with their values."""

    to: str
    said: list[tuple[str, str]]

    def packed(self) -> str:
        """For a field of the next page."""
        return orjson.dumps(asdict(self)).decode()


def shows_again(show: Show) -> Callable[[View], View]:
    """Mark a view with what shows its form, filled in with what this request says."""

    def mark(view: View) -> View:
        view.shows_again = show  # type: ignore[attr-defined]
        return view

    return mark


def show_again(fault: str) -> str | None:
    """The form of this request once more; None where its view has none, or what it is about is not there."""
    show: Show | None = _show_of(request.endpoint)
    if show is None:
        return None
    try:
        return show(fault=fault, **(request.view_args or {}))
    except DirectoryError:
        return None


def keep_form() -> Kept | None:
    """What this request says, to be shown again; None where its view cannot."""
    if request.method != "POST" or not _is_readable():
        return None
    if carried := read_kept():
        return carried
    if _show_of(request.endpoint) is None:
        return None
    fields = [(name, text) for name, text in request.form.items(multi=True) if name not in _NOT_KEPT]
    if file_lost():
        fields.append((LOST, "yes"))
    return Kept(request.full_path.rstrip("?"), fields)


def _is_readable() -> bool:
    """Whether the form can be read at all: what is too large, or holds what cannot be kept, was refused for that."""
    try:
        return request.form is not None
    except (DirectoryError, HTTPException):
        return False


def read_kept() -> Kept | None:
    """What the page before carried on; None where there is nothing, or nothing that one of our pages wrote."""
    try:
        read = orjson.loads(request.form.get(KEPT, ""))
        kept = Kept(str(read["to"]), [(str(name), str(text)) for name, text in read["said"]])
    except (ValueError, KeyError, TypeError):
        return None
    return kept if _is_ours(kept.to) else None


def file_lost() -> bool:
    """Whether a file came with this request: no page can put one back into its form."""
    return LOST in request.form or any(each.filename for each in request.files.values())


def _is_ours(path: str) -> bool:
    """Whether a path is the address of a form of ours that can be shown again."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path.partition("?")[0], "POST")
    except HTTPException:
        return False
    return _show_of(endpoint) is not None


def _show_of(endpoint: str | None) -> Show | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "shows_again", None)
