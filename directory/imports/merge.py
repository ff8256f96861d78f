"""What the rows of one external id make of a listing: pure, so that every rule of an update can be seen here."""

from dataclasses import dataclass, field
from typing import Any, Literal

from directory.imports.columns import RowFault
from directory.imports.keeping import Kept, Otherwise, leave_set
from directory.imports.noticing import RowWarning
from directory.imports.rows import ParsedRow, UnusableRow
from directory.listings.agreements import overlap
from directory.listings.facts import EMPTY_AGREEMENT, EMPTY_LISTING, EMPTY_LOCATION, Facts

UNDONE = "import undone"
"""`status_reason` of a listing that was retired because the import that created it was undone."""

Outcome = Literal["created", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Merged:
    """The listing as it shall be (None when no row was usable), each usable row's outcome, and the others' faults.

    `otherwise`: what rows say of fields that people set, which stay.
    """

    facts: Facts | None
    outcomes: list[tuple[ParsedRow, Outcome]]
    faults: list[RowFault]
    otherwise: list[tuple[ParsedRow, list[Otherwise]]] = field(default_factory=list)


def merge_rows(known: Facts | None, rows: list[ParsedRow], kept: Kept | None = None) -> Merged:
    """Apply rows of one external id in their order to the listing as it stands, or to none.

    What people set, `kept`, stays.

    Of several rows the later one's facts win. The first row of a new listing creates it; another row counts as
    changed when it changes something of what the rows before it left. When all rows together change nothing, each
    counts as unchanged.
    """
    facts = known
    outcomes: list[tuple[ParsedRow, Outcome]] = []
    faults: list[RowFault] = []
    otherwise: list[tuple[ParsedRow, list[Otherwise]]] = []
    for row in rows:
        try:
            merged = merge_row(facts, row)
        except UnusableRow as error:
            faults += error.faults
            continue
        if kept and facts:
            merged, said = leave_set(facts, merged, kept)
            if said:
                otherwise.append((row, said))
                row.warnings += (RowWarning("kept", str(each)) for each in said)
        outcomes.append((row, "created" if facts is None else "unchanged" if merged == facts else "changed"))
        facts = merged
    if facts == known:
        outcomes = [(row, "unchanged") for row, _ in outcomes]
    return Merged(facts, outcomes, faults, otherwise)


def merge_row(facts: Facts | None, row: ParsedRow) -> Facts:
    """The listing after this row. UnusableRow when its agreement overlaps more than one of the same network."""
    if facts is None:
        return Facts(
            provider={"kind": row.default_kind, "lang": None, **row.provider},
            names=row.names or [],
            location={**EMPTY_LOCATION, **row.location},
            listing={**EMPTY_LISTING, **row.listing},
            specialties=row.specialties or [],
            agreements=_merge_agreements([], row),
            import_hash=None,
        )
    provider = {**facts["provider"], **row.provider}
    return Facts(
        provider=provider,
        names=_merge_names(facts["names"], row.names or [], provider["name"]),
        location=_merge_location(facts["location"], row),
        listing=_merge_listing(facts["listing"], row.listing),
        specialties=facts["specialties"] if row.specialties is None else row.specialties,
        agreements=_merge_agreements(facts["agreements"], row),
        import_hash=facts["import_hash"],
    )


def _merge_names(names: list[dict[str, Any]], row_names: list[dict[str, Any]], shown: str) -> list[dict[str, Any]]:
    """The row's name replaces the first one of its script; names in other scripts, perhaps added by hand, stay."""
    kept = [name for name in names if name["text"] != shown]
    for name in row_names:
        for position, old in enumerate(kept):
            if old["script"] == name["script"]:
                kept[position] = name
                break
        else:
            kept.append(name)
    return kept


def _merge_location(location: dict[str, Any], row: ParsedRow) -> dict[str, Any]:
    given = dict(row.location)
    says_city = "city" in given
    moved_abroad = given["country"] != location["country"]
    if not row.says_point and not moved_abroad and (location["precision"] == "exact" or not says_city):
        # A file without coordinates does not take away the point that the listing has.
        for key in ("lat", "lon", "precision"):
            del given[key]
        if not says_city or given["place_id"] is None or given["city"] == location["city"]:
            del given["place_id"], given["time_zone"]
    return {**location, **given}


def _merge_listing(listing: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = {**listing, **given}
    # Suspended, retired and merged are the network team's decisions; only what an undo retired comes back.
    if listing["status"] == "retired" and listing["status_reason"] == UNDONE:
        merged |= {"status": "active", "status_reason": None}
    # Who confirmed a day stays until the file names another one.
    if merged["verified_on"] != listing["verified_on"]:
        merged["verified_by"] = "source"
    return merged


def _merge_agreements(agreements: list[dict[str, Any]], row: ParsedRow) -> list[dict[str, Any]]:
    """Each agreement of the row updates the one that it overlaps in the same network, or is added.

    The agreement's status stays: that it is suspended or ended is the network team's decision. Agreements in networks
    that the row does not name stay as they are.
    """
    merged = list(agreements)
    for agreement in row.agreements:
        overlapping = [
            position
            for position, each in enumerate(merged)
            if each["network"] == agreement["network"] and overlap(each, agreement)
        ]
        if len(overlapping) > 1:
            reason = (
                f"the period overlaps {len(overlapping)} agreements of the listing in {agreement['network']}; "
                "give effective_from and effective_to so that it meets one of them, or none"
            )
            raise UnusableRow([RowFault(row.line, "effective_from", reason)])
        if overlapping:
            merged[overlapping[0]] = {**merged[overlapping[0]], **agreement}
        else:
            merged.append({**EMPTY_AGREEMENT, **agreement})
    return merged
