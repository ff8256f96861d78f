"""The database: engines, sessions, and the schema's way up and down (Alembic)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import orjson
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from config.settings import get_settings, made_of_settings
from directory.runtime import connections

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

# Searches that PostgreSQL answers for one process at a time.
MOST_SEARCHES = 2

# "Today" of an agreement's period is the day in UTC, on every machine. And a server whose client has given up and gone
# stops the statement that nobody waits for.
_OPTIONS = "-c timezone=UTC -c client_connection_check_interval=1s"


def driver_url(url: str) -> str:
    """The same address with the driver named: `postgresql://…` becomes `postgresql+psycopg://…`."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in ("postgres", "postgresql") else url


def make_engine(
    url: str | None = None,
    *,
    application_name: str = "provider-directory",
    ping: bool = True,
    kept: int = 5,
    spare: int = 5,
) -> Engine:
    """A connection pool on `url`, by default on the address of the settings.

    With `ping`, a connection is asked for a sign of life before each use, and a dead one replaced. The pool keeps
    `kept` connections, and makes `spare` more where these are in use.
    """
    return create_engine(
        driver_url(url or get_settings().engine_url("database_url")),
        # What is shown of a listing is mostly JSON; the standard library's reader took a third of the time to read one.
        json_deserializer=orjson.loads,
        pool_pre_ping=ping,
        # As it stands, more than the threads of a process: none waits for another's connection.
        pool_size=kept,
        max_overflow=spare,
        pool_timeout=0.5,
        connect_args={"connect_timeout": 2, "application_name": application_name, "options": _OPTIONS},
    )


@partial(made_of_settings, close=Engine.dispose)
def get_engine() -> Engine:
    """The pool of this process, made at first use (so after gunicorn has forked), bounded by the time of requests."""
    engine = make_engine(ping=False)
    connections.bound(engine)
    return engine


@partial(made_of_settings, close=Engine.dispose)
def get_search_engine() -> Engine:
    """A pool of its own for searches that PostgreSQL answers: they may take long, and nobody else waits for them."""
    engine = make_engine(application_name="provider-directory-search", ping=False, kept=MOST_SEARCHES, spare=0)
    connections.bound(engine, connections.plain_search)
    return engine


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Session]:
    """One session in one transaction: committed at the end, rolled back on any error."""
    with Session(engine or get_engine(), expire_on_commit=False) as session, session.begin():
        yield session


def migration_config(url: str | None = None) -> Config:
    """Alembic's configuration for this project, on `url` or on the address of the settings."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # ConfigParser reads % as interpolation; a password may hold one.
    address = driver_url(url or get_settings().engine_url("database_url")).replace("%", "%%")
    config.set_main_option("sqlalchemy.url", address)
    return config


def upgrade(url: str | None = None, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    command.upgrade(migration_config(url), revision)


def downgrade(url: str | None, revision: str) -> None:
    """Take the schema down to `revision` (`base`: nothing left of ours)."""
    command.downgrade(migration_config(url), revision)
