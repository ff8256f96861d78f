"""Columns by the names that people give them: known, asked about, or told; never lost without a word."""

import csv
from pathlib import Path

import pytest

from directory.imports.columns import COLUMNS, RawRow, ReadNotes, Told
from directory.imports.errors import ColumnsUnclear, ImportFileError
from directory.imports.mapping import load_told, parse_told
from directory.imports.reader import open_rows
from directory.imports.synonyms import Certainty, find_meaning, load_synonyms

WANTED = {"external_id": "1", "name": "A", "type": "clinic", "country": "KE"}


def table(path: Path, *rows: dict[str, str], above: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(above)
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path, told: Told | None = None) -> tuple[ReadNotes, list[RawRow]]:
    notes, rows = open_rows(path, told)
    return notes, list(rows)


def cells(row: RawRow) -> dict[str, str]:
    assert row.cells is not None
    return {column: cell for column, cell in zip(COLUMNS, row.cells, strict=True) if cell}


# Headers as they stand in files of ministries, of OpenStreetMap and of insurers.
REAL_HEADERS = {
    "External ID,Name,Type,Country,City,Latitude,Longitude,Telephone,Opening hours,URL,Languages spoken,Zip": (
        "external_id name type country city lat lon phone hours website languages postal_code"
    ),
    "external_id;nom;type;pays;ville;adresse;code postal;téléphone;latitude;longitude": (
        "external_id name type country city address postal_code phone lat lon"
    ),
    "Code FOSA;Nom de la structure;Type de structure;Pays;District sanitaire;X_Coord;Y_Coord;Contact": (
        "external_id name type country region lon lat phone"
    ),
    "Facility Code,Facility Name,Facility Type,Country,County,Facility Phone Number,GPS Latitude,GPS Longitude": (
        "external_id name type country region phone lat lon"
    ),
    "Código único;Nombre del Establecimiento;Tipo;País;Departamento;Dirección;Teléfono;Latitud;Longitud;Horario": (
        "external_id name type country region address phone lat lon hours"
    ),
    "الرقم التعريفي,اسم المنشأة,نوع المنشأة,الدولة,المدينة,العنوان,رقم الهاتف,خط العرض,خط الطول,ساعات العمل": (
        "external_id name type country city address phone lat lon hours"
    ),
    "CÓDIGO CNES;NOME FANTASIA;TIPO DE UNIDADE;PAÍS;UF;MUNICÍPIO;CEP;TELEFONE;LATITUDE;LONGITUDE": (
        "external_id name type country region city postal_code phone lat lon"
    ),
    "Kennung;Bezeichnung;Art der Einrichtung;Land;PLZ;Ort;Straße;Telefonnummer;Breitengrad;Längengrad;Öffnungszeiten": (
        "external_id name type country postal_code city address phone lat lon hours"
    ),
    "Codice struttura;Denominazione;Tipologia;Paese;Comune;CAP;Indirizzo;Telefono;COORDINATA GEOGRAFICA X;"
    "COORDINATA GEOGRAFICA Y;Orari": "external_id name type country city postal_code address phone lon lat hours",
    "Идентификатор;Наименование;Тип учреждения;Страна;Город;Адрес;Телефон;Широта;Долгота;Часы работы": (
        "external_id name type country city address phone lat lon hours"
    ),
    "@id,name,healthcare,addr:country,addr:city,addr:postcode,contact:phone,opening_hours,contact:website,lat,lon": (
        "external_id name type country city postal_code phone hours website lat lon"
    ),
    "施設ID?,施設名,施設種別,国,郵便番号,住所,電話番号,緯度,経度,診療時間": (
        "- name type country postal_code address phone lat lon hours"
    ),
}


@pytest.mark.parametrize("header", REAL_HEADERS, ids=range(len(REAL_HEADERS)))
def test_columns_of_real_files_are_known(header: str) -> None:
    names = header.split(";" if ";" in header else ",")
    meanings = [find_meaning(name) for name in names]
    assert [meaning.field if meaning else "-" for meaning in meanings] == REAL_HEADERS[header].split()


@pytest.mark.parametrize("name", ["Owner name", "Parent name", "Bank", "Date opened", "Rating", "Manager", "X-ray", ""])
def test_column_of_something_else_is_not_taken(name: str) -> None:
    assert find_meaning(name) is None


def test_every_name_means_one_column_and_each_column_has_names_in_the_eight_languages() -> None:
    meanings = load_synonyms().meanings
    assert {meaning.field for meaning in meanings.values()} >= set(COLUMNS)
    own = {meaning.field for meaning in meanings.values() if meaning.certainty is Certainty.OWN}
    assert own == set(COLUMNS)


def test_file_with_names_of_its_own_is_read_and_told_column_by_column(tmp_path: Path) -> None:
    row = {
        "ID": "1", "Nom de la structure": "A", "Type": "clinic", "Pays": "KE", "Latitude": "-1.2", "Longitude": "36.8",
        "Fax": "020 1", "Remarques": "good",
    }  # fmt: skip
    notes, [read_row] = read(table(tmp_path / "file.csv", row))
    assert cells(read_row) == {**WANTED, "lat": "-1.2", "lon": "36.8"}
    assert [(each.name, each.field, each.how) for each in notes.file_columns] == [
        ("ID", "external_id", "synonym"), ("Nom de la structure", "name", "synonym"), ("Type", "type", "name"),
        ("Pays", "country", "synonym"), ("Latitude", "lat", "synonym"), ("Longitude", "lon", "synonym"),
        ("Fax", None, "passed_over"), ("Remarques", None, "unknown"),
    ]  # fmt: skip
    assert notes.ignored_columns == ["Fax", "Remarques"]


@pytest.mark.parametrize("above", ["Provider list 2024\n\n", "Our list;;;\nof 2024;;;\n", '"A title\nof two lines"\n'])
def test_title_above_the_header_is_passed_over(tmp_path: Path, above: str) -> None:
    _, [row] = read(table(tmp_path / "file.csv", WANTED, above=above))
    assert cells(row) == WANTED
    assert row.line == above.count("\n") + 2


def test_own_name_of_a_column_comes_before_its_other_names(tmp_path: Path) -> None:
    notes, [row] = read(table(tmp_path / "file.csv", {"ID": "9", "Facility name": "Z", **WANTED}))
    assert cells(row) == WANTED
    assert [each.how for each in notes.file_columns][:2] == ["other_used", "other_used"]


def test_several_phones_and_lines_of_an_address_are_put_together(tmp_path: Path) -> None:
    row = {
        **WANTED,
        "Phone 1": "020 1",
        "Mobile": "07 2",
        "Address 1": "Moi Ave",
        "Address 2": "",
        "Address 3": "Ngara",
    }
    _, [read_row] = read(table(tmp_path / "file.csv", row))
    assert cells(read_row)["phone"] == "020 1;07 2"
    assert cells(read_row)["address"] == "Moi Ave, Ngara"


@pytest.mark.parametrize(
    ("cell", "point"),
    [
        ("-1.28, 36.81", ("-1.28", "36.81")), ("(-1.28 36.81)", ("-1.28", "36.81")), ("POINT (36.81 -1.28)",
        ("-1.28", "36.81")), ("SRID=4326;POINT(36.81 -1.28)", ("-1.28", "36.81")), ("-1.28,36.81,1700,5", ("-1.28",
        "36.81")), ("1°17'S 36°49'E", ("1°17'S 36°49'E", None)),
    ],
)  # fmt: skip
def test_both_coordinates_in_one_column_are_taken_apart(
    tmp_path: Path, cell: str, point: tuple[str, str | None]
) -> None:
    _, [row] = read(table(tmp_path / "file.csv", {**WANTED, "Coordinates": cell}))
    assert (cells(row).get("lat"), cells(row).get("lon")) == point


def questions_of(path: Path, told: Told | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ColumnsUnclear) as unclear:
        read(path, told)
    assert "Nothing was imported" in str(unclear.value)
    return [(question.name, question.field) for question in unclear.value.questions]


@pytest.mark.parametrize(
    ("name", "values", "field"),
    [
        ("Kolom 7", ["+254 20 366 2000", "0722 123 456"], "phone"),
        ("Kolom 7", ["-1.28333, 36.81667"], "lat,lon"),
        ("Kolom 7", ["POINT (36.81667 -1.28333)"], "lat,lon"),
        ("Kolom 7", ["136.81667", "36.90001"], "lon"),
        ("Kolom 7", ["24/7", "Mon-Fri 08:00 - 17:00", "8h30 à 12h"], "hours"),
        ("Emergency telephone line", [""], "phone"),
        ("Latitude of the gate", ["x"], "lat"),
        ("Longitud", ["36.8"], "lon"),
        ("", ["0722 123 456"], "phone"),
    ],
)
def test_column_that_would_be_lost_is_asked_about(tmp_path: Path, name: str, values: list[str], field: str) -> None:
    rows = [{**WANTED, "external_id": str(number), name: value} for number, value in enumerate(values)]
    asked = questions_of(table(tmp_path / "file.csv", *rows))
    assert asked == [(name or "column 5", field)]


def test_column_that_is_filled_far_down_is_asked_about(tmp_path: Path) -> None:
    rows = [{**WANTED, "Kolom": "0722 123 456" if number > 900 else ""} for number in range(1_000)]
    assert questions_of(table(tmp_path / "file.csv", *rows)) == [("Kolom", "phone")]


def test_columns_that_nobody_misses_are_not_asked_about(tmp_path: Path) -> None:
    row = {
        **WANTED, "Opened": "2024-01-31", "Beds": "120", "Licence": "26124718", "Remarks": "Near the bridge",
        "Tax": "12.5",
    }  # fmt: skip
    notes, rows = read(table(tmp_path / "file.csv", row))
    assert len(rows) == 1
    assert notes.ignored_columns == ["Opened", "Beds", "Licence", "Remarks", "Tax"]


def test_answer_to_a_question_is_taken(tmp_path: Path) -> None:
    path = table(tmp_path / "file.csv", {**WANTED, "Kolom 7": "0722 123 456"})
    assert cells(read(path, {"kolom 7": "phone"})[1][0])["phone"] == "0722 123 456"
    notes, [row] = read(path, {"Kolom 7": None})
    assert "phone" not in cells(row)
    assert notes.file_columns[4].how == "ignored"


def test_two_columns_that_may_be_one_are_asked_about(tmp_path: Path) -> None:
    row = {"OBJECTID": "7", "ID": "1", "name": "A", "type": "clinic", "country": "KE"}
    path = table(tmp_path / "file.csv", row)
    assert questions_of(path) == [("OBJECTID", "external_id"), ("ID", "external_id")]
    assert cells(read(path, {"ID": "external_id"})[1][0]) == WANTED


def test_half_a_point_is_asked_about(tmp_path: Path) -> None:
    assert questions_of(table(tmp_path / "file.csv", {**WANTED, "Latitude": "-1.2"})) == [("Latitude", "lat")]


def test_what_is_said_of_no_column_or_no_field_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "file.csv", WANTED)
    with pytest.raises(ImportFileError, match="no column 'Tel'"):
        read(path, {"Tel": "phone"})
    with pytest.raises(ImportFileError, match="'telephone', said of 'name', is no field"):
        read(path, {"name": "telephone"})


def test_keys_of_json_are_known_by_many_names_and_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "file.ndjson"
    path.write_text('{"ID": 1, "nom": "A", "type": "clinic", "pays": "KE"}\n{"ID": 2, "Telephone": "020 1"}\n')
    notes, rows = read(path)
    assert cells(rows[0]) == WANTED
    assert cells(rows[1])["phone"] == "020 1"
    assert rows[0].cells is not None
    assert rows[0].cells[COLUMNS.index("phone")] is None
    path.write_text('{"ID": 1, "nom": "A", "type": "clinic", "pays": "KE", "k": "0722 123 456"}\n')
    assert questions_of(path) == [("k", "phone")]
    assert notes.file_columns[0].field == "external_id"


def test_name_of_a_column_that_is_no_text_can_be_stored(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    good = "".join(f"{number},Hôpital Saint-Élie,hospital,FR\n" for number in range(20)).encode()
    path.write_bytes(b"external_id,name,type,country,a\x00b,c\xf4d\n" + good)
    notes, _ = read(path)
    assert [each.name for each in notes.file_columns[4:]] == ["ab", "c?d"]


def test_line_of_tags_below_the_header_is_passed_over(tmp_path: Path) -> None:
    tags = dict(zip(WANTED, ["#meta+id", "#loc+name", "#loc+type", "#country"], strict=True))
    assert [cells(row) for row in read(table(tmp_path / "file.csv", tags, WANTED))[1]] == [WANTED]


def test_mapping_is_read_from_the_command_and_from_files(tmp_path: Path) -> None:
    assert parse_told(["Nom=name", "a=b=lat", "Fax=", "X=ignore"]) == {
        "Nom": "name",
        "a=b": "lat",
        "Fax": None,
        "X": None,
    }
    toml, json = tmp_path / "a.toml", tmp_path / "b.json"
    toml.write_text('[columns]\n"Nom de la structure" = "name"\nFax = ""\n')
    json.write_text('{"columns": {"Nom de la structure": "name", "Fax": null}}')
    assert load_told(toml) == load_told(json) == {"Nom de la structure": "name", "Fax": None}


@pytest.mark.parametrize(
    "content", ["", "x", "[1]", "{", '{"columns": 1}', '{"columns": {"a": 1}}', "\x00", "columns = 3"]
)
def test_mapping_that_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mapping"
    path.write_text(content)
    with pytest.raises(ImportFileError, match="mapping"):
        load_told(path)


@pytest.mark.parametrize("texts", [["name"], ["=name"], ["a=name", "a=type"]])
def test_option_that_says_nothing_of_a_column_is_told(texts: list[str]) -> None:
    with pytest.raises(ImportFileError):
        parse_told(texts)
