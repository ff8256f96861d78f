"""/v1/changes: what was done to listings, one or many at once; asked for, agreed to, applied, undone."""

import datetime as dt
from typing import Any

from flask import Response
from flask.views import MethodView
from sqlalchemy.orm import Session

from directory.actors import Role
from directory.api.listings.schemas import (
    ChangeActionBody,
    ChangeBody,
    ChangesAnswer,
    ChangesQuery,
    ListingChangeAnswer,
)
from directory.changes import choosing, taking
from directory.changes.choosing import Asked
from directory.changes.reading import list_changes, load_change
from directory.changes.taking import Taken
from directory.db import transaction
from directory.web.access import allowed, current_actor
from directory.web.acting import answer_once, answer_own
from directory.web.answers import JSON, reader_language
from directory.web.documented import AccountBlueprint, documented_problems
from directory.web.listings.changes import render_change, render_summary
from directory.web.reading import IdempotencyHeader, IfMatchHeader, LanguageQuery, read_revision
from geodata.gazetteer import get_gazetteer

blueprint = AccountBlueprint("changes", __name__, url_prefix="/v1/changes", description="Changes")

SCOPE = "listings"


@blueprint.route("")
class Changes(MethodView):
    """Of many."""

    @blueprint.arguments(ChangesQuery(), location="query")
    @blueprint.response(200, ChangesAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any]) -> Response:
        """Changes of many listings and files, the latest first. Those of single listings stand in their histories."""
        lang = _language(query)
        with transaction() as session:
            rows = list_changes(session, int(query.get("limit", 50)), query.get("before"))
            return answer_own({"items": [render_summary(change, many, lang) for change, many in rows]})

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ChangeBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(202, ListingChangeAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 413, 415, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Ask for a change of many: they are frozen by id and revision, and nothing is changed until it is applied."""
        asked = Asked(body["set_"], body.get("search"), body.get("ids") or (), body.get("reason"))

        def work(session: Session) -> object:
            return choosing.ask_change(session, current_actor(), asked, dt.datetime.now(dt.UTC).date()).change_id

        return answer_once(headers, work, lambda made: _show(int(made), _language(query)), status=202)


@blueprint.route("/<int:change_id>")
class OneChange(MethodView):
    """One."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.response(200, ListingChangeAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any], change_id: int) -> Response:
        """One change: how far it is, what it makes of the first twenty, what it left and why."""
        return answer_own(_show(change_id, _language(query)))


@blueprint.route("/<int:change_id>/actions/<name>")
class Actions(MethodView):
    """What is done with one."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ChangeActionBody(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, ListingChangeAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(
        self, query: dict[str, Any], body: dict[str, Any], key: dict[str, Any], seen: dict[str, Any], **where: Any
    ) -> Response:
        """Apply, approve, undo or drop. Undoing names, in `blocked_by`, the later changes that rest on it."""
        change_id, name = where["change_id"], where["name"]
        reason, revision = (body or {}).get("reason"), read_revision(seen)

        def work(session: Session) -> object:
            taking.take(session, current_actor(), change_id, name, Taken(reason, revision))
            return change_id

        return answer_once(key, work, lambda made: _show(int(made), _language(query)))


def _show(change_id: int, lang: str) -> dict[str, Any]:
    with transaction() as session:
        return render_change(load_change(session, change_id, current_actor(), get_gazetteer()), lang)


def _language(query: dict[str, Any]) -> str:
    return reader_language(query.get("lang") or current_actor().lang)
