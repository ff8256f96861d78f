"""What the address of the list says, and the addresses that its links lead to."""

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from directory.pages.staff.listings.asked import COLUMNS, DEFAULT_COLUMNS, Asked, read_asked

texts = st.text(st.characters(codec="utf-8", exclude_characters=",", exclude_categories=("Cs", "Cc")), min_size=1)


def test_a_value_is_added_and_taken_back_and_the_page_begins_anew() -> None:
    asked = read_asked({"status": ["active"], "cursor": ["x"], "q": ["clinic"]})
    both = asked.toggled("status", "retired")
    assert both.values == {"status": "active,retired", "q": "clinic"}
    assert both.toggled("status", "active").values == {"status": "retired", "q": "clinic"}


def test_what_is_none_of_ours_is_dropped() -> None:
    assert read_asked({"utm": ["x"], "said": ["view_kept"], "q": ["  "]}).values == {}


def test_a_radius_without_a_place_asks_for_nothing() -> None:
    assert read_asked({"radius_km": ["25"]}).search == {}
    assert read_asked({"radius_km": ["25"], "near": ["Goma"]}).search == {"radius_km": "25", "near": "Goma"}


def test_columns_come_in_their_own_order_and_unknown_ones_are_none() -> None:
    assert read_asked({"columns": ["number", "type", "wrong"]}).columns == ("number", "type")
    assert read_asked({"columns": ["wrong"]}).columns == DEFAULT_COLUMNS
    assert set(DEFAULT_COLUMNS) <= set(COLUMNS)


@given(st.lists(texts.filter(str.strip), unique=True), texts.filter(str.strip))
def test_a_choice_and_its_taking_back_lead_to_the_same_address(chosen: list[str], value: str) -> None:
    asked = read_asked({"source": [text.strip() for text in chosen]})
    once = asked.toggled("source", value.strip())
    again = once.toggled("source", value.strip())
    assert sorted(again.chosen("source")) == sorted(asked.chosen("source"))


@given(st.dictionaries(st.sampled_from(["q", "near", "source", "columns"]), texts.filter(str.strip)))
def test_an_address_is_read_as_it_was_written(values: dict[str, str]) -> None:
    asked = read_asked({name: [text] for name, text in values.items()})
    assert read_asked(parse_qs(asked.query_string)).values == asked.values


def test_an_empty_change_leaves_nothing_behind() -> None:
    assert Asked({"q": "x"}).changed(q=None).query_string == ""
