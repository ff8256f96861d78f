"""What messages say: `mail.reset.subject` and `mail.reset.body` of the catalogue are the message `reset`."""

import re
from collections.abc import Mapping, Sequence
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


def join(texts: Sequence[Written]) -> Written:
    """Several messages as one, under the subject of the last. What a later one says again is said there."""
    paragraphs = [text.body.strip().split("\n\n") for text in texts]
    greeting = paragraphs[0][0]
    kept: list[str] = []
    for number, those in enumerate(paragraphs):
        later = {paragraph for following in paragraphs[number + 1 :] for paragraph in following}
        kept += [each for each in those if each not in later and (number == 0 or each != greeting)]
    if greeting not in kept:
        kept.insert(0, greeting)
    return Written(texts[-1].subject, "\n\n".join(kept) + "\n")
