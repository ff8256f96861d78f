"""Words that look like a patient's name or diagnosis."""

import pytest

from directory.proposals.patients import find_hints


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("My wife needs it every week", {"person"}),
        ("for Mr Kabila, born 12 May", {"person"}),
        ("Mme Kasongo souffre de diabète", {"person", "health"}),
        ("Mi hijo padece epilepsia", {"person", "health"}),
        ("زوجتي حامل", {"person", "health"}),
        ("he was treated for hepatitis", {"health"}),
        ("member no 123456", {"person"}),
        ("40 people and their families live here", set()),
        ("The director is Dr Kambale, ask for him", set()),
        ("Cardiology", set()),
        ("12 avenue de la Paix", set()),
        ("لدينا أربعون موظفا في المدينة", set()),
    ],
)
def test_hints_are_given_for_people_and_illnesses_and_not_for_providers(text: str, kinds: set[str]) -> None:
    assert {hint.kind for hint in find_hints({"/text": text})} == kinds


def test_a_cancer_centre_may_bear_its_name() -> None:
    assert find_hints({"/provider/name": "Kigali Cancer Centre"}) == []
