"""/network/proposals: the network team's queue, what is due first first; the next one; many handed over at once."""

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.cases.queue import PAGE, count_queue
from directory.db import transaction
from directory.errors import Fault, InvalidRequest
from directory.pages.staff.corrections import blueprint
from directory.pages.staff.frame import reader_language
from directory.pages.staff.officer import choices
from directory.pages.staff.proposal_forms import read_proposal_id
from directory.pages.staff.queue_filters import asked_filters, kept_filters, states_in_order
from directory.pages.staff.team import chosen_owner, load_team
from directory.proposals import proposing, reading, rules, words
from directory.proposals.export import write_csv
from directory.proposals.reading import QueueSort
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import read_filter
from directory.web.proposals.render import render_summary

_MOST_EXPORTED = 10_000


@blueprint.get("/proposals")
@allowed(Role.network)
def show_queue() -> str:
    """What waits, what is due first first; filters stay in the address."""
    lang = reader_language()
    filters = asked_filters()
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        page = reading.load_queue(desk, read_filter(filters, desk.actor))
        rows = [render_summary(row, desk.reader, lang) for row in page.rows]
        counts = count_queue(desk)
        team = load_team(session)
    states = [(state, words.label(lang, "state", state)) for state in states_in_order()]
    return render_template(
        "staff/network_queue.html", rows=rows, total=page.total, counts=counts, filters=filters, states=states,
        sorts=[each.value for each in QueueSort], page_size=PAGE, kept=kept_filters(), team=team,
        handed=request.args.get("handed", type=int), fault=request.args.get("fault"), **choices(lang),
    )  # fmt: skip


@blueprint.get("/proposals.csv")
@allowed(Role.network)
def export() -> Response:
    """The same as a file."""
    filters = {**asked_filters(), "limit": _MOST_EXPORTED, "offset": 0}
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        text = write_csv(reading.load_queue(desk, read_filter(filters, desk.actor)).rows)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=proposals.csv"
    return response


@blueprint.get("/proposals/<uuid:proposal_id>/next")
@allowed(Role.network)
def show_next(proposal_id: UUID) -> BaseResponse:
    """On to the one that follows in the queue as it was filtered; back to the queue where there is no other."""
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        following = reading.find_next(desk, read_filter(asked_filters(), desk.actor), proposal_id)
    if following is None:
        return redirect(url_for("team.show_queue", **kept_filters()), 303)
    return redirect(url_for("team.show_one", proposal_id=following, **kept_filters()), 303)


@blueprint.post("/proposals/owner")
@allowed(Role.network)
def take_many() -> BaseResponse:
    """Take over, or hand over, all that are ticked in the queue, or none of them."""
    ticked, owners = request.form.getlist("proposal"), request.form.getlist("owner")
    if not ticked or not any(owners):
        return redirect(url_for("team.show_queue", **kept_filters(), fault="ticked_nothing"), 303)
    if len(ticked) > PAGE:
        raise InvalidRequest(Fault("/proposal", f"At most {PAGE} at once."))
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        handed = proposing.take_over_many(desk, [read_proposal_id(each) for each in ticked], chosen_owner(desk))
    return redirect(url_for("team.show_queue", **kept_filters(), handed=handed), 303)
