"""Understanding a line, in process: everyday words, places and wishes in four languages, drawn from the world."""

import random
import time
from typing import Any

from sqlalchemy import text

from bench.figures import p50_p95
from bench.questions import SAMPLE
from bench.telling import tell
from bench.world import World
from directory.search.understand import understand
from directory.vocabulary.codes import load_codes

LANGUAGES = ("en", "fr", "es", "ar")
# What is said beside who and where; the names of a city and of a kind of care stand in it.
LINES = {
    "en": ("{kind} {city}", "i need a {kind} near {city}", "{kind} in {city} open now", "best {kind} {city} {country}"),
    "fr": ("{kind} {city}", "{kind} à {city} qui prend la carte", "{kind} ouvert maintenant {city}"),
    "es": ("{kind} {city}", "{kind} cerca de {city} que acepte tarjeta", "busco {kind} en {city}"),
    "ar": ("{kind} {city}", "{kind} في {city}", "أقرب {kind} {city}"),
}
# Words of a name, and with a slip: what no place and no kind of care is takes the longest to read.
NAMES = ("{name}", "{name} {city}", "{slip} {city}")
WARM = 20


def measure_line(world: World, *, lines: int, seed: int = 1) -> dict[str, Any]:
    """p50 and p95 in milliseconds of reading `lines` lines as the search does, each once, by one process."""
    drawn = _draw(world, random.Random(seed), lines + WARM)
    gazetteer, codes = world.gazetteer, load_codes()
    seconds = []
    for line in drawn:
        started = time.perf_counter()
        understand({"q": line}, codes, gazetteer)
        seconds.append(time.perf_counter() - started)
    # The first ones also read the vocabulary and open the file of places, once for a process.
    figures = {**p50_p95(seconds[WARM:]), "lines": lines}
    tell(f"a line is understood in {figures['p50_ms']} ms, 95 of 100 within {figures['p95_ms']} ms")
    return figures


def _draw(world: World, rng: random.Random, count: int) -> list[str]:
    stores = world.open_stores()
    with stores.engine.connect() as connection:
        ids = [rng.randint(1, world.rows) for _ in range(2 * count)]
        rows = connection.execute(text(SAMPLE), {"ids": ids}).all()
    return [build_line(rng, row) for row in rng.choices(rows, k=count)]


def build_line(rng: random.Random, row: Any) -> str:
    """What somebody may type who wants this listing, or one like it."""
    codes, lang = load_codes(), rng.choice(LANGUAGES)
    kind = codes.specialties[row.specialty] if row.specialty and rng.random() < 0.5 else codes.types[row.type]
    words = rng.choice((kind.label(lang), *kind.synonyms.get(lang, ())))
    how = rng.choice((*LINES[lang], rng.choice(NAMES)))
    at = rng.randrange(1, max(2, len(row.name)))
    slip = row.name[: at - 1] + row.name[at:]
    return how.format(kind=words, city=row.city, country=row.country, name=row.name, slip=slip)
