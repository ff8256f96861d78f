"""Warnings of an import: counted without end, and the first of each named with their lines."""

from directory.imports.noticing import FIRST_WARNINGS, Noticed, RowWarning


def test_every_warning_is_counted_and_the_first_are_named_by_line() -> None:
    noticed = Noticed()
    for chunk in range(3):
        here = Noticed()
        for line in range(chunk * 10, chunk * 10 + 10):
            here.add(line, RowWarning("dropped_phone", f"'{line}'"))
        here.add(chunk * 10, RowWarning("swapped"))
        noticed.update(here)
    assert noticed.counts == {"dropped_phone": 30, "swapped": 3}
    assert noticed.first["dropped_phone"] == [(line, f"'{line}'") for line in range(FIRST_WARNINGS)]
    assert noticed.first["swapped"] == [(0, ""), (10, ""), (20, "")]
