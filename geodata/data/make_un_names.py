"""Makes un_names.tsv: what the United Nations call countries, and their three-digit codes, from a table of UN OCHA.

    pip download --no-deps hdx-python-country==4.2.5 && unzip hdx_python_country-*.whl
    python geodata/data/make_un_names.py "hdx/location/Countries & Territories Taxonomy MVP - C&T Taxonomy.csv"

A line for each code and name: the short and formal names of UNTERM, those of the standard M49, of ReliefWeb and of the
Humanitarian Programme Cycle, in English, French, Spanish and Arabic.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
CODE, NUMBER = "ISO 3166-1 Alpha 2-Codes", "m49 numerical code"
NAMES = (
    "Preferred Term", "ISO Alt Term", "DGACM Alt Term", "HPC Tools Alt Term", "RW Short Name", "RW API Alt Term",
    "English Short", "English Formal", "M49 English", "French Short", "M49 French", "Spanish Short", "M49 Spanish",
    "Arabic Short", "M49 Arabic",
)  # fmt: skip


def main(table: Path) -> None:
    """Writes un_names.tsv beside this file; the same table gives the same bytes."""
    lines: dict[str, None] = {}
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row[CODE] and row[NUMBER].isdigit():
                names = [f"{int(row[NUMBER]):03}", *(row[column].strip() for column in NAMES)]
                lines |= dict.fromkeys(f"{row[CODE]}\t{name}" for name in names if name)
    (HERE / "un_names.tsv").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
