"""The mix of questions that is asked: drawn from the world by a seed, so that each finds what is really there."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, text

from directory.vocabulary.codes import load_codes

PROVIDERS = "/v1/providers"
SAMPLE = """
SELECT l.id, p.name, n.text AS local_name, l.type, c.country, pl.name AS city,
       ST_X(c.point::geometry) AS lon, ST_Y(c.point::geometry) AS lat,
       (SELECT s.specialty FROM listing_specialty s WHERE s.listing_id = l.id ORDER BY s.position LIMIT 1) AS specialty
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
  JOIN place pl ON pl.id = c.place_id
  LEFT JOIN provider_name n ON n.provider_id = p.id AND n.position = 0
 WHERE l.id = ANY(:ids) AND l.status = 'active' AND c.point IS NOT NULL
 ORDER BY l.id
"""
ALL_FACETS = "country,city,type,specialty,settlement,tariff,language,network"


@dataclass(frozen=True, slots=True)
class Question:
    """One request: its kind, address, and parameters as they are typed."""

    kind: str
    path: str
    parameters: dict[str, str]

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path


Row = Any
Draw = Callable[[random.Random, Row], dict[str, str] | None]


def _around(radius_km: int) -> Draw:
    def draw(rng: random.Random, row: Row) -> dict[str, str]:
        return {**_point(row), "radius_km": str(radius_km)}

    return draw


def _point(row: Row) -> dict[str, str]:
    return {"lat": f"{row.lat:.4f}", "lon": f"{row.lon:.4f}"}


def _country_and_type(rng: random.Random, row: Row) -> dict[str, str]:
    return {"country": row.country, "type": row.type}


def _specialty_in_words(rng: random.Random, row: Row) -> dict[str, str] | None:
    if row.specialty is None:
        return None
    code = load_codes().specialties[row.specialty]
    lang = rng.choice(("en", "fr", "es", "ar"))
    words = rng.choice((code.label(lang), *code.synonyms.get(lang, ())))
    return {"q": words, **_point(row), "radius_km": "25"}


def _part_of_name(rng: random.Random, row: Row) -> dict[str, str] | None:
    """Two words of the name, the last one still being typed."""
    words = row.name.split()
    if len(words) < 2 or len(words[-1]) < 4:
        return None
    return {"q": f"{words[-2]} {words[-1][: rng.randint(3, len(words[-1]))]}"}


def _name_with_a_slip(rng: random.Random, row: Row) -> dict[str, str] | None:
    """A long word of the name and its country, one letter left out or two exchanged."""
    words = [word for word in row.name.split() if len(word) >= 7 and word.isalpha()]
    if not words:
        return None
    word = rng.choice(words)
    at = rng.randint(2, len(word) - 3)
    slipped = word[:at] + (word[at + 1 :] if rng.random() < 0.5 else word[at + 1] + word[at] + word[at + 2 :])
    return {"q": slipped, "country": row.country}


def _name_in_its_script(rng: random.Random, row: Row) -> dict[str, str] | None:
    return {"q": row.local_name} if row.local_name else None


def _typed_so_far(rng: random.Random, row: Row) -> dict[str, str] | None:
    word = rng.choice(row.name.split())
    return {"q": word[: rng.randint(2, max(2, len(word)))], **_point(row)} if len(word) >= 3 else None


def _place_so_far(rng: random.Random, row: Row) -> dict[str, str]:
    return {"q": row.city[: rng.randint(2, 8)].strip()}


def _map(rng: random.Random, row: Row) -> dict[str, str]:
    zoom = rng.randint(3, 13)
    half = 180 / 2**zoom
    west, east = max(row.lon - half, -180), min(row.lon + half, 180)
    south, north = max(row.lat - half / 2, -90), min(row.lat + half / 2, 90)
    return {"bbox": f"{west:.4f},{south:.4f},{east:.4f},{north:.4f}", "zoom": str(zoom)}


def _all_of_it(rng: random.Random, row: Row) -> dict[str, str]:
    return {
        "q": row.name.split()[-1],
        "country": row.country,
        "type": row.type,
        "network": "worldwide",
        "settlement": "outpatient:direct",
        **_point(row),
        "radius_km": "100",
        "facets": ALL_FACETS,
        "limit": "50",
    }


# Kind: address and how its parameters are drawn. `page_2` starts as its first page: `search` asks for the cursor.
KINDS: dict[str, tuple[str, Draw]] = {
    "radius_5": (PROVIDERS, _around(5)),
    "radius_25": (PROVIDERS, _around(25)),
    "radius_100": (PROVIDERS, _around(100)),
    "country_type": (PROVIDERS, _country_and_type),
    "specialty_words": (PROVIDERS, _specialty_in_words),
    "name_part": (PROVIDERS, _part_of_name),
    "name_slip": (PROVIDERS, _name_with_a_slip),
    "name_script": (PROVIDERS, _name_in_its_script),
    "page_2": (PROVIDERS, _around(50)),
    "all_of_it": (PROVIDERS, _all_of_it),
    "suggest": ("/v1/suggest", _typed_so_far),
    "places": ("/v1/places", _place_so_far),
    "map": ("/v1/map", _map),
}


def draw_questions(engine: Engine, rows: int, seed: int, of_each: int, kinds: list[str]) -> list[Question]:
    """`of_each` questions of each kind, the kinds taking turns."""
    rng = random.Random(seed)
    drawn = {kind: _draw_kind(engine, rows, rng, kind, of_each) for kind in kinds}
    return [question for turn in zip(*drawn.values(), strict=True) for question in turn]


def _draw_kind(engine: Engine, rows: int, rng: random.Random, kind: str, count: int) -> list[Question]:
    path, draw = KINDS[kind]
    questions: list[Question] = []
    # Not every listing has what a kind needs: one in ten at least does.
    for _ in range(100):
        ids = [rng.randint(1, rows) for _ in range(count)]
        with engine.connect() as connection:
            for row in connection.execute(text(SAMPLE), {"ids": ids}):
                if len(questions) < count and (parameters := draw(rng, row)):
                    questions.append(Question(kind, path, parameters))
        if len(questions) == count:
            return questions
    raise RuntimeError(f"The world is too small to draw {count} questions of kind {kind}.")
