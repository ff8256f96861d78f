"""Errors as answers: `application/problem+json` (RFC 9457), one table from error to status."""

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from config.settings import EnginesNotFound
from directory.accounts import errors as account_errors
from directory.actors import NotAllowed, SignInNeeded
from directory.admission.keys import InvalidOrigin, UnknownKey, UnknownNetwork
from directory.admission.limits import TooManyRequests
from directory.audit import NoSuchHead
from directory.cases.attachments import AttachmentNotFound, KindNotAllowed, TooLarge
from directory.cases.casework import CaseNotFound
from directory.cases.vault import VaultClosed
from directory.errors import (
    DirectoryError,
    Fault,
    IdempotencyKeyReused,
    InvalidRequest,
    ListingGone,
    ListingNotFound,
    RevisionConflict,
    SearchUnavailable,
    TransitionNotAllowed,
    UnknownAction,
)
from directory.imports import errors as import_errors
from directory.listings.terms import AgreementNotFound, TermsOverlap
from directory.listings.undoing import AlreadyUndone, ChangeNotFound, UndoBlocked
from directory.mail.sender import NoMailServer
from directory.mail.texts import UnknownMessage
from directory.search.cursor import InvalidCursor
from directory.synth.errors import WorldRefused
from directory.vocabulary.codes import UnknownCode
from directory.vocabulary.file_words import InvalidWords
from directory.web.admission import NetworkNotAllowed, OriginNotAllowed
from geodata.places import GazetteerMissing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem: its slug makes the stable `type`, `/docs#problem-{slug}`."""

    slug: str
    status: int
    title: str


PROBLEMS = {
    "invalid-request": Problem("invalid-request", 400, "The request cannot be understood"),
    "sign-in-needed": Problem("sign-in-needed", 401, "Nobody is signed in"),
    "unknown-key": Problem("unknown-key", 401, "The key is not known"),
    "not-allowed": Problem("not-allowed", 403, "Your account may not do this"),
    "origin-not-allowed": Problem("origin-not-allowed", 403, "This origin may not ask"),
    "network-not-allowed": Problem("network-not-allowed", 403, "The key is for another network"),
    "not-found": Problem("not-found", 404, "There is nothing here"),
    "method-not-allowed": Problem("method-not-allowed", 405, "This method is not allowed here"),
    "terms-overlap": Problem("terms-overlap", 409, "Two agreements would overlap"),
    "undo-blocked": Problem("undo-blocked", 409, "Later changes rest on it"),
    "transition-not-allowed": Problem("transition-not-allowed", 409, "The state does not allow this"),
    "listing-gone": Problem("listing-gone", 410, "The listing is no longer in the directory"),
    "revision-conflict": Problem("revision-conflict", 412, "It was changed meanwhile"),
    "too-large": Problem("too-large", 413, "It is too large"),
    "kind-not-allowed": Problem("kind-not-allowed", 415, "Files of this kind are not taken"),
    "if-match-needed": Problem("if-match-needed", 428, "If-Match is needed"),
    "idempotency-key-reused": Problem("idempotency-key-reused", 422, "The Idempotency-Key belongs to another request"),
    "too-many-requests": Problem("too-many-requests", 429, "Too many requests"),
    "internal-error": Problem("internal-error", 500, "Something went wrong on our side"),
    "overloaded": Problem("overloaded", 503, "Too many requests at this moment"),
    "search-unavailable": Problem("search-unavailable", 503, "Search cannot answer at the moment"),
    "not-set-up": Problem("not-set-up", 503, "This is not set up here: please call us"),
    "widget-not-built": Problem("widget-not-built", 503, "The widget is not built on this server"),
    "database-unavailable": Problem("database-unavailable", 503, "The directory cannot answer at the moment"),
}


# The status of every error that the service can explain, by the slug of its problem; a kind of one of these has it too.
# A guard walks all errors (tests/guards/test_errors.py). Those of commands are here as well: what a command does today,
# a page may do tomorrow.
SLUGS: Mapping[type[DirectoryError], str] = {
    InvalidRequest: "invalid-request",
    InvalidCursor: "invalid-request",
    UnknownCode: "invalid-request",
    InvalidOrigin: "invalid-request",
    UnknownNetwork: "invalid-request",
    account_errors.AccountExists: "invalid-request",
    account_errors.InvalidAccount: "invalid-request",
    account_errors.PasswordNotGood: "invalid-request",
    account_errors.UnknownScope: "invalid-request",
    import_errors.ImportFileError: "invalid-request",
    InvalidWords: "invalid-request",
    WorldRefused: "invalid-request",
    SignInNeeded: "sign-in-needed",
    account_errors.SignInFailed: "sign-in-needed",
    UnknownKey: "unknown-key",
    NotAllowed: "not-allowed",
    OriginNotAllowed: "origin-not-allowed",
    NetworkNotAllowed: "network-not-allowed",
    ListingNotFound: "not-found",
    AgreementNotFound: "not-found",
    ChangeNotFound: "not-found",
    CaseNotFound: "not-found",
    AttachmentNotFound: "not-found",
    UnknownAction: "not-found",
    NoSuchHead: "not-found",
    account_errors.NoSuchAccount: "not-found",
    account_errors.NoSuchToken: "not-found",
    account_errors.LinkNotGood: "not-found",
    import_errors.ImportNotFound: "not-found",
    TransitionNotAllowed: "transition-not-allowed",
    import_errors.ImportAlreadyUndone: "transition-not-allowed",
    AlreadyUndone: "transition-not-allowed",
    TermsOverlap: "terms-overlap",
    UndoBlocked: "undo-blocked",
    import_errors.WorkTakenBack: "transition-not-allowed",
    ListingGone: "listing-gone",
    RevisionConflict: "revision-conflict",
    TooLarge: "too-large",
    import_errors.FileTooLarge: "too-large",
    KindNotAllowed: "kind-not-allowed",
    IdempotencyKeyReused: "idempotency-key-reused",
    TooManyRequests: "too-many-requests",
    SearchUnavailable: "search-unavailable",
    VaultClosed: "not-set-up",
    import_errors.ReferenceMissing: "database-unavailable",
    import_errors.ReadingStopped: "internal-error",
    NoMailServer: "internal-error",
    UnknownMessage: "internal-error",
}


def slug_of(error: type[DirectoryError]) -> str | None:
    """The problem that an error of this type is; None where nobody gave it a status."""
    return next((SLUGS[kind] for kind in error.__mro__ if kind in SLUGS), None)


def problem(slug: str, detail: str, *, status: int | None = None, **more: Any) -> Response:
    """The answer for one problem; `more` are extension members such as `errors`."""
    kind = PROBLEMS[slug]
    code = status or kind.status
    body = {"type": f"/docs#problem-{slug}", "title": kind.title, "status": code, "detail": detail, **more}
    # Moments as the answers of resources write them: a conflict shows the same `current`.
    content = orjson.dumps(body, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)
    response = Response(content, status=code, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def register_problems(app: Flask) -> None:
    """Every error that a handler raises becomes a problem; only texts that were written for readers leave."""
    app.register_error_handler(DirectoryError, _explained)
    for unreachable in (OperationalError, PoolTimeoutError, EnginesNotFound):
        app.register_error_handler(unreachable, _database_unavailable)
    app.register_error_handler(GazetteerMissing, _gazetteer_missing)
    app.register_error_handler(DataError, _cannot_be_kept)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _explained(error: DirectoryError) -> Response:
    slug = slug_of(type(error))
    if slug is None or PROBLEMS[slug].status == 500:
        return _unexpected(error)
    kind = next((kind for kind in type(error).__mro__ if kind in _MORE), None)
    response = problem(slug, str(error), **(_MORE[kind](error) if kind else {}))
    if isinstance(error, RevisionConflict):
        response.set_etag(str(error.revision))
    elif isinstance(error, SignInNeeded):
        response.headers["WWW-Authenticate"] = 'Bearer realm="provider-directory"'
    elif isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.allowance.retry_after_s)
    elif isinstance(error, SearchUnavailable):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _told(fault: Fault) -> dict[str, Any]:
    # Parameters are plain names; a JSON pointer begins with a slash, or is empty for the whole body.
    where = "parameter" if fault.where and not fault.where.startswith("/") else "pointer"
    return {where: fault.where, "message": fault.message, **({"allowed": fault.allowed} if fault.allowed else {})}


def _instead(error: ListingGone) -> dict[str, Any]:
    replaced_by = None if error.replaced_by is None else str(error.replaced_by)
    link = None if replaced_by is None else f"/v1/providers/{replaced_by}"
    return {"reason": error.reason, "replaced_by": replaced_by, "replacement": link}


def _fault(where: str, at: str, error: DirectoryError, allowed: Iterable[str] = ()) -> dict[str, Any]:
    more = {"allowed": list(allowed)} if allowed else {}
    return {"errors": [{where: at, "message": str(error), **more}]}


# What else the answer to an error says (RFC 9457, extension members).
_MORE: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    InvalidRequest: lambda error: {"errors": [_told(fault) for fault in error.faults]},
    InvalidCursor: lambda error: _fault("parameter", "cursor", error),
    ListingGone: _instead,
    UnknownAction: lambda error: {"allowed": list(error.known)},
    TransitionNotAllowed: lambda error: {"state": error.state, "allowed": list(error.allowed)},
    RevisionConflict: lambda error: {"revision": error.revision},
    TermsOverlap: lambda error: {"agreements": error.agreements},
    UndoBlocked: lambda error: {"blocked_by": [str(each) for each in error.blocked_by]},
    KindNotAllowed: lambda error: _fault("pointer", "/file", error, error.allowed),
    NetworkNotAllowed: lambda error: _fault("parameter", "network", error, [error.allowed]),
    TooManyRequests: lambda error: {"violated-policies": [error.allowance.limit.name]},
}


def _database_unavailable(error: Exception) -> Response:
    log.warning("database unavailable: %s", type(error).__name__)
    return _later("database-unavailable", "The database does not answer.", 2)


def _gazetteer_missing(error: GazetteerMissing) -> Response:
    log.error("%s", error)
    return _later("database-unavailable", "The places of the directory are not loaded yet.", 10)


def _later(slug: str, detail: str, seconds: int) -> Response:
    response = problem(slug, detail)
    response.headers["Retry-After"] = str(seconds)
    return response


def _http_error(error: HTTPException) -> Response:
    if isinstance(error.response, Response):  # a redirect, say
        return error.response
    code = error.code or 500
    other = "invalid-request" if code < 500 else "internal-error"
    slug = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(code, other)
    response = problem(slug, error.description or PROBLEMS[slug].title, status=code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _cannot_be_kept(error: DataError) -> Response:
    # A number or a date beyond what PostgreSQL has. Where in the code it came through says what let it pass.
    where = traceback.extract_tb(error.__traceback__)[-1].name
    log.warning("PostgreSQL cannot keep a value that came in: %s in %s", type(error.orig).__name__, where)
    return problem("invalid-request", "A number, a date or a text in this request is beyond what can be kept.")


def _unexpected(error: Exception) -> Response:
    # Where in the code it happened, and no message: those of libraries quote what was asked.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s\n%s", type(error).__qualname__, where)
    return problem("internal-error", "The error was recorded. Please try again later.")
