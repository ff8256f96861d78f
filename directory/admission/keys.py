"""Publishable keys: made and revoked by a command, looked up at every request that names one.

A key stands in the source of a portal's pages. It is no secret and proves nobody's identity: it says which network's
listings a portal shows, which origins a browser may ask from, and how often.
"""

import logging
import re
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.settings import EnginesNotFound
from directory.db import get_engine
from directory.errors import DirectoryError
from directory.models import ApiKey
from directory.vocabulary.codes import load_codes

log = logging.getLogger(__name__)

PREFIX = "pk_"
DEFAULT_RATE_PER_MINUTE = 600
# For so long a process goes on with the keys that it knows: a revoked key ends after that.
FRESH_S = 10.0
# A key that is not known may be a new one, worth a look into the database: so often, at most, for the same key.
LOOK_AGAIN_S = 1.0
MOST_STRANGERS = 1_000

# As they are made; what reads otherwise is nobody's.
_KEY = re.compile(PREFIX + r"[A-Za-z0-9_-]{24}")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class InvalidOrigin(DirectoryError):
    """Not an origin as browsers write them."""


class UnknownNetwork(DirectoryError):
    """No network has this code."""


class UnknownKey(DirectoryError):
    """No key reads so, or it was revoked."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key allows. `network` None: any network."""

    key: str
    name: str
    origins: frozenset[str]
    network: str | None
    rate_per_minute: int
    created_at: datetime
    revoked_at: datetime | None


def parse_origin(text: str) -> str:
    """An origin as browsers send it: scheme, host and any unusual port, in lower case. Raises InvalidOrigin."""
    fault = (
        f"{text!r} is not an origin: write scheme, host and, where it is unusual, port, as in https://portal.example"
    )
    try:
        parts = urlsplit(text.strip())
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise InvalidOrigin(fault) from error
    host = f"[{host}]" if ":" in host else host
    scheme = parts.scheme.lower()
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or beyond:
        raise InvalidOrigin(fault)
    return f"{scheme}://{host}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def add_key(
    session: Session,
    origins: Iterable[str],
    *,
    network: str | None = None,
    rate_per_minute: int = DEFAULT_RATE_PER_MINUTE,
    name: str = "",
) -> Key:
    """Make a key for these origins. Raises InvalidOrigin, UnknownNetwork."""
    if network is not None and network not in load_codes().networks:
        raise UnknownNetwork(f"No network is called {network!r}; there are {', '.join(load_codes().networks)}.")
    row = ApiKey(
        key=PREFIX + secrets.token_urlsafe(18),
        name=name,
        origins=list(dict.fromkeys(map(parse_origin, origins))),
        network=network,
        rate_per_minute=rate_per_minute,
    )
    session.add(row)
    session.flush()
    return _read(row)


def list_keys(session: Session) -> list[Key]:
    """All keys, revoked ones too, the oldest first."""
    return [_read(row) for row in session.scalars(select(ApiKey).order_by(ApiKey.id))]


def revoke_key(session: Session, key: str) -> Key:
    """End a key; within FRESH_S no process takes it any more. Raises UnknownKey."""
    row = session.scalar(
        update(ApiKey)
        .where(ApiKey.key == key)
        .values(revoked_at=func.coalesce(ApiKey.revoked_at, func.now()))
        .returning(ApiKey)
    )
    if row is None:
        raise UnknownKey(f"There is no key {key}; `provider-directory keys list` shows all.")
    return _read(row)


def _read(row: ApiKey) -> Key:
    return Key(
        key=row.key,
        name=row.name,
        origins=frozenset(row.origins),
        network=row.network,
        rate_per_minute=row.rate_per_minute,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )


class KnownKeys:
    """The keys that are not revoked, as this process last read them. While PostgreSQL is away they go on."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] | None = None
        self._reads_again_at = 0.0  # monotonic
        self._reading = threading.Lock()
        # Those that were looked for and are not there, and when they were.
        self._strangers: dict[str, float] = {}

    def find(self, key: str) -> Key:
        """What this key allows. Raises UnknownKey; SQLAlchemyError while it could not be read whether there is one."""
        if time.monotonic() >= self._reads_again_at:
            self._read()
        known = (self._keys or {}).get(key) or self._look_for(key)
        if known is None:
            raise UnknownKey("This key is not known here, or it was revoked.")
        return known

    def _read(self) -> None:
        # One thread reads; the others go on with what is known, and wait only where nothing is.
        if not self._reading.acquire(blocking=self._keys is None):
            return
        try:
            with Session(get_engine()) as session:
                keys = session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None))).all()
                self._keys = {row.key: _read(row) for row in keys}
        except (SQLAlchemyError, EnginesNotFound) as error:
            if self._keys is None:
                raise
            log.warning("keys cannot be read, those that are known go on: %s", type(error).__name__)
        finally:
            self._reads_again_at = time.monotonic() + FRESH_S if self._keys is not None else 0.0
            self._reading.release()

    def _look_for(self, key: str) -> Key | None:
        """A key that came after the last reading. One that is not there is not looked for again at once."""
        now = time.monotonic()
        if not _KEY.fullmatch(key) or now - self._strangers.get(key, float("-inf")) < LOOK_AGAIN_S:
            return None
        with Session(get_engine()) as session:
            row = session.scalar(select(ApiKey).where(ApiKey.key == key, ApiKey.revoked_at.is_(None)))
        if row is None:
            if len(self._strangers) >= MOST_STRANGERS:
                self._strangers = {}
            self._strangers[key] = now
            return None
        # A new dictionary: other threads look into the old one.
        self._keys = {**(self._keys or {}), key: _read(row)}
        return self._keys[key]

    def forget(self) -> None:
        """As if nothing had been read yet."""
        self._keys, self._reads_again_at, self._strangers = None, 0.0, {}


known_keys = KnownKeys()
