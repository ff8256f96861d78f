"""The parts and patterns from which a synthetic world is named."""

import string

import pytest

from directory.synth.languages import PATTERNS, Language, languages_of, load_languages
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import LANGUAGE_CODES
from geodata.countries import load_countries
from geodata.text import script_of

LANGUAGES = sorted(load_languages().values(), key=lambda language: language.code)
KNOWN_FIELDS = {"given", "family", "word", "city", "label", "number"}


def _of_other_script() -> list[Language]:
    return [language for language in LANGUAGES if not language.is_latin]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_pattern_uses_known_parts_only(language: Language) -> None:
    for kind in PATTERNS:
        for side in (side for pair in language.patterns[kind] for side in pair):
            assert {field for _, field, _, _ in string.Formatter().parse(side) if field} <= KNOWN_FIELDS
    assert {field for _, field, _, _ in string.Formatter().parse(language.street) if field} <= KNOWN_FIELDS


@pytest.mark.parametrize("language", _of_other_script(), ids=lambda language: language.code)
def test_every_part_is_written_locally_and_in_latin_letters(language: Language) -> None:
    scripts = {"Jpan", "Hani"} if language.script == "Jpan" else {language.script}
    for local, latin in (pair for pairs in language.parts.values() for pair in pairs):
        assert script_of(local) in scripts, local
        assert script_of(latin) == "Latn", latin


@pytest.mark.parametrize("language", _of_other_script(), ids=lambda language: language.code)
def test_both_forms_of_a_pattern_tell_the_same(language: Language) -> None:
    for local, latin in (pair for kind in PATTERNS if kind != "other" for pair in language.patterns[kind]):
        fields = [{field for _, field, _, _ in string.Formatter().parse(side) if field} for side in (local, latin)]
        assert fields[0] == fields[1], (local, latin)


def test_every_named_language_is_one_that_listings_may_speak() -> None:
    assert set(load_languages()) <= set(LANGUAGE_CODES)


@pytest.mark.parametrize(
    ("country", "language"),
    [("EG", "ar"), ("CN", "zh"), ("JP", "ja"), ("KR", "ko"), ("TH", "th"), ("GR", "el"), ("UA", "uk"), ("BR", "pt")],
)
def test_providers_are_named_as_their_country_names_them(country: str, language: str) -> None:
    assert languages_of(country)[0] == language


def test_every_country_has_a_language_to_name_in() -> None:
    assert all(set(languages_of(country)) <= set(load_languages()) for country in load_countries())


def test_shares_name_types_and_specialties_that_exist() -> None:
    import tomllib

    from config.settings import PROJECT_ROOT

    raw = tomllib.loads((PROJECT_ROOT / "directory/synth/shares.toml").read_text(encoding="utf-8"))
    pools = raw.pop("pools")
    assert set(raw) <= set(load_codes().types)
    assert {code for pool in pools.values() for code in pool} <= set(load_codes().specialties)
    assert {said["pool"] for said in raw.values()} <= set(pools)
    assert {said["names"] for said in raw.values()} <= set(PATTERNS)
