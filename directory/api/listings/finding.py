"""/v1/listings: the network team finds any listing, and takes one to look after."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import orjson
from flask import Response
from flask.views import MethodView
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.admission import repeating
from directory.admission.repeating import Answer
from directory.api.listings.found_schemas import ListingsAnswer, OwnedAnswer, WhyNotAnswer
from directory.db import transaction
from directory.listings.owning import give_back_listing, load_owner, load_team, take_listing
from directory.search.curating import list_listings
from directory.search.why_not import find_why_not, understand_asked
from directory.web.access import allowed, current_actor
from directory.web.answers import JSON, reader_language
from directory.web.documented import AccountBlueprint, documented_problems
from directory.web.listings.asking import ListingsQuery, of_reader
from directory.web.listings.listed import render_listed
from directory.web.listings.why_not import render_why_not
from directory.web.parameters import WhyNotQuery, parse_listing_id
from directory.web.reading import IdempotencyHeader, current_arguments
from directory.web.sending import sent_by_key

blueprint = AccountBlueprint("listings_found", __name__, url_prefix="/v1/listings", description="Listings")

SCOPE = "listings"


@blueprint.route("")
class Listings(MethodView):
    """The list."""

    @blueprint.arguments(ListingsQuery(), location="query")
    @blueprint.response(200, ListingsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any]) -> Response:
        """Find listings of every status, as members search; q may also be a number, a telephone or an external id."""
        lang = reader_language(query.get("lang") or current_actor().lang)
        listed = list_listings(of_reader(query, current_actor()), dt.datetime.now(dt.UTC).date())
        with transaction() as session:
            team = load_team(session)
        return _respond(Answer(200, orjson.dumps(render_listed(listed, team, current_arguments(), lang))))


@blueprint.route("/<listing_id>/why-not")
class WhyNotFound(MethodView):
    """What keeps one from a search."""

    @blueprint.arguments(WhyNotQuery(), location="query")
    @blueprint.response(200, WhyNotAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any], listing_id: str) -> Response:
        """Why members do not find a listing by these parameters of GET /v1/providers, or at which place they do."""
        lang = reader_language(query.get("lang") or current_actor().lang)
        understood, row, why = find_why_not(understand_asked(query), parse_listing_id(listing_id))
        return _respond(Answer(200, orjson.dumps(render_why_not(understood, row, why, lang))))


@blueprint.route("/<listing_id>/actions/take")
class Take(MethodView):
    """Looking after one."""

    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(200, OwnedAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, headers: dict[str, Any], listing_id: str) -> Response:
        """Take a listing, to look after it; whoever did, no longer does."""
        return _own(headers, listing_id, take_listing)


@blueprint.route("/<listing_id>/actions/give_back")
class GiveBack(MethodView):
    """Looking after one no longer."""

    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(200, OwnedAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, headers: dict[str, Any], listing_id: str) -> Response:
        """Give a listing back, so that nobody looks after it."""
        return _own(headers, listing_id, give_back_listing)


def _own(headers: dict[str, Any], listing_id: str, act: Callable[[Session, int, Actor], None]) -> Response:
    """Take or give back once, and say whose the listing is now."""
    listing, actor = parse_listing_id(listing_id), current_actor()
    sent = sent_by_key(headers, actor.account_id)

    def work() -> int:
        act(session, listing, actor)
        return listing

    with transaction() as session:
        done = repeating.do_once(session, sent, work)
        if done.answer:
            return _respond(done.answer)
        owner = load_owner(session, listing)
    answer = Answer(200, orjson.dumps({"id": str(listing), "owner": owner and owner._asdict()}))
    if sent:
        with transaction() as session:
            answer = repeating.keep_answer(session, sent, answer)
    return _respond(answer)


def _respond(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status, mimetype=JSON)
