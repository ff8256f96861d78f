"""Names that may be one provider's: any script, any order, slips; and those that are not."""

import pytest

from directory.listings.likeness import likeness, may_be_same, telling_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aga Khan University Hospital", "Aga Khan Hospital"),
        ("Hôpital Heal Africa", "HEAL AFRICA"),
        ("Clinique El Shifa", "عيادة الشفاء"),
        ("مستشفى السلام", "Al Salam Hospital"),
        ("مستشفى الأغا خان", "Aga Khan Hospital"),
        ("Clinica San José", "San Jose"),
        ("Nairobi Womens Hospital", "Nairobi Women's Hospital"),
        ("Больница Святого Луки", "Bolnitsa Svyatogo Luki"),
        ("Polyclinique Saint-Luc", "Saint Luc"),
        ("Kenyata National Hospital", "Kenyatta National Hospital"),
        ("서울성모병원", "서울 성모병원"),
    ],
)
def test_the_same_in_other_words_is_alike(one: str, other: str) -> None:
    assert may_be_same(likeness([one], [other]), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aga Khan University Hospital", "Nairobi Hospital"),
        ("Pharmacie du Lac", "Pharmacie de la Paix"),
        ("Clinique Saint-Luc", "Clinique Saint-Joseph"),
        ("مستشفى السلام", "مستشفى النور"),
        ("General Hospital", "Children's Hospital"),
    ],
)
def test_others_of_the_same_type_are_not(one: str, other: str) -> None:
    assert not may_be_same(likeness([one], [other]), None)


def test_next_door_less_is_enough_and_far_away_nothing_is() -> None:
    assert may_be_same(70, 50.0)
    assert not may_be_same(70, 5_000.0)
    assert may_be_same(95, 5_000.0)
    assert not may_be_same(100, 300_000.0)


def test_words_that_only_say_the_type_are_left_out_unless_nothing_else_is_there() -> None:
    assert telling_words("Hôpital Heal Africa") == "heal africa"
    assert telling_words("Hôpital") == "hopital"
