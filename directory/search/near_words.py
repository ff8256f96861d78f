"""How a word of a name may be meant that is typed otherwise than it is written: asked where too little was found."""

from collections.abc import Iterator, Sequence
from typing import Any

from directory.search.hearing import by_ear
from directory.search.ranking import load_ranking
from directory.search.request import Unit
from directory.vocabulary.codes import load_codes
from directory.vocabulary.name_words import MOST_INITIALS, initials_of
from geodata.text import fold, latin_words, script_of

Clause = dict[str, Any]
# A way in which a unit may be meant, by its name in config/ranking.toml, and what it is worth so.
Way = tuple[str, Clause]

# How many words may have been parted at the wrong place, or written as one.
MOST_JOINED = 3
SHORTEST_JOINED = 4
# The index keeps parts of words up to here; of a longer one it would compare the beginning.
LONGEST_PART = 8
LONGEST_SYLLABLES = 14
# With one letter wrong in so many there are hardly two words that it may be.
SURELY_A_SLIP = 7
# A shorter word has two consonants by chance as often as not.
SHORTEST_HEARD = 4
SONS = frozenset(("ibn", "bin", "ben"))
# Of two characters with one wrong nothing is left to tell a name by; of longer names the words are many enough.
SHORTEST_HAN, LONGEST_HAN = 3, 6


def build_forgiving(units: Sequence[Unit], place: int) -> list[Way]:
    """The ways in which the unit at `place` may be meant, beside those in which it is written."""
    unit = units[place]
    if unit.code_only:
        return []
    ways = [way("slip" if len(unit.text) >= SURELY_A_SLIP else "near", near_spelling(unit.text))]
    heard = list(by_ear(unit.text))
    if heard:
        ways.append(way("near", {"bool": {"should": [all_words("name_not_latin", text) for text in heard]}}))
    if unit.text.isascii() and (len(unit.text) >= SHORTEST_HEARD or fold(unit.text) in SONS):
        pairs = [all_words("name_not_latin.pair", text) for text in (unit.text, *heard)]
        ways.append(way("near", {"bool": {"should": pairs}}))
    if wrong := _one_wrong(_run_of_han(units, place)):
        ways.append(way("near", wrong))
    ways += [way(name, clause) for name, clause in _joins(units, place)]
    ways += [way("initials", clause) for clause in _initials(unit)]
    if kinds := [word for code in unit.types for word in load_codes().kind_words(code)]:
        ways.append(way("kind", {"match": {"name": {"query": " ".join(kinds)}}}))
    return ways


def _run_of_han(units: Sequence[Unit], place: int) -> str:
    """The units around `place` that are Han characters, as they are written: without spaces."""
    if script_of(units[place].text) != "Hani":
        return ""
    start = end = place
    while start and script_of(units[start - 1].text) == "Hani":
        start -= 1
    while end < len(units) and script_of(units[end].text) == "Hani":
        end += 1
    return "".join(fold(unit.text) for unit in units[start:end])


def _one_wrong(name: str) -> Clause | None:
    """That a short name of Han characters is there but for one of them, never its first: 协知医院 for 协和医院.

    Compared as the index has them, in pinyin: a word of it, or two or three as one. With the first syllable unknown the
    engine would look at every word that there is.
    """
    if not SHORTEST_HAN <= len(name) <= LONGEST_HAN:
        return None
    syllables = [latin_words(character) for character in name]
    ways = ["".join([*syllables[:wrong], "[a-z]{1,6}", *syllables[wrong + 1 :]]) for wrong in range(1, len(syllables))]
    pattern = {"value": "|".join(ways)}
    return {"bool": {"should": [{"regexp": {field: pattern}} for field in ("name", "name.joined")]}}


def _joins(units: Sequence[Unit], place: int) -> Iterator[Way]:
    """The unit alone and with its neighbours, as one word: "agakhan" and "agak han" for Aga Khan, "mater care"."""
    for start in range(max(0, place - MOST_JOINED + 1), place + 1):
        for end in range(place + 1, min(start + MOST_JOINED, len(units)) + 1):
            texts = [fold(unit.text).replace(" ", "") for unit in units[start:end]]
            text = "".join(texts)
            # Three are syllables ("xie he yi"); whole words are parted once.
            if len(text) >= SHORTEST_JOINED and (len(texts) < MOST_JOINED or len(text) <= LONGEST_SYLLABLES):
                yield from _joined(text, several=end - start > 1)


def _joined(text: str, *, several: bool) -> Iterator[Way]:
    """As it is written; and by its consonants in another script, which tell less: "kenyata" is 乾泰 too."""
    fields = ["name.joined", *(("name",) if several else ())]
    if several and len(text) <= LONGEST_PART:
        # In Chinese words are long: "xie he" is inside xieheyiyuan.
        fields.append("name.part")
    yield "joined", {"bool": {"should": [all_words(field, text) for field in fields]}}
    if text.isascii():
        heard = ["name_not_latin.joined", *(("name_not_latin",) if several else ())]
        yield "heard", {"bool": {"should": [all_words(field, text) for field in heard]}}


def _initials(unit: Unit) -> Iterator[Clause]:
    """Short letters may be the initials of words in the name, and several words be written as theirs."""
    letters = latin_words(unit.text)
    if letters.isalpha() and 1 < len(letters) <= MOST_INITIALS:
        yield {"term": {"initials": letters}}
    if short := initials_of(unit.text):
        yield all_words("name", short)


def worth(score: float, clause: Clause) -> Clause:
    """The clause with a constant score: independent of what else the index holds, so stable under writes."""
    return {"constant_score": {"filter": clause, "boost": score}}


def way(name: str, clause: Clause) -> Way:
    """The clause with what config/ranking.toml says that this way is worth."""
    return name, worth(getattr(load_ranking().word, name), clause)


def all_words(field: str, text: str) -> Clause:
    """That a field has every word of the text."""
    return {"match": {field: {"query": text, "operator": "and"}}}


def near_spelling(text: str) -> Clause:
    """That a name has every word of the text but for a slip or two."""
    return {
        "match": {
            "name": {
                "query": text,
                "operator": "and",
                "fuzziness": "AUTO:4,8",
                "prefix_length": 1,
                "max_expansions": 50,
            }
        }
    }
