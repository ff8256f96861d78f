"""Memory does not grow with the file."""

import subprocess
import sys

from tests.engines.import_world import ImportWorld

# A process of its own: what other tests left in this one would hide what the import takes.
PROGRAM = """
import resource, sys
from pathlib import Path
from directory.db import make_engine
from directory.imports import import_file
from geodata.gazetteer import Gazetteer

file, source, url, gazetteer = sys.argv[1:]
report = import_file(Path(file), source=source, engine=make_engine(url), gazetteer=Gazetteer(Path(gazetteer)))
print(report.rows, report.set_aside, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def imported(world: ImportWorld, rows: int) -> int:
    """MB that a process takes at most to import so many rows, of which all are set aside."""
    path = world.folder / f"{rows}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("external_id,name,type,country,address\n")
        for number in range(rows):
            file.write(f"{number},Clinic {number},no such type {number % 50},KE,{'a long address ' * 10}{number}\n")
    url = world.engine.url.render_as_string(hide_password=False)
    gazetteer = str(world.gazetteer_path)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), world.source, url, gazetteer],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    count, set_aside, megabytes = map(int, done.stdout.split())
    assert (count, set_aside) == (rows, rows)
    return megabytes


def test_memory_does_not_grow_with_the_file(world: ImportWorld) -> None:
    small, large = imported(world, 10_000), imported(world, 150_000)
    # The large file has 30 MB and would take ten times that as Python's objects.
    assert large < small + 20, (small, large)
