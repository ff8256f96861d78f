"""What every address has in common in the OpenAPI document: its answer, its other media types, its problems."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask import Response
from flask_smorest import Blueprint

from directory.web.access import public
from directory.web.admission import admit, tell_admission
from directory.web.answers import GEOJSON, JSON
from directory.web.problem_schema import ProblemAnswer
from directory.web.reading import Parser

Handler = Callable[..., Any]


class PublicBlueprint(Blueprint):
    """A blueprint whose arguments are read by our parser, open to pages of other origins that have a key."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        public(self)
        self.before_request(admit)
        self.after_request(tell_admission)


class AccountBlueprint(Blueprint):
    """A blueprint for those who have an account: each handler says which, and no answer is anybody else's."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.after_request(_keep_private)


def _keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(("Authorization", "Cookie"))
    return response


def documented(
    blueprint: Blueprint,
    query: type[ma.Schema],
    answer: type[ma.Schema],
    *,
    mimetype: str = JSON,
    geojson: type[ma.Schema] | None = None,
    problems: tuple[int, ...] = (400, 503),
) -> Callable[[Handler], Handler]:
    """Read the query string by `query`, and describe the answers of the handler, which makes them itself.

    `geojson`: what `Accept: application/geo+json` gives, where it gives something else.
    """

    def decorate(handler: Handler) -> Handler:
        documented_handler: Handler = blueprint.response(200, answer, content_type=mimetype)(handler)
        if geojson:
            documented_handler = blueprint.alt_response(200, schema=geojson, content_type=GEOJSON, success=True)(
                documented_handler
            )
        documented_handler = blueprint.alt_response(304, description="As you have it (If-None-Match).")(
            documented_handler
        )
        documented_handler = documented_problems(blueprint, *problems)(documented_handler)
        # An instance: making one costs more than reading a query string with it.
        read: Handler = blueprint.arguments(query(), location="query")(documented_handler)
        return read

    return decorate


def documented_problems(blueprint: Blueprint, *statuses: int) -> Callable[[Handler], Handler]:
    """Describe these problems of a handler, and those that any address may answer with."""

    def decorate(handler: Handler) -> Handler:
        for status in sorted({*statuses, 401, 403, 405, 429, 500}):
            handler = blueprint.alt_response(
                status, schema=ProblemAnswer, content_type="application/problem+json", description=_MEANING[status]
            )(handler)
        return handler

    return decorate


_MEANING = {
    400: "What was wrong, and what is allowed.",
    401: "Nobody is signed in; no such key or token, or it was revoked.",
    403: "The role or the key does not allow this.",
    404: "There is nothing here.",
    405: "This method is not allowed here.",
    409: "The state does not allow this; `allowed` names what it does.",
    410: "Retired or merged: why, and what took its place.",
    412: "It was changed since: If-Match names an earlier revision.",
    413: "The body is too large.",
    415: "The body is not what is needed here.",
    422: "The Idempotency-Key belongs to another request.",
    428: "If-Match is needed.",
    429: "The limit is used up; Retry-After says when to ask again.",
    500: "Our mistake; it was recorded.",
    503: "An engine does not answer; Retry-After says when to ask again.",
}
