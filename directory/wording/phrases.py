"""Words of the pages in the four languages, from config/phrases/: `sign_in.title` is `title` in sign_in.toml."""

import tomllib
from functools import lru_cache
from typing import Any

from babel import Locale

from config.settings import PROJECT_ROOT

PHRASES = PROJECT_ROOT / "config" / "phrases"


@lru_cache(maxsize=1)
def load_phrases() -> dict[str, dict[str, Any]]:
    """Every phrase: its name -> language -> text, or one text for each plural form of the language (CLDR)."""
    return {
        f"{path.stem}.{name}": texts
        for path in sorted(PHRASES.glob("*.toml"))
        for name, texts in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def phrase(lang: str, name: str, /, **values: Any) -> str:
    """A phrase with `values` filled in; `count` chooses among plural forms. Raises KeyError where nobody wrote it."""
    text = load_phrases()[name][lang]
    if isinstance(text, dict):
        form = Locale.parse(lang).plural_form(values["count"])
        text = text.get(form) or text["other"]
    return str(text).format(**values) if values else str(text)
