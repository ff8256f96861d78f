"""Names of other scripts as ears write them in Latin letters, turned into what the index makes of these scripts.

ICU writes Больница as bolnica, Μπουμπούλη as mpoumpoule and 강남 as gangnam; people write Bolnitsa, Boumpouli and
Kangnam. Consonants alone are compared (`mapping.py`), so vowels are left as they are. For Arabic that is nearly enough.
"""

import re
from collections.abc import Iterator

from geodata.text import fold

# In turn, each as ICU has it but for its marks: щ and ш are s, ч and ц are c, ж is z, х is h, й is j.
_CYRILLIC = (
    (r"shch|sch|sh", "s"), (r"tch|tsch|ch", "c"), (r"ts|tz", "c"), (r"zh", "z"), (r"kh", "h"),
    (r"(?<=[iy])[iy]\b|(?<=[bdfgklmnprstvz])y\b", "ij"), (r"ks|x", "ks"),
)  # fmt: skip
# What is heard as b, d and g is written μπ, ντ and γκ; ev, ef, av and af are ευ and αυ.
_GREEK = (
    (r"\bb|(?<!m)b", "mp"), (r"\bd(?=[aeiou])", "nt"), (r"\bg(?=[aeou])", "gk"), (r"([ae])[vf]", r"\1u"),
    (r"ks", "x"), (r"kh", "ch"), (r"\bhy?(?=[aeioug])|\bh", "y"),
)  # fmt: skip
# ICU writes تهاليل as thalyl, where th is no letter of its own: Tahaleel.
_ARABIC = ((r"(?<=[tkdsg])[aeiou]+(?=h)", ""),)
# Between older and newer ways to write Korean: Kangnam, Taegu, Chosun.
_HANGUL = ((r"ch", "j"), (r"k(?!k)", "g"), (r"t(?!t)", "d"), (r"p(?!p)", "b"), (r"shi", "si"), (r"\blee?\b", "i"))


def by_ear(typed: str) -> Iterator[str]:
    """What else a Latin word may be as the index writes other scripts; none that is the word itself."""
    word = fold(typed)
    if not (word.isascii() and word.isalpha()):
        return
    heard = (_turned(word, rules) for rules in (_ARABIC, _CYRILLIC, _GREEK, _HANGUL))
    yield from dict.fromkeys(other for other in heard if other != word)


def _turned(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    for heard, written in rules:
        word = re.sub(heard, written, word)
    return word
