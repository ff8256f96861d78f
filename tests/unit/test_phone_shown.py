"""How a number is shown on a page: its extension in the reader's words, dialled with it."""

from functools import partial

import pytest
from jinja2 import Environment, PackageLoader

from directory.wording.catalogue import phrase


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "ext. 136"), ("fr", "poste 136"), ("es", "ext. 136"), ("ar", "تحويلة 136")]
)
def test_extension_is_shown_in_the_words_of_the_reader(lang: str, words: str) -> None:
    pages = Environment(loader=PackageLoader("directory.pages.members"), autoescape=True)
    shown = pages.get_template("members/parts.html").module.phone  # type: ignore[attr-defined]
    assert (
        " ".join(shown(partial(phrase, lang), "+16502530000;ext=136").split())
        == f'<bdi dir="ltr">+16502530000</bdi> {words}'
    )
    assert shown(partial(phrase, lang), "+254203662000").strip() == '<bdi dir="ltr">+254203662000</bdi>'
