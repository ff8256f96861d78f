"""/v1/proposals: officers propose and back, the network team acts; each sees what is theirs to see."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView
from sqlalchemy.orm import Session

from directory.actors import Role
from directory.api.proposals.schemas import (
    ActionBody,
    AttachedAnswer,
    LookQuery,
    MatchesAnswer,
    MessageBody,
    NotSameBody,
    OwnerBody,
    ProposalAnswer,
    ProposalBody,
    ProposalChange,
    ProposalsAnswer,
    QueueQuery,
    SupportAnswer,
    SupportBody,
    WrittenAnswer,
)
from directory.cases.attachments import LARGEST_FILE, read_attachment
from directory.cases.casework import Desk
from directory.cases.queue import count_queue
from directory.db import transaction
from directory.errors import Fault, InvalidRequest
from directory.listings.agreements import Terms, read_terms
from directory.models import CaseAttachment, CaseMessage, Channel, MessageKind, Proposal
from directory.proposals import acting, correcting, proposing, reading, rules, writing
from directory.proposals.acting import Given, leaving
from directory.proposals.checklist import read_alike, say_another
from directory.proposals.correcting import Correction
from directory.proposals.draft import Draft, Need, ProposedProvider
from directory.proposals.matches import as_same
from directory.proposals.patients import words_of_file
from directory.proposals.viewing import LIST, check_open_points, load_view
from directory.web import acting as web_acting
from directory.web.access import allowed, current_actor
from directory.web.acting import answer_own
from directory.web.answers import JSON, reader_language
from directory.web.documented import AccountBlueprint, documented_problems
from directory.web.problems import problem
from directory.web.proposals.asking import look_up, read_filter
from directory.web.proposals.limits import count_file, count_message, count_proposal
from directory.web.proposals.render import (
    hints_of,
    render_attachment,
    render_message,
    render_proposal,
    render_same_proposal,
    render_summary,
)
from directory.web.reading import IdempotencyHeader, IfMatchHeader, LanguageQuery, read_revision
from directory.web.saved_files import send_attachment

blueprint = AccountBlueprint("proposals", __name__, url_prefix="/v1/proposals", description="Proposals")

SCOPE = "proposals"
_BOTH = (Role.hr, Role.network)
# The file, and what a form puts around it.
_LARGEST_UPLOAD = LARGEST_FILE + 64 * 1024

# What is done in a transaction gives the id of what it made or changed; what is shown of that is loaded after it.
Work = Callable[[Desk], UUID]
Show = Callable[[UUID], dict[str, Any]]


@blueprint.route("")
class Proposals(MethodView):
    """Lists, and new ones."""

    @blueprint.arguments(QueueQuery(), location="query")
    @blueprint.response(200, ProposalsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def get(self, query: dict[str, Any]) -> Response:
        """An officer's own client's proposals, or the network team's queue: what is open, what is due first first."""
        lang = reader_language(query.get("lang") or current_actor().lang)
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            return answer_own(_render_list(desk, query, lang))

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ProposalBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 413, 415, 422, 503)
    @allowed(Role.hr, scope=SCOPE)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Propose a provider. Never name a patient or a diagnosis: `hints` tell what looks like one.

        A page asks before it sends such words; a program is told, here and wherever words are taken.
        """
        count_proposal()
        lang = reader_language(query.get("lang") or current_actor().lang)

        def work(desk: Desk) -> UUID:
            proposal = proposing.propose(desk, read_draft(body))
            if body.get("submit"):
                acting.act(desk, proposal.id, "submit", sure=True)
            return proposal.id

        return answer_once(headers, work, show_proposal(lang), status=201)


@blueprint.route("/matches")
class Matches(MethodView):
    """While a name is typed."""

    @blueprint.arguments(LookQuery(), location="query")
    @blueprint.response(200, MatchesAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def get(self, query: dict[str, Any]) -> Response:
        """Who may be the same as a provider that somebody is about to propose, and who serves the same need now."""
        lang = reader_language(query.get("lang") or current_actor().lang)
        return answer_own(look_up(current_actor(), query, lang))


@blueprint.route("/<uuid:proposal_id>")
class OneProposal(MethodView):
    """One."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.response(200, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def get(self, query: dict[str, Any], proposal_id: UUID) -> Response:
        """One proposal with all that its reader may see, and `actions`, which the reader may take now."""
        lang = reader_language(query.get("lang") or current_actor().lang)
        return answer_own(show_proposal(lang)(proposal_id))

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ProposalChange(), location="json", content_type=JSON)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 428, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def patch(
        self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any], proposal_id: UUID
    ) -> Response:
        """Say something else: officers of a draft or where information was asked for, the team until it is listed."""
        revision = read_revision(headers)
        if revision is None:
            return problem("if-match-needed", "Send If-Match with the ETag of what you saw.")
        lang = reader_language(query.get("lang") or current_actor().lang)
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            known = reading.load_proposal(session, proposal_id, desk.actor)
            correcting.edit(desk, proposal_id, read_correction(known, body), revision, sure=True)
        return answer_own(show_proposal(lang)(proposal_id))


@blueprint.route("/<uuid:proposal_id>/actions/<name>")
class Actions(MethodView):
    """What is done with one."""

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ActionBody(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 422, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def post(
        self, query: dict[str, Any], body: dict[str, Any], key: dict[str, Any], seen: dict[str, Any], **where: Any
    ) -> Response:
        """Take an action: submit, ask_information, start_review, contact, negotiate, agree, list, decline, …

        `actions` of the proposal names those that are possible; which body each takes stands in docs/proposals.md.
        """
        proposal_id, name = where["proposal_id"], where["name"]
        lang = reader_language(query.get("lang") or current_actor().lang)
        given, revision = read_given(body or {}), read_revision(seen)
        if name == LIST:
            # It asks the search engine, so before anything is locked. What was listed by this key is past it.
            check_open_points(current_actor(), proposal_id, given, revision)

        def work(desk: Desk) -> UUID:
            return acting.act(desk, proposal_id, name, given, revision, sure=True).id

        def show(done: UUID) -> dict[str, Any]:
            shown = show_proposal(lang)(done)
            return {**shown, "hints": [*shown["hints"], *hints_of(leaving(given), lang)]}

        return answer_once(key, work, show)


@blueprint.route("/<uuid:proposal_id>/messages")
class Messages(MethodView):
    """Words between officer and team, notes and contacts of the team."""

    @blueprint.arguments(MessageBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, WrittenAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 413, 415, 422, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def post(self, body: dict[str, Any], headers: dict[str, Any], proposal_id: UUID) -> Response:
        """Write on a proposal. What an officer writes while the team waits for it is the answer: it goes on with it."""
        count_message()
        lang = reader_language(current_actor().lang)
        kind = MessageKind(body.get("kind") or MessageKind.message)
        channel = Channel(body["channel"]) if body.get("channel") else None
        if channel and kind is not MessageKind.contact:
            raise InvalidRequest(Fault("/channel", "Only a contact has a channel."))

        def work(desk: Desk) -> UUID:
            return writing.write(desk, proposal_id, body["text"], kind, channel, sure=True).id

        def show(message_id: UUID) -> dict[str, Any]:
            with transaction() as session:
                message = session.get_one(CaseMessage, message_id)
                return {**render_message(message, current_actor()), "hints": hints_of({"/text": message.text}, lang)}

        return answer_once(headers, work, show, status=201)


@blueprint.route("/<uuid:proposal_id>/supporters")
class Supporters(MethodView):
    """Backing."""

    @blueprint.arguments(SupportBody(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, SupportAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 413, 415, 422, 503)
    @allowed(Role.hr, scope=SCOPE)
    def post(self, body: dict[str, Any], headers: dict[str, Any], proposal_id: UUID) -> Response:
        """Back an open proposal, of one's own client or another's; once."""

        def work(desk: Desk) -> UUID:
            proposing.support(desk, proposal_id)
            return proposal_id

        def show(backed: UUID) -> dict[str, Any]:
            with transaction() as session:
                return {"supporters": reading.count_supporters(session, backed)}

        return answer_once(headers, work, show, status=201)


@blueprint.route("/<uuid:proposal_id>/owner")
class Owner(MethodView):
    """Who works on it."""

    @blueprint.arguments(OwnerBody(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(200, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 413, 415, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, body: dict[str, Any], headers: dict[str, Any], proposal_id: UUID) -> Response:
        """Take a proposal over, hand it to a colleague, or put it back."""
        owner = (body or {}).get("account_id", current_actor().account_id)
        lang = reader_language(current_actor().lang)

        def work(desk: Desk) -> UUID:
            return proposing.take_over(desk, proposal_id, owner).id

        return answer_once(headers, work, show_proposal(lang))


@blueprint.route("/<uuid:proposal_id>/not-same")
class NotSame(MethodView):
    """Look-alikes that are another provider."""

    @blueprint.arguments(NotSameBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(200, ProposalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 413, 415, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, body: dict[str, Any], headers: dict[str, Any], proposal_id: UUID) -> Response:
        """Say that a listing, or another proposal, that looks alike is another provider."""
        alike = read_alike(body.get("listing_id"), body.get("proposal_id"))
        lang = reader_language(current_actor().lang)

        def work(desk: Desk) -> UUID:
            return say_another(desk, proposal_id, alike).id

        return answer_once(headers, work, show_proposal(lang))


@blueprint.route("/<uuid:proposal_id>/attachments")
class Attachments(MethodView):
    """Files."""

    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, AttachedAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 413, 415, 422, 503)
    @allowed(*_BOTH, scope=SCOPE, largest_body=_LARGEST_UPLOAD)
    def post(self, headers: dict[str, Any], proposal_id: UUID) -> Response:
        """Attach a PDF, JPEG or PNG of at most 10 MB, as `file` of a form. Its kind is read from its content."""
        count_file()
        sent = request.files.get("file")
        if sent is None:
            raise InvalidRequest(Fault("/file", "A file is needed here, in a form (multipart/form-data)."))
        content, name, lang = sent.read(), sent.filename or "", reader_language(current_actor().lang)

        def work(desk: Desk) -> UUID:
            return writing.attach_file(desk, proposal_id, name, content, sure=True).id

        def show(attachment_id: UUID) -> dict[str, Any]:
            with transaction() as session:
                attachment = session.get_one(CaseAttachment, attachment_id)
                hints = hints_of({"/file": words_of_file(attachment.name)}, lang)
                return {**render_attachment(attachment, current_actor()), "hints": hints}

        # A program that sends its form again draws another line between its parts, so it is not known by the bytes.
        return answer_once(headers, work, show, status=201, content=(name.encode(), content))


@blueprint.route("/<uuid:proposal_id>/attachments/<uuid:attachment_id>")
class OneAttachment(MethodView):
    """A file."""

    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    @documented_problems(blueprint, 404, 503)
    @allowed(*_BOTH, scope=SCOPE)
    def get(self, proposal_id: UUID, attachment_id: UUID) -> Response:
        """One file, to be saved: nothing of it is shown or run by a browser as a page of ours."""
        with transaction() as session:
            reading.load_proposal(session, proposal_id, current_actor())
            desk = rules.desk(session, current_actor())
            attachment, content = read_attachment(desk, proposal_id, attachment_id)
        return send_attachment(attachment.name, attachment.media_type, content)


def answer_once(
    headers: Mapping[str, Any], work: Work, show: Show, *, status: int = 200, content: tuple[bytes, ...] | None = None
) -> Response:
    """As `web.acting.answer_once`, at this actor's desk."""
    actor = current_actor()

    def do(session: Session) -> UUID:
        return work(rules.desk(session, actor))

    return web_acting.answer_once(headers, do, lambda made: show(UUID(made)), status=status, content=content)


def show_proposal(lang: str) -> Show:
    """Shows a proposal as its reader sees it now."""
    return lambda proposal_id: render_proposal(load_view(current_actor(), proposal_id), lang)


def read_draft(body: Mapping[str, Any]) -> Draft:
    """What was sent as a draft."""
    provider, need = (
        {name: value for name, value in _known(body[part], shape).items() if value is not None}
        for part, shape in (("provider", ProposedProvider), ("need", Need))
    )
    return Draft(ProposedProvider(**provider), Need(**need), bool(body.get("consent_named")))


def change_draft(known: Draft, body: Mapping[str, Any]) -> Draft:
    """A draft with what was sent in its place."""
    consent = body.get("consent_named")
    return Draft(
        replace(known.provider, **_known(body.get("provider", {}), ProposedProvider)),
        replace(known.need, **_known(body.get("need", {}), Need)),
        known.consent_named if consent is None else consent,
    )


def read_correction(known: Proposal, body: Mapping[str, Any]) -> Correction:
    """What is to stand there: what was sent in the place of what is known."""
    draft = change_draft(proposing.draft_of(known), body)
    if "agreement" not in body:
        return Correction(draft)
    terms = read_terms(known.agreement) if known.agreement else Terms("", "", "")
    return Correction(draft, replace(terms, **body["agreement"]))


def read_given(body: Mapping[str, Any]) -> Given:
    """What came with an action."""
    given = dict(body)
    if given.get("agreement"):
        given["agreement"] = Terms(**given["agreement"])
    if given.get("channel"):
        given["channel"] = Channel(given["channel"])
    return Given(**given)


def _render_list(desk: Desk, query: Mapping[str, Any], lang: str) -> dict[str, Any]:
    counts, backed = None, []
    if desk.is_desk:
        page = reading.load_queue(desk, read_filter(query, desk.actor))
        tally = count_queue(desk)
        counts = {each.name: getattr(tally, each.name) for each in fields(tally)}
    else:
        page = reading.load_own(desk.session, desk.actor, limit=query["limit"], offset=query["offset"])
        backed = [
            render_same_proposal(as_same(row.proposal, row.supporters), lang)
            for row in reading.load_backed(desk.session, desk.actor)
        ]
    items = [render_summary(row, desk.reader, lang) for row in page.rows]
    return {"items": items, "total": page.total, "counts": counts, "backed": backed}


def _known(part: Mapping[str, Any], shape: type) -> dict[str, Any]:
    """What was said of it, lists as tuples."""
    kept = {name: tuple(value) if isinstance(value, list) else value for name, value in part.items()}
    names = {each.name for each in fields(shape)}
    return {name: value for name, value in kept.items() if name in names}
