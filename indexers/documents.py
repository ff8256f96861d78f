"""Documents: what the index holds of a listing, built from what members see of it.

The field names are those of the mapping (directory/search/mapping.py).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from directory.listings.shown import PublicListing, load_public_listings
from directory.search.agreements import agreement_words, settlement_words
from directory.search.curated import NONE
from directory.search.opening import open_minutes
from directory.search.standing import standing_of
from directory.vocabulary.name_words import initials
from indexers.romanising import Romanise

# What of it only other readers need: the page of one listing, and the fields beside it.
_NOT_SHOWN_BY_A_SEARCH = frozenset({"status_reason", "merged_into", "sort_name", "place_name", "source", "owner"})


class Document(NamedTuple):
    """A listing as the index stores it: `body` is JSON, `revision` its version there."""

    listing_id: int
    revision: int
    body: bytes


def load_documents(
    connection: Connection, listing_ids: Iterable[int], romanise: Romanise | None = None
) -> list[Document]:
    """The documents of these listings, by rising id; listing and revision are read in one statement."""
    listings = load_public_listings(connection, listing_ids)
    latin = romanise(_not_latin(listings)) if romanise else {}
    return [Document(shown["id"], shown["revision"], orjson.dumps(build_body(shown, latin))) for shown in listings]


def _not_latin(listings: Iterable[PublicListing]) -> set[str]:
    return {name["text"] for shown in listings for name in shown["names"] if name["script"] != "Latn"}


def build_body(shown: PublicListing, latin: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What is searched, and what is shown. `latin`: forms of names that give the index the same terms for less work.

    A listing that is not active is there for the network team alone: no search of members finds it, it holds nothing
    to show them, and a late write of an older revision cannot bring it back.
    """
    live = shown["status"] == "active"
    forms = latin or {}
    agreements = shown["agreements"]
    terms = [(each["network"], each["outpatient"], each["inpatient"], each["tariff"]) for each in agreements]
    location = shown["location"]
    body: dict[str, Any] = {
        "live": live,
        "id": shown["id"],
        "revision": shown["revision"],
        "sort_name": shown["sort_name"],
        "name": [forms.get(name["text"], name["text"]) for name in shown["names"]],
        "name_not_latin": [
            forms.get(name["text"], name["text"]) for name in shown["names"] if name["script"] != "Latn"
        ],
        "country": shown["country"],
        "type": shown["type"],
        "specialty": shown["specialties"],
        "language": shown["languages"],
        # As it was written and as the gazetteer has it: "Le Caire" and "Cairo".
        "city": list(dict.fromkeys(filter(None, (shown["city"], shown["place_name"])))),
        "network": list(dict.fromkeys(agreement["network"] for agreement in agreements)),
        "agreement": agreement_words(terms),
        "settles": settlement_words(terms),
        "status": shown["status"],
        "source": shown["source"] or NONE,
        "owner": shown["owner"] or NONE,
        "by_city": int(bool(location and location["precision"] == "place")),
        "standing": standing_of(shown),
    }
    if live:
        # Empty fields are left out: half of most listings is empty, and the reader knows what a missing one means.
        body["shown"] = {
            field: value for field, value in shown.items() if value and field not in _NOT_SHOWN_BY_A_SEARCH
        }
    if shown["verified_on"]:
        body["verified_on"] = shown["verified_on"]
    if short := initials(name["text"] for name in shown["names"]):
        body["initials"] = short
    if location:
        body["location"] = (location["lon"], location["lat"])
    if open_ := open_minutes(shown["hours"]):
        body |= {"open": open_, "zone": shown["time_zone"]}
    if shown["place"]:
        body["place"] = str(shown["place"])
    return body
