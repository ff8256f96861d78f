"""Names that are typed otherwise than they are written: short, joined, parted, by ear, in another language."""

from collections.abc import Callable

import pytest

from tests.relevance.conftest import listing

Ranked = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("saint joseph hospital", "St. Joseph Hospital"),
        ("st marys", "Saint Mary's Dispensary"),
        ("mount kenya", "Mt. Kenya Chemist"),
        ("kariobangi health centre 4", "Kariobangi Health Centre IV"),
        ("HC IV Bugiri", "Bugiri HC 4"),
        ("lumumba laboratory", "Lumumba Lab."),
        ("doctor wanjiru", "Dr Wanjiru"),
    ],
)
def test_name_is_found_written_short_or_in_full(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "Unity Clinic"), listing(2, name)])[:1] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("agakhan hospital", "Aga Khan Hospital"),
        ("agak han hospital", "Aga Khan Hospital"),
        ("mater care", "Matercare"),
        ("goodlife pharmacy", "Good Life Pharmacy"),
        ("xieheyiyuan", "北京协和医院"),
        ("xie he", "北京协和医院"),
    ],
)
def test_name_is_found_joined_or_parted_at_the_wrong_place(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "Unity Clinic"), listing(2, name)])[:1] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("KNH", "Kenyatta National Hospital"),
        ("AKUH", "Aga Khan University Hospital"),
        ("HGR Kinshasa", "Hôpital Général de Référence de Kinshasa"),
        ("bugiri health centre", "Bugiri HC"),
    ],
)
def test_initials_stand_for_the_words(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "Unity Clinic"), listing(2, name)])[:1] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("clinique harmony", "Harmony Clinic"),
        ("harmony hospital", "Hôpital Harmony"),
        ("clinic el shifa", "عيادة الشفاء"),
        ("klinik harmony", "Clínica Harmony"),
    ],
)
def test_kind_of_house_is_found_in_another_language(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "Unity Chemist", type="pharmacy"), listing(2, name, type="health_centre")])[
        :1
    ] == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chifa", "مستشفى الشفاء"),
        ("Ech-Chifa", "مستشفى الشفاء"),
        ("errahma", "عيادة الرحمة"),
        ("essalam", "مستشفى السلام"),
        ("gamal", "صيدلية جمال"),
        ("kods", "مستشفى القدس"),
        ("al quds", "مستشفى القدس"),
        ("ramadhan", "صيدلية رمضان"),
        ("khaled", "عيادة خالد"),
        ("zakaria", "عيادة زكريا"),
        ("abdelrahman", "عيادة عبد الرحمن"),
        ("mostafa", "عيادة مصطفى"),
    ],
)
def test_arabic_name_is_found_as_ears_hear_it(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "عيادة الوحدة"), listing(2, name)])[:1] == [name]


def test_short_form_is_no_other_word(ranked: Ranked) -> None:
    assert ranked("saint luke", [listing(1, "Stluke Road Dental"), listing(2, "St Luke")])[:1] == ["St Luke"]
