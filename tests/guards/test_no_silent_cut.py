"""No field of a page or of the widget cuts what is typed or pasted: the server says what the limit is."""

import re

from tests.guards.tracked import project_files

# A browser stops at it without a word: a notice of 120 days became one of 12.
CUTS = re.compile(r"maxlength", re.IGNORECASE)
# The search box of the widget: what is longer than any place or name is no search.
LEFT = {"widget/src/parts/combobox.ts"}


def test_no_field_has_a_length_at_which_it_stops_without_a_word() -> None:
    files = [
        *project_files("directory/pages/*.html"),
        *project_files("directory/pages/*.js"),
        *project_files("widget/src/*.ts"),
    ]
    assert len(files) > 60
    cutting = {str(file) for file in files if CUTS.search(file.read_text(encoding="utf-8"))}
    assert {path for path in cutting if not path.endswith(tuple(LEFT))} == set()
