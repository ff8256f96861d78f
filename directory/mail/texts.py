"""What messages say: one file of config/mail/ a message, its subject and body in the four languages."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from config.settings import PROJECT_ROOT
from directory.errors import DirectoryError

TEXTS = PROJECT_ROOT / "config" / "mail"


class UnknownMessage(DirectoryError):
    """config/mail/ has no such message."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its reader gets it: plain text, so that nothing in it is markup."""

    subject: str
    body: str


@lru_cache(maxsize=1)
def load_texts() -> dict[str, dict[str, dict[str, str]]]:
    """All messages: key -> language -> subject and body."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TEXTS.glob("*.toml"))}


def check_message(message: str) -> None:
    """Raises UnknownMessage."""
    if message not in load_texts():
        raise UnknownMessage(f"config/mail/ has no {message}.toml.")


def write(message: str, lang: str, values: Mapping[str, object]) -> Written:
    """A message with its values filled in. Raises UnknownMessage, and KeyError where a value is missing."""
    check_message(message)
    text = load_texts()[message][lang]
    # What people wrote may hold line breaks; a subject has one line.
    subject = " ".join(text["subject"].format(**values).split())
    # A value that is empty leaves no gap.
    body = re.sub(r"\n{3,}", "\n\n", text["body"].format(**values))
    return Written(subject[:200], body)
