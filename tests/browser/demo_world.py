"""Real demonstration data behind a real service: chosen sets of demo/, imported, indexed and served by gunicorn."""

from pathlib import Path

from demo.load import import_file
from demo.sets import SETS, write_import_file
from directory.db import make_engine, transaction
from directory.reference import load_places, sync_codes
from geodata.gazetteer import get_gazetteer
from indexers.rebuild import rebuild
from indexers.stores import open_stores
from tests.http.world import serving

# Africa from Cairo to Kinshasa and Nairobi; names in Korean, Arabic, Ukrainian, Chinese and French; doctors.
WORLD_SETS = (
    "healthsites-osm-africa",
    "korea-emergency",
    "rabat-osm",
    "niort-osm",
    "hongkong-pharmacies",
    "ukraine-pharmacies",
    "hokkaido-hospitals",
    "invented-practitioners",
)
# Enough to search in while engines die.
SMALL_SETS = ("korea-emergency", "rabat-osm", "niort-osm")


def load_demo_world(environment: dict[str, str], sets: tuple[str, ...], directory: Path) -> None:
    """Import these sets into the migrated, empty database of `environment`, and build its index."""
    with serving(environment):
        engine = make_engine()
        with transaction(engine) as session:
            sync_codes(session)
        load_places(engine, get_gazetteer())
        for demo_set in SETS:
            if demo_set.name in sets:
                path, _ = write_import_file(demo_set, directory)
                report = import_file(path, demo_set.name)
                assert report.get("set_aside") == 0, report
        engine.dispose()
        stores = open_stores()
        rebuild(stores, grace_s=0)
        stores.engine.dispose()
        stores.client.close()
