"""While the engine is slow, nobody waits for a case on its account: it is asked when nothing is held."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import text

from directory.app import create_app
from directory.db import make_engine
from directory.search import answering
from tests.faults.proxy import Proxy
from tests.http.proposals.test_proposals_pages import SAID
from tests.worlds.proposal_pages import Enter
from tests.worlds.proposal_people import propose
from tests.worlds.proposal_wire import BODY, Wire
from tests.worlds.small_directory import World, serving

# A while that is never waited for where all is well.
LONG_S = 30

# What is open of the service while it waits for the engine: locks are held by a transaction, and by nothing else.
_OPEN = text("""
SELECT a.query, array_agg(DISTINCT l.mode ORDER BY l.mode) AS locks
  FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
 WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
   AND a.backend_type = 'client backend'
 GROUP BY a.pid, a.query
""")
_LOCK = text("SELECT id FROM case_file ORDER BY id FOR UPDATE NOWAIT")


@pytest.fixture
def link(environment: dict[str, str], world: World) -> Iterator[Proxy]:
    """The way to the engine, which can be made slow."""
    engine = urlsplit(environment["OPENSEARCH_URL"])
    proxy = Proxy(lambda: (engine.hostname or "", engine.port or 0))
    with serving({**environment, "OPENSEARCH_URL": f"http://127.0.0.1:{proxy.port}"}):
        yield proxy
    proxy.close()
    answering.opensearch.succeeded()


@pytest.fixture
def app(link: Proxy) -> Flask:
    """The application, which reaches the engine by that way."""
    return create_app()


@pytest.fixture
def observed(environment: dict[str, str], link: Proxy) -> Iterator[Callable[..., Any]]:
    """Runs a request, and looks into the database at the moment when the engine's answer to it is held back.

    `observed(request, cases=1)` gives what the request gave. Fails where a transaction is open at that moment, or where
    one of the cases cannot be locked.
    """
    watcher = make_engine(environment["DATABASE_URL"])

    def observe(asked: Callable[[], Any], cases: int = 1) -> Any:
        answering.opensearch.succeeded()
        given: list[Any] = []
        with link.holding_answers():
            work = threading.Thread(target=lambda: given.append(asked()))
            work.start()
            assert link.held.wait(LONG_S), "the engine was not asked"
            with watcher.begin() as connection:
                is_open = connection.execute(_OPEN).all()
                locked = connection.execute(_LOCK).all()
        work.join(LONG_S)
        assert is_open == []
        assert len(locked) == cases
        return given[0]

    yield observe
    watcher.dispose()


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "slow"}], ids=["without a key", "with a key"])
def test_a_case_that_is_acted_on_is_free_while_the_engine_is_slow(
    wire: Wire, observed: Callable[..., Any], headers: dict[str, str]
) -> None:
    proposal = str(propose(wire.people.amina))
    answer = observed(lambda: wire.act("nadia", proposal, "start_review", **headers))
    assert (answer.status_code, answer.get_json()["state"]) == (200, "under_review")


@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "slow"}], ids=["without a key", "with a key"])
def test_a_new_proposal_can_be_taken_over_while_the_engine_is_slow(
    wire: Wire, observed: Callable[..., Any], headers: dict[str, str]
) -> None:
    answer = observed(lambda: wire.ask("amina", "POST", "", BODY, **headers))
    assert (answer.status_code, answer.get_json()["state"]) == (201, "submitted")


def test_a_draft_that_is_changed_is_free_while_the_engine_is_slow(wire: Wire, observed: Callable[..., Any]) -> None:
    proposal = str(propose(wire.people.amina, submit=False))
    change = {"need": {"people": 7}}
    answer = observed(lambda: wire.ask("amina", "PATCH", f"/{proposal}", change, If_Match='"1"'))
    assert answer.get_json()["need"]["people"] == 7


def test_a_case_that_is_handed_over_is_free_while_the_engine_is_slow(wire: Wire, observed: Callable[..., Any]) -> None:
    proposal = str(propose(wire.people.amina))
    answer = observed(lambda: wire.ask("nadia", "POST", f"/{proposal}/owner"))
    assert answer.get_json()["owner"] == "nadia"


def test_who_only_looks_holds_no_transaction_while_the_engine_is_slow(wire: Wire, observed: Callable[..., Any]) -> None:
    proposal = str(propose(wire.people.amina))
    assert observed(lambda: wire.get("nadia", f"/{proposal}"))["id"] == proposal
    matches = "/matches?name=Aga%20Khan&country=KE&type=hospital"
    assert observed(lambda: wire.get("amina", matches))["possible_duplicates"]


@pytest.mark.parametrize("who", ["amina", "nadia"])
def test_the_page_of_a_proposal_holds_no_transaction_while_the_engine_is_slow(
    wire: Wire, enter: Enter, observed: Callable[..., Any], who: str
) -> None:
    proposal, page = propose(wire.people.amina), enter(who)
    side = "hr" if who == "amina" else "network"
    assert "Heal Africa" in observed(lambda: page.get(f"/{side}/proposals/{proposal}"))


def test_an_action_that_came_too_late_holds_no_transaction_while_the_engine_is_slow(
    wire: Wire, enter: Enter, observed: Callable[..., Any]
) -> None:
    proposal, nadia = propose(wire.people.amina), enter("nadia")
    observed(lambda: nadia.refused(f"/network/proposals/{proposal}/actions/agree", 409))


def test_a_form_that_asks_back_holds_no_transaction_while_the_engine_is_slow(
    enter: Enter, observed: Callable[..., Any]
) -> None:
    amina = enter("amina")
    said = {**SAID, "name": "Clinic for Mr Kabila, born 12 May"}
    assert observed(lambda: amina.send("/hr/proposals", **said), cases=0).status_code == 422
    assert observed(lambda: amina.send("/hr/proposals", **{**SAID, "step": "look"}), cases=0).status_code == 200
