"""What a spreadsheet would run is written so that it does not, and read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.imports.formulas import make_harmless, undo_harmless

DANGEROUS = ["=1+1", "+254", "-1", "@SUM(A1)", "−1", "＝1+1", "＋1", "－1", "＠x", "﹦1", "\t=1", "\r=1", "\n=1", " =1"]
UNSEEN = ["", "\u200d", "\u200b\u2060", "\ufeff", "\u00ad", "\u00a0", "\u3164", "\u034f", "\ufe0f", "\u202e"]
# Pieces that meet each other in every way: signs, what is not seen, ends of cells, apostrophes, and ordinary text.
PIECES = st.sampled_from([*"=+-@−＝'\t\r\n;,| \u200dab", "''", "\u3164", "é"])


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
@pytest.mark.parametrize("formula", DANGEROUS, ids=ascii)
def test_cell_that_begins_as_a_formula_gets_an_apostrophe(unseen: str, formula: str) -> None:
    assert make_harmless(unseen + formula).startswith("'")


@pytest.mark.parametrize("cell", ["Clinic", "O'Brien's", "'Aïn", "1-2", "a=b", "", "'", "Mother & Child", "24/7"])
def test_ordinary_cell_is_written_and_read_as_it_is(cell: str) -> None:
    assert make_harmless(cell) == cell
    assert undo_harmless(cell) == cell


def test_formula_after_what_another_country_takes_for_the_end_of_a_cell_is_harmless() -> None:
    assert make_harmless("x;=1+1") == "x;'=1+1"
    assert make_harmless("first line\n@SUM(1)") == "first line\n'@SUM(1)"


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_what_was_made_harmless_is_read_as_it_was(cell: str) -> None:
    harmless = make_harmless(cell)
    assert undo_harmless(harmless) == cell
    assert not harmless.startswith(("=", "+", "-", "@", "\t", "\r", "−", "＝", "＋", "－", "＠"))
