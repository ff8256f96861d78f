"""The codes of config/codes/, and what everyday words in four languages mean by them."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.languages import LANGUAGES
from config.settings import CODES_DIR
from directory.vocabulary.codes import Code, InvalidCodes, UnknownCode, load_codes
from geodata.text import fold, script_of

CODES = load_codes()
TYPES_AND_SPECIALTIES = [*CODES.types.values(), *CODES.specialties.values()]


def multiply(a: int, b: int) -> int:
    """The product of two elements of D5: 0-4 are rotations, 5-9 are rotations after a mirror."""
    if a < 5:
        return (a + b) % 5 if b < 5 else (a + b) % 5 + 5
    return (a - b) % 5 + 5 if b < 5 else (a - b) % 5


def permute(digit: int, position: int) -> int:
    """The digit after Verhoeff's permutation was applied `position` times."""
    for _ in range(position % 8):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


def verhoeff_remainder(number: str) -> int:
    """0 for a number whose last digit is its Verhoeff check digit."""
    remainder = 0
    for position, digit in enumerate(reversed(number)):
        remainder = multiply(remainder, permute(int(digit), position))
    return remainder


def named(words: str) -> set[str]:
    return {concept.code for concept in CODES.find_concepts(words)}


def test_the_readme_counts_the_codes() -> None:
    readme = (CODES_DIR / "README.md").read_text(encoding="utf-8")
    assert (
        f"{len(CODES.types)} types, {len(CODES.specialties)} specialties and {len(CODES.networks)} networks" in readme
    )


def test_there_are_enough_codes() -> None:
    assert len(CODES.types) >= 24
    assert len(CODES.specialties) >= 95
    assert len(CODES.networks) == 4


@pytest.mark.parametrize("code", TYPES_AND_SPECIALTIES, ids=lambda code: code.code)
def test_code_has_a_label_and_two_synonyms_in_each_language(code: Code) -> None:
    for lang in LANGUAGES:
        words = [code.labels[lang], *code.synonyms[lang]]
        assert len(words) >= 3
        assert all(word == word.strip() and word for word in words)
        assert len(set(words)) == len(words)
        assert script_of(code.labels[lang]) == ("Arab" if lang == "ar" else "Latn")


@pytest.mark.parametrize("kind", ["types", "specialties", "networks"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_codes_of_a_kind_have_one_label(kind: str, lang: str) -> None:
    labels = Counter(fold(code.label(lang)) for code in getattr(CODES, kind).values())
    assert labels.most_common(1)[0][1] == 1


def test_networks_explain_themselves_in_each_language() -> None:
    for network in CODES.networks.values():
        assert {len(network.description(lang).split()) > 5 for lang in LANGUAGES} == {True}


def test_types_say_how_they_are_grouped_and_what_kind_of_provider_they_are() -> None:
    for code in CODES.types.values():
        assert code.group
        assert code.provider_kind in ("organisation", "practitioner")


def test_verhoeff_finds_a_wrong_digit_and_a_swap() -> None:
    assert verhoeff_remainder("2363") == 0  # the worked example of the literature: 236 has check digit 3
    assert verhoeff_remainder("2463") != 0
    assert verhoeff_remainder("2633") != 0


@pytest.mark.parametrize("code", TYPES_AND_SPECIALTIES, ids=lambda code: code.code)
def test_foreign_codes_have_their_systems_form(code: Code) -> None:
    assert code.nucc is None or re.fullmatch(r"\d{3}[A-Z0-9]{6}X", code.nucc)
    assert code.snomed is None or (re.fullmatch(r"\d{6,18}", code.snomed) and verhoeff_remainder(code.snomed) == 0)


@pytest.mark.parametrize("kind", ["types", "specialties"])
@pytest.mark.parametrize("system", ["nucc", "snomed"])
def test_a_foreign_code_belongs_to_one_code(kind: str, system: str) -> None:
    known = Counter(getattr(code, system) for code in getattr(CODES, kind).values() if getattr(code, system))
    assert known.most_common(1)[0][1] == 1


def test_every_word_of_a_code_parses_to_it_unless_shared() -> None:
    wrong = []
    for code in TYPES_AND_SPECIALTIES:
        parse = CODES.parse_type if code.kind == "type" else CODES.parse_specialty
        for words in (code.code, *code.labels.values(), *(word for lang in LANGUAGES for word in code.synonyms[lang])):
            if parse(words) != code.code:
                wrong.append((words, code.code, parse(words)))
    assert wrong == []


def test_every_label_completes_to_its_code() -> None:
    wrong = []
    for code in TYPES_AND_SPECIALTIES:
        for lang in LANGUAGES:
            completions = CODES.complete(code.labels[lang], lang, limit=3)
            if (code.kind, code.code) not in {(line.kind, line.code) for line in completions}:
                wrong.append((code.code, lang))
    assert wrong == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("hospital", "hospital"),
        ("HEALTH-CENTRE", "health_centre"),
        ("Health Center", "health_centre"),
        ("doctors", "doctor"),
        ("Hôpitaux", "hospital"),
        ("farmacias", "pharmacy"),
        ("الصيدليات", "pharmacy"),
        ("Sage Femme", "midwife"),
        ("l'hôpital", "hospital"),
    ],
)
def test_words_of_an_import_parse_to_a_type(words: str, code: str) -> None:
    assert CODES.parse_type(words) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("GYNAECOLOGY", "obstetrics_gynaecology"),
        ("orthopedics", "orthopaedics"),
        ("Médecine_Générale", "general_practice"),
        ("Kinésithérapie", "physiotherapy"),
        ("RHUMATOLOGUE", "rheumatology"),
        ("طب العيون", "ophthalmology"),
        ("diabetes", "diabetology"),
    ],
)
def test_words_of_an_import_parse_to_a_specialty(words: str, code: str) -> None:
    assert CODES.parse_specialty(words) == code


def test_unknown_words_name_the_nearest_ones() -> None:
    with pytest.raises(UnknownCode, match="unknown type 'Hosptal'; did you mean 'hospital'") as caught:
        CODES.parse_type("Hosptal")
    assert caught.value.kind == "type"
    assert caught.value.nearest[0] == "hospital"


def test_words_like_nothing_get_no_guess() -> None:
    with pytest.raises(UnknownCode) as caught:
        CODES.parse_specialty("zzzz")
    assert caught.value.nearest == ()


@pytest.mark.parametrize("words", ["", "  ", "the", "في"])
def test_empty_words_are_unknown(words: str) -> None:
    with pytest.raises(UnknownCode):
        CODES.parse_type(words)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("heart doctor", {"cardiology"}),
        ("doctor for the heart", {"cardiology"}),
        ("pédiatre", {"paediatrics"}),
        ("children's doctor near me", {"paediatrics"}),
        ("doctor for children", {"paediatrics"}),
        ("women s health", {"obstetrics_gynaecology"}),
        ("ob-gyn", {"obstetrics_gynaecology"}),
        ("gynéco", {"obstetrics_gynaecology"}),
        ("dentista", {"dentist", "dentistry"}),
        ("طبيب أطفال", {"paediatrics"}),
        ("طبيب الأسنان", {"dentist", "dentistry"}),
        ("دكتورة نساء في القاهرة", {"obstetrics_gynaecology"}),
        ("أذن أنف حنجرة", {"ent"}),
        ("eye doctor", {"ophthalmology"}),
        ("kiné", {"physiotherapist", "physiotherapy"}),
        ("matrone", {"midwife"}),
        ("pharmacie de garde à Goma", {"pharmacy"}),
        ("drugstore", {"pharmacy"}),
        ("chemist", {"pharmacy"}),
        ("صيدلية", {"pharmacy"}),
        ("ORL", {"ent"}),
        ("GP", {"general_practice"}),
        ("x-ray", {"x_ray", "imaging_centre", "radiology", "hospital"}),
        ("IRM", {"mri"}),
        ("médico de cabecera", {"general_practice"}),
        ("hospitales de niños", {"childrens_hospital"}),
        ("cardiology clinic", {"cardiology", "clinic"}),
        ("diabetes", {"diabetology", "endocrinology"}),
        ("Aga Khan University Hospital", {"hospital"}),
        ("Sacred Heart", set()),
        ("Saint Joseph", set()),
    ],
)
def test_everyday_words_name_codes(words: str, codes: set[str]) -> None:
    assert named(words) == codes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("cardiolgist", "cardiology"),
        ("peditrician", "paediatrics"),
        ("eye docter", "ophthalmology"),
        ("hosptial", "hospital"),
        ("opthalmologist", "ophthalmology"),
        ("صيدليىة", "pharmacy"),
    ],
)
def test_typo_of_a_long_word_is_mended(typed: str, code: str) -> None:
    concepts = CODES.find_concepts(typed)
    assert code in {concept.code for concept in concepts}
    assert not any(concept.exact for concept in concepts if concept.code == code)


@pytest.mark.parametrize("typed", ["shin", "gp1", "eno", "mental", "booth"])
def test_short_words_and_first_letters_are_not_mended(typed: str) -> None:
    assert named(typed) == set()


def test_order_of_words_decides_where_it_tells() -> None:
    assert named("care home") == {"nursing_home"}
    assert named("home care") == {"home_care"}


def test_concept_counts_the_words_of_the_folded_query() -> None:
    (concept,) = CODES.find_concepts("a doctor for the heart, Nairobi")
    assert (concept.kind, concept.code) == ("specialty", "cardiology")
    assert (concept.start, concept.end, concept.exact) == (1, 5, True)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["heart", "doctor", "for", "la", "l", "d", "و", "ال", "eye", "hosptal"])).map(" ".join)
)
def test_concepts_of_any_text_lie_inside_it_and_do_not_overlap(text: str) -> None:
    words = fold(text).split()
    spans = {(concept.start, concept.end) for concept in CODES.find_concepts(text)}
    covered = [place for start, end in spans for place in range(start, end)]
    assert len(covered) == len(set(covered))
    assert all(0 <= place < len(words) for place in covered)


def test_completion_puts_label_before_synonym_before_later_word() -> None:
    found = [(line.code, line.matched) for line in CODES.complete("dia", "en", limit=20)]
    assert [code for code, _ in found[:3]] == ["dialysis", "diabetology", "dialysis_centre"]
    assert [matched for _, matched in found[:3]] == [None, None, None]
    assert all(matched for _, matched in found[3:])


def test_completion_of_few_letters_prefers_the_short_label() -> None:
    assert CODES.complete("طب", "ar")[0].code == "doctor"
    assert CODES.complete("dent", "en")[0].code == "dentist"


def test_completion_of_heart_is_cardiology_first() -> None:
    first = CODES.complete("heart", "fr")[0]
    assert (first.kind, first.code, first.label) == ("specialty", "cardiology", "Cardiologie")
    assert first.matched is not None
    assert first.matched.startswith("heart")


def test_completion_prefers_the_readers_language() -> None:
    assert CODES.complete("ped", "es")[0].code == "paediatrics"
    assert CODES.complete("péd", "fr")[0].label == "Pédiatrie"


def test_completion_sees_through_the_arabic_article() -> None:
    assert "dentistry" in {line.code for line in CODES.complete("الاسن", "ar")}
    assert "dentistry" in {line.code for line in CODES.complete("اسن", "ar")}


def test_completion_gives_each_code_once_and_no_more_than_asked() -> None:
    lines = CODES.complete("c", "en", limit=7)
    assert len(lines) == len({(line.kind, line.code) for line in lines}) == 7


@pytest.mark.parametrize("prefix", ["", "  ", "?!", "qqq"])
def test_completion_of_nothing_is_empty(prefix: str) -> None:
    assert CODES.complete(prefix, "en") == []


def test_label_falls_back_to_english_and_ignores_the_region() -> None:
    hospital = CODES.types["hospital"]
    assert hospital.label("de") == "Hospital"
    assert hospital.label("fr-CH") == "Hôpital"
    assert CODES.networks["worldwide"].description("ja") == CODES.networks["worldwide"].description("en")


def write_codes(directory: Path, **files: str) -> Path:
    (directory / "specialties").mkdir()
    for name in ("types", "networks", "shared"):
        (directory / f"{name}.toml").write_text(files.get(name, ""), encoding="utf-8")
    for name in files.keys() - {"types", "networks", "shared"}:
        (directory / "specialties" / f"{name}.toml").write_text(files[name], encoding="utf-8")
    return directory


def entry(code: str, word: str) -> str:
    return (
        f'[{code}]\nen = ["{word}", "{word} one"]\nfr = ["{word} deux", "{word} trois"]\n'
        f'es = ["{word} dos", "{word} tres"]\nar = ["{word} 4", "{word} 5"]\n'
    )


def test_a_word_of_two_codes_must_be_listed_as_shared(tmp_path: Path) -> None:
    a, b = entry("alpha", "foo"), entry("beta", "bar").replace("bar one", "foo one")
    with pytest.raises(InvalidCodes, match=r"'foo one'.*alpha, beta.*shared\.toml"):
        load_codes(write_codes(tmp_path, medicine=a + b))


def test_a_shared_word_names_its_codes_in_the_order_listed(tmp_path: Path) -> None:
    shared = '[specialty]\n"both" = ["beta", "alpha"]\n'
    codes = load_codes(write_codes(tmp_path, medicine=entry("alpha", "foo") + entry("beta", "bar"), shared=shared))
    assert codes.parse_specialty("both") == "beta"
    assert {concept.code for concept in codes.find_concepts("both")} == {"alpha", "beta"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"medicine": entry("Alpha", "foo")}, "'Alpha' is no code"),
        ({"medicine": entry("alpha", "foo").replace("fr =", "it =")}, r"alpha has \['it'\]; allowed are"),
        (
            {"medicine": entry("alpha", "foo").replace(', "foo trois"', "")},
            "alpha needs a label and another text in fr",
        ),
        (
            {"medicine": entry("alpha", "foo"), "surgery": entry("alpha", "bar")},
            "alpha stands in medicine.toml already",
        ),
        ({"medicine": entry("alpha", "foo"), "shared": '[specialty]\nx = ["beta"]'}, "'beta', which is no specialty"),
        ({"medicine": entry("alpha", "foo"), "shared": '[sort]\nx = ["alpha"]'}, "'alpha', which is no sort"),
        ({"medicine": "[alpha"}, "medicine.toml"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidCodes, match=message):
        load_codes(write_codes(tmp_path, **files))
