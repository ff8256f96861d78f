"""/network/listings/{id}/merge: two listings side by side, and what of each the survivor keeps, a field at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from directory.actors import Role
from directory.db import transaction
from directory.errors import InvalidRequest, ListingNotFound, RevisionConflict, TransitionNotAllowed
from directory.listings.curating import Curator
from directory.listings.facts import Facts
from directory.listings.merging import FIELDS, merge_listings
from directory.listings.whole import WholeListing, load_whole
from directory.pages.staff.frame import Shown, StaffPages, reader_language
from directory.pages.staff.listings.beside import find_alike
from directory.pages.staff.listings.forms import faults_by_field
from directory.pages.staff.listings.one import curator_of, today
from directory.pages.staff.listings.told import say, say_agreement, say_point
from directory.pages.staff.listings.words import list_words
from directory.search.curating import find_only
from directory.web.access import allowed
from directory.web.listings.render import field_label, render_whole
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("listing_merging", __name__, url_prefix="/network/listings")
blueprint.context_processor(list_words)

# Lists of both can be put together.
_BOTH = ("names", "specialties", "agreements")
_ORDER = ("name", "names", "type", "kind", "specialties", "languages", "hours", "address", "postal_code", "city",
          "point", "phones", "email", "website", "agreements")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """The two listings of a merge, the one that it began at first."""

    one: WholeListing
    other: WholeListing

    @property
    def ids(self) -> tuple[int, int]:
        """Their numbers."""
        return self.one.listing_id, self.other.listing_id


@blueprint.get("/<int:listing_id>/merge")
@allowed(Role.network)
def show_merge(listing_id: int) -> Shown:
    """Both side by side; without another one, those that may be the same, and a box for any other."""
    words = request.args.get("with", "").strip()
    if not words:
        return _ask_other(listing_id)
    other = find_only(words)
    if other is None or other == listing_id:
        return _ask_other(listing_id, words), 422
    return _show(listing_id, other)


@blueprint.get("/<int:listing_id>/alike")
@allowed(Role.network)
def show_alike(listing_id: int) -> str:
    """Listings that may be the same, each with the way to the merge: a part of the listing's page."""
    return render_template("staff/listings/alike.html", **_with_alike(listing_id), looked=True)


@blueprint.post("/<int:listing_id>/merge")
@allowed(Role.network)
def merge(listing_id: int) -> Shown:
    """Make one of both; the survivor's page says so, with its undo."""
    form, lang = request.form, reader_language()
    other, into = form.get("with", 0, type=int), form.get("into", 0, type=int)
    try:
        with transaction() as session:
            changed = _merge(curator_of(session), (listing_id, other), into)
    except InvalidRequest as error:
        return _show(listing_id, other, faults=faults_by_field(error, lang)), 422
    except RevisionConflict:
        return _show(listing_id, other, fault="listing.both_changed"), 409
    except TransitionNotAllowed:
        return _show(listing_id, other, fault="listing.not_possible"), 409
    return redirect(url_for("listing.show_one", listing_id=into, did=changed), 303)


def _merge(curator: Curator, ids: tuple[int, int], into: int) -> int:
    """The change that it is. Raises RevisionConflict where one of both is not as the page showed it any more."""
    for id_ in ids:
        seen, now = (
            request.form.get(f"revision_{id_}", type=int),
            load_whole(curator.session, id_, get_gazetteer(), curator.today),
        )
        if seen != now.revision:
            raise RevisionConflict(now.revision)
    goes = ids[0] if into == ids[1] else ids[1]
    chosen = {name: request.form.get(f"field_{name}", type=int) for name in FIELDS}
    fields = {name: id_ for name, id_ in chosen.items() if id_}
    return merge_listings(curator, goes, into, fields, request.form.get("reason")).change_id


def _ask_other(listing_id: int, words: str = "") -> str:
    return render_template("staff/listings/merge_with.html", **_with_alike(listing_id), typed=words)


def _with_alike(listing_id: int) -> dict[str, Any]:
    """A listing, and those that may be the same."""
    lang = reader_language()
    with transaction() as session:
        whole = load_whole(session, listing_id, get_gazetteer(), today())
    return {"one": render_whole(whole, lang), "alike": find_alike(listing_id, whole.facts, lang)}


def _show(listing_id: int, other: int, *, faults: Mapping[str, str] | None = None, fault: str | None = None) -> str:
    lang = reader_language()
    with transaction() as session:
        pair = Pair(*(load_whole(session, id_, get_gazetteer(), today()) for id_ in (listing_id, other)))
    for whole in (pair.one, pair.other):
        if "merge" not in whole.actions:
            raise ListingNotFound(
                f"Listing {whole.listing_id} cannot be merged: it is {whole.facts['listing']['status']}."
            )
    return render_template(
        "staff/listings/merge.html", one=render_whole(pair.one, lang), other=render_whole(pair.other, lang),
        rows=[_row(name, pair, lang) for name in _ORDER], faults=faults or {}, fault=fault, said=request.form,
    )  # fmt: skip


def _row(name: str, pair: Pair, lang: str) -> dict[str, Any]:
    """One field of both: what each says, whether they differ, and which is kept unless one chooses otherwise."""
    said = [_said(name, whole.facts, lang) for whole in (pair.one, pair.other)]
    default = "" if name in _BOTH else str(pair.ids[0] if said[0] or not said[1] else pair.ids[1])
    return {
        "name": name,
        "label": phrase(lang, f"listing.merge_{name}") if name in ("point", "agreements") else field_label(name, lang),
        "said": said,
        "differ": said[0] != said[1],
        "both": name in _BOTH,
        "chosen": request.form.get(f"field_{name}", default),
    }


def _said(name: str, facts: Facts, lang: str) -> list[str]:
    if name == "agreements":
        return [say_agreement(each, lang) for each in facts["agreements"]]
    location = facts["location"]
    if name == "point":
        value: Any = say_point(location["lat"], location["lon"], location["precision"], lang)
        return [value] if value else []
    flat = {**facts["provider"], **location, **facts["listing"], "specialties": facts["specialties"]}
    values = facts["names"] if name == "names" else flat[name]
    if name == "city":
        values = [part for part in (location["city"], location["region"]) if part]
    return [words for each in (values if isinstance(values, list) else [values]) if (words := say(name, each, lang))]
