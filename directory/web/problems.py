"""Errors as answers: `application/problem+json` (RFC 9457), one table from error to status."""

import logging
import traceback
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from config.settings import EnginesNotFound
from directory.actors import NotAllowed, SignInNeeded
from directory.admission.keys import UnknownKey
from directory.admission.limits import TooManyRequests
from directory.cases.attachments import AttachmentNotFound, KindNotAllowed, TooLarge
from directory.cases.casework import CaseNotFound
from directory.cases.workflow import TransitionNotAllowed, UnknownAction
from directory.errors import (
    Fault,
    IdempotencyKeyReused,
    InvalidRequest,
    ListingGone,
    ListingNotFound,
    RevisionConflict,
    SearchUnavailable,
)
from directory.search.cursor import InvalidCursor
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
    "widget-not-built": Problem("widget-not-built", 503, "The widget is not built on this server"),
    "database-unavailable": Problem("database-unavailable", 503, "The directory cannot answer at the moment"),
}


def problem(slug: str, detail: str, *, status: int | None = None, **more: Any) -> Response:
    """The answer for one problem; `more` are extension members such as `errors`."""
    kind = PROBLEMS[slug]
    code = status or kind.status
    body = {"type": f"/docs#problem-{slug}", "title": kind.title, "status": code, "detail": detail, **more}
    response = Response(orjson.dumps(body), status=code, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def register_problems(app: Flask) -> None:
    """Every error that a handler raises becomes a problem; only texts that were written for readers leave."""
    app.register_error_handler(InvalidRequest, _invalid_request)
    app.register_error_handler(InvalidCursor, _invalid_cursor)
    app.register_error_handler(ListingNotFound, lambda error: problem("not-found", str(error)))
    app.register_error_handler(ListingGone, _listing_gone)
    for missing in (CaseNotFound, AttachmentNotFound):
        app.register_error_handler(missing, lambda error: problem("not-found", str(error)))
    app.register_error_handler(UnknownAction, _unknown_action)
    app.register_error_handler(TransitionNotAllowed, _transition_not_allowed)
    app.register_error_handler(RevisionConflict, _revision_conflict)
    app.register_error_handler(TooLarge, lambda error: problem("too-large", str(error)))
    app.register_error_handler(KindNotAllowed, _kind_not_allowed)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(NotAllowed, lambda error: problem("not-allowed", str(error)))
    app.register_error_handler(UnknownKey, lambda error: problem("unknown-key", str(error)))
    app.register_error_handler(OriginNotAllowed, lambda error: problem("origin-not-allowed", str(error)))
    app.register_error_handler(NetworkNotAllowed, _network_not_allowed)
    app.register_error_handler(IdempotencyKeyReused, lambda error: problem("idempotency-key-reused", str(error)))
    app.register_error_handler(TooManyRequests, _too_many_requests)
    app.register_error_handler(SearchUnavailable, _search_unavailable)
    for unreachable in (OperationalError, PoolTimeoutError, EnginesNotFound):
        app.register_error_handler(unreachable, _database_unavailable)
    app.register_error_handler(GazetteerMissing, _gazetteer_missing)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _invalid_request(error: InvalidRequest) -> Response:
    return problem("invalid-request", str(error), errors=[_told(fault) for fault in error.faults])


def _told(fault: Fault) -> dict[str, Any]:
    # Parameters are plain names; a JSON pointer begins with a slash, or is empty for the whole body.
    where = "parameter" if fault.where and not fault.where.startswith("/") else "pointer"
    return {where: fault.where, "message": fault.message, **({"allowed": fault.allowed} if fault.allowed else {})}


def _invalid_cursor(error: InvalidCursor) -> Response:
    return problem("invalid-request", str(error), errors=[{"parameter": "cursor", "message": str(error)}])


def _listing_gone(error: ListingGone) -> Response:
    replaced_by = None if error.replaced_by is None else str(error.replaced_by)
    link = None if replaced_by is None else f"/v1/providers/{replaced_by}"
    return problem(
        "listing-gone",
        f"{error}{f' Its place was taken by listing {replaced_by}.' if replaced_by else ''}",
        reason=error.reason,
        replaced_by=replaced_by,
        replacement=link,
    )


def _unknown_action(error: UnknownAction) -> Response:
    return problem("not-found", str(error), allowed=list(error.known))


def _transition_not_allowed(error: TransitionNotAllowed) -> Response:
    return problem("transition-not-allowed", str(error), state=error.state, allowed=list(error.allowed))


def _revision_conflict(error: RevisionConflict) -> Response:
    response = problem("revision-conflict", str(error), revision=error.revision)
    response.set_etag(str(error.revision))
    return response


def _kind_not_allowed(error: KindNotAllowed) -> Response:
    fault = {"pointer": "/file", "message": str(error), "allowed": list(error.allowed)}
    return problem("kind-not-allowed", str(error), errors=[fault])


def _sign_in_needed(error: SignInNeeded) -> Response:
    response = problem("sign-in-needed", str(error))
    response.headers["WWW-Authenticate"] = 'Bearer realm="provider-directory"'
    return response


def _network_not_allowed(error: NetworkNotAllowed) -> Response:
    fault = {"parameter": "network", "message": str(error), "allowed": [error.allowed]}
    return problem("network-not-allowed", str(error), errors=[fault])


def _too_many_requests(error: TooManyRequests) -> Response:
    more: dict[str, Any] = {"violated-policies": [error.allowance.limit.name]}
    response = problem("too-many-requests", str(error), **more)
    response.headers["Retry-After"] = str(error.allowance.retry_after_s)
    return response


def _search_unavailable(error: SearchUnavailable) -> Response:
    return _later("search-unavailable", str(error), error.retry_after_s)


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
    slug = {404: "not-found", 405: "method-not-allowed"}.get(code, other)
    response = problem(slug, error.description or PROBLEMS[slug].title, status=code)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    # Where in the code it happened, and no message: those of libraries quote what was asked.
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s\n%s", type(error).__qualname__, where)
    return problem("internal-error", "The error was recorded. Please try again later.")
