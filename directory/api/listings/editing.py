"""/v1/listings/{id}: a listing as it is and was, edited, decided on, merged; its agreements; its history."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import Response, request
from flask.views import MethodView
from sqlalchemy.orm import Session

from directory.actors import Role
from directory.api.listings.schemas import (
    AgreementPatch,
    HistoryAnswer,
    HistoryQuery,
    ListingActionBody,
    ListingPatch,
    NewAgreement,
    NewListingBody,
    WholeAnswer,
    WholeQuery,
)
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, RevisionConflict, UnknownAction
from directory.listings import curating, merging, terms
from directory.listings.agreements import Terms
from directory.listings.changing import Changed, driver_of
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from directory.listings.history import load_history
from directory.listings.whole import load_whole
from directory.web.access import allowed, current_actor
from directory.web.acting import answer_once, answer_own
from directory.web.answers import JSON, reader_language
from directory.web.documented import AccountBlueprint, documented_problems
from directory.web.listings.render import render_history, render_whole
from directory.web.parameters import parse_listing_id
from directory.web.problems import problem
from directory.web.reading import IdempotencyHeader, IfMatchHeader, LanguageQuery, read_revision
from geodata.gazetteer import get_gazetteer

blueprint = AccountBlueprint("listings", __name__, url_prefix="/v1/listings", description="Listings")

SCOPE = "listings"
_CHANGING = (400, 404, 409, 412, 413, 415, 422, 503)
Handler = Callable[..., Any]
# What is done with a listing, and gives what came of it.
Work = Callable[[Curator], Changed]


def changing(body: ma.Schema, *, required: bool = True, status: int = 200) -> Callable[[Handler], Handler]:
    """Mark a POST that changes one listing: language, body, key and ETag are read, the answer is the whole listing."""

    def decorate(handler: Handler) -> Handler:
        # From the handler outwards: it is given what is read here from below.
        for mark in (
            allowed(Role.network, scope=SCOPE),
            documented_problems(blueprint, *_CHANGING),
            blueprint.response(status, WholeAnswer, content_type=JSON),
            blueprint.arguments(IfMatchHeader(), location="headers"),
            blueprint.arguments(IdempotencyHeader(), location="headers"),
            blueprint.arguments(body, location="json", content_type=JSON, required=required),
            blueprint.arguments(LanguageQuery(), location="query"),
        ):
            handler = mark(handler)
        return handler

    return decorate


@blueprint.route("")
class NewListings(MethodView):
    """New ones."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(NewListingBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, WholeAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 413, 415, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Make a listing: `name`, `type` and `country` at least, and agreements where there are some."""
        lang = _language(query)
        agreements = [_terms(each)[0] for each in body.pop("agreements", ())]
        reason = body.pop("reason", None)

        def work(session: Session) -> object:
            return create_listing(_curator(session), body, agreements, get_gazetteer(), reason).listing_id

        return answer_once(headers, work, lambda made: _show(int(made), lang), status=201)


@blueprint.route("/<listing_id>")
class OneListing(MethodView):
    """One."""

    @blueprint.arguments(WholeQuery(), location="query")
    @blueprint.response(200, WholeAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any], listing_id: str) -> Response:
        """One listing with all that is known of it, whatever its status; with `as_of`, as it stood at that moment."""
        return answer_own(_show(parse_listing_id(listing_id), _language(query), as_of=query.get("as_of")))

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ListingPatch(), location="json", content_type=JSON)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, WholeAnswer, content_type=JSON)
    @documented_problems(blueprint, *_CHANGING, 428)
    @allowed(Role.network, scope=SCOPE)
    def patch(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any], listing_id: str) -> Response:
        """Say other facts, as a JSON merge patch. Of two who edit, different fields are put together."""
        if refused := _if_match_missing(headers):
            return refused
        reason = body.pop("reason", None)
        return _change(
            listing_id,
            lambda curator: curating.edit_listing(curator, parse_listing_id(listing_id), body, get_gazetteer(), reason),
            _language(query),
            seen=headers,
        )


@blueprint.route("/<listing_id>/history")
class History(MethodView):
    """What was done."""

    @blueprint.arguments(HistoryQuery(), location="query")
    @blueprint.response(200, HistoryAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any], listing_id: str) -> Response:
        """Every change as a difference, the latest first; which can be undone, else what stands in the way."""
        with transaction() as session:
            steps = load_history(driver_of(session), parse_listing_id(listing_id))
        return answer_own(render_history(steps, _language(query), int(query.get("limit", 100))))


@blueprint.route("/<listing_id>/actions/<name>")
class Actions(MethodView):
    """What is decided."""

    @changing(ListingActionBody(), required=False)
    def post(
        self, query: dict[str, Any], body: dict[str, Any], key: dict[str, Any], seen: dict[str, Any], **where: str
    ) -> Response:
        """Take an action: verify, suspend, resume, retire, restore, merge. `actions` of it names those that may."""
        act = _known(_ACTIONS, where["name"])
        id_ = parse_listing_id(where["listing_id"])
        return _change(
            where["listing_id"], lambda curator: act(curator, id_, body or {}), _language(query), key=key, seen=seen
        )


@blueprint.route("/<listing_id>/agreements")
class Agreements(MethodView):
    """New terms."""

    @changing(NewAgreement(), status=201)
    def post(
        self, query: dict[str, Any], body: dict[str, Any], key: dict[str, Any], seen: dict[str, Any], listing_id: str
    ) -> Response:
        """New terms in a network; those that run there end the day before they begin."""
        said, reason = _terms(body)
        return _change(
            listing_id,
            lambda curator: terms.add_agreement(curator, parse_listing_id(listing_id), said, reason),
            _language(query),
            key=key,
            seen=seen,
            status=201,
        )


@blueprint.route("/<listing_id>/agreements/<int:agreement_id>")
class OneAgreement(MethodView):
    """An agreement."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(AgreementPatch(), location="json", content_type=JSON)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, WholeAnswer, content_type=JSON)
    @documented_problems(blueprint, *_CHANGING, 428)
    @allowed(Role.network, scope=SCOPE)
    def patch(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any], **where: Any) -> Response:
        """Correct the terms of an agreement. Two that would overlap in a network are refused, with both named."""
        if refused := _if_match_missing(headers):
            return refused
        reason = body.pop("reason", None)
        id_, agreement = parse_listing_id(where["listing_id"]), where["agreement_id"]
        return _change(
            where["listing_id"],
            lambda curator: terms.correct_agreement(curator, id_, agreement, body, reason),
            _language(query),
            seen=headers,
        )


@blueprint.route("/<listing_id>/agreements/<int:agreement_id>/actions/<name>")
class AgreementActions(MethodView):
    """What is decided of an agreement."""

    @changing(ListingActionBody(), required=False)
    def post(
        self, query: dict[str, Any], body: dict[str, Any], key: dict[str, Any], seen: dict[str, Any], **where: Any
    ) -> Response:
        """Suspend an agreement, resume it, or end it."""
        act = _known(_AGREEMENT_ACTIONS, where["name"])
        id_, agreement = parse_listing_id(where["listing_id"]), where["agreement_id"]
        return _change(
            where["listing_id"],
            lambda curator: act(curator, id_, agreement, body or {}),
            _language(query),
            key=key,
            seen=seen,
        )


def _suspend(curator: Curator, listing_id: int, body: Mapping[str, Any]) -> Changed:
    begins, ends = body.get("from_"), body.get("until")
    return curating.suspend_listing(curator, listing_id, body.get("reason"), begins=begins, ends=ends)


def _verify(curator: Curator, listing_id: int, body: Mapping[str, Any]) -> Changed:
    note = body.get("note") or body.get("reason")
    return curating.verify_listing(curator, listing_id, body.get("facts") or (), body.get("method"), note)


def _merge(curator: Curator, listing_id: int, body: Mapping[str, Any]) -> Changed:
    if body.get("into") is None:
        raise InvalidRequest(Fault("/into", "Name the listing that stays."))
    return merging.merge_listings(curator, listing_id, body["into"], body.get("fields_") or {}, body.get("reason"))


_ACTIONS: Mapping[str, Callable[[Curator, int, Mapping[str, Any]], Changed]] = {
    "verify": _verify,
    "suspend": _suspend,
    "resume": lambda curator, id_, body: curating.resume_listing(curator, id_, body.get("reason")),
    "retire": lambda curator, id_, body: curating.retire_listing(curator, id_, body.get("reason")),
    "restore": lambda curator, id_, body: curating.restore_listing(curator, id_, body.get("reason")),
    "merge": _merge,
}


def _suspend_agreement(curator: Curator, listing_id: int, agreement_id: int, body: Mapping[str, Any]) -> Changed:
    return terms.suspend_agreement(
        curator,
        listing_id,
        agreement_id,
        body.get("reason"),
        begins=body.get("from_"),
        ends=body.get("until"),
        instead=body.get("instead"),
    )


def _end_agreement(curator: Curator, listing_id: int, agreement_id: int, body: Mapping[str, Any]) -> Changed:
    return terms.end_agreement(curator, listing_id, agreement_id, body.get("reason"), body.get("until"))


_AGREEMENT_ACTIONS: Mapping[str, Callable[[Curator, int, int, Mapping[str, Any]], Changed]] = {
    "suspend": _suspend_agreement,
    "resume": lambda curator, id_, aid, body: terms.resume_agreement(curator, id_, aid, body.get("reason")),
    "end": _end_agreement,
}


def _known(actions: Mapping[str, Any], name: str) -> Any:
    if name not in actions:
        raise UnknownAction(name, tuple(actions))
    return actions[name]


def _change(
    listing_id: str,
    work: Work,
    lang: str,
    *,
    key: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Do it, and answer with the listing as it stands then. Who saw an earlier one is told what was changed."""
    revision = read_revision(seen or {})

    def do(session: Session) -> object:
        changed = work(_curator(session, revision))
        return f"{changed.after.listing_id}:{changed.change_id}"

    def show(made: str) -> dict[str, Any]:
        id_, _, change = made.partition(":")
        return _show(int(id_), lang, change_id=int(change))

    try:
        return answer_once(key or {}, do, show, status=status)
    except RevisionConflict as error:
        current = _show(parse_listing_id(listing_id), lang)
        refused = problem(
            "revision-conflict",
            str(error),
            revision=error.revision,
            current={name: value for name, value in current.items() if name != "shown"},
            changed=list(error.changed),
        )
        refused.set_etag(str(error.revision))
        return refused


def _show(
    listing_id: int, lang: str, *, as_of: dt.datetime | None = None, change_id: int | None = None
) -> dict[str, Any]:
    with transaction() as session:
        whole = load_whole(session, listing_id, get_gazetteer(), _today(), as_of)
    return render_whole(whole, lang, change_id)


def _terms(body: dict[str, Any]) -> tuple[Terms, str | None]:
    reason = body.pop("reason", None)
    return Terms(**body), reason


def _curator(session: Session, revision: int | None = None) -> Curator:
    return Curator(session, current_actor(), _today(), revision)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _language(query: Mapping[str, Any]) -> str:
    return reader_language(query.get("lang") or current_actor().lang)


def _if_match_missing(headers: Mapping[str, Any]) -> Response | None:
    if not headers.get("if_match", "").strip():
        return problem("if-match-needed", f"Send If-Match with the ETag of what you saw of {request.path}.")
    return None
