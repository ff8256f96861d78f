"""Words of files: types as ministries write them, and the own words of a source."""

from pathlib import Path

import pytest

from directory.vocabulary.codes import UnknownCode, load_codes
from directory.vocabulary.file_words import InvalidWords, load_file_words

CODES = load_codes()
WORDS = load_file_words(CODES)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Cottage Hospital", "hospital"),
        ("Comprehensive Health Centre", "health_centre"),
        ("General Practice", "doctor"),
        ("CSPS", "health_centre"),
        ("C.S.P.S.", "health_centre"),
        ("Centre de Santé et de Promotion Sociale (CSPS)", "health_centre"),
        ("Sub-District Hospital", "hospital"),
        ("Level 4 Hospital", "hospital"),
        ("Hospital (Level 5)", "hospital"),
        ("Health Centre III", "health_centre"),
        ("HC IV", "health_centre"),
        ("Dispensaries", "health_post"),
        ("Health post", "health_post"),
        ("EPSP", "health_centre"),
        ("CSCOM", "health_centre"),
        ("CMA", "health_centre"),
        ("CSB II", "health_centre"),
        ("PHC", "health_centre"),
        ("BHU", "health_centre"),
        ("RHU", "health_centre"),
        ("Polyclinic", "polyclinic"),
        ("Hôpital public", "hospital"),
        ("Hôpital général de référence", "hospital"),
        ("Clinique privée", "clinic"),
        ("Puesto de salud", "health_post"),
        ("Centro de Salud Rural", "health_centre"),
        ("Hospital de nivel II", "hospital"),
        ("مستوصف", "health_post"),
        ("مركز صحي", "health_centre"),
        ("مستشفى حكومي", "hospital"),
        ("عيادة خاصة", "clinic"),
        ("Unidade Básica de Saúde", "health_centre"),
    ],
)
def test_type_is_read_as_ministries_write_it(words: str, code: str) -> None:
    assert WORDS.parse_types(CODES, words) == [code]


def test_several_types_are_all_told_and_the_first_comes_first() -> None:
    assert WORDS.parse_types(CODES, "Hospital / Clinic") == ["hospital", "clinic"]
    assert WORDS.parse_types(CODES, "Clínica y Farmacia") == ["clinic", "pharmacy"]
    assert WORDS.parse_types(CODES, "Health Post/Dispensary") == ["health_post"]


@pytest.mark.parametrize(
    "words", ["Veterinary Clinic", "Animal hospital", "Public", "Level 4", "Funeral home", "Hospital / Morgue", "()"]
)
def test_what_is_no_type_of_ours_is_refused(words: str) -> None:
    with pytest.raises(UnknownCode):
        WORDS.parse_types(CODES, words)


def test_every_word_of_every_type_still_means_it() -> None:
    for code in CODES.types.values():
        for word in (code.code, *code.labels.values(), *(word for words in code.synonyms.values() for word in words)):
            assert WORDS.parse_types(CODES, word) == [CODES.parse_type(word)]


def test_own_words_of_a_source_come_first(tmp_path: Path) -> None:
    path = tmp_path / "words.toml"
    path.write_text(
        '[type]\n"Puskesmas" = "health_centre"\n"PHC" = "clinic"\n'
        '[specialty]\n"Bidan" = "obstetrics"\n[country]\n"Zone B" = "Kenya"\n[network]\n"NW1" = "worldwide"\n'
    )
    own = load_file_words(CODES, path)
    assert own.parse_types(CODES, "PUSKESMAS") == ["health_centre"]
    assert own.parse_types(CODES, "Puskesmas (Level 2)") == ["health_centre"]
    assert own.parse_types(CODES, "PHC") == ["clinic"]
    assert (own.find("specialty", "bidan"), own.find("country", "zone b"), own.find("network", "NW1")) == (
        CODES.parse_specialty("obstetrics"), "KE", "worldwide",
    )  # fmt: skip
    assert own.find("type", "hospital") is None


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('[type]\n"A" = "nonsense"', "'A' = 'nonsense'"),
        ('[types]\n"A" = "clinic"', "[types]"),
        ('[type]\n"A" = 1', "'A' = 1"),
        ('[network]\n"A" = "vip"', "'vip'"),
        ("[type", "words.toml"),
        ('"A" = "clinic"', "[A]"),
    ],
)
def test_own_words_that_cannot_be_used_are_named(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(content)
    with pytest.raises(InvalidWords) as error:
        load_file_words(CODES, path)
    assert named in str(error.value)


def test_missing_file_of_own_words_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidWords, match=r"words\.toml"):
        load_file_words(CODES, tmp_path / "words.toml")
