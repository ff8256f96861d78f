"""/v1/refusals, /v1/calls, /v1/contact: sent by anybody, followed by their link, worked on by their desks."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView

from directory.actors import opener
from directory.api.care.acting import do, show, show_queue, who_asks
from directory.api.care.schemas import (
    CallAction,
    CallAnswer,
    CallBody,
    CareQueueQuery,
    CareRowsAnswer,
    CaseAnswer,
    ContactAction,
    ContactBody,
    FileAnswer,
    FollowQuery,
    NumberAnswer,
    NumberQuery,
    RefusalAction,
    RefusalAnswer,
    RefusalBody,
)
from directory.care import calls, questions, refusals
from directory.care.calls import CallDraft
from directory.care.cautions import cautions
from directory.care.kinds import CALLS, CONTACTS, REFUSALS
from directory.care.numbers import NumberRefused
from directory.care.questions import Question
from directory.care.refusals import Outcome, RefusalDraft
from directory.cases.attachments import LARGEST_FILE
from directory.cases.sealed_files import SentFile
from directory.db import transaction
from directory.errors import Fault, InvalidRequest
from directory.web.acting import answer_own
from directory.web.admission import LARGEST_BODY
from directory.web.answers import JSON, reader_language
from directory.web.care.limits import count_number
from directory.web.care.now import spaced
from directory.web.care.render import render_file
from directory.web.care.sending import is_own_call, send_call, send_question, send_refusal
from directory.web.documented import PublicBlueprint, documented_problems
from directory.web.reading import IdempotencyHeader, IfMatchHeader, LanguageQuery, read_revision
from directory.web.saved_files import send_attachment
from directory.wording.catalogue import phrase

blueprint = PublicBlueprint("care", __name__, url_prefix="/v1", description="Customer service")


def said(body: dict[str, Any], lang: str) -> dict[str, Any]:
    """What was said, without what was left empty; in the reader's language where none is named."""
    return {"lang": lang, **{name: value for name, value in body.items() if value is not None}}


@blueprint.route("/refusals")
class Refusals(MethodView):
    """Cards that were refused."""

    @blueprint.arguments(CareQueueQuery(), location="query")
    @blueprint.response(200, CareRowsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any]) -> Response:
        """What waits at the desk: what three people report first, then what is due first."""
        return show_queue(REFUSALS, query)

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(RefusalBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, RefusalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 422, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Say that a provider refused the card, now at the desk or earlier. Nothing is suspended by it.

        Before this is sent, GET /v1/providers/{id}/now says whom to call and where else the card is taken.
        """
        lang = reader_language(query.get("lang"))
        made = send_refusal(RefusalDraft(**said(body, lang)), headers.get("idempotency_key"))
        return show(REFUSALS, opener(lang, follows=made), made, lang, status=201, link=True)


@blueprint.route("/refusals/<uuid:case_id>")
class OneRefusal(MethodView):
    """One."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.response(200, RefusalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any], case_id: UUID) -> Response:
        """One, with what its reader may see: customer service, the network team, or whoever holds its link."""
        actor = who_asks(REFUSALS, query, case_id)
        return show(REFUSALS, actor, case_id, reader_language(query.get("lang") or actor.lang))


@blueprint.route("/refusals/<uuid:case_id>/actions/<name>")
class RefusalActions(MethodView):
    """What is done about one."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.arguments(RefusalAction(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, RefusalAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], seen: dict[str, Any], **where: Any) -> Response:
        """contact, persuaded, letter, alternative, suspend, dismiss, withdraw; `actions` names the possible ones."""
        case_id, name = where["case_id"], where["name"]
        actor = who_asks(REFUSALS, query, case_id)
        given = {part: value for part, value in (body or {}).items() if value is not None}
        if "listing_ids" in given:
            given["listing_ids"] = tuple(given["listing_ids"])
        do(lambda session: refusals.act(session, actor, case_id, name, Outcome(**given), read_revision(seen)))
        cautions().forget()
        return show(REFUSALS, actor, case_id, reader_language(query.get("lang") or actor.lang))


@blueprint.route("/calls")
class Calls(MethodView):
    """Calls that are wished for."""

    @blueprint.arguments(CareQueueQuery(), location="query")
    @blueprint.response(200, CareRowsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any]) -> Response:
        """What waits to be called, what is due first first; no number among them."""
        return show_queue(CALLS, query)

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(CallBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, CallAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 422, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Ask to be called. While a request is open for a number, asking again gives that one, with 200."""
        lang = reader_language(query.get("lang"))
        given = said(body, lang)
        confirmed = given.pop("confirmed", None)
        made, is_new = send_call(CallDraft(**given), confirmed, headers.get("idempotency_key"))
        with transaction() as session:
            own = is_own_call(session, made)
        actor = opener(lang, follows=made)
        if own:
            return show(CALLS, actor, made, lang, status=201 if is_new else 200, link=True)
        # Somebody else asked for it: that it waits is all that this one learns.
        answer = show(CALLS, actor, made, lang)
        body_of = answer.get_json()
        return answer_own({**body_of, "follow_url": None, "actions": [], "events": [], "messages": []})


@blueprint.route("/calls/number")
class Number(MethodView):
    """A number before it is sent."""

    @blueprint.arguments(NumberQuery(), location="query")
    @blueprint.response(200, NumberAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    def get(self, query: dict[str, Any]) -> Response:
        """The number as we would call it, to be shown and confirmed; nothing is kept. Refused ones are told why."""
        count_number()
        lang = reader_language(query.get("lang"))
        with transaction() as session:
            try:
                read = calls.check_number(session, query["country"], query["number"])
            except NumberRefused as error:
                raise InvalidRequest(Fault("number", str(error))) from None
        return answer_own(
            {
                "number": read.e164,
                "number_shown": spaced(read.e164),
                "country": read.country,
                "warnings": list(read.warnings),
                "sentences": [phrase(lang, f"care.warning_{each}") for each in read.warnings],
            }
        )


@blueprint.route("/calls/<uuid:case_id>")
class OneCall(MethodView):
    """One."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.response(200, CallAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any], case_id: UUID) -> Response:
        """One; its number for who brought it, and for who claimed it."""
        actor = who_asks(CALLS, query, case_id)
        return show(CALLS, actor, case_id, reader_language(query.get("lang") or actor.lang))


@blueprint.route("/calls/<uuid:case_id>/actions/<name>")
class CallActions(MethodView):
    """What is done with one."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.arguments(CallAction(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, CallAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], seen: dict[str, Any], **where: Any) -> Response:
        """claim, then one of reached, no_answer, busy, wrong_number; cancel by who brought it."""
        case_id, name = where["case_id"], where["name"]
        actor = who_asks(CALLS, query, case_id)
        note = (body or {}).get("note")
        do(lambda session: calls.act(session, actor, case_id, name, note, read_revision(seen)))
        return show(CALLS, actor, case_id, reader_language(query.get("lang") or actor.lang))


@blueprint.route("/contact")
class Questions(MethodView):
    """Questions."""

    @blueprint.arguments(CareQueueQuery(), location="query")
    @blueprint.response(200, CareRowsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any]) -> Response:
        """What waits to be answered, what is due first first."""
        return show_queue(CONTACTS, query)

    @blueprint.arguments(LanguageQuery(), location="query")
    @blueprint.arguments(ContactBody(), location="json", content_type=JSON)
    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(201, CaseAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 410, 413, 415, 422, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], headers: dict[str, Any]) -> Response:
        """Ask something. It is answered within two business days, by the way that was given."""
        lang = reader_language(query.get("lang"))
        made = send_question(Question(**said(body, lang)), headers.get("idempotency_key"))
        return show(CONTACTS, opener(lang, follows=made), made, lang, status=201, link=True)


@blueprint.route("/contact/<uuid:case_id>")
class OneQuestion(MethodView):
    """One."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.response(200, CaseAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any], case_id: UUID) -> Response:
        """One, for customer service and for whoever holds its link."""
        actor = who_asks(CONTACTS, query, case_id)
        return show(CONTACTS, actor, case_id, reader_language(query.get("lang") or actor.lang))


@blueprint.route("/contact/<uuid:case_id>/files")
class QuestionFiles(MethodView):
    """Files of a question."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.response(201, FileAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 413, 503)
    def post(self, query: dict[str, Any], case_id: UUID) -> Response:
        """One PDF, JPEG or PNG of at most 10 MB, as `file` of a form; five in all. Its kind is read from its content.

        It is sealed with the words of the question, and forgotten with them.
        """
        request.max_content_length = LARGEST_FILE + LARGEST_BODY
        actor = who_asks(CONTACTS, query, case_id)
        sent = request.files.get("file")
        if sent is None:
            raise InvalidRequest(Fault("/file", "A file is needed here, in a form (multipart/form-data)."))
        with transaction() as session:
            kept = questions.add_file(session, actor, case_id, SentFile(sent.filename or "", sent.read()))
        return answer_own(render_file(case_id, kept), 201)


@blueprint.route("/contact/<uuid:case_id>/files/<uuid:file_id>")
class OneFile(MethodView):
    """A file of a question."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    @documented_problems(blueprint, 400, 404, 503)
    def get(self, query: dict[str, Any], case_id: UUID, file_id: UUID) -> Response:
        """To be saved: nothing of it is shown or run by a browser as a page of ours."""
        actor = who_asks(CONTACTS, query, case_id)
        with transaction() as session:
            file, content = questions.open_file(session, actor, case_id, file_id)
        return send_attachment(file.name, file.media_type, content)


@blueprint.route("/contact/<uuid:case_id>/actions/<name>")
class QuestionActions(MethodView):
    """What is done with one."""

    @blueprint.arguments(FollowQuery(), location="query")
    @blueprint.arguments(ContactAction(), location="json", content_type=JSON, required=False)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, CaseAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 503)
    def post(self, query: dict[str, Any], body: dict[str, Any], seen: dict[str, Any], **where: Any) -> Response:
        """claim, answer, forward, reopen; withdraw by who asked."""
        case_id, name = where["case_id"], where["name"]
        actor = who_asks(CONTACTS, query, case_id)
        given = {part: (body or {}).get(part) for part in ("message", "note")}
        do(lambda session: questions.act(session, actor, case_id, name, revision=read_revision(seen), **given))
        return show(CONTACTS, actor, case_id, reader_language(query.get("lang") or actor.lang))
