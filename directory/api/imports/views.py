"""/v1/imports: what people do with files of providers. The work itself is done by `provider-directory work`."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, request
from flask.views import MethodView
from sqlalchemy.orm import Session

from directory.actors import Role
from directory.api.imports.schemas import (
    ColumnsBody,
    ImportAnswer,
    ImportsAnswer,
    ImportsQuery,
    RowsAnswer,
    RowsQuery,
)
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, RevisionConflict
from directory.imports.desk import bringing
from directory.imports.desk.outcomes import load_rows
from directory.imports.errors import ImportNotFound
from directory.models import RowOutcome
from directory.runtime import deadline
from directory.web.access import allowed, current_actor
from directory.web.acting import answer_once, answer_own
from directory.web.answers import JSON
from directory.web.documented import AccountBlueprint, documented_problems
from directory.web.imports.files import send_rejects, send_warnings
from directory.web.imports.limits import UPLOAD_S, largest_upload
from directory.web.imports.render import render_import, render_row, render_summary, rows_total
from directory.web.problems import problem
from directory.web.reading import IdempotencyHeader, IfMatchHeader, read_revision

blueprint = AccountBlueprint("imports_api", __name__, url_prefix="/v1/imports", description="Imports")

SCOPE = "imports"


@blueprint.route("")
class Imports(MethodView):
    """Lists, and new ones."""

    @blueprint.arguments(ImportsQuery(), location="query")
    @blueprint.response(200, ImportsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any]) -> Response:
        """Imports, the latest first: those of people and those of commands."""
        limit, before = query["limit"], query.get("cursor")
        with transaction() as session:
            found = bringing.list_imports(session, before=int(before) if before else None, limit=limit + 1)
            items = [render_summary(each) for each in found[:limit]]
        following = f"/v1/imports?limit={limit}&cursor={items[-1]['id']}" if len(found) > limit else None
        return answer_own({"items": items, "links": {"self": request.full_path.rstrip("?"), "next": following}})

    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.response(202, ImportAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 413, 422, 503)
    @allowed(Role.network, scope=SCOPE, largest_body=largest_upload)
    def post(self, headers: dict[str, Any]) -> Response:
        """Bring a file, as `file` of a form with `source`. What its columns are is looked at next; nothing is imported.

        Poll the import until its `state` is no longer `uploaded`; or ask for the preview at once.
        """
        sent, source = request.files.get("file"), request.form.get("source", "")
        if sent is None:
            raise InvalidRequest(Fault("/file", "A file is needed here, in a form (multipart/form-data)."))
        name, stream = sent.filename or "", sent.stream

        def work(session: Session) -> int:
            return bringing.bring(session, current_actor(), name, source, stream).id

        content = (name.encode(), source.encode(), _digest_of(stream))
        with deadline.longer(UPLOAD_S):
            return answer_once(headers, work, show_import, status=202, content=content)


@blueprint.route("/<import_id>")
class OneImport(MethodView):
    """One."""

    @blueprint.response(200, ImportAnswer, content_type=JSON)
    @documented_problems(blueprint, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, import_id: str) -> Response:
        """One import: its columns with a guess and some values each, its counts, and what may be done with it."""
        return answer_own(show_import(import_id))

    @blueprint.arguments(ColumnsBody(), location="json", content_type=JSON)
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(200, ImportAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 409, 412, 413, 415, 428, 503)
    @allowed(Role.network, scope=SCOPE)
    def patch(self, body: dict[str, Any], headers: dict[str, Any], import_id: str) -> Response:
        """Say what columns are. A preview that was made before is made anew."""
        if not headers.get("if_match"):
            return problem("if-match-needed", "Send If-Match with the ETag of what you saw.")
        number, revision = read_id(import_id), read_revision(headers)

        def tell() -> Response:
            with transaction() as session:
                bringing.tell_columns(session, current_actor(), number, body["columns"], revision)
            return answer_own(show_import(import_id))

        return _or_conflict(import_id, tell)


@blueprint.route("/<import_id>/actions/<name>")
class Actions(MethodView):
    """What is done with one."""

    @blueprint.arguments(IdempotencyHeader(), location="headers")
    @blueprint.arguments(IfMatchHeader(), location="headers")
    @blueprint.response(202, ImportAnswer, content_type=JSON)
    @blueprint.alt_response(200, schema=ImportAnswer, content_type=JSON, success=True, description="It was dropped.")
    @documented_problems(blueprint, 400, 404, 409, 412, 422, 503)
    @allowed(Role.network, scope=SCOPE)
    def post(self, key: dict[str, Any], seen: dict[str, Any], import_id: str, name: str) -> Response:
        """Take an action: preview, apply, undo or drop; `actions` of the import names those that are possible.

        The work goes on after the answer: poll the import. An import that is dropped while it is applied is not
        applied.
        """
        number, revision = read_id(import_id), read_revision(seen)

        def work(session: Session) -> int:
            return bringing.act(session, current_actor(), number, name, revision).id

        status = 200 if name == "drop" else 202
        return _or_conflict(import_id, lambda: answer_once(key, work, show_import, status=status))


@blueprint.route("/<import_id>/rows")
class Rows(MethodView):
    """What becomes of rows."""

    @blueprint.arguments(RowsQuery(), location="query")
    @blueprint.response(200, RowsAnswer, content_type=JSON)
    @documented_problems(blueprint, 400, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, query: dict[str, Any], import_id: str) -> Response:
        """Rows of one outcome, each with its line: what would change, why it was set aside, what was noticed.

        The first 10,000 of each are kept.
        """
        number, outcome = read_id(import_id), RowOutcome(query["outcome"])
        with transaction() as session:
            brought = bringing.load_import(session, number)
            page = load_rows(session, number, outcome, int(query.get("cursor") or 0), query["limit"])
            total = rows_total(brought, outcome)
        address = f"/v1/imports/{number}/rows?outcome={outcome.value}&limit={query['limit']}"
        following = None if page.following is None else f"{address}&cursor={page.following}"
        links = {"self": request.full_path.rstrip("?"), "next": following}
        items = [render_row(row) for row in page.rows]
        return answer_own({"items": items, "total": total, "kept": page.kept, "links": links})


@blueprint.route("/<import_id>/rejects.csv")
class Rejects(MethodView):
    """Rows that were set aside."""

    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="text/csv")
    @documented_problems(blueprint, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, import_id: str) -> Response:
        """Every row that was set aside, with its line, column and reason: mend it, and bring it again."""
        return send_rejects(_known(import_id))


@blueprint.route("/<import_id>/warnings.csv")
class Warnings(MethodView):
    """What was noticed."""

    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="text/csv")
    @documented_problems(blueprint, 404, 503)
    @allowed(Role.network, scope=SCOPE)
    def get(self, import_id: str) -> Response:
        """What was noticed in rows that go in, with their lines."""
        return send_warnings(_known(import_id))


def show_import(import_id: str) -> dict[str, Any]:
    """One import as it stands. Raises ImportNotFound."""
    with transaction() as session:
        return render_import(bringing.load_import(session, read_id(import_id)))


def _or_conflict(import_id: str, answer: Callable[[], Response]) -> Response:
    """The answer; where the sender saw another revision, how it stands now beside what changed."""
    try:
        return answer()
    except RevisionConflict as error:
        refused = problem(
            "revision-conflict",
            str(error),
            revision=error.revision,
            current=show_import(import_id),
            changed=list(error.changed),
        )
        refused.set_etag(str(error.revision))
        return refused


def read_id(text: str) -> int:
    """The number of an import. Raises ImportNotFound for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ImportNotFound(text[:40])
    return int(text)


def _known(import_id: str) -> int:
    with transaction() as session:
        return bringing.load_import(session, read_id(import_id)).id


def _digest_of(stream: Any) -> bytes:
    digest = hashlib.file_digest(stream, "sha256").digest()
    stream.seek(0)
    return digest
