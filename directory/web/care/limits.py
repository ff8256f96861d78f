"""How often an address, a number or a country may ask for something: enough for a ward, and a wall for a flood."""

from directory.admission.limits import Limit, anonymous
from directory.web.admission import count_use, sender

REFUSALS = Limit("refusals", 20, 3600)
REFUSALS_OF_LISTING = Limit("refusals-of-a-listing", 30, 3600)
CALLS = Limit("calls", 5, 3600)
CALLS_OF_NUMBER = Limit("calls-of-a-number", 3, 86400)
CALLS_OF_COUNTRY = Limit("calls-of-a-country", 300, 3600)
NUMBERS = Limit("numbers", 60, 3600)
QUESTIONS = Limit("questions", 10, 3600)
FOLLOWING = Limit("following", 120, 900)


def count_refusal(listing_id: int) -> None:
    """One more refused card. Raises TooManyRequests, as the others do."""
    count_use(REFUSALS, sender())
    count_use(REFUSALS_OF_LISTING, str(listing_id))


def count_number() -> None:
    """One more number that is looked at."""
    count_use(NUMBERS, sender())


def count_call(e164: str, country: str) -> None:
    """One more call that is wished for; the number is known to the count by a name of today's alone."""
    count_use(CALLS, sender())
    count_use(CALLS_OF_NUMBER, anonymous(e164))
    count_use(CALLS_OF_COUNTRY, country)


def count_question() -> None:
    """One more question."""
    count_use(QUESTIONS, sender())


def count_following() -> None:
    """One more look by a link: nobody tries links out."""
    count_use(FOLLOWING, sender())
