"""`make relevance`: asks what people type of the running demonstration, and says how good the first answers are.

For each kind of query and each language: nDCG@10, and how often what was meant stands first (success@1) and among the
first three (success@3). Ends with 1 where a kind or a language falls below its floor in floors.toml.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import requests
from rich.console import Console
from rich.table import Table

from config.settings import get_settings
from geodata.points import Point, distance_m
from geodata.text import fold

HERE = Path(__file__).parent
MEANT, HALF = 3, 1
SHOWN = 10
NEAR_M = 40_000.0

Judgment = Mapping[str, Any]
Item = Mapping[str, Any]


class Score(NamedTuple):
    """What one query is worth, from 0 to 1 each."""

    ndcg: float
    at_1: float
    at_3: float


def load_judgments(path: Path = HERE / "judgments.toml") -> list[Judgment]:
    """All graded queries."""
    judgments: list[Judgment] = tomllib.loads(path.read_text(encoding="utf-8"))["query"]
    return judgments


def grade(judgment: Judgment, item: Item) -> int:
    """What a listing is worth as an answer: see the head of judgments.toml."""
    if "name" in judgment:
        names = {fold(name["text"]) for name in item["names"]}
        return MEANT * (fold(judgment["name"]) in names and item["country"] == judgment["country"])
    offered = {item["type"], *item["specialties"]}
    fits = [bool(offered & set(judgment["codes"]))] if judgment["codes"] else []
    if "at" in judgment:
        fits.append(_lies_there(judgment, item))
    return MEANT if all(fits) else HALF * any(fits)


def _lies_there(judgment: Judgment, item: Item) -> bool:
    if not item["location"]:
        return bool(item["country"] == judgment["country"])
    lat, lon = judgment["at"]
    return distance_m(Point(lon, lat), item["location"]["lon"], item["location"]["lat"]) <= NEAR_M


def score(grades: Sequence[int], possible: int) -> Score:
    """The worth of an answer's grades, best first, where so many listings are meant in all."""
    gain = sum((2**worth - 1) / math.log2(place + 2) for place, worth in enumerate(grades[:SHOWN]))
    ideal = sum((2**MEANT - 1) / math.log2(place + 2) for place in range(max(1, min(possible, SHOWN))))
    return Score(min(1.0, gain / ideal), float(MEANT in grades[:1]), float(MEANT in grades[:3]))


def ask(session: requests.Session, address: str, judgment: Judgment) -> Score:
    """One query, asked as members ask it."""
    parameters = {"q": judgment["q"], "facets": "none", "limit": SHOWN}
    if "asked_country" in judgment:
        parameters["country"] = judgment["asked_country"]
    answer = session.get(f"{address}/v1/providers", params=parameters, timeout=30)
    answer.raise_for_status()
    grades = [grade(judgment, item) for item in answer.json()["items"]]
    return score(grades, 1 if "name" in judgment else max(len(grades), 1))


def tell(scores: Iterable[tuple[Judgment, Score]], group: str) -> dict[str, Score]:
    """The mean of each group of queries, printed as a table."""
    table = Table(group, "queries", "nDCG@10", "success@1", "success@3")
    groups: dict[str, list[Score]] = {}
    for judgment, each in scores:
        groups.setdefault(judgment[group], []).append(each)
    means = {name: Score(*(sum(values) / len(of) for values in zip(*of, strict=True))) for name, of in groups.items()}
    for name, of in groups.items():
        table.add_row(name, str(len(of)), *(f"{value:.2f}" for value in means[name]))
    Console(width=100).print(table)
    return means


def below(means: Mapping[str, Mapping[str, Score]], floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Each kind or language whose success@3 lies below its floor."""
    return [
        f"{group} {name!r}: {means[group][name].at_3:.2f} of its queries in the first three, and {floor} is the floor"
        for group, names in floors.items()
        for name, floor in names.items()
        if means[group][name].at_3 < floor
    ]


@click.command()
@click.option("--address", help="Of the running demonstration; default: 127.0.0.1 and PORT.")
@click.option("--missed", is_flag=True, help="Name each query whose answer is not in the first three.")
def main(address: str | None, missed: bool) -> None:
    """Ask every query, and compare with the floors."""
    asked_of = address or f"http://127.0.0.1:{get_settings().port}"
    with requests.Session() as session:
        scores = [(judgment, ask(session, asked_of, judgment)) for judgment in load_judgments()]
    if missed:
        for judgment, each in scores:
            if not each.at_3:
                click.echo(f"{judgment['kind']}: {judgment['q']}  ({judgment.get('name') or judgment['codes']})")
    means = {group: tell(scores, group) for group in ("kind", "lang")}
    found = below(means, tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8")))
    for sentence in found:
        click.echo(sentence)
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
