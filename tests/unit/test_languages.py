"""Languages that providers speak: their codes, their names, and the words that mean them."""

import pytest

from config.languages import LANGUAGES
from directory.vocabulary.languages import LANGUAGE_CODES, language_name, parse_language
from geodata.text import fold


def test_languages_of_every_continent_are_known() -> None:
    assert {"en", "fr", "es", "ar", "pt", "zh", "ja", "ko", "hi", "sw", "am", "uk", "el", "qu", "fil"} <= set(
        LANGUAGE_CODES
    )


@pytest.mark.parametrize("reader", LANGUAGES)
def test_every_language_has_a_name_for_every_reader(reader: str) -> None:
    assert all(language_name(code, reader) != code for code in LANGUAGE_CODES)


@pytest.mark.parametrize(
    ("code", "reader", "name"), [("fr", "es", "francés"), ("sw", "fr", "swahili"), ("en", "ar", "الإنجليزية")]
)
def test_name_is_in_the_readers_language(code: str, reader: str, name: str) -> None:
    assert language_name(code, reader) == name


def test_unknown_code_is_its_own_name() -> None:
    assert language_name("xyz", "en") == "xyz"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("fr", "fr"),
        ("FR", "fr"),
        ("FRA", "fr"),
        ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("zh_Hant", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        (" Swahili ", "sw"),
        ("Swahili", "sw"),
        ("anglais", "en"),
        ("francés", "fr"),
        ("árabe", "ar"),
        ("bas-sorabe", "dsb"),
        ("FRANCAIS", "fr"),
        ("العربية", "ar"),
        ("الفرنسية", "fr"),
        ("українська", "uk"),
        ("Kiswahili", "sw"),
        ("kiswahili", "sw"),
        ("日本語", "ja"),
    ],
)
def test_language_is_read_from_its_tag_or_its_name_in_several_languages(words: str, code: str) -> None:
    assert parse_language(words) == code


@pytest.mark.parametrize("words", ["", "klingonish", "klingonese", "??", "x-private", "xx", "en--"])
def test_what_names_no_language_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="BCP 47"):
        parse_language(words)


def test_every_language_is_found_by_each_of_its_names() -> None:
    for reader in LANGUAGES:
        for code in LANGUAGE_CODES:
            name = language_name(code, reader)
            # "Ga" is spoken in Accra, and is the tag of Irish; a tag is taken as one.
            if fold(name) not in LANGUAGE_CODES:
                found = parse_language(name)
                assert name in {language_name(found.replace("-", "_"), other) for other in LANGUAGES}
