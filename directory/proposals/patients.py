"""Words that look like a patient's name or diagnosis: neither belongs into a proposal, so who writes them is warned.

It warns and never refuses: the words are few, and a cancer centre is a provider.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from config.settings import PROJECT_ROOT
from directory.vocabulary.codes import load_codes
from geodata.text import fold


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at again. `kind`: `person` or `health`; `where` a JSON pointer."""

    where: str
    kind: str


def find_hints(texts: Mapping[str, str | None]) -> list[Hint]:
    """What looks like a patient's, by JSON pointer of the text."""
    found = []
    for where, text in texts.items():
        words = fold(text or "")
        # In a provider's own name the specialty is no diagnosis.
        kinds = ("person",) if where.startswith("/provider/name") or _is_specialty(words) else ("person", "health")
        found += [Hint(where, kind) for kind in kinds if words and _patterns()[kind].search(words)]
    return found


def _is_specialty(words: str) -> bool:
    concepts = load_codes().find_concepts(words)
    return bool(concepts) and sum(each.end - each.start for each in concepts) == len(words.split())


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    read = tomllib.loads((PROJECT_ROOT / "config" / "patient_words.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(f"(?:{pattern})" for pattern in read[kind])) for kind in ("person", "health")}
