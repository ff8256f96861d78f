"""What the words of a search may cost the engine; over it they are looked for in a plainer way, never refused.

Counted in letters, as the words are in Latin ones: that is what the engine compares, and what its time goes by.
서울대학교병원 is some twenty letters. For near spellings the engine makes an automaton of each word:
twelve words of fifteen syllables took 400 ms so and 28 ms as they were typed, over 400,000 listings. And a search asks
for its words several times: for its page, for each facet with a filter, for each change that would find more.
"""

from collections.abc import Sequence

from directory.search.request import Unit
from geodata.text import latin_words

# "Hospital Universitario Nuestra Señora de Candelaria" has 47 letters. Up to here words are free: nobody counts them.
FREE_LETTERS = 80
# How much dearer near spellings are than the words as they were typed.
NEAR = 5
# The letters that one search may look for in all, near spellings counted as NEAR: some 400 ms of the engine. A name of
# 47 letters with four filters stays below it, with its near spellings and every change that would find more.
MOST_LETTERS = 4_000


def count_letters(units: Sequence[Unit]) -> int:
    """Letters of these words once they are Latin, spaces left out."""
    return sum(len(latin_words(unit.text).replace(" ", "")) for unit in units)


def are_long(units: Sequence[Unit]) -> bool:
    """Whether looking for these words is so dear that it is counted, and kept apart from other searches."""
    return count_letters(units) > FREE_LETTERS


class Budget:
    """What one search may still spend beyond its page as it was typed, which everybody gets."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._letters = count_letters(units)
        self._left = MOST_LETTERS
        # Whether something was left out because it would have cost too much.
        self.exceeded = False

    def spend(self, searches: int, *, near: int = 0) -> bool:
        """Whether so many more searches, `near` of them for near spellings, may be asked; then they are."""
        price = self._letters * (searches - near + NEAR * near)
        if price > self._left:
            self.exceeded = True
            return False
        self._left -= price
        return True
