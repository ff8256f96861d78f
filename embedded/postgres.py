"""A private PostgreSQL cluster with PostGIS below the state directory."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
import psycopg

from embedded.ports import free_port
from embedded.processes import Child, end_leftovers, leftovers, start
from embedded.state import EmbeddedError, read_json, short_name, write_json

EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
_USER = "directory"
_DATABASE = "directory"
# Sized for a laptop or a small server that runs other things too. fsync stays on: a start after
# `kill -9` or a power cut must find every committed row.
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # its path may be too long below a deep state directory
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_error_statement": "panic",  # statements carry what people searched for; logs must not
}


def find_binaries(major: str | None = None) -> Path:
    """Directory of initdb and postgres: of version `major`, else of the newest that has PostGIS.

    Raises EmbeddedError with what to install.
    """
    installed = []
    for binaries in Path("/usr/lib/postgresql").glob("*/bin"):
        version = binaries.parent.name
        has_postgis = Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists()
        if (binaries / "postgres").exists() and has_postgis and major in (None, version):
            installed.append(binaries)
    if not installed:
        raise EmbeddedError(
            f"No PostgreSQL{' ' + major if major else ''} with PostGIS below /usr/lib/postgresql: "
            f"`apt-get install postgresql-{major or '15'}-postgis-3` (or your release's version), or set DATABASE_URL."
        )
    return max(installed, key=lambda path: float(path.parent.name))


class Postgres:
    """One cluster: `launch` returns at once, `wait_ready` once it answers, `stop` when it has ended."""

    name = "PostgreSQL"

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir.resolve()
        self._file = self._state_dir / "postgres.json"
        # initdb and postgres refuse to run as root; Debian's package brings this user for it.
        self._user = "postgres" if os.geteuid() == 0 else None
        self.child: Child | None = None

    @property
    def place(self) -> Path:
        """Directory that holds the cluster, the state directory's own or the one it names."""
        return Path(read_json(self._file)["place"])

    @property
    def url(self) -> str:
        known = read_json(self._file)
        return f"postgresql://{_USER}:{known['password']}@127.0.0.1:{known['port']}/{_DATABASE}"

    def launch(self) -> Child:
        """Make the cluster where there is none, end what an earlier one left behind, and start it."""
        known = read_json(self._file)
        if not known:
            known = {"place": str(self._choose_place()), "password": secrets.token_urlsafe(24)}
        data = Path(known["place"]) / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(data, known["password"])
        self._end_leftovers(data)
        # After a crash its pid may by now be another program's, which PostgreSQL would take for itself still running.
        (data / "postmaster.pid").unlink(missing_ok=True)
        known["port"] = free_port(20000, 29999, known.get("port"))
        write_json(self._file, known)
        options = {**_OPTIONS, "port": str(known["port"])}
        major = (data / "PG_VERSION").read_text().strip()
        self.child = start(
            self.name,
            [find_binaries(major) / "postgres", "-D", data, *(f"--{key}={value}" for key, value in options.items())],
            state_dir=self._state_dir / "postgres",
            log=self._state_dir / "logs" / "postgres.log",
            user=self._user,
            stop_signal=signal.SIGINT,  # "fast": open connections are ended, not waited for
        )
        return self.child

    def wait_ready(self, patience_s: float = 90) -> str:
        """Its address, once it answers and has the database and the extensions."""
        if self.child is None:
            raise RuntimeError("launch comes first")
        server = self.url.removesuffix(f"/{_DATABASE}")
        deadline = time.monotonic() + patience_s
        while True:
            try:
                with psycopg.connect(f"{server}/postgres", connect_timeout=2, autocommit=True) as connection:
                    row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]).fetchone()
                break
            except psycopg.OperationalError as error:
                if not self.child.alive or time.monotonic() > deadline:
                    raise EmbeddedError(f"PostgreSQL did not start ({error}):\n{self.child.last_lines()}") from error
                time.sleep(0.05)
        if row is None:
            self._create_database(server)
        return self.url

    def stop(self) -> None:
        if self.child:
            self.child.stop()
        if self._file.exists():
            self._end_leftovers(self.place / "data")

    def _end_leftovers(self, data: Path) -> None:
        end_leftovers(partial(leftovers, self._state_dir / "postgres", data), signal.SIGINT)

    def _choose_place(self) -> Path:
        """Below the state directory where the server's user can go there; else beside the system's other data."""
        place = self._state_dir / "postgres"
        if self._user is None or self._can_enter(self._state_dir):
            return place
        place = Path(f"/var/tmp/provider-directory-{os.geteuid()}-{short_name(self._state_dir)}")
        # A state directory that was removed by hand leaves this behind; without its password it is of no use.
        self._end_leftovers(place / "data")
        shutil.rmtree(place, ignore_errors=True)
        click.echo(f"PostgreSQL's user cannot enter {self._state_dir}: its data lies in {place}")
        return place

    def _can_enter(self, directory: Path) -> bool:
        return self._run(["test", "-x", str(directory)]).returncode == 0

    def _initialise(self, data: Path, password: str) -> None:
        """initdb beside the final place, then one rename: a start that was cut short leaves no half cluster."""
        part, secret = data.with_name("data.part"), data.with_name("password.part")
        shutil.rmtree(part, ignore_errors=True)
        data.parent.mkdir(parents=True, exist_ok=True)
        data.parent.chmod(0o700)
        secret.write_text(password)
        if self._user:
            for path in (data.parent, secret):
                shutil.chown(path, self._user)
        command: list[str | Path] = [find_binaries() / "initdb", "-D", part, "-U", _USER, "--auth=scram-sha-256"]
        try:
            done = self._run([*command, f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8"])
        finally:
            secret.unlink()
        if done.returncode != 0:
            raise EmbeddedError(f"initdb failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
        part.rename(data)

    def _run(self, command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
        """As the server's user, from a directory that it can enter."""
        return subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )

    def _create_database(self, server: str) -> None:
        """The extensions go into template1, so that every database made here has them."""
        with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
            for extension in EXTENSIONS:
                connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_DATABASE}")
