"""/network/listings/{id}/agreements: new terms, corrected ones, suspended, resumed, ended."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask import request

from directory.actors import Role
from directory.errors import Fault, InvalidRequest, UnknownAction
from directory.listings import terms
from directory.listings.agreements import Terms
from directory.listings.changing import Changed
from directory.listings.curating import Curator
from directory.listings.terms import TermsOverlap
from directory.pages.staff.frame import Shown, reader_language
from directory.pages.staff.keeping import shows_again
from directory.pages.staff.listings.one import blueprint, done_with, read_day, show
from directory.pages.staff.listings.page import Tried
from directory.pages.staff.listings.told import say_agreement
from directory.pages.staff.proposal_forms import read_revision
from directory.web.access import allowed
from geodata.text import fold_digits

_A_DAY = dt.timedelta(days=1)
NEW = "agreement-new"


def _new_again(listing_id: int, fault: str) -> str:
    return show(listing_id, Tried(NEW, request.form, read_revision(request.form), fault=fault))


@blueprint.post("/<int:listing_id>/agreements")
@allowed(Role.network)
@shows_again(_new_again)
def add(listing_id: int) -> Shown:
    """New terms; those that run in the network end the day before."""

    def work(curator: Curator) -> Changed:
        said = Terms(**read_terms(request.form))
        return terms.add_agreement(curator, listing_id, said, request.form.get("reason"))

    return _told(listing_id, NEW, work)


def _act_again(listing_id: int, agreement_id: int, name: str, fault: str) -> str:
    return show(listing_id, Tried(_form(name, agreement_id), request.form, read_revision(request.form), fault=fault))


@blueprint.post("/<int:listing_id>/agreements/<int:agreement_id>/<name>")
@allowed(Role.network)
@shows_again(_act_again)
def act_on(listing_id: int, agreement_id: int, name: str) -> Shown:
    """Correct an agreement, suspend it, resume it, end it."""
    if name not in _ACTIONS:
        raise UnknownAction(name, tuple(_ACTIONS))
    act = _ACTIONS[name]
    return _told(
        listing_id, _form(name, agreement_id), lambda curator: act(curator, listing_id, agreement_id, request.form)
    )


def _form(name: str, agreement_id: int) -> str:
    return f"agreement-{name}-{agreement_id}"


def _told(listing_id: int, form: str, work: Callable[[Curator], Changed]) -> Shown:
    """As any decision; of an overlap both agreements are shown."""
    try:
        return done_with(listing_id, form, work)
    except TermsOverlap as error:
        lang = reader_language()
        both = {"overlap": [say_agreement(each, lang) for each in error.agreements]}
        return show(listing_id, Tried(form, request.form, read_revision(request.form), conflicts=both)), 409


def read_terms(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of Terms that a form says; its last day is the one before `effective_to`. Raises InvalidRequest."""
    last = read_day(form, "effective_to")
    return {
        "network": form.get("network", ""),
        "outpatient": form.get("outpatient", ""),
        "inpatient": form.get("inpatient", ""),
        "tariff": bool(form.get("tariff")),
        "notice_days": _notice_days(form),
        "effective_from": read_day(form, "effective_from"),
        "effective_to": last and last + _A_DAY,
    }


def _notice_days(form: Mapping[str, str]) -> int | None:
    text = fold_digits(form.get("notice_days", "").strip())
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise InvalidRequest(Fault("/notice_days", "A whole number is needed here."))
    return int(text)


def _suspend(curator: Curator, listing_id: int, agreement_id: int, form: Mapping[str, str]) -> Changed:
    return terms.suspend_agreement(
        curator,
        listing_id,
        agreement_id,
        form.get("reason"),
        begins=read_day(form, "from"),
        ends=read_day(form, "until"),
        instead=form.get("instead"),
    )


def _end(curator: Curator, listing_id: int, agreement_id: int, form: Mapping[str, str]) -> Changed:
    last = read_day(form, "last")
    return terms.end_agreement(curator, listing_id, agreement_id, form.get("reason"), last and last + _A_DAY)


def _correct(curator: Curator, listing_id: int, agreement_id: int, form: Mapping[str, str]) -> Changed:
    return terms.correct_agreement(curator, listing_id, agreement_id, read_terms(form), form.get("reason"))


_ACTIONS: Mapping[str, Callable[[Curator, int, int, Mapping[str, str]], Changed]] = {
    "edit": _correct,
    "suspend": _suspend,
    "resume": lambda curator, id_, aid, form: terms.resume_agreement(curator, id_, aid, form.get("reason")),
    "end": _end,
}
