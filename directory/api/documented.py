"""What every address has in common in the OpenAPI document: its answer, its other media types, its problems."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from directory.api.answers import GEOJSON, JSON
from directory.api.parameters import Parser
from directory.api.schemas import ProblemAnswer

Handler = Callable[..., Any]


class PublicBlueprint(Blueprint):
    """A blueprint whose arguments are read by our parser."""

    ARGUMENTS_PARSER = Parser()


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
        for status in (*problems, 405, 500):
            documented_handler = blueprint.alt_response(
                status, schema=ProblemAnswer, content_type="application/problem+json", description=_MEANING[status]
            )(documented_handler)
        # An instance: of a class, webargs would make one at every request, and that costs more than reading it.
        described: Handler = blueprint.arguments(query(), location="query")(documented_handler)
        return described

    return decorate


_MEANING = {
    400: "What was wrong, and what is allowed.",
    404: "There is nothing here.",
    405: "This method is not allowed here.",
    410: "Retired or merged: why, and what took its place.",
    500: "Our mistake; it was recorded.",
    503: "An engine does not answer; Retry-After says when to ask again.",
}
