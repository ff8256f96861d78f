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
        ("al foutouh pharmacy", "صيدلية الفتوح"),
        ("ibn al ameed pharmacy", "صيدلية ابن العميد"),
        ("lamia clinic", "عيادة لمياء"),
        ("tahaleel pharmacy", "صيدلية تهاليل"),
    ],
)
def test_arabic_name_is_found_as_ears_hear_it(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "عيادة الوحدة"), listing(2, name)])[:1] == [name]


def test_slip_in_a_long_word_is_surer_than_consonants_of_another_script(ranked: Ranked) -> None:
    found = ranked("Kenyata", [listing(1, "乾泰医院"), listing(2, "Kenyatta National Hospital")])
    assert found[:1] == ["Kenyatta National Hospital"]


def test_short_form_is_no_other_word(ranked: Ranked) -> None:
    assert ranked("saint luke", [listing(1, "Stluke Road Dental"), listing(2, "St Luke")])[:1] == ["St Luke"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bolnitsa", "Городская больница"),
        ("Bol'nica", "Городская больница"),
        ("zhenskaya", "Женская консультация"),
        ("shevchenko", "Клиника Шевченко"),
        ("moskovsky", "Московский центр"),
        ("khirurgiya", "Хирургия плюс"),
        ("nosokomeio", "Γενικό Νοσοκομείο"),
        ("nosokomio", "Γενικό Νοσοκομείο"),
        ("evangelismos", "Ευαγγελισμός"),
        ("bouboulina", "Κλινική Μπουμπουλίνα"),
        ("byeongwon", "서울병원"),
        ("pyongwon", "서울 병원"),
        ("kangnam", "강남 의원"),
        ("taegu", "대구 의원"),
        ("chosun", "조선 의원"),
    ],
)
def test_name_of_another_script_is_found_as_ears_hear_it(ranked: Ranked, typed: str, name: str) -> None:
    assert ranked(typed, [listing(1, "Единство"), listing(2, "Ενότητα"), listing(3, name)])[:1] == [name]


@pytest.mark.parametrize("typed", ["北京协知医院", "北京鞋和医院", "协知医院", "北京协和大院"])
def test_short_name_of_han_characters_is_found_with_one_wrong(ranked: Ranked, typed: str) -> None:
    found = ranked(typed, [listing(1, "上海仁济医院"), listing(2, "北京协和医院")])
    assert found[:1] == ["北京协和医院"]


@pytest.mark.parametrize(
    ("typed", "name", "other"),
    [
        ("Suez", "Suez Clinic", "Suz Clinic"),
        ("duelo", "Casa Duelo", "Casa Dulo"),
        ("Boeing", "Boeing Clinic", "Bong Clinic"),
    ],
)
def test_letters_that_are_no_umlaut_stay(ranked: Ranked, typed: str, name: str, other: str) -> None:
    assert ranked(typed, [listing(1, other), listing(2, name)])[:1] == [name]
