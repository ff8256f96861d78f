"""The map of the pages of proposals: its file, its words, and what lies on it. Pages are whole without it."""

from collections.abc import Iterable, Mapping
from typing import Any

from directory.pages.members.widget import pinned_copy
from directory.wording.catalogue import phrase
from directory.wording.formats import kilometres
from geodata.points import Point

FILE = "staff-map.js"
_WORDS = ("label", "instructions", "zoom_in", "zoom_out", "attribution", "here", "several")
_PICK_WORDS = ("locate", "remove", "set", "removed", "nowhere")


def map_file() -> str | None:
    """The address of the map's file; None where it is not built."""
    copy = pinned_copy(FILE)
    return copy["src"] if copy else None


def show_words(lang: str) -> dict[str, Any]:
    """What the map says where it shows a proposed provider."""
    return {name: phrase(lang, f"map.{name}") for name in _WORDS}


def pick_words(lang: str) -> dict[str, Any]:
    """What the map says where an officer sets a point on it."""
    pick = {name: phrase(lang, f"map.{name}") for name in _PICK_WORDS}
    label, how = phrase(lang, "map.pick_label"), phrase(lang, "map.pick_instructions")
    return {**show_words(lang), "label": label, "instructions": how, "pick": pick}


def draw(middle: Point, exact: bool, spots: Iterable[Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """The proposed provider and the numbered listings around it, as the map takes them."""
    here = {"lat": middle.lat, "lon": middle.lon, "exact": exact}
    marked = [spot(each["item"], each["number"], kilometres(lang, each["item"]["distance_km"]), lang) for each in spots]
    return {"file": map_file(), "words": show_words(lang), "here": here, "spots": marked}


def spot(item: Mapping[str, Any], number: int, where: str, lang: str) -> dict[str, Any]:
    """A listing with a point, as the map takes it. `where`: what is said of its place."""
    in_network = any(agreement["status"] == "active" for agreement in item["agreements"])
    details = [item["type_label"], where, phrase(lang, "proposals.in_network") if in_network else ""]
    return {
        "id": str(item["id"]),
        "lat": item["location"]["lat"],
        "lon": item["location"]["lon"],
        "number": number,
        "name": item["name"],
        "description": ", ".join(filter(None, details)),
        "in_network": in_network,
        "city_only": item["location"]["precision"] == "place",
    }
