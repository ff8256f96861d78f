"""Why a listing of a change of many is left as it is: a code and what it is about, to be said in any language."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.errors import (
    DirectoryError,
    InvalidRequest,
    ListingGone,
    ListingNotFound,
    RevisionConflict,
    TransitionNotAllowed,
)
from directory.listings.terms import TermsOverlap

# `touched` is about the changes since, `state` about the status, `terms` about the network, `fault` about fields.
CODES = ("meanwhile", "touched", "gone", "state", "terms", "fault", "other")


@dataclass(frozen=True, slots=True)
class Left:
    """A reason. `about` is empty where the code says it all; of `other` it is a sentence for the team, in English."""

    code: str
    about: str = ""


def why_left(error: DirectoryError) -> Left:
    """The reason that an error of an edit is."""
    if isinstance(error, InvalidRequest):
        return Left("fault", ",".join(dict.fromkeys(_field(fault.where) for fault in error.faults)))
    if isinstance(error, TermsOverlap):
        return Left("terms", str(error.agreements[0]["network"]))
    if isinstance(error, TransitionNotAllowed):
        return Left("state", error.state)
    if isinstance(error, RevisionConflict):
        return Left("meanwhile")
    return Left("gone") if isinstance(error, (ListingNotFound, ListingGone)) else Left("other", str(error))


def touched_by(changes: Sequence[int]) -> Left:
    """The reason that later changes are."""
    return Left("touched", ",".join(map(str, changes)))


def _field(where: str) -> str:
    return next((part for part in where.split("/") if part), "")
