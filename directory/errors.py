"""The errors that capabilities and search raise. `web/problems.py` gives each its HTTP status."""

from dataclasses import dataclass


class DirectoryError(Exception):
    """What the service can explain to the one who asked."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent."""

    where: str  # a parameter's name, or a JSON pointer into the body
    message: str
    allowed: tuple[str, ...] = ()
    most: int | None = None  # the limit that it is beyond: characters, days, people …


class InvalidRequest(DirectoryError):
    """The request cannot be understood; `faults` says what was wrong and what is allowed."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.message}" for fault in faults))
        self.faults = faults


class ListingNotFound(DirectoryError):
    """No listing has this id."""


class ListingGone(DirectoryError):
    """The listing was retired, or merged into `replaced_by`."""

    def __init__(self, listing_id: int, status: str, reason: str | None, replaced_by: int | None) -> None:
        instead = "" if replaced_by is None else f" Its place was taken by listing {replaced_by}."
        super().__init__(f"Listing {listing_id} was {status}.{instead}")
        self.listing_id = listing_id
        self.status = status
        self.reason = reason
        self.replaced_by = replaced_by


class SearchUnavailable(DirectoryError):
    """The search engine cannot answer now; asking again after `retry_after_s` seconds may help."""

    def __init__(self, reason: str, retry_after_s: int = 2) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class SearchSlow(SearchUnavailable):
    """The engine is there and answers others, but not this search in its time: nothing is wrong but what was asked."""


class SearchBusy(SearchSlow):
    """As many such searches as may are at work."""


class UnknownAction(DirectoryError):
    """There is no such action here."""

    def __init__(self, action: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no action {action!r}.")
        self.known = known


class TransitionNotAllowed(DirectoryError):
    """The state does not allow this action; `allowed` are the ones that it allows to whoever asked."""

    def __init__(self, action: str, state: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{action} is not possible while the state is {state}.")
        self.action = action
        self.state = state
        self.allowed = allowed


class RevisionConflict(DirectoryError):
    """Somebody changed it after the revision that the sender saw."""

    def __init__(self, revision: int, changed: tuple[str, ...] = ()) -> None:
        super().__init__(f"It was changed meanwhile: its revision is {revision} now.")
        self.revision = revision
        self.changed = changed  # the fields, where they are known


class IdempotencyKeyReused(DirectoryError):
    """The key came before, with another request."""
