"""Keys and limits as they are in operation: several gunicorn workers that share nothing but the database."""

import http.client
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from directory.admission.keys import FRESH_S
from tests.faults.service import Service
from tests.worlds.small_directory import World

PROGRAM = Path(sys.executable).parent / "provider-directory"
PORTAL = "https://portal.example"


@pytest.fixture(scope="module")
def service(
    environment: dict[str, str], built_world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """gunicorn with two workers."""
    log = tmp_path_factory.mktemp("workers") / "gunicorn.log"
    with Service({**environment, "WEB_WORKERS": "2"}, log) as running:
        assert len(running.workers) == 2
        yield running


def keys(environment: dict[str, str], *words: str) -> Any:
    """What a `keys` command says with --json."""
    done = subprocess.run(
        [PROGRAM, "keys", *words, "--json"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.strip().rpartition("\n")[2])


def ask(service: Service, path: str, origin: str = PORTAL) -> tuple[int, dict[str, str]]:
    """Over a connection of its own, so that any worker may answer."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Origin": origin})
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def test_a_limit_counts_across_workers(service: Service, environment: dict[str, str]) -> None:
    key = keys(environment, "add", "--origin", PORTAL, "--rate", "40/minute")["key"]
    started = time.monotonic()
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: ask(service, f"/v1/codes?key={key}"), range(100)))
    seconds = time.monotonic() - started
    statuses = Counter(status for status, _ in answers)
    assert set(statuses) == {200, 429}
    # The quota, and what came back meanwhile; a count of each worker's own would have let 80 pass.
    assert 40 <= statuses[200] <= 41 + seconds * 40 / 60
    left = [int(headers["RateLimit"].split("r=")[1].split(";")[0]) for status, headers in answers if status == 200]
    assert min(left) == 0
    assert all(int(headers["Retry-After"]) >= 1 for status, headers in answers if status == 429)


def test_a_key_made_by_the_command_is_taken_by_every_worker_and_ends_in_all_when_revoked(
    service: Service, environment: dict[str, str]
) -> None:
    key = keys(environment, "add", "--origin", PORTAL, "--network", "essential", "--name", "a portal")["key"]
    time.sleep(1.1)  # as often, at most, a worker looks whether a key that it does not know is new
    for _ in range(20):
        status, headers = ask(service, f"/v1/codes?key={key}")
        assert (status, headers["Access-Control-Allow-Origin"]) == (200, PORTAL)
    listed = {each["key"]: each for each in keys(environment, "list")["keys"]}
    assert listed[key]["origins"] == [PORTAL]
    assert listed[key]["network"] == "essential"
    assert keys(environment, "revoke", key)["revoked_at"]
    time.sleep(FRESH_S + 0.5)
    assert {ask(service, f"/v1/codes?key={key}")[0] for _ in range(20)} == {401}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "--origin", "portal.example"), "is not an origin"),
        (("add", "--origin", "https://portal.example/page"), "is not an origin"),
        (("add", "--origin", "ftp://portal.example"), "is not an origin"),
        (("add", "--origin", PORTAL, "--network", "nowhere"), "No network is called"),
        (("add", "--origin", PORTAL, "--rate", "0/minute"), "600/minute"),
        (("add",), "--origin"),
        (("revoke", "pk_never_made"), "There is no key"),
    ],
)
def test_command_says_what_is_wrong_and_fails(
    environment: dict[str, str], built_world: World, words: tuple[str, ...], said: str
) -> None:
    done = subprocess.run([PROGRAM, "keys", *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
