"""Two listings of one provider become one: the survivor takes what was chosen a field at a time, the other points on.

What the survivor lacks is filled from the other; names of both are kept, so that either is found; agreements of the
other go along where none of the survivor's stands in their way. Reports, identifiers and the id in its source stay with
the listing that was merged and are read through it: an undo parts the two again exactly.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from directory.errors import Fault, InvalidRequest, ListingNotFound
from directory.listings.agreements import overlap
from directory.listings.changing import Changed, driver_of
from directory.listings.checking import check_reason
from directory.listings.curating import Curator, require
from directory.listings.facts import Facts, further_name, lock_known
from directory.listings.history import add_change
from directory.models import ListingStatus, Precision

# Fields that are taken together: half of a point, or a city in another's region, would be neither of the two.
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "point": ("lat", "lon", "precision"),
    "city": ("city", "region", "place_id", "time_zone"),
}
_LOCATION = ("address", "postal_code", "phones", "email", "website")
_LISTING = ("type", "languages", "hours")
FIELDS = ("name", "names", "kind", *_LISTING, "specialties", *_LOCATION, *_TOGETHER, "agreements")


def merge_listings(
    curator: Curator, listing_id: int, into: int, fields: Mapping[str, int], reason: str | None
) -> Changed:
    """Merge a listing into another; `fields` says of which of the two a field is taken (FIELDS), by its id.

    One change, which can be undone. Raises InvalidRequest, ListingNotFound, TransitionNotAllowed, RevisionConflict.
    """
    why = check_reason(reason)
    _check_chosen(listing_id, into, fields)
    connection = driver_of(curator.session)
    both = lock_known(connection, sorted((listing_id, into)))
    for id_ in (listing_id, into):
        if id_ not in both:
            raise ListingNotFound(f"There is no listing {id_}.")
        require(both[id_].facts, "merge")
    goes = both[listing_id].facts
    from_other = {name for name, id_ in fields.items() if id_ == listing_id}
    change_id = add_change(connection, curator.actor, "merge", reason=why)

    def survive(facts: Facts) -> Facts:
        return survivor_of(facts, goes, from_other, set(fields) - from_other)

    def go(facts: Facts) -> Facts:
        merged = {"status": ListingStatus.merged.value, "merged_into": into, "status_reason": why}
        unsuspended = {"suspended_from": None, "suspended_until": None}
        return {**facts, "listing": {**facts["listing"], **merged, **unsuspended}}

    gone = curator.change(listing_id, "merge", go, reason=why, change_id=change_id)
    survives = Curator(curator.session, curator.actor, curator.today)
    survives.change(into, "merge", survive, reason=why, change_id=change_id)
    return gone


def survivor_of(facts: Facts, other: Facts, chosen: set[str], kept: set[str]) -> Facts:
    """The survivor's facts: `chosen` fields are the other's, `kept` ones its own, of the rest what is missing comes."""

    def takes(name: str, own: Any, others: Any) -> bool:
        return name in chosen or (name not in kept and not own and bool(others))

    provider = {**facts["provider"], **({"kind": other["provider"]["kind"]} if "kind" in chosen else {})}
    if "name" in chosen:
        provider = {**other["provider"], "kind": provider["kind"]}
    return Facts(
        provider=provider,
        names=_names(facts, other, provider["name"], chosen, kept),
        location=_location(facts["location"], other["location"], takes),
        listing={
            **facts["listing"],
            **{n: other["listing"][n] for n in _LISTING if takes(n, facts["listing"][n], other["listing"][n])},
        },
        specialties=_specialties(facts, other, chosen, kept),
        agreements=_agreements(facts["agreements"], other["agreements"], chosen, kept),
        import_hash=facts["import_hash"],
    )


def _check_chosen(listing_id: int, into: int, fields: Mapping[str, int]) -> None:
    faults = [] if listing_id != into else [Fault("/into", "A listing is not merged into itself.")]
    for name, id_ in fields.items():
        if name not in FIELDS:
            faults.append(Fault(f"/fields/{name}", "There is no such field.", FIELDS))
        elif id_ not in (listing_id, into):
            faults.append(Fault(f"/fields/{name}", "One of the two listings.", (str(listing_id), str(into))))
    if faults:
        raise InvalidRequest(*faults)


def _names(facts: Facts, other: Facts, shown: str, chosen: set[str], kept: set[str]) -> list[dict[str, Any]]:
    """All names of both but the one that is shown, each once; or those of the one that was chosen."""
    sources = [other] if "names" in chosen else [facts] if "names" in kept else [facts, other]
    names: dict[str, dict[str, Any]] = {}
    for each in sources:
        first = {**further_name(each["provider"]["name"], each["provider"]["lang"])}
        for name in (first, *each["names"]):
            names.setdefault(name["text"], name)
    names.pop(shown, None)
    return list(names.values())


def _location(location: dict[str, Any], other: dict[str, Any], takes: Any) -> dict[str, Any]:
    taken = [name for name in _LOCATION if takes(name, location[name], other[name])]
    own_point, others_point = (each["precision"] == Precision.exact for each in (location, other))
    if takes("point", own_point, others_point) and other["lat"] is not None:
        taken += _TOGETHER["point"]
    if takes("city", location["city"], other["city"]):
        taken += _TOGETHER["city"]
    return {**location, **{name: other[name] for name in taken}}


def _specialties(facts: Facts, other: Facts, chosen: set[str], kept: set[str]) -> list[str]:
    if "specialties" in chosen:
        return other["specialties"]
    if "specialties" in kept:
        return facts["specialties"]
    return list(dict.fromkeys([*facts["specialties"], *other["specialties"]]))


def _agreements(
    own: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]], chosen: set[str], kept: set[str]
) -> list[dict[str, Any]]:
    """The survivor's, and copies of the other's that meet none of them in its network."""
    if "agreements" in kept:
        return list(own)
    agreements = [] if "agreements" in chosen else list(own)
    for each in others:
        if not any(old["network"] == each["network"] and overlap(old, each) for old in agreements):
            agreements.append({**each, "id": None})
    return agreements
