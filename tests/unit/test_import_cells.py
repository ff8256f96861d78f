"""What stands in cells before they mean anything: placeholders, references of HTML, encodings that were confused."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from directory.imports.cells import mend_encoding, read_cells
from directory.imports.columns import COLUMNS, REQUIRED, Cells

PLAIN = {"external_id": "1", "name": "A clinic", "type": "clinic", "country": "KE"}
PLACEHOLDERS = [
    "NULL", "null", "nan", "NaN", "N/A", "n/a", "\\N", "None", "-", "--", "—", "...", "?", "????? ???",
    "#ERROR!", "#REF!", "#N/A",
    "#VALUE!", "#¡VALOR!", "#NOM?", "#DIV/0!", "(null)", "<NA>", "[none]", "Not available", "NOT AVAILABLE", "unknown",
    "TBD", "néant", "Neant", "NÉANT", "non renseigné", "Non disponible", "inconnu", "sin datos", "Sin información",
    "no disponible", "ninguno", "S/D", "لا يوجد", "غير متوفر", "غير معروف", "لا شيء", "нет данных", "k.A.", "无",
]  # fmt: skip


def cells(**given: str) -> Cells:
    row = {**PLAIN, **given}
    return tuple(row.get(column) for column in COLUMNS)


def read(**given: str) -> dict[str, str | None]:
    return dict(zip(COLUMNS, read_cells(cells(**given))[0], strict=True))


@given(
    st.sampled_from(PLACEHOLDERS),
    st.sampled_from([column for column in COLUMNS if column != "external_id"]),
)
def test_placeholder_is_empty_in_every_column(placeholder: str, column: str) -> None:
    if column in ("outpatient", "inpatient") and placeholder == "None":
        return  # there it is an answer
    assert read(**{column: placeholder})[column] == ""


@pytest.mark.parametrize(
    ("column", "cell", "country"),
    [
        ("country", "NA", "NA"),
        ("region", "NA", "IT"),
        ("region", "ND", "US"),
        ("city", "Nan", "TH"),
        ("region", "Nan", "TH"),
        ("lat", "0", "KE"),
        ("notice_days", "0", "KE"),
        ("tariff", "0", "KE"),
        ("tariff", "no", "KE"),
        ("outpatient", "none", "KE"),
        ("name", "Nullandria", "KE"),
        ("name", "N'Djamena", "TD"),
        ("name", "360", "KE"),
        ("external_id", "ND", "KE"),
    ],
)
def test_what_only_looks_like_a_placeholder_stays(column: str, cell: str, country: str) -> None:
    assert read(**{"country": country, column: cell})[column] == cell


def test_absent_column_stays_absent() -> None:
    assert read(name="N/A")["address"] is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("St. Mary&#039;s Hospital &amp; Clinic", "St. Mary's Hospital & Clinic"),
        ("H&ocirc;pital G&eacute;n&eacute;ral", "Hôpital Général"),
        ("A &amp;amp; B", "A & B"),
        ("H&amp;ocirc;pital", "Hôpital"),
        ("&#x645;&#x633;&#x62a;&#x634;&#x641;&#x649;", "مستشفى"),
        ("12 Moi Ave<br/>Nairobi", "12 Moi Ave\nNairobi"),
        ("A&E Centre", "A&E Centre"),
        ("R&D; Q&A;", "R&D; Q&A;"),
        ("https://example.org/?a=1&copy=2", "https://example.org/?a=1&copy=2"),
        ("Nul&#0;&#31;l", "Nul\ufffdl"),
    ],
)
def test_references_of_html_are_read(cell: str, text: str) -> None:
    assert read(address=cell)["address"] == text


@pytest.mark.parametrize(
    "text",
    [
        "Hôpital Général", "Rue de l’Hôtel", "SÃO JOÃO DEL REI", "Clínica Muñoz", "École «Étoile»", "Überländer",
        "Łódź", "İstanbul Şehir Hastanesi", "مستشفى القاهرة الجديدة", "المركز الصحي", "Санкт-Петербург", "Київ",
        "Αθήνα", "Bệnh viện Đa khoa", "서울대학교병원", "東京都立病院",
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1256"])
def test_text_that_was_decoded_twice_is_mended_or_told(text: str, encoding: str) -> None:
    try:
        garbled = text.encode().decode(encoding)
    except UnicodeDecodeError:
        garbled = text.encode().decode("latin-1")
    row, warnings = read_cells(cells(name=garbled))
    kinds = [warning.kind for warning in warnings]
    assert (row[COLUMNS.index("name")], kinds) in ((text, ["mended_text"]), (garbled, ["garbled_text"]))
    if text in ("Hôpital Général", "Rue de l’Hôtel", "Clínica Muñoz", "مستشفى القاهرة الجديدة", "Санкт-Петербург"):
        assert kinds == ["mended_text"]


@pytest.mark.parametrize("text", ["مستشفى القاهرة الجديدة", "المركز الصحي", "عيادة النور ٢٤"])
def test_arabic_that_was_decoded_as_that_of_windows_is_mended(text: str) -> None:
    assert mend_encoding(text.encode().decode("cp1256")) == text


@pytest.mark.parametrize("cell", ["H\ufffdpital", "H?pital", "CLINIQUE DE L?TOILE", "Laboratoire ????? ?????"])
def test_text_with_letters_lost_is_left_and_told(cell: str) -> None:
    row, warnings = read_cells(cells(name=cell))
    assert row[COLUMNS.index("name")] == cell
    assert warnings == [("garbled_text", repr(cell))]


LANGUAGES = (
    "en fr es ar pt de it nl sv nb da fi pl cs sk hu ro bg ru uk el tr he fa ur hi bn ta th vi ko ja zh sw am so ka hy"
    " az kk uz id ms fil ha yo ig mg rw ln wo ff is et lv lt hr sr sl sq mk ca eu gl cy ga mt"
)
GENUINE = sorted(
    {
        str(name)
        for language in LANGUAGES.split()
        for names in (Locale.parse(language).languages, Locale.parse(language).territories)
        for name in names.values()
    }
)
AROUND = [
    "{}",
    "«{}»",
    "“{}”",
    "‘{}’",
    "({})",
    "{}’s",
    "{}®",
    "{}™",
    "{}…",
    "{} – {}",
    "¿{}?",
    "{}, 5½",
    "Nº 3 {}",
    "{}°",
]


def test_genuine_names_in_seventy_languages_are_never_changed() -> None:
    changed = [name for name in GENUINE for text in (name, name.upper(), name.title()) if mend_encoding(text) != text]
    assert len(GENUINE) > 20_000
    assert changed == []


@given(st.lists(st.sampled_from(GENUINE), min_size=1, max_size=3), st.sampled_from(AROUND), st.booleans())
def test_genuine_text_between_any_signs_is_never_changed(names: list[str], around: str, loud: bool) -> None:
    said = " ".join(names).upper() if loud else " ".join(names)
    text = around.format(said, said)
    assert mend_encoding(text) in (text, None)


def test_shouted_letter_before_a_sign_is_no_rare_letter() -> None:
    assert mend_encoding("AGBÁYÉ°") is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    row, _ = read_cells(cells(name=text, address=text))
    assert not set("\x1c\x1d\x1e\x1f\x00") & set(row[1] or "") or set("\x1c\x1d\x1e\x1f\x00") & set(text)
    assert all(row[COLUMNS.index(column)] is not None for column in REQUIRED)
