"""A word of a line as a place is called: without the ending that "in" gives it, or the letter that "in" is."""

from collections.abc import Iterator

from geodata.text import fold, script_of

SHORTEST = 3
# "в Киеве", "в Москве", "в Казани", "в Софии", "во Львове", "в Харькове": the locative of Russian place names, folded.
_LOCATIVE = (("е", ("", "а", "о")), ("и", ("ь", "я", "и", "")), ("у", ("", "а")), ("ом", ("", "о")), ("ах", ("ы", "и")))
_IN_ARABIC = ("ب", "ل")


def base_forms(word: str) -> Iterator[str]:
    """What the place may be called of which this word says where: nothing where the language does not bend names."""
    script = script_of(word)
    key = fold(word)
    if script == "Cyrl":
        for ending, bases in _LOCATIVE:
            if key.endswith(ending) and len(key) - len(ending) >= SHORTEST:
                yield from (key.removesuffix(ending) + base for base in bases)
    elif script == "Arab":
        # "بالقاهرة", "ببيروت", "للرياض"
        if key.startswith("لل"):
            yield f"ال{key[2:]}"
        elif key[0] in _IN_ARABIC and len(key) > SHORTEST:
            yield key[1:]
