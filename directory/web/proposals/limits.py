"""How fast one account may propose, write and attach: more than anybody does by hand, and a wall for what runs wild."""

from directory.admission.limits import Limit
from directory.web.access import current_actor
from directory.web.admission import count_use

PROPOSALS = Limit("proposals", 60, 3600)
MESSAGES = Limit("messages", 120, 3600)
FILES = Limit("files", 60, 3600)


def count_proposal() -> None:
    """One more proposal. Raises TooManyRequests, as the others do."""
    _count(PROPOSALS)


def count_message() -> None:
    """One more message, note or contact."""
    _count(MESSAGES)


def count_file() -> None:
    """One more file on a proposal that is there; one that comes with a proposal is counted with it."""
    _count(FILES)


def _count(limit: Limit) -> None:
    # By account, not by token or session: a second one gives nobody more.
    count_use(limit, str(current_actor().account_id))
