"""The embedded engines keep their promises: side by side, whole after `kill -9`, and nothing left when they end."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest
from opensearchpy import OpenSearch

from config.settings import PROJECT_ROOT
from embedded.demo import Keeper, check_port
from embedded.processes import MARK, Child, end_leftovers, leftovers, start
from embedded.state import EmbeddedError, StateDirInUse, owned, owner, read_json
from tests.engines.index_world import wait_until
from tests.worlds.clock import promised


class Place:
    """A state directory and the commands on it."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "OPENSEARCH_URL")}
        return subprocess.run(
            [sys.executable, "-m", "embedded", command, "--state-dir", self.state_dir],
            env={**env, "OPENSEARCH_HEAP": "256m"},
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> None:
        done = self.run("up")
        assert done.returncode == 0, done.stdout + done.stderr

    @property
    def urls(self) -> dict[str, str]:
        return read_json(self.state_dir / "engines.json")

    @property
    def data(self) -> Path:
        return Path(read_json(self.state_dir / "postgres.json")["place"]) / "data"

    def pids(self) -> set[int]:
        """What runs for this state directory, its keeper aside."""
        found = leftovers(self.state_dir / "postgres", self.data) + leftovers(self.state_dir / "opensearch")
        return set(found)

    def write(self) -> None:
        """One row and one document."""
        with psycopg.connect(self.urls["database_url"]) as connection:
            connection.execute("CREATE TABLE kept (point geography(POINT, 4326))")
            connection.execute("INSERT INTO kept VALUES ('POINT(36.8 -1.3)')")
        with OpenSearch(self.urls["opensearch_url"]) as client:
            client.indices.create(index="kept", body={"settings": {"number_of_replicas": 0}})
            client.index(index="kept", id="1", body={"name": "Аптека"})

    def kept(self) -> tuple[int, bool]:
        """Rows and whether the document is there."""
        with psycopg.connect(self.urls["database_url"]) as connection:
            row = connection.execute("SELECT count(*) FROM kept").fetchone()
        with OpenSearch(self.urls["opensearch_url"]) as client:
            return (row[0] if row else 0), bool(client.exists(index="kept", id="1"))


def alive(pid: int) -> bool:
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    """Two state directories with running engines, below a directory that only its owner may enter."""
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(stat.S_IRWXU)
    first, second = Place(closed / "first"), Place(closed / "a second with spaces")
    try:
        first.up()
        second.up()
        yield first, second
    finally:
        for place in (first, second):
            place.run("down")
            place.run("remove")


@pytest.fixture
def bystander() -> Iterator[int]:
    """A process that is none of the engines' business."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process.pid
        process.kill()


def test_two_state_directories_run_side_by_side(places: tuple[Place, Place]) -> None:
    first, second = places
    assert set(first.urls.values()).isdisjoint(second.urls.values())
    assert len(first.pids()) > 1
    assert first.pids().isdisjoint(second.pids())
    with OpenSearch(first.urls["opensearch_url"]) as one, OpenSearch(second.urls["opensearch_url"]) as other:
        assert one.info()["cluster_uuid"] != other.info()["cluster_uuid"]
        assert one.indices.analyze(body={"tokenizer": "icu_tokenizer", "text": "โรงพยาบาลกลาง"})["tokens"]


def test_the_database_has_its_extensions_and_so_has_each_new_one(places: tuple[Place, Place]) -> None:
    url = places[0].urls["database_url"]
    wanted = {"postgis", "pg_trgm", "unaccent", "btree_gist"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE another")
    for address in (url, f"{url.rpartition('/')[0]}/another"):
        with psycopg.connect(address) as connection:
            assert wanted <= {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}


def test_the_database_wants_its_password(places: tuple[Place, Place]) -> None:
    host_and_port = places[0].urls["database_url"].partition("@")[2]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://directory:guess@{host_and_port}")


def test_the_cluster_lies_where_its_user_can_go(places: tuple[Place, Place]) -> None:
    first, _ = places
    inside = first.data.is_relative_to(first.state_dir)
    # Run as root, the server's user cannot enter the closed directory; run as anyone else, it is that user.
    assert inside == (os.geteuid() != 0)
    assert stat.S_IMODE(first.data.stat().st_mode) == stat.S_IRWXU
    assert stat.S_IMODE((first.state_dir / "engines.json").stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_a_second_start_on_one_state_directory_says_who_has_it(places: tuple[Place, Place]) -> None:
    first, _ = places
    done = first.run("up")
    assert done.returncode == 1
    assert f"in use by process {owner(first.state_dir)}" in done.stderr
    assert first.run("status").returncode == 0


def test_everything_killed_comes_up_again_with_its_data(places: tuple[Place, Place], bystander: int) -> None:
    first, second = places
    first.write()
    keeper = owner(first.state_dir)
    assert keeper is not None
    pids, others = first.pids(), second.pids()
    for pid in (keeper, *pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # The kernel may give the dead server's pid to another program: the pid file must not keep the new one down.
    pid_file = first.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(bystander), *lines[1:]]) + "\n")
    first.up()
    assert first.kept() == (1, True)
    assert not any(alive(pid) for pid in pids)
    assert alive(bystander)
    assert others <= second.pids()


def test_engines_end_when_their_keeper_is_killed(places: tuple[Place, Place]) -> None:
    first, _ = places
    keeper, pids = owner(first.state_dir), first.pids()
    assert keeper is not None
    os.kill(keeper, signal.SIGKILL)
    deadline = time.monotonic() + promised(15)
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "engines outlived their keeper"
        time.sleep(0.1)
    first.up()


def test_sigterm_ends_all_that_was_started_and_nothing_else(places: tuple[Place, Place], bystander: int) -> None:
    first, second = places
    keeper, pids, others = owner(first.state_dir), first.pids(), second.pids()
    assert keeper is not None
    began = time.monotonic()
    assert first.run("down").returncode == 0
    assert time.monotonic() - began < promised(10)
    # `down` returns once the directory has no owner; the last of its processes is then at its very end.
    wait_until(lambda: not any(alive(pid) for pid in (keeper, *pids)), 10, "all that was started has ended")
    assert all(alive(pid) for pid in (bystander, *others))
    assert not (first.state_dir / "engines.json").exists()
    first.up()


def test_what_outlived_its_parent_is_found_and_ended(tmp_path: Path, bystander: int) -> None:
    stubborn = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    env = {**os.environ, MARK: str(tmp_path.resolve())}
    with subprocess.Popen(["bash", "-c", stubborn], env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert process.pid in leftovers(tmp_path)
        assert bystander not in leftovers(tmp_path)
        assert end_leftovers(partial(leftovers, tmp_path), patience_s=0.3) >= 1
        assert process.wait(5) == -signal.SIGKILL
    assert alive(bystander)


def test_a_state_directory_has_one_owner(tmp_path: Path) -> None:
    with owned(tmp_path):
        assert owner(tmp_path) == os.getpid()
        with pytest.raises(StateDirInUse, match="set STATE_DIR"), owned(tmp_path):
            pass
    assert owner(tmp_path) is None


def test_a_comma_in_the_state_directory_is_refused(tmp_path: Path) -> None:
    done = Place(tmp_path / "a,b").run("up")
    assert done.returncode == 1
    assert "comma" in done.stderr
    assert not (tmp_path / "a,b").exists()


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"Cannot listen on 127.0.0.1:{port}.*PORT="):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_a_program_that_died_is_started_again(tmp_path: Path) -> None:
    def start_sleep() -> Child:
        return start("sleeper", ["sleep", "600"], state_dir=tmp_path, log=tmp_path / "sleeper.log")

    children = [start_sleep()]

    def again() -> Child:
        children.append(start_sleep())
        return children[-1]

    keeper = Keeper("sleeper", children[0], again)
    keeper.look()
    assert len(children) == 1
    children[0].process.kill()
    children[0].process.wait()
    keeper.look()
    assert len(children) == 2
    assert children[1].alive
    children[1].stop()
    assert not leftovers(tmp_path)


def test_a_program_that_keeps_dying_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    def start_failing() -> Child:
        child = start(
            "failing", ["bash", "-c", "echo no such index; exit 3"], state_dir=tmp_path, log=tmp_path / "x.log"
        )
        child.process.wait()
        return child

    keeper = Keeper("failing", start_failing(), start_failing)
    for _ in range(4):
        keeper.look()
    with pytest.raises(EmbeddedError, match=r"failing keeps ending \(code 3\):\nno such index"):
        keeper.look()


def test_a_sigint_sent_to_make_alone_ends_what_it_runs(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import time\n"
        "from embedded.interrupts import Stopped, follow_make, stopped_by_signals\n"
        "try:\n"
        "    with stopped_by_signals():\n"
        "        follow_make()\n"
        "        print('ready', flush=True)\n"
        "        time.sleep(60)\n"
        "except Stopped:\n"
        "    print('ended in order', flush=True)\n"
    )
    (tmp_path / "Makefile").write_text(f"all:\n\t@exec {sys.executable} {program}\n")
    # A shell that runs the tests in the background makes them ignore SIGINT, and make would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        env = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
        make = subprocess.Popen(["make", "-C", tmp_path], env=env, stdout=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with make:
        assert make.stdout is not None
        while make.stdout.readline().strip() != "ready":
            assert make.poll() is None
        make.send_signal(signal.SIGINT)
        assert "ended in order" in make.communicate(timeout=promised(10))[0]
