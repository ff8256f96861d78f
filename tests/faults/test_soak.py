"""The service and an indexer under steady searches and edits: nothing fails, nothing is late, nothing grows.

Then an import's rows wait beside edits, which are found as soon as ever.

`make soak` runs the long form, whose figures go to bench/results/soak.json; only it is held to times and growth, and
may refuse nobody, since half a minute beside other tests, which take all of the machine, says nothing of them.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.settings import PROJECT_ROOT, settings_from
from directory.db import make_engine, transaction, upgrade
from directory.synth import make_world
from directory.vocabulary.rows import load_places, sync_codes
from geodata.gazetteer import get_gazetteer
from indexers.outbox import drain
from indexers.rebuild import rebuild
from indexers.reconcile import reconcile
from indexers.stores import Stores, open_stores
from indexers.writer import BulkWriter
from tests.faults.checker import check_whole
from tests.faults.pair import Pair
from tests.faults.service import Service
from tests.faults.soaking import BesideBulk, Soaked, edit_beside_bulk, soak_for
from tests.faults.world import PROVIDER_INDEXER, background, size
from tests.worlds.clock import soak

# It measures: nothing else may run beside it.
pytestmark = pytest.mark.alone

ROWS = size(3_000, int(os.environ.get("ROWS", "1500000")))
SECONDS = size(20, int(os.environ.get("SOAK_SECONDS", "1800")))
BULK_ROWS = min(ROWS, size(3_000, 300_000))
SEARCHES_PER_SECOND = size(15, 40)
RESULTS = PROJECT_ROOT / "bench" / "results" / "soak.json"
ALIAS = "soaked"


@pytest.fixture
def environment(pair: Pair, gazetteer_path: Path) -> Iterator[dict[str, str]]:
    """Settings on a database and an index of this test's own."""
    pair.make_whole()
    variables = {
        "DATABASE_URL": pair.make_database("soak"),
        "OPENSEARCH_URL": pair.opensearch.url,
        "INDEX_PREFIX": ALIAS,
        "STATE_DIR": str(gazetteer_path.parent),
    }
    with settings_from(variables):
        yield variables


@pytest.fixture
def engine(environment: dict[str, str]) -> Iterator[Engine]:
    """The synthetic world."""
    upgrade(environment["DATABASE_URL"])
    made = make_engine(environment["DATABASE_URL"])
    with transaction(made) as session:
        sync_codes(session)
    load_places(made, get_gazetteer())
    make_world(made, get_gazetteer(), ROWS, 1)
    yield made
    made.dispose()


@pytest.fixture
def stores(engine: Engine) -> Iterator[Stores]:
    opened = open_stores()
    rebuild(opened, grace_s=0)
    yield opened
    opened.client.indices.delete(index=f"{ALIAS}*", ignore_unavailable=True)
    opened.engine.dispose()
    opened.client.close()


def test_steady_searches_and_edits_do_no_harm(
    engine: Engine, stores: Stores, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    environment = dict(os.environ)
    with (
        Service(environment, tmp_path / "service.log") as service,
        background(PROVIDER_INDEXER, "run", environment=environment) as indexer,
    ):
        soaked = soak_for(
            SECONDS,
            service,
            indexer.pid,
            engine,
            searches_per_second=SEARCHES_PER_SECOND,
            warm=1 / 3,
            seed=7,
        )
        beside = edit_beside_bulk(engine, service, rows=BULK_ROWS, seed=8)
        with engine.connect() as connection:
            renamed = connection.execute(text("SELECT count(*) FROM audit_entry WHERE action = 'rename'")).scalar_one()
        check(stores)
    tell(soaked, beside, record_property)
    assert [(reply.path, reply.status, reply.body[:300]) for reply in soaked.failures] == []
    assert soaked.lost == beside.lost == []
    assert renamed == len(soaked.lags_s) + len(beside.lags_s)
    assert len(soaked.lags_s) > SECONDS / 2
    if soak():
        figures = soaked.as_json()
        assert soaked.shed == []
        assert figures["p95_ms"] <= 300
        assert figures["searchable_p99_s"] <= 2
        assert beside.as_json()["beside_bulk_searchable_p99_s"] <= 2
        assert max(soaked.growth.values()) < 0.05, figures["growth"]


def check(stores: Stores) -> None:
    """Both stores hold the same; a million listings, more than memory holds, are compared by their revision."""
    if not soak():
        check_whole(stores, within_s=60)
        return
    drain(stores, BulkWriter(stores.client))
    assert reconcile(stores, dry_run=True).differences == 0


def tell(soaked: Soaked, beside: BesideBulk, record_property: Callable[[str, object], None]) -> None:
    figures = {"rows": ROWS, "seconds": SECONDS, **soaked.as_json(), **beside.as_json()}
    for name, value in figures.items():
        record_property(name, value)
    if soak():
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
