"""What messages say: `mail.reset.subject` and `mail.reset.body` of the catalogue are the message `reset`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from directory.errors import DirectoryError
from directory.wording.catalogue import has_phrase, phrase


class UnknownMessage(DirectoryError):
    """The catalogue has no such message."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its reader gets it: plain text, so that nothing in it is markup."""

    subject: str
    body: str


def check_message(message: str) -> None:
    """Raises UnknownMessage."""
    if not has_phrase(f"mail.{message}.subject"):
        raise UnknownMessage(f"The catalogue has no mail.{message}.subject.")


def write(message: str, lang: str, values: Mapping[str, object]) -> Written:
    """A message with its values filled in. Raises UnknownMessage, and KeyError where a value is missing."""
    check_message(message)
    # What people wrote may hold line breaks; a subject has one line.
    subject = " ".join(phrase(lang, f"mail.{message}.subject", **values).split())
    # A value that is empty leaves no gap.
    body = re.sub(r"\n{3,}", "\n\n", phrase(lang, f"mail.{message}.body", **values))
    return Written(subject[:200], body)
