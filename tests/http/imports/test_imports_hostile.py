"""Files that were made to do harm end with a sentence, at the desk as at the command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import test_import_hostile as corpus
from tests.worlds.import_desk import ImportDesk, work

FILES: tuple[Callable[[Path], None], ...] = (
    corpus.row_of_two_milliards,
    corpus.row_number_of_a_thousand_digits,
    corpus.column_far_to_the_right,
    corpus.column_without_end,
)


@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
def test_a_hostile_workbook_fails_with_a_sentence(
    desk: ImportDesk, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "list.xlsx")
    number = desk.bring((tmp_path / "list.xlsx").read_bytes(), "list.xlsx")["id"]
    work()
    failed = desk.get(f"/{number}")
    assert failed["state"] == "failed"
    assert failed["problem"].endswith(".")
    assert failed["actions"] == ["preview", "drop"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\list.csv", "a" * 3_000 + ".csv", "\u202egnp.csv", "", ".", "..", "x\x01y.csv"]
)
def test_a_name_of_a_file_harms_nobody(desk: ImportDesk, name: str) -> None:
    answer = desk.send("external_id,name,type,country\n1,A,clinic,KE\n", name or "file")
    assert answer.status_code == 202
    kept = answer.get_json()["file_name"]
    assert 0 < len(kept.encode()) <= 120
    assert not set("/\\\u202e\x01") & set(kept)
    assert kept not in (".", "..")
    assert desk.act(answer.get_json()["id"], "preview")["state"] == "previewed"
