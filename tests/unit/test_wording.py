"""Sentences in the four languages: none is missing, plurals are right, and who reads what."""

from typing import Any, cast

import pytest

from config.languages import LANGUAGES, best_language
from directory.listings.shown import PublicAgreement
from directory.search.agreements import SETTLEMENT_VALUES
from directory.search.request import MEMBER_FACETS, Facet
from directory.wording.catalogue import phrase
from directory.wording.payment import payment_sentence, settlement_label


def agreement(network: str = "worldwide", **facts: Any) -> PublicAgreement:
    """A guarantee letter for both settings, unless told."""
    plain = PublicAgreement(
        network=network, outpatient="guarantee_letter", inpatient="guarantee_letter", tariff=False, notice_days=None
    )
    return cast(PublicAgreement, {**plain, **facts})


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


def test_a_suspended_agreement_says_until_when_and_what_to_do_instead() -> None:
    suspended = agreement(outpatient="card", status="suspended", suspended_until="2026-12-01", instead=None)
    assert payment_sentence([suspended], "outpatient", "fr") == (
        "L’accord ici est suspendu jusqu’au 1er décembre 2026. Vous payez, puis demandez le remboursement."
    )
    other = agreement("essential", outpatient="card")
    said = payment_sentence(
        [other, {**suspended, "suspended_until": None, "instead": "Try Mater."}], "outpatient", "en"
    )
    assert said == (
        "Essential network: Your card is accepted here. Worldwide network: The agreement here is suspended. Try Mater."
    )


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
    changeable = {"place" if facet is Facet.city else facet.value for facet in MEMBER_FACETS} | {
        "q",
        "bbox",
        "radius_km",
    }
    for parameter in changeable:
        assert phrase(lang, f"relaxation.{parameter}", value="50")
    assert "50" in phrase(lang, "relaxation.radius_km", value="50")


@pytest.mark.parametrize(
    ("wanted", "given"),
    [([], "en"), (["de"], "en"), (["fr-CA"], "fr"), (["AR-eg"], "ar"), (["de", "es-419", "fr"], "es"), (["*"], "en")],
)
def test_first_language_that_we_speak_is_taken(wanted: list[str], given: str) -> None:
    assert best_language(wanted) == given
