"""Which new passwords are refused: what is guessed first, and what stands in the address."""

import pytest

from directory.accounts.errors import PasswordNotGood
from directory.accounts.passwords import check_new_password

EMAIL = "amina.diallo@aid.example"


@pytest.mark.parametrize(
    "password",
    ["passwordpassword", "Password12345", "qwertyuiop12", "motdepasse1234", "123456789012", "abcabcabcabc",
     "amina.diallo2026", "diallodiallo"],
)  # fmt: skip
def test_what_is_guessed_first_is_no_password(password: str) -> None:
    with pytest.raises(PasswordNotGood, match="too_easy"):
        check_new_password(password, EMAIL)


@pytest.mark.parametrize(
    "password", ["seven green bicycles", "trois vélos verts", "قطار أخضر سريع جدا", "k3J9-qPz7-wT2m" * 14]
)
def test_words_that_only_one_person_put_together_are_taken(password: str) -> None:
    check_new_password(password, EMAIL)
