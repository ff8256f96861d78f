"""What a match is worth: the numbers of config/ranking.toml."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from config.settings import PROJECT_ROOT


@dataclass(frozen=True, slots=True)
class WordRanking:
    """Worth of one word of the query, by how it matches."""

    exact: float
    concept: float
    prefix: float
    city: float
    part: float
    heard: float
    slip: float
    near: float
    form: float
    joined: float
    initials: float
    kind: float
    area: float
    also: float
    tie_breaker: float


@dataclass(frozen=True, slots=True)
class DistanceRanking:
    """Worth of being close: `weight` at the point itself, half of it at `half_at` of the radius."""

    weight: float
    half_at: float


@dataclass(frozen=True, slots=True)
class StandingRanking:
    """Worth of what is known of a listing, in whole points that break ties (directory/search/standing.py)."""

    point: int
    card: int
    letter: int
    verified: int
    phone: int
    detail: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """All of config/ranking.toml."""

    word: WordRanking
    phrase: float
    brevity: float
    distance: DistanceRanking
    standing: StandingRanking


@lru_cache(maxsize=1)
def load_ranking() -> Ranking:
    """The ranking, read once; a missing or unknown name in the file is an error at start."""
    raw = tomllib.loads((PROJECT_ROOT / "config" / "ranking.toml").read_text(encoding="utf-8"))
    return Ranking(
        word=WordRanking(**raw["word"]),
        distance=DistanceRanking(**raw["distance"]),
        standing=StandingRanking(**raw["standing"]),
        **raw["whole"],
    )
