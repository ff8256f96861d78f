"""/network/imports: the team brings files, says what their columns are, sees what would change, applies, and undoes."""

from typing import Any
from uuid import uuid4

from flask import Response, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response as BaseResponse

from config.settings import get_settings
from directory.actors import Role
from directory.admission import repeating
from directory.db import transaction
from directory.errors import IdempotencyKeyReused, InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.imports.desk import bringing
from directory.imports.desk.outcomes import RowsPage, load_rows
from directory.imports.desk.states import TELLING, WAITING
from directory.imports.errors import FileTooLarge
from directory.models import ImportStatus, RowOutcome
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.import_words import field_label, import_words
from directory.pages.staff.keeping import shows_again
from directory.runtime import deadline
from directory.web.access import allowed, current_actor
from directory.web.imports.files import send_rejects, send_warnings
from directory.web.imports.limits import UPLOAD_S, largest_upload
from directory.web.imports.render import render_import, render_row, render_summary, rows_total
from directory.web.sending import FORM_FIELD, sent_by_form

TEAM = (Role.network, Role.admin)
blueprint = StaffPages("imports", __name__, url_prefix="/network/imports")
blueprint.context_processor(import_words)

_PAGE = 50
_ROWS = 100
_LEFT_SHOWN = 50
# Where the counts of a preview or of an import stand.
_WITH_ROWS = (ImportStatus.previewed, ImportStatus.applied, ImportStatus.undone)
_LEAVE_OUT = "-"


@blueprint.get("")
@allowed(Role.network)
def show_list() -> str:
    """What was brought, and the form to bring more."""
    return _list()


def _bring_again(fault: str) -> str:
    return _list(fault=fault)


@blueprint.post("")
@allowed(Role.network, largest_body=largest_upload)
@shows_again(_bring_again)
def bring() -> Shown:
    """Take a file."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _list(faults={"file": "imports.no_file"}), 422
    try:
        with deadline.longer(UPLOAD_S), transaction() as session:
            number = _bring_once(session)
    except InvalidRequest as error:
        names = {fault.where.lstrip("/") for fault in error.faults}
        words = {"file": "imports.empty_file", "source": "imports.no_source"}
        return _list(faults={name: words[name] for name in names}), 422
    except FileTooLarge:
        return _list(faults={"file": "imports.too_large"}), 413
    except IdempotencyKeyReused:
        return _list(faults={"file": "imports.sent_before"}), 422
    return redirect(url_for("imports.show_one", import_id=number), 303)


@blueprint.get("/sources")
@allowed(Role.network)
def show_sources() -> str:
    """Sources while one is typed."""
    with transaction() as session:
        return _options(bringing.find_sources(session, request.args.get("source", "")))


@blueprint.get("/<int:import_id>")
@allowed(Role.network)
def show_one(import_id: int) -> str:
    """Where an import stands, and what may be done next."""
    return _show(import_id)


@blueprint.get("/<int:import_id>/progress")
@allowed(Role.network)
def show_progress(import_id: int) -> Response:
    """How far the work is, for the page that waits; told to load itself again once it is done."""
    with transaction() as session:
        one = render_summary(bringing.load_import(session, import_id))
    response = Response(render_template("staff/import_progress.html", one=one), mimetype="text/html")
    if one["state"] not in WAITING:
        response.headers["HX-Refresh"] = "true"
    return response


def _columns_again(import_id: int, fault: str) -> str:
    return _show(import_id, fault=fault)


@blueprint.post("/<int:import_id>/columns")
@allowed(Role.network)
@shows_again(_columns_again)
def tell_columns(import_id: int) -> Shown:
    """What the columns are; and then the preview."""
    try:
        with transaction() as session:
            known = render_import(bringing.load_import(session, import_id))
            if told := _told(known["columns"]):
                bringing.tell_columns(session, current_actor(), import_id, told, _revision())
            bringing.act(session, current_actor(), import_id, "preview", None if told else _revision())
    except (TransitionNotAllowed, RevisionConflict):
        return _show(import_id, fault="imports.meanwhile"), 409
    return _to(import_id)


@blueprint.post("/<int:import_id>/actions/<name>")
@allowed(Role.network)
def act(import_id: int, name: str) -> Shown:
    """Try, apply, undo or drop, on the revision that the page showed."""
    try:
        with transaction() as session:
            bringing.act(session, current_actor(), import_id, name, _revision())
    except (TransitionNotAllowed, RevisionConflict):
        return _show(import_id, fault="imports.meanwhile"), 409
    return _to(import_id)


@blueprint.get("/<int:import_id>/rejects.csv")
@allowed(Role.network)
def save_rejects(import_id: int) -> Response:
    """The rows that were set aside."""
    return send_rejects(_known(import_id))


@blueprint.get("/<int:import_id>/warnings.csv")
@allowed(Role.network)
def save_warnings(import_id: int) -> Response:
    """What was noticed."""
    return send_warnings(_known(import_id))


def _bring_once(session: Session) -> int:
    """Sent twice, by an impatient finger or by going back, the file is brought once."""
    actor, sent = current_actor(), request.files["file"]

    def work() -> int:
        source = request.form.get("source", "")
        return bringing.bring(session, actor, sent.filename or "", source, sent.stream).id

    return int(repeating.do_once(session, sent_by_form(actor.account_id), work).made)


def _list(**more: Any) -> str:
    before = request.args.get("before", type=int)
    with transaction() as session:
        found = bringing.list_imports(session, before=before, limit=_PAGE + 1)
        rows = [render_summary(each) for each in found[:_PAGE]]
        sources = bringing.find_sources(session)
    return render_template(
        "staff/imports.html", rows=rows, sources=sources, once=str(uuid4()), form_field=FORM_FIELD,
        most=get_settings().largest_import_mb, longest=bringing.LONGEST_SOURCE, written=request.form,
        older=rows[-1]["id"] if len(found) > _PAGE else None, **{"fault": None, "faults": {}, **more},
    )  # fmt: skip


def _options(sources: list[str]) -> str:
    return render_template("staff/import_sources.html", sources=sources)


def _show(import_id: int, fault: str | None = None) -> str:
    start, asked = request.args.get("start", 0, type=int), request.args.get("tab", "")
    with transaction() as session:
        brought = bringing.load_import(session, import_id)
        one = render_import(brought)
        tabs = {each: rows_total(brought, each) for each in RowOutcome} if brought.status in _WITH_ROWS else {}
        tab = _chosen(asked, tabs)
        page = load_rows(session, import_id, tab, max(start, 0), _ROWS) if tab else RowsPage([], 0, None)
    settling = one["state"] == ImportStatus.columns or (
        bool(one["columns"])
        and one["state"] in TELLING
        and (one["state"] == ImportStatus.failed or "columns" in request.args)
    )
    return render_template(
        "staff/import.html", one=one, waits=one["state"] in WAITING, settling=settling, tabs=tabs, tab=tab,
        page=page, rows=[_with_address(render_row(row)) for row in page.rows], left=_left(one), fault=fault,
        leave_out=_LEAVE_OUT, missing=", ".join(field_label(reader_language(), each) for each in one["missing"]),
    )  # fmt: skip


def _chosen(asked: str, tabs: dict[RowOutcome, int]) -> RowOutcome | None:
    """The tab that was asked for, else the first that holds something."""
    if asked in tuple(RowOutcome) and tabs:
        return RowOutcome(asked)
    return next((each for each, count in tabs.items() if count), next(iter(tabs), None))


def _with_address(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "address": _address_of(row["listing_id"])}


def _left(one: dict[str, Any]) -> dict[str, Any]:
    """What an undo left, the first of them by name."""
    left = (one["undo"] or {}).get("left", [])
    named = [{**each, "address": _address_of(each["listing_id"])} for each in left[:_LEFT_SHOWN]]
    return {"count": len(left), "named": named, "more": len(left) - len(named)}


def _address_of(listing_id: str | None) -> str | None:
    """The page of a listing."""
    path = f"/network/listings/{listing_id}"
    return path if listing_id and current_app.url_map.bind("").test(path, "GET") else None


def _told(columns: list[dict[str, Any]]) -> dict[str, str | None]:
    """What the form says that is not so already, or that was asked."""
    told: dict[str, str | None] = {}
    for column in columns:
        chosen = request.form.get(f"column-{column['number']}")
        if chosen is None:
            continue
        field = None if chosen == _LEAVE_OUT else chosen
        if field != column["field"] or column["question"]:
            told[column["name"]] = field
    return told


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _known(import_id: int) -> int:
    with transaction() as session:
        return bringing.load_import(session, import_id).id


def _to(import_id: int) -> BaseResponse:
    return redirect(url_for("imports.show_one", import_id=import_id), 303)
