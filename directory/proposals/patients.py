"""Words that look like a patient's name or diagnosis: neither belongs into a proposal, so who writes them is asked.

It asks and never forbids: the words are few, and a cancer centre is a provider. Whatever takes words to another desk
calls `ask_about`, and goes on where the writer looked again and is sure.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from config.settings import PROJECT_ROOT
from directory.errors import Fault, InvalidRequest
from directory.models import Proposal
from directory.vocabulary.codes import load_codes
from geodata.text import fold

Texts = Mapping[str, str | None]

# What an officer writes freely of a provider.
_FREE = ("name", "name_local", "address", "city", "phone", "contact_person", "licence")


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at again. `kind`: `person` or `health`; `where` a JSON pointer."""

    where: str
    kind: str


class MayNamePatient(InvalidRequest):
    """The words look as if they named a patient or an illness, and nobody said that they do not."""

    def __init__(self, hints: list[Hint]) -> None:
        super().__init__(*(Fault(hint.where, f"This looks like a patient's ({hint.kind}).") for hint in hints))
        self.hints = hints


def ask_about(texts: Texts, *, sure: bool) -> None:
    """Before words go to another desk. Raises MayNamePatient where they look like a patient's, unless one is sure."""
    if not sure and (hints := find_hints(texts)):
        raise MayNamePatient(hints)


def texts_of(proposal: Proposal) -> dict[str, str | None]:
    """What an officer wrote freely, by JSON pointer."""
    of_provider = {f"/provider/{name}": getattr(proposal, name) for name in _FREE}
    return {**of_provider, "/need/words": proposal.reason_words}


def words_of_file(name: str) -> str:
    """What the name of a file says: `scan_Mme-Kasongo.pdf` names somebody."""
    return " ".join(re.split(r"[\W_]+", PurePath(name).stem))


def find_hints(texts: Texts) -> list[Hint]:
    """What looks like a patient's, by JSON pointer of the text."""
    hints = []
    for where, text in texts.items():
        words = fold(text or "")
        # In a provider's own name the specialty is no diagnosis.
        kinds = ("person",) if where.startswith("/provider/name") or _is_specialty(words) else ("person", "health")
        hints += [Hint(where, kind) for kind in kinds if words and _patterns()[kind].search(words)]
    return hints


def _is_specialty(words: str) -> bool:
    concepts = load_codes().find_concepts(words)
    return bool(concepts) and sum(each.end - each.start for each in concepts) == len(words.split())


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    read = tomllib.loads((PROJECT_ROOT / "config" / "patient_words.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(f"(?:{pattern})" for pattern in read[kind])) for kind in ("person", "health")}
