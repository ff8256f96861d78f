"""What words may cost: real names have all that there is, and no words cost more than the budget."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.budget import MOST_LETTERS, NEAR, Budget, are_long, count_letters
from directory.search.line_tokens import split_words
from directory.search.request import Unit

# Typed in full, with four filters beside them: each filter takes a search of its own, and each is a change to offer.
NAMES = (
    "Hospital Universitario Nuestra Señora de Candelaria",
    "서울대학교병원 강남센터",
    "โรงพยาบาลสมเด็จพระเจ้าตากสินมหาราช",
    "北京协和医院",
    "مستشفى الملك فيصل التخصصي ومركز الأبحاث",
)
SEARCHES, CHANGES = 5, 8


def units(typed: str) -> tuple[Unit, ...]:
    return tuple(map(Unit, split_words(typed)))


def hostile() -> tuple[Unit, ...]:
    rng = random.Random(3)
    syllables = [chr(rng.randint(0xAC00, 0xD7A3)) for _ in range(180)]
    return units(" ".join("".join(syllables[start : start + 15]) for start in range(0, 180, 15)))


@pytest.mark.parametrize("name", NAMES)
def test_real_name_has_its_near_spellings_and_all_changes(name: str) -> None:
    budget = Budget(units(name))
    assert budget.spend(1 + SEARCHES, near=SEARCHES)
    assert budget.spend(2 * CHANGES, near=CHANGES)
    assert not budget.exceeded


def test_twelve_words_of_fifteen_syllables_have_no_near_spellings() -> None:
    assert are_long(hostile())
    budget = Budget(hostile())
    assert not budget.spend(1 + 1, near=1)
    assert budget.exceeded


@pytest.mark.parametrize("typed", ["clinic nairobi", "서울대학교병원", "北京协和医院", "طبيب أطفال"])
def test_what_people_type_is_free(typed: str) -> None:
    assert not are_long(units(typed))


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=10))
def test_nothing_costs_more_than_the_budget(typed: str, steps: list[tuple[int, int]]) -> None:
    words = units(typed)
    budget, spent = Budget(words), 0
    for plain, near in steps:
        if budget.spend(plain + near, near=near):
            spent += count_letters(words) * (plain + NEAR * near)
    assert spent <= MOST_LETTERS
