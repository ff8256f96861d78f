"""Sentences in the four languages: none is missing, plurals are right, and who reads what."""

import string
import tomllib
from collections.abc import Iterator
from typing import Any, cast

import pytest
from babel import Locale

from config.settings import PROJECT_ROOT
from directory.listings.shown import PublicAgreement
from directory.search.agreements import SETTLEMENT_VALUES
from directory.search.request import Facet
from directory.wording.payment import LANGUAGES, best_language, payment_sentence, sentence, settlement_label

WORDING = tomllib.loads((PROJECT_ROOT / "config" / "wording.toml").read_text(encoding="utf-8"))


def agreement(network: str = "worldwide", **facts: Any) -> PublicAgreement:
    """A guarantee letter for both settings, unless told."""
    plain = PublicAgreement(
        network=network, outpatient="guarantee_letter", inpatient="guarantee_letter", tariff=False, notice_days=None
    )
    return cast(PublicAgreement, {**plain, **facts})


def _paths(table: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        if isinstance(value, dict) and name != "guarantee_letter_days":
            yield from _paths(value, *above, name)
        else:
            yield (*above, name)


def test_every_language_has_every_sentence() -> None:
    assert set(WORDING) == set(LANGUAGES)
    for lang in LANGUAGES:
        assert set(_paths(WORDING[lang])) == set(_paths(WORDING["en"]))


def test_sentences_take_the_same_values_in_every_language() -> None:
    def values(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for path in _paths(WORDING["en"]):
        if path[-1] == "guarantee_letter_days":
            continue
        assert len({frozenset(values(_at(lang, path))) for lang in LANGUAGES}) == 1, path


def _at(lang: str, path: tuple[str, ...]) -> str:
    found: Any = WORDING[lang]
    for step in path:
        found = found[step]
    return str(found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_plural_form_of_the_language_has_its_sentence(lang: str) -> None:
    forms = WORDING[lang]["payment"]["guarantee_letter_days"]
    needed = {Locale.parse(lang).plural_form(days) for days in range(91)}
    assert needed <= set(forms)


@pytest.mark.parametrize(
    ("lang", "days", "said"),
    [
        ("en", 1, "Guarantee letter: ask 1 day before."),
        ("en", 2, "Guarantee letter: ask 2 days before."),
        ("fr", 1, "Lettre de garantie : à demander 1 jour avant."),
        ("fr", 5, "Lettre de garantie : à demander 5 jours avant."),
        ("es", 1, "Carta de garantía: pídala 1 día antes."),
        ("es", 30, "Carta de garantía: pídala 30 días antes."),
        ("ar", 0, "خطاب ضمان: اطلبه في اليوم نفسه."),
        ("ar", 1, "خطاب ضمان: اطلبه قبل يوم واحد."),
        ("ar", 2, "خطاب ضمان: اطلبه قبل يومين."),
        ("ar", 3, "خطاب ضمان: اطلبه قبل 3 أيام."),
        ("ar", 10, "خطاب ضمان: اطلبه قبل 10 أيام."),
        ("ar", 11, "خطاب ضمان: اطلبه قبل 11 يومًا."),
        ("ar", 90, "خطاب ضمان: اطلبه قبل 90 يومًا."),
    ],
)
def test_days_of_notice_are_counted_as_the_language_counts(lang: str, days: int, said: str) -> None:
    assert payment_sentence([agreement(notice_days=days)], "inpatient", lang) == said


def test_no_days_of_notice_are_made_up() -> None:
    assert payment_sentence([agreement()], "inpatient", "en") == "Ask for a guarantee letter before you go."


def test_networks_that_agree_are_one_sentence_without_names() -> None:
    agreements = [agreement("worldwide", outpatient="card"), agreement("essential", outpatient="card")]
    assert payment_sentence(agreements, "outpatient", "en") == "Your card is accepted here."


def test_networks_that_differ_are_told_apart() -> None:
    agreements = [
        agreement("worldwide", outpatient="card"),
        agreement("essential", outpatient="none"),
        agreement("emergency", outpatient="card"),
    ]
    said = payment_sentence(agreements, "outpatient", "en")
    assert said == (
        "Worldwide network, Emergency and evacuation network: Your card is accepted here. "
        "Essential network: You pay, then claim."
    )


@pytest.mark.parametrize(("lang", "said"), [("en", "You pay, then claim."), ("ar", "تدفع أنت ثم تطلب استرداد المبلغ.")])
def test_without_an_agreement_one_pays_and_claims(lang: str, said: str) -> None:
    assert payment_sentence([], "outpatient", lang) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_settlement_has_a_label_of_its_own(lang: str) -> None:
    assert len({settlement_label(value, lang) for value in SETTLEMENT_VALUES}) == len(SETTLEMENT_VALUES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_of_a_search_has_a_label(lang: str) -> None:
    changeable = {"place" if facet is Facet.city else facet.value for facet in Facet} | {"q", "bbox", "radius_km"}
    for parameter in changeable:
        assert sentence(lang, "relaxation", parameter, value="50")
    assert "50" in sentence(lang, "relaxation", "radius_km", value="50")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [([], "en"), (["de"], "en"), (["fr-CA"], "fr"), (["AR-eg"], "ar"), (["de", "es-419", "fr"], "es"), (["*"], "en")],
)
def test_first_language_that_we_speak_is_taken(wanted: list[str], given: str) -> None:
    assert best_language(wanted) == given
