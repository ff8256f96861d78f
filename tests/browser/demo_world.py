"""Real demonstration data behind the tests in a browser: chosen sets of demo/, really imported and indexed."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from config.settings import PROJECT_ROOT
from demo.sets import SETS, write_import_file
from directory.db import make_engine, transaction
from directory.imports import import_file
from directory.vocabulary.rows import load_places, sync_codes
from geodata.gazetteer import get_gazetteer
from indexers.rebuild import rebuild
from indexers.stores import open_stores
from tests.worlds.small_directory import serving

# From Cairo to Kinshasa and Nairobi; names in Arabic, Korean, Ukrainian, Chinese, Japanese and French; doctors.
WORLD_SETS = (
    "healthsites-osm-africa",
    "korea-emergency",
    "rabat-osm",
    "niort-osm",
    "hongkong-pharmacies",
    "ukraine-pharmacies",
    "invented-practitioners",
)
# Of the largest set these are enough, and take a third of the time.
COUNTRIES_OF_AFRICA = frozenset(("KE", "CD", "EG", "SN"))

_SOURCES = (
    "demo",
    "config/codes",
    "geodata",
    "indexers",
    "directory/migrations",
    "directory/search",
    "directory/imports",
    "directory/listings",
    "directory/vocabulary",
)


def load_demo_world(environment: dict[str, str], sets: Iterable[str], directory: Path) -> None:
    """Import these sets into the migrated, empty database of `environment`, and build its index."""
    with serving(environment):
        engine = make_engine()
        with transaction(engine) as session:
            sync_codes(session)
        load_places(engine, get_gazetteer())
        for demo_set in SETS:
            if demo_set.name in sets:
                path, _ = write_import_file(demo_set, directory)
                _keep_countries(path)
                report = import_file(path, source=demo_set.name, engine=engine, gazetteer=get_gazetteer())
                assert report.set_aside == 0, report.first_rejects
        engine.dispose()
        stores = open_stores()
        rebuild(stores, grace_s=0)
        stores.engine.dispose()
        stores.client.close()


def _keep_countries(path: Path) -> None:
    if path.stem != "healthsites-osm-africa":
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if json.loads(line)["country"] in COUNTRIES_OF_AFRICA), "utf-8")


def fingerprint() -> str:
    """Changes whenever the data or what reads them does."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for source in _SOURCES:
        for file in sorted((PROJECT_ROOT / source).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()
