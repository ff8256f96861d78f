"""Names that are not Latin, romanised once: by the engine, for each document, before its analysers all do it again.

ICU looks through thousands of rules for each Han character. An index-time analyser that gets Latin words has nothing to
look for, and the terms are the same (docs/adr/0034-romanising.md). A name that is not romanised here, for whatever
reason, is romanised by the analysers.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import Any

from opensearchpy import OpenSearch, OpenSearchException

# Latin forms by the names that have one.
Romanise = Callable[[Collection[str]], dict[str, str]]

# The engine gives at most 10,000 words for one question, and no name has more words than letters.
_LETTERS_ASKED = 9_000
# A word that the analysers take for one word again, whatever stands beside it.
_PLAIN = re.compile("[a-z0-9]+")


def romaniser(client: OpenSearch, alias: str) -> Romanise:
    """Romanises as the index behind `alias` does; nothing where that does not answer, or knows no such analyser."""

    def romanise(names: Collection[str]) -> dict[str, str]:
        try:
            return {name: latin for part in _parts(names) for name, latin in _ask(client, alias, part)}
        except OpenSearchException:
            # Whoever writes the documents meets the same trouble, and knows what to do.
            return {}

    return romanise


def _parts(names: Collection[str]) -> Iterator[list[str]]:
    part: list[str] = []
    letters = 0
    for name in names:
        if part and letters + len(name) > _LETTERS_ASKED:
            yield part
            part, letters = [], 0
        part.append(name)
        letters += len(name)
    if part:
        yield part


def _ask(client: OpenSearch, alias: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    answer = client.indices.analyze(
        index=alias,
        body={"analyzer": "romanised", "text": list(names)},
        params={"filter_path": "tokens.token,tokens.start_offset"},
    )
    words: list[list[str]] = [[] for _ in names]
    # The engine counts in UTF-16, and puts one between two texts.
    begins = list(accumulate((len(name.encode("utf-16-le")) // 2 + 1 for name in names), initial=0))
    tokens: list[dict[str, Any]] = answer.get("tokens", [])
    for token in tokens:
        words[bisect_right(begins, token["start_offset"]) - 1].append(token["token"])
    for name, its in zip(names, words, strict=True):
        if its and all(map(_PLAIN.fullmatch, its)):
            yield name, " ".join(its)
