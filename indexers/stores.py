"""The two stores of one directory: the database that is the truth, and the engine that searches."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from opensearchpy import OpenSearch
from psycopg.types.json import set_json_loads
from sqlalchemy import Connection, Engine, event, make_url

from config.settings import get_settings
from directory.db import driver_url, make_engine
from directory.runtime.connections import BoundedConnection
from directory.search.engine import alias_name, connect

# A server that vanished without a word is noticed within about 20 seconds, not after the kernel's two hours.
_KEEPALIVE = {"keepalives_idle": "10", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "20000"}
# And the server notices as soon that we vanished: the rows of a batch and the lock of a rebuild are free again.
_SERVER_KEEPALIVE = " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"
# Nobody waits before a screen here: a slow link is no reason to give up.
_CONNECT_S = 10
# Longer than the longest statement, which deletes a million rows of the outbox after a rebuild.
DATABASE_ANSWER_S = 120.0
ENGINE_ANSWER_S = 30.0


@dataclass(frozen=True, slots=True)
class Stores:
    """Both stores, and the alias under which the index is searched."""

    engine: Engine
    client: OpenSearch
    alias: str

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """A connection whose every statement stands alone: nothing is held while the search engine works."""
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")


def open_stores(
    *,
    database_url: str | None = None,
    opensearch_url: str | None = None,
    alias: str | None = None,
    database_answer_s: float = DATABASE_ANSWER_S,
    engine_answer_s: float = ENGINE_ANSWER_S,
) -> Stores:
    """The stores of the settings, or of the addresses given. Nothing is connected before first use.

    A store that does not answer within its seconds counts as away.
    """
    url = make_url(driver_url(database_url or get_settings().engine_url("database_url")))
    engine = make_engine(
        url.update_query_dict(_KEEPALIVE).render_as_string(hide_password=False), application_name="provider-indexer"
    )

    def connect_bounded(_dialect: object, _record: object, _args: object, options: dict[str, Any]) -> BoundedConnection:
        options |= {"connect_timeout": _CONNECT_S, "options": options["options"] + _SERVER_KEEPALIVE}
        connection = BoundedConnection.connect(**options)
        connection.answer_s = database_answer_s
        return connection

    event.listen(engine, "do_connect", connect_bounded)
    event.listen(engine, "connect", _read_json_fast)
    return Stores(engine, connect(opensearch_url, timeout_s=engine_answer_s), alias or alias_name())


def _read_json_fast(connection: Any, _record: object) -> None:
    # Names and agreements come as JSON; with the standard library's reader they took a third of the time.
    set_json_loads(orjson.loads, connection)
