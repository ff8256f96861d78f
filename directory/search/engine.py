"""The connection to OpenSearch: one place that talks to it, and that says plainly when it cannot answer."""

from typing import Any

import orjson
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as EngineConnectionError
from opensearchpy.exceptions import ConnectionTimeout, NotFoundError, SerializationError, TransportError
from opensearchpy.serializer import JSONSerializer

from config.settings import get_settings, made_of_settings
from directory.errors import SearchSlow, SearchUnavailable
from directory.runtime import deadline
from directory.runtime.walls import NoPlace, Wall
from directory.search.curl import CurlConnection

# Searches take milliseconds. One that has no answer after this long may be slow, or nobody may be there: a short
# question decides which, so that the reader waits less than a second for the plainer search. Where all is slow, so is
# the answer to that question: an engine that takes half a second for it is slow, and not taken for a dead one.
FIRST_WAIT_S = 0.4
PING_WAIT_S = 0.5
# An answer that takes longer than this in all is worth less than a plain one.
LONGEST_WAIT_S = 1.5

# The engine ends by itself what nobody waits for any more, this much later: its answer would have come in that time.
CANCEL_LATER_S = 0.05

# Searches that take long, for whatever reason, hold two of a process's four threads at most.
_long_waits = Wall("slow search", 2)


class OrjsonSerializer(JSONSerializer):
    """JSON by orjson: half of the client's own time was spent in the standard library's reader."""

    def dumps(self, data: Any) -> Any:
        """Strings and bytes pass as they are, as the client's own serializer does it."""
        return data if isinstance(data, (str, bytes)) else orjson.dumps(data).decode()

    def loads(self, s: str | bytes) -> Any:
        """Read an answer of the engine; SerializationError for what is no JSON, such as a proxy's page."""
        try:
            return orjson.loads(s)
        except ValueError as error:
            raise SerializationError(s, error) from error


def connect(url: str | None = None, *, timeout_s: float = 30.0) -> OpenSearch:
    """A client of the engine at `url`, by default at the address of the settings; commas separate a cluster's nodes.

    A node that refuses or breaks the connection is passed over for a while, and the next one is asked; with one node,
    and where a node is silent, nothing is retried.
    """
    nodes = (url or get_settings().engine_url("opensearch_url")).split(",")
    return OpenSearch(
        nodes,
        timeout=timeout_s,
        max_retries=len(nodes) - 1,
        retry_on_timeout=False,
        connection_class=CurlConnection,
        serializer=OrjsonSerializer(),
    )


def alias_name() -> str:
    """The alias that searches ask; behind it is the index of the latest rebuild."""
    return get_settings().index_prefix


@made_of_settings
def _client() -> OpenSearch:
    return connect(timeout_s=deadline.patient(LONGEST_WAIT_S))


def search(body: dict[str, Any]) -> dict[str, Any]:
    """One search over the alias. Raises SearchUnavailable when there is no whole answer in time."""
    answer = _ask("/_search", body)
    _refuse_partial(answer)
    return answer


def search_many(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Several searches over the alias in one round trip, each answered in full or SearchUnavailable is raised."""
    if len(bodies) < 2:
        return [search(body) for body in bodies]
    lines = (line for body in bodies for line in (b"{}", orjson.dumps(body)))
    answers: list[dict[str, Any]] = _ask("/_msearch", b"\n".join(lines) + b"\n")["responses"]
    for answer in answers:
        _refuse_partial(answer)
    return answers


def count_many(queries: list[dict[str, Any]]) -> list[int]:
    """The exact number of hits of each query, asked in one round trip."""
    answers = search_many([{"size": 0, "track_total_hits": True, "query": query} for query in queries])
    return [answer["hits"]["total"]["value"] for answer in answers]


def _ask(path: str, body: Any) -> dict[str, Any]:
    try:
        try:
            return _perform("POST", f"/{alias_name()}{path}", body, deadline.patient(FIRST_WAIT_S))
        except ConnectionTimeout:
            _perform("GET", "/", None, deadline.patient(PING_WAIT_S))
        return _ask_patiently(path, body)
    except NotFoundError as error:
        raise SearchUnavailable("There is no index yet: run `provider-indexer rebuild`.", 10) from error
    except EngineConnectionError as error:
        raise SearchUnavailable("The search engine does not answer.") from error
    except SerializationError as error:
        raise SearchUnavailable("What answers at OPENSEARCH_URL is no search engine: check it.", 10) from error
    except TransportError as error:
        if error.status_code in (401, 403):
            raise SearchUnavailable("The search engine refuses this service: check OPENSEARCH_URL.", 10) from error
        # Another 4xx is our own mistake and must be seen as one; the rest passes.
        if isinstance(error.status_code, int) and error.status_code < 500 and error.status_code != 429:
            raise
        raise SearchUnavailable("The search engine is overloaded or starting.") from error


def _ask_patiently(path: str, body: Any) -> dict[str, Any]:
    """Once more, of an engine that is there. Raises SearchSlow: that says nothing against the engine."""
    try:
        with _long_waits.place():
            return _perform("POST", f"/{alias_name()}{path}", body, deadline.patient(LONGEST_WAIT_S))
    except NoPlace:
        raise SearchSlow("Other searches that take long are at work. Please try again in a few seconds.") from None
    except ConnectionTimeout as error:
        raise SearchSlow("This search takes too long. Fewer or shorter words, or a filter, make it quicker.") from error


def _perform(method: str, path: str, body: Any, seconds: float) -> dict[str, Any]:
    if (left := deadline.left()) is not None:
        seconds = min(seconds, left)
        if seconds <= 0:
            raise SearchSlow("This search takes too long. Fewer or shorter words, or a filter, make it quicker.")
    parameters: dict[str, Any] = {"request_timeout": seconds}
    if body is not None:
        parameters["cancel_after_time_interval"] = f"{int((seconds + CANCEL_LATER_S) * 1000)}ms"
    answer: dict[str, Any] = _client().transport.perform_request(method, path, params=parameters, body=body)
    return answer


def _refuse_partial(answer: dict[str, Any]) -> None:
    # An answer from some shards only would be a wrong total.
    if answer.get("error") or answer.get("timed_out") or answer["_shards"]["failed"]:
        raise SearchUnavailable("The search engine could not answer in full.")


def check_alias() -> None:
    """Raises SearchUnavailable unless the alias is there and one search of it can be answered."""
    search({"size": 0, "track_total_hits": False, "query": {"match_all": {}}})
