"""`make demo`: engines, schema, index, places, service and listings, from nothing or from what is there already.

What needs no other goes on beside it, and the service answers as soon as there are places: listings come in while
it does, and `Ready` is said when all of them can be found.
"""

import hashlib
import os
import secrets
import socket
import sys
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click
import psycopg

from config.settings import PROJECT_ROOT, Settings
from embedded.engines import Engines, Starting, announce, announcement, starting
from embedded.loopback import ask
from embedded.opensearch import OpenSearch
from embedded.ports import free_port
from embedded.postgres import Postgres
from embedded.processes import Child, end_leftovers, leftovers, start
from embedded.service_login import make_service_login
from embedded.state import EmbeddedError, owned, read_json, write_json

_BIN = Path(sys.executable).parent
# What each long step is made from: when it changes, the step is done again.
_SOURCES = {
    "places": ("geodata",),
    "listings": ("demo",),
    "proposals": ("demo/proposals.py",),
    "care": ("demo/care.py",),
    "index": ("indexers", "directory/search/mapping.py", "directory/listings/shown.py", "config/codes"),
}
_MAX_DEATHS = 5  # of one program within a minute; beyond it, starting it again mends nothing
_LATE_S = 60  # before someone who waits is told where to look


def run_demo(settings: Settings) -> None:
    """Bring everything up, say where, and keep it up until told to stop.

    Raises EmbeddedError, which names what failed and shows the end of its log.
    """
    state_dir = settings.state_dir.resolve()
    with owned(state_dir):
        check_port(settings.host, settings.port)
        _end_marked(state_dir)
        tell = Teller()
        tell(f"Starting PostgreSQL and OpenSearch; their data lies in {state_dir}")
        with starting(state_dir) as engines:
            demo = Demo(settings, state_dir, tell)
            try:
                demo.serve(demo.prepare(engines))
            finally:
                demo.stop()


class Teller:
    """Says what is going on, each time with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, words: str) -> None:
        click.echo(f"[{time.monotonic() - self._began:3.0f} s] {words}")


class Opening:
    """What is said of the service on its way up: that it answers, and that all listings are in and searchable."""

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self._address = address
        self._tell = tell
        self.is_open = False
        self.is_whole = False

    def look(self, readiness: dict[str, Any], *, loading: bool) -> None:
        """Given what /readyz says, and whether listings are still being imported."""
        if self.is_whole or readiness.get("status") != "ready":
            return
        waiting = readiness["index"]["waiting"]
        self.is_whole = not loading and waiting == 0
        if not self.is_open and not self.is_whole:
            waits = f"{waiting:,} wait for the index"
            self._tell(f"Open: {self._address} answers; places and listings come in meanwhile ({waits}).")
        self.is_open = True


@dataclass
class Filling:
    """A long step that goes on while the service answers: its command, and what is remembered when it has ended."""

    key: str
    fingerprint: str
    label: str
    command: tuple[str | Path, ...]
    child: Child | None = None


# A number that Ofcom keeps for stories, as config/contacts.toml has it.
HELPLINE = "+44 20 7946 0100"


class Demo:
    """The programs of one demonstration and what it remembers between starts, in `demo.json`."""

    def __init__(self, settings: Settings, state_dir: Path, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._state_dir = state_dir
        self._file = state_dir / "demo.json"
        self._done = read_json(self._file) or {}
        self._done.setdefault("secret_key", secrets.token_urlsafe(32))
        self._done.setdefault("health_keys", f"demo:{b64encode(secrets.token_bytes(32)).decode()}")
        write_json(self._file, self._done)
        self._env = {
            "HEALTH_KEYS": settings.health_keys or str(self._done["health_keys"]),
            "PUBLIC_URL": settings.public_address,
            "STATE_DIR": str(state_dir),
            "SECRET_KEY": str(self._done["secret_key"]),
            "DEMONSTRATION": "true",
            "HELPLINE": settings.helpline or HELPLINE,
        }
        self._children: list[Child] = []
        # What fills the directory while the service answers already, one after the other.
        self._fillings: deque[Filling] = deque()
        # What the service itself needs besides: a login of its own, and a server that takes its mail.
        self._service: dict[str, str] = {}

    def prepare(self, engines: Starting) -> Engines:
        """Schema, index and places, side by side where they can be; what fills them is lined up."""
        place_file = self._begin_place_file()
        self._env["DATABASE_URL"] = engines.database_url()
        self._step("Bringing the schema up to date", _BIN / "provider-directory", "db", "upgrade")
        self._prepare_service()
        ready = self._announce(engines)
        cluster = (ask(ready.opensearch_url)["cluster_uuid"], self._settings.index_prefix)
        self._once("index", cluster, "Building the search index", _BIN / "provider-indexer", "rebuild")
        if place_file:
            self._wait_for(place_file, "Building the place file")
        with psycopg.connect(self._env["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT system_identifier, current_database() FROM pg_control_system()").fetchone()
        places = (_BIN / "provider-directory", "places", "load")
        self._fill_later("places", row, "Loading the places of the world", *places)
        # Before the listings: whoever looks for look-alikes while an index is behind waits for it.
        self._fill_later("proposals", row, "Inventing proposals for the desk", sys.executable, "-m", "demo.proposals")
        self._fill_later("listings", row, "Loading the demonstration's listings", sys.executable, "-m", "demo.load")
        self._fill_later("care", row, "Inventing what members brought", sys.executable, "-m", "demo.care")
        return ready

    def _begin_place_file(self) -> Child | None:
        """It takes longest and needs no engine: it is built while they start."""
        path = self._settings.gazetteer_path
        if path.exists():
            return None
        return self._begin("Building the place file", sys.executable, "-m", "geodata.build", path)

    def _fill_later(self, key: str, store: object, label: str, *command: str | Path) -> None:
        fingerprint = self._fingerprint_of(key, store)
        if self._done.get(key) != fingerprint:
            self._fillings.append(Filling(key, fingerprint, label, command))

    def _is_loading(self) -> bool:
        """Whether places or listings are still coming in; begins the next. Raises EmbeddedError when one failed."""
        if not self._fillings:
            return False
        first = self._fillings[0]
        if first.child is None:
            first.child = self._begin(first.label, *first.command)
        elif not first.child.alive:
            self._wait_for(first.child, first.label)
            self._remember(first.key, first.fingerprint)
            self._fillings.popleft()
        return True

    def _announce(self, engines: Starting) -> Engines:
        ready = announce(engines)
        self._env["OPENSEARCH_URL"] = ready.opensearch_url
        # So that commands, which find the engines there, write links to where the service is.
        file = announcement(self._state_dir)
        write_json(file, {**read_json(file), "public_url": self._settings.public_address})
        return ready

    def serve(self, engines: Engines) -> NoReturn:
        """Start the service and the index worker, say when they are ready, and start again whatever dies."""
        keepers = self._start_programs(engines)
        host = "127.0.0.1" if self._settings.host == "0.0.0.0" else self._settings.host
        address = f"http://{host}:{self._settings.port}"
        opening = Opening(address, self._tell)
        late = time.monotonic() + _LATE_S
        while True:
            for keeper in keepers:
                keeper.look()
            if not opening.is_whole:
                loading = self._is_loading()
                opening.look(_readiness(address), loading=loading)
                if opening.is_whole:
                    self._tell("Up. Every agreement shown is invented.")
                    self._tell_accounts()
                    click.echo(f"Ready: {address}")
            if not opening.is_open and time.monotonic() > late:
                self._tell(f"Not ready yet; {address}/readyz and the logs in {self._state_dir / 'logs'} say why.")
                late += _LATE_S
            time.sleep(0.3)

    def _start_programs(self, engines: Engines) -> list["Keeper"]:
        keepers = [
            Keeper(engine.name, engine.child, partial(_launch_again, engine))
            for engine in engines.embedded
            if engine.child
        ]
        programs: dict[str, tuple[str | Path, ...]] = {
            "worker": (_BIN / "provider-indexer", "run"),
            "mail": (_BIN / "provider-directory", "mail", "run"),
            "work": (_BIN / "provider-directory", "work"),
            "web": (_BIN / "provider-directory", "serve"),
        }
        if "mail_port" in self._done:
            port, folder = str(self._done["mail_port"]), str(self._mail_folder)
            post = (sys.executable, "-m", "embedded.post", "--port", port, "--folder", folder)
            programs = {"post": post, **programs}
        for name, words in programs.items():
            keepers.append(Keeper(name, self._start(name, *words), partial(self._start, name, *words)))
        return keepers

    def stop(self) -> None:
        """End the service and the worker, all at once; the engines end after them."""
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(patience_s=4)
        _end_marked(self._state_dir)

    @property
    def _mail_folder(self) -> Path:
        return self._state_dir / "mail"

    def _prepare_service(self) -> None:
        """Accounts to sign in with, the service's own login, and where its mail goes."""
        self._step("Making the demonstration's accounts", sys.executable, "-m", "demo.people")
        # Of a database that somebody gave, the one who gave it decides what the service connects as.
        if not os.environ.get("DATABASE_URL"):
            password = str(self._done.setdefault("service_password", secrets.token_urlsafe(24)))
            self._service["DATABASE_URL"] = make_service_login(self._env["DATABASE_URL"], password)
        if not self._settings.smtp_url:
            self._done["mail_port"] = free_port(33600, 34600, self._done.get("mail_port"))
            self._service["SMTP_URL"] = f"smtp://127.0.0.1:{self._done['mail_port']}"
        else:
            self._done.pop("mail_port", None)
        write_json(self._file, self._done)

    def _tell_accounts(self) -> None:
        click.echo((self._state_dir / "sign_in.txt").read_text(encoding="utf-8").rstrip())
        if "mail_port" in self._done:
            click.echo(f"Mails that the service sends lie in {self._mail_folder}")

    def _start(self, name: str, *command: str | Path) -> Child:
        log = self._state_dir / "logs" / f"{name}.log"
        env = {**self._env, **(self._service if name in ("web", "mail", "work") else {})}
        child = start(name, command, state_dir=self._state_dir, log=log, env=env)
        self._children.append(child)
        return child

    def _step(self, label: str, *command: str | Path) -> None:
        """Run one command to its end; it shows its own progress."""
        self._wait_for(self._begin(label, *command), label)

    def _begin(self, label: str, *command: str | Path) -> Child:
        self._tell(f"{label} …")
        child = start(label, command, state_dir=self._state_dir, env=self._env)
        self._children.append(child)
        return child

    @staticmethod
    def _wait_for(child: Child, label: str) -> None:
        if code := child.process.wait():
            raise EmbeddedError(f"{label} failed: it ended with {code}; what it said is above.")

    def _once(self, key: str, store: object, label: str, *command: str | Path) -> None:
        """Run a long step unless it was done in this very store from these very sources."""
        fingerprint = self._fingerprint_of(key, store)
        if self._done.get(key) != fingerprint:
            self._step(label, *command)
            self._remember(key, fingerprint)

    @staticmethod
    def _fingerprint_of(key: str, store: object) -> str:
        return hashlib.sha256(f"{store} {_fingerprint(_SOURCES[key])}".encode()).hexdigest()

    def _remember(self, key: str, fingerprint: str) -> None:
        self._done[key] = fingerprint
        write_json(self._file, self._done)


class Keeper:
    """Watches one program, says when it died, and starts it again."""

    def __init__(self, name: str, child: Child, start_again: Callable[[], Child]) -> None:
        self._name = name
        self._child = child
        self._start_again = start_again
        self._deaths: deque[float] = deque(maxlen=_MAX_DEATHS)

    def look(self) -> None:
        """Start it again when it died. Raises EmbeddedError when it keeps dying."""
        if self._child.alive:
            return
        now = time.monotonic()
        self._deaths.append(now)
        code = self._child.process.returncode
        if len(self._deaths) == _MAX_DEATHS and now - self._deaths[0] < 60:
            raise EmbeddedError(f"{self._name} keeps ending (code {code}):\n{self._child.last_lines()}")
        click.echo(f"{self._name} ended with {code}; starting it again. Its log: {self._child.log}")
        time.sleep(0.2)
        self._child = self._start_again()


def _launch_again(engine: Postgres | OpenSearch) -> Child:
    address = engine.url
    child = engine.launch()
    if engine.url != address:  # the service knows only the old one
        raise EmbeddedError(f"The port of {engine.name} was taken while it was down; start again.")
    return child


def _end_marked(state_dir: Path) -> None:
    """End programs of an earlier demonstration on this state directory, and what slipped from ours."""
    end_leftovers(partial(leftovers, state_dir), patience_s=3)


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise EmbeddedError(
                f"Cannot listen on {host}:{port} ({error.strerror}): "
                f"choose another port, as in `PORT={port + 1} make demo`."
            ) from error


def _readiness(address: str) -> dict[str, Any]:
    """What /readyz says; nothing while nobody answers there."""
    try:
        return dict(ask(f"{address}/readyz"))
    except (OSError, ValueError):
        return {}


def _fingerprint(sources: tuple[str, ...]) -> str:
    """Changes whenever a file below the sources does."""
    digest = hashlib.sha256()
    for source in sources:
        path = PROJECT_ROOT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(PROJECT_ROOT)).encode() + b"\0")
                digest.update(file.read_bytes())
    return digest.hexdigest()
