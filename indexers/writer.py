"""Bulk writes to the search engine, versioned by revision: an older revision never overwrites a newer one."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as EngineConnectionError
from opensearchpy.exceptions import TransportError

from indexers.documents import Document
from indexers.errors import EngineUnavailable, TargetMissing
from indexers.romanising import Romanise, romaniser

# One request: large enough that its fixed cost does not count, small enough for the heap and for a retry.
MAX_BYTES = 5_000_000
MAX_DOCUMENTS = 5_000

# A restart of the engine takes longer; the worker then lets its rows go and begins again.
PATIENCE_S = 10.0

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 2.0
_REASON_LENGTH = 500

_OPTIONS = "&".join(
    (
        # An index that does not exist must not come into being with a guessed mapping.
        "require_alias=true",
        # The engine's own patience with a shard that is away; a minute unless told, longer than this client's.
        "timeout=5s",
        # Only what is looked at comes back; the whole answer is ten times as long.
        "filter_path=items.*.status,items.*.error.type,items.*.error.reason",
    )
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the engine will never take as it is, and why."""

    listing_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One action of a bulk request, with the document that may follow it."""

    listing_id: int
    body: bytes


class BulkWriter:
    """Writes documents to an alias. A busy or absent engine is waited for, `patience_s` in all for each request.

    The wait for an answer counts: an engine that is silent takes one answer's time or the patience, the longer of both.
    `give_way` is called before each request, and may wait while something more urgent is written.
    """

    def __init__(
        self,
        client: OpenSearch,
        *,
        patience_s: float = PATIENCE_S,
        most_documents: int = MAX_DOCUMENTS,
        give_way: Callable[[], object] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._patience_s = patience_s
        self._most_documents = most_documents
        self._give_way = give_way
        self._sleep = sleep

    def write(self, alias: str, documents: Iterable[Document], *, only_newer: bool = False) -> list[Refusal]:
        """Write each document unless the index has a newer one; returns those that the engine refused.

        With `only_newer`, a document of the same revision is left as it is too. Raises EngineUnavailable when
        patience ends, TargetMissing when the alias is gone; the whole call may then be repeated.
        """
        kind = "external" if only_newer else "external_gte"
        lines = [
            _Line(
                document.listing_id,
                b'{"index":{"_id":"%d","version":%d,"version_type":"%s"}}\n%s\n'
                % (document.listing_id, document.revision, kind.encode(), document.body),
            )
            for document in documents
        ]
        refusals: list[Refusal] = []
        for chunk in self._chunks(lines):
            self._give_way()
            refusals += self._send(alias, chunk)
        return refusals

    def romaniser(self, alias: str) -> Romanise:
        """What gives names their Latin form before they are written to an alias."""
        return romaniser(self._client, alias)

    def delete(self, alias: str, revisions: Iterable[tuple[int, int]]) -> None:
        """Delete documents, given as (id, revision), that are not newer than said."""
        lines = [
            _Line(
                listing_id,
                b'{"delete":{"_id":"%d","version":%d,"version_type":"external_gte"}}\n' % (listing_id, revision),
            )
            for listing_id, revision in revisions
        ]
        for chunk in self._chunks(lines):
            self._send(alias, chunk)

    def _chunks(self, lines: Sequence[_Line]) -> Iterator[list[_Line]]:
        chunk: list[_Line] = []
        size = 0
        for line in lines:
            if chunk and (size + len(line.body) > MAX_BYTES or len(chunk) == self._most_documents):
                yield chunk
                chunk, size = [], 0
            chunk.append(line)
            size += len(line.body)
        if chunk:
            yield chunk

    def _send(self, alias: str, lines: Sequence[_Line]) -> list[Refusal]:
        refusals: list[Refusal] = []
        pause_s, waited_s = _FIRST_PAUSE_S, 0.0
        while lines:
            sent = time.monotonic()
            try:
                lines, reason = self._send_once(alias, lines, refusals)
            except _RequestRefused as error:
                return refusals + self._send_halves(alias, lines, error)
            if not lines:
                break
            waited_s += time.monotonic() - sent
            if waited_s >= self._patience_s:
                raise EngineUnavailable(reason)
            self._sleep(pause_s)
            waited_s += pause_s
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        return refusals

    def _send_halves(self, alias: str, lines: Sequence[_Line], error: "_RequestRefused") -> list[Refusal]:
        # The engine refused the request as a whole (too large, unreadable): find the document that is the cause.
        if len(lines) == 1:
            return [Refusal(lines[0].listing_id, str(error)[:_REASON_LENGTH])]
        middle = len(lines) // 2
        return self._send(alias, lines[:middle]) + self._send(alias, lines[middle:])

    def _send_once(self, alias: str, lines: Sequence[_Line], refusals: list[Refusal]) -> tuple[Sequence[_Line], str]:
        """Send once; returns the lines to try again and why, and adds to `refusals`."""
        try:
            answer = self._client.transport.perform_request(
                "POST",
                # Not as `params`, of which the client takes `timeout` for its own.
                f"/{alias}/_bulk?{_OPTIONS}",
                headers={"content-type": "application/x-ndjson"},
                body=b"".join(line.body for line in lines),
            )
        except EngineConnectionError as error:
            return lines, f"{type(error).__name__}: the search engine does not answer"
        except TransportError as error:
            if error.status_code in (400, 413):
                raise _RequestRefused(_reason_of(error)) from error
            return lines, _reason_of(error)
        again: list[_Line] = []
        reason = ""
        for line, item in zip(lines, answer["items"], strict=True):
            (outcome,) = item.values()
            status = outcome["status"]
            # 409: the index has a newer revision; a deleted document that is not there (404) has no error.
            if status < 300 or status == 409 or (status == 404 and "error" not in outcome):
                continue
            error_type, reason = outcome["error"]["type"], outcome["error"]["reason"]
            if error_type == "index_not_found_exception":
                raise TargetMissing(f"{alias} is no alias of an index")
            if status == 400:
                refusals.append(Refusal(line.listing_id, f"{error_type}: {reason}"[:_REASON_LENGTH]))
            else:
                again.append(line)
        return again, reason


class _RequestRefused(Exception):
    """The engine refused a whole request."""


def _reason_of(error: TransportError) -> str:
    return f"{error.status_code} {error.error}"
