"""The demonstration's sets: which file each one is, which converter reads it, and what both give together."""

import csv
import io
import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from demo.agreements import with_inventions
from demo.convert import americas, asia, britain, europe, invented, osm
from demo.convert.form import Raw, Row

DATA_DIR = Path(__file__).parent / "data"

Converter = Callable[[Iterable[Raw]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class DemoSet:
    """One set of open data; `name` is the import's source and the stem of its file in `data/`."""

    name: str
    convert: Converter

    @property
    def data_path(self) -> Path:
        """The source's rows: CSV in UTF-8 under its own column names, xz-compressed."""
        return DATA_DIR / f"{self.name}.csv.xz"

    @property
    def source_path(self) -> Path:
        """Where the rows come from, under which licence, and what was cut."""
        return DATA_DIR / f"{self.name}.SOURCE.txt"

    def raw_rows(self) -> Iterator[Raw]:
        """The rows as the source has them."""
        with lzma.open(self.data_path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)

    def listings(self) -> Iterator[Row]:
        """Converted rows, one for each listing; a repeated external_id is the same facility listed twice."""
        seen: set[str] = set()
        for row in self.convert(self.raw_rows()):
            if row["external_id"] not in seen:
                seen.add(row["external_id"])
                yield {"kind": "organisation"} | row

    def import_rows(self) -> Iterator[Row]:
        """The listings with what is invented: one row for each agreement, at least one for each listing."""
        for row in self.listings():
            yield from with_inventions(self.name, row)


SETS = (
    DemoSet("healthsites-osm-africa", osm.convert_africa),
    DemoSet("nhs-pharmacies", britain.convert_pharmacies),
    DemoSet("india-hospitals", asia.convert_india),
    DemoSet("hifld-hospitals", americas.convert_hifld),
    DemoSet("china-fever-clinics", asia.convert_china),
    DemoSet("eurostat-hospitals", europe.convert_eurostat),
    DemoSet("duty-stations-osm", osm.convert_duty_stations),
    DemoSet("philippines-osm-pharmacies", osm.convert_philippines),
    DemoSet("cnes-brazil", americas.convert_brazil),
    DemoSet("ghana-facilities", asia.convert_ghana),
    DemoSet("lombardia-pharmacies", europe.convert_lombardia),
    DemoSet("nhs-hospitals", britain.convert_hospitals),
    DemoSet("newyork-clinics", americas.convert_new_york),
    DemoSet("hokkaido-hospitals", asia.convert_hokkaido),
    DemoSet("ukraine-pharmacies", europe.convert_ukraine),
    DemoSet("korea-emergency", asia.convert_korea),
    DemoSet("hongkong-pharmacies", asia.convert_hongkong),
    DemoSet("rabat-osm", osm.convert_rabat),
    DemoSet("niort-osm", osm.convert_niort),
    DemoSet(invented.SOURCE, invented.convert_practitioners),
)


def write_import_file(demo_set: DemoSet, directory: Path, limit: int | None = None) -> tuple[Path, int]:
    """Write the set as NDJSON; returns the file and how many listings are in it (at most `limit`).

    The file appears whole or not at all: an interrupted run leaves no half of it to be imported.
    """
    lines = io.StringIO()
    seen: set[str] = set()
    for row in demo_set.import_rows():
        if row["external_id"] not in seen:
            if limit is not None and len(seen) == limit:
                break
            seen.add(row["external_id"])
        lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"{demo_set.name}.ndjson"
    part = target.with_suffix(".part")
    part.write_text(lines.getvalue(), encoding="utf-8")
    part.replace(target)
    return target, len(seen)
