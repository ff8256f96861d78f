"""Documents: what the index holds of a listing, built from its card.

The field names are those of the mapping (directory/search/mapping.py).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from directory.cards import Card, load_cards
from directory.search.agreements import agreement_word, settlement_words

# What of a card only other readers need: the page of one listing, and the fields beside the card.
_NOT_SHOWN_BY_A_SEARCH = frozenset({"status_reason", "merged_into", "sort_name", "place_name"})


class Document(NamedTuple):
    """A listing as the index stores it: `body` is JSON, `revision` its version there."""

    listing_id: int
    revision: int
    body: bytes


def load_documents(connection: Connection, listing_ids: Iterable[int]) -> list[Document]:
    """The documents of these listings, by rising id; listing and revision are read in one statement."""
    return [
        Document(card["id"], card["revision"], orjson.dumps(build_body(card)))
        for card in load_cards(connection, listing_ids)
    ]


def build_body(card: Card) -> dict[str, Any]:
    """What is searched, and the card that is shown.

    A listing that is not active leaves a tombstone: no search finds it, and a late write of an older revision cannot
    bring it back.
    """
    if card["status"] != "active":
        return {"live": False, "id": card["id"], "revision": card["revision"]}
    agreements = card["agreements"]
    location = card["location"]
    body: dict[str, Any] = {
        "live": True,
        "id": card["id"],
        "revision": card["revision"],
        "sort_name": card["sort_name"],
        "name": [name["text"] for name in card["names"]],
        "name_not_latin": [name["text"] for name in card["names"] if name["script"] != "Latn"],
        "country": card["country"],
        "type": card["type"],
        "specialty": card["specialties"],
        "language": card["languages"],
        # As it was written and as the gazetteer has it: "Le Caire" and "Cairo".
        "city": list(dict.fromkeys(filter(None, (card["city"], card["place_name"])))),
        "network": list(dict.fromkeys(agreement["network"] for agreement in agreements)),
        "agreement": [
            agreement_word(agreement["network"], agreement["outpatient"], agreement["inpatient"], agreement["tariff"])
            for agreement in agreements
        ],
        "settles": list(
            dict.fromkeys(
                word
                for agreement in agreements
                for word in settlement_words(agreement["network"], agreement["outpatient"], agreement["inpatient"])
            )
        ),
        # Empty fields are left out: half of most cards is empty, and the reader knows what a missing one means.
        "card": {field: value for field, value in card.items() if value and field not in _NOT_SHOWN_BY_A_SEARCH},
    }
    if location:
        body["location"] = (location["lon"], location["lat"])
    if card["place"]:
        body["place"] = str(card["place"])
    return body
