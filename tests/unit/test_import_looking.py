"""A first look at a file: its columns with a guess and some values, and what must be said of them."""

from pathlib import Path
from typing import Any

import pytest

from directory.imports.errors import ImportFileError
from directory.imports.looking import Looked, decide, look_at, read_looked

HEAD = "external_id,name,type,country"


def look(folder: Path, content: str) -> Looked:
    path = folder / "list.csv"
    path.write_text(content, encoding="utf-8")
    return look_at(path)


def fields(looked: Looked, told: dict[str, str | None] | None = None) -> list[str | None]:
    return [each.field for each in decide(looked, told or {}).layout.columns]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    looked = look(tmp_path, "Providers of 2026\n\nCode;Nom;Type;Pays\n1;A;clinic;KE\n")
    assert looked.header == ("Code", "Nom", "Type", "Pays")
    assert fields(looked) == ["external_id", "name", "type", "country"]


def test_the_first_three_different_values_are_samples(tmp_path: Path) -> None:
    rows = "".join(f"{number},{name},clinic,KE\n" for number, name in enumerate(["A", "", "A", "B", "C", "D"]))
    looked = look(tmp_path, f"{HEAD}\n{rows}")
    assert looked.samples == (("0", "1", "2"), ("A", "B", "C"), ("clinic",), ("KE",))


def test_what_must_be_there_is_missing_until_it_is_said(tmp_path: Path) -> None:
    looked = look(tmp_path, "Xq,name,type,country\n1,A,clinic,KE\n")
    assert decide(looked, {}).missing == ("external_id",)
    assert decide(looked, {"Xq": "external_id"}).missing == ()


def test_a_column_that_seems_to_hold_phones_is_asked_about_until_something_is_said(tmp_path: Path) -> None:
    looked = look(tmp_path, f"{HEAD},Xyz\n" + "".join(f"{n},A,clinic,KE,+254 20 366 20{n}0\n" for n in range(1, 6)))
    [question] = decide(looked, {}).questions
    assert (question.name, question.field) == ("Xyz", "phone")
    told: list[dict[str, str | None]] = [{"Xyz": None}, {"Xyz": "phone"}]
    assert [decide(looked, each).questions for each in told] == [(), ()]


def test_two_columns_of_one_name_are_a_sentence_until_one_is_left_out(tmp_path: Path) -> None:
    looked = look(tmp_path, f"{HEAD},name\n1,A,clinic,KE,B\n")
    assert len(decide(looked, {}).twice) == 1
    assert decide(looked, {"name (column 5)": None}).twice == ()


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    looked = look(tmp_path, f"{HEAD}\n1,A,clinic,KE\n")
    with pytest.raises(ImportFileError, match="no column 'Nothing'"):
        decide(looked, {"Nothing": "phone"})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "list.ndjson",
            '{"external_id": 1, "name": "A"}\n{"external_id": 2, "phones": ["1", "2"], "other": {"a": 1}}\n',
        ),
        ("list.csv", "external_id;name;phones;other\n1;A;;\n2;;1,2;\n"),
    ],
)
def test_objects_and_tables_are_looked_at_alike(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    looked = look_at(path)
    assert looked.header == ("external_id", "name", "phones", "other")
    assert looked.samples[0] == ("1", "2")


def test_what_was_seen_is_kept_and_read_again(tmp_path: Path) -> None:
    looked = look(tmp_path, f"{HEAD},Xyz\n" + "".join(f"{n},A,clinic,KE,+254 20 366 20{n}0\n" for n in range(1, 6)))
    kept: dict[str, Any] = looked.as_json()
    assert read_looked(kept) == looked
