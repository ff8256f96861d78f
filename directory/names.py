"""Names as the database can search them: PostgreSQL knows no transliteration, so what it compares is stored."""

from collections.abc import Iterable

from geodata.text import latin_words


def latin_names(names: Iterable[str]) -> str:
    """Latin words of all names, each word between spaces and each name between bars: `" aga khan | alagha khan "`.

    So `LIKE '% khan %'` finds a whole word, `'% kha%'` its beginning and `'%han%'` a part of it, in one name.
    """
    return "|".join(f" {words} " for name in names if (words := latin_words(name)))
