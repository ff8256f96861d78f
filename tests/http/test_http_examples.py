"""The examples of the documents, taken out of their pages and run as they stand: in a shell, with real curl."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import PROJECT_ROOT
from demo.people import load_secrets, make_people
from tests.faults.service import Service
from tests.worlds.small_directory import World, serving

# Where a `make demo` answers, and what the tests' own service stands in for.
DEMONSTRATION = "http://127.0.0.1:8000"
PAGES = ("README.md", "docs/api.md", "docs/accounts.md")
_BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
# A line, with those that a backslash joins to it.
_LINE = re.compile(r"^.+(?:\\\n.+)*", flags=re.MULTILINE)
_STATUS = re.compile(r"^HTTP/1\.1 (\d+)", flags=re.MULTILINE)


def blocks_of(page: str) -> list[str]:
    """Each block of a page that asks something of the service."""
    text = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    return [block for block in _BLOCK.findall(text) if re.search(r"\bcurl\b", block) and DEMONSTRATION in block]


# Where the page's searches look.
COUNTRY_OF = {"Nairobi": "KE", "Kinshasa": "CD", "القاهرة": "EG"}
BLOCKS = [(page, block) for page in PAGES for block in blocks_of(page)]


@pytest.fixture(scope="module")
def service(
    environment: dict[str, str], built_world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """gunicorn as a demonstration: its plans are there."""
    log = tmp_path_factory.mktemp("server") / "gunicorn.log"
    with Service({**environment, "WEB_WORKERS": "1", "DEMONSTRATION": "true"}, log) as running:
        yield running


@pytest.fixture(scope="module")
def shell(
    environment: dict[str, str], built_world: World, service: Service, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The environment of a shell at the root of the clone. curl fails where an answer is a problem."""
    home = tmp_path_factory.mktemp("home")
    (home / ".curlrc").write_text("fail-with-body\nshow-error\nmax-time = 20\n")
    with serving(environment):
        make_people(load_secrets(home))
    return {**environment, "CURL_HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def paste(text: str, service: Service, shell: dict[str, str]) -> str:
    """What a shell prints for it, the service standing where the demonstration does. Fails with what it says."""
    pasted = text.replace(DEMONSTRATION, f"http://127.0.0.1:{service.port}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", pasted],
        cwd=PROJECT_ROOT,
        env=shell,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[block.splitlines()[0] for _, block in BLOCKS])
def test_a_block_of_examples_works_when_it_is_pasted(
    page: str, block: str, service: Service, shell: dict[str, str]
) -> None:
    printed = paste(re.sub(r"^\$ ", "", block, flags=re.MULTILINE), service, shell)
    assert printed.strip(), page
    assert set(_STATUS.findall(printed)) <= {"200", "304"}


def searches() -> list[str]:
    """Each search of the first block of the page, by itself."""
    return [line for line in _LINE.findall(blocks_of("docs/api.md")[0]) if "geo+json" not in line]


@pytest.mark.parametrize("line", searches())
def test_a_search_of_the_page_understands_its_words(line: str, service: Service, shell: dict[str, str]) -> None:
    page: dict[str, Any] = json.loads(paste(line, service, shell))
    assert page["total"]["relation"] == "eq"
    asked = dict(re.findall(r"[?&]([a-z]+)=([^&']+)", line))
    if place := asked.get("near"):
        # Words in any script, sent raw as a shell's user types them, arrive as they were typed.
        assert page["where"]["place"]["country"] == COUNTRY_OF[place]
    assert page["links"]["self"].startswith("/v1/providers?")


def test_the_page_has_words_that_no_encoding_was_asked_for() -> None:
    lines = "\n".join(searches())
    assert "q=pédiatre" in lines
    assert "القاهرة" in lines


def test_every_way_to_ask_has_an_example() -> None:
    text = (PROJECT_ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    ran = "\n".join(block for page, block in BLOCKS if page == "docs/api.md")
    for path in ("providers?", "providers/$id", "providers/$id/reports", "map?", "suggest?", "places", "codes"):
        assert f"{DEMONSTRATION}/v1/{path}" in ran
    # No example that is only looked at: a request that nobody runs is soon wrong.
    assert [line for line in text.splitlines() if re.match(r"(?:\$ |GET /|POST /)", line)] == []
    assert ran.count("curl ") == text.count("curl ")


def test_no_log_has_what_the_examples_asked(service: Service, shell: dict[str, str]) -> None:
    for line in searches():
        paste(line, service, shell)
    said = Path(service._log).read_text(encoding="utf-8", errors="replace")
    assert not re.search(r"diatre|Kinshasa|Nairobi|القاهرة|%D8|36\.8172", said)
