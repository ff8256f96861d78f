"""What is compared in the index is folded as it is everywhere else."""

import unicodedata

from directory.search.mapping import build_index_body
from geodata.text import fold


def test_index_folds_every_letter_of_arabic_script_that_words_are_folded_by() -> None:
    mappings = build_index_body(shards=1, replicas=0)["settings"]["analysis"]["char_filter"]["arabic_letters"][
        "mappings"
    ]
    folded = dict(each.split(" => ") if not each.endswith(" => ") else (each[:-4], "") for each in mappings)
    letters = [chr(code) for code in range(0x620, 0x6D6) if unicodedata.category(chr(code)) == "Lo"]
    for letter in letters:
        # The engine's own folding takes marks away; what is left is one letter that becomes another.
        if len(fold(letter)) == 1 and fold(letter) != letter and len(unicodedata.normalize("NFKD", letter)) == 1:
            assert folded.get(letter) == fold(letter), letter
