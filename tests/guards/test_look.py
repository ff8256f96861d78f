"""One look: the widget's colours are those of the pages, and every text on its ground can be read."""

import re

import pytest

from config.settings import PROJECT_ROOT

TOKENS = (PROJECT_ROOT / "directory" / "pages" / "static" / "tokens.css").read_text(encoding="utf-8")
WIDGET = (PROJECT_ROOT / "widget" / "src" / "styles.ts").read_text(encoding="utf-8")

# (text, ground): 4.5 by WCAG; what is read at length has 7 in the light.
TEXTS = {
    ("ink", "paper"): 7,
    ("ink", "surface"): 7,
    ("muted", "paper"): 7,
    ("muted", "surface"): 4.5,
    ("brand", "paper"): 4.5,
    ("brand", "surface"): 4.5,
    ("on-brand", "brand"): 4.5,
    ("card-ink", "card-ground"): 6.9,
    ("letter-ink", "letter-ground"): 6.9,
    ("claim-ink", "claim-ground"): 4.5,
    ("caution-ink", "caution-ground"): 6.9,
}


def colours(css: str) -> dict[str, str]:
    """Colours by name, each written with six digits."""
    found = re.findall(r"--([\w-]+):\s*(?:var\([^,]+,\s*)?(#[0-9a-f]{3,6})\b", css)
    return {name: "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value for name, value in found}


def block(css: str, opening: str) -> dict[str, str]:
    rest = css.split(opening, 1)[1]
    return colours(rest.split("}", 1)[0])


PAGES = {"light": block(TOKENS, ":root {"), "dark": block(TOKENS, "(prefers-color-scheme: dark) {\n  :root {")}
ELEMENT = {
    "light": colours(WIDGET.split("const LIGHT = `", 1)[1].split("`", 1)[0]),
    "dark": colours(WIDGET.split("const DARK = `", 1)[1].split("`", 1)[0]),
}


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_widget_has_the_colours_of_the_pages(scheme: str) -> None:
    shared = PAGES[scheme].keys() & ELEMENT[scheme].keys()
    assert {name for pair in TEXTS for name in pair} <= shared
    assert {name: ELEMENT[scheme][name] for name in shared} == {name: PAGES[scheme][name] for name in shared}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_on_its_ground(scheme: str) -> None:
    unreadable = {
        (text, ground): round(ratio, 2)
        for (text, ground), least in TEXTS.items()
        if (ratio := contrast(PAGES[scheme][text], PAGES[scheme][ground])) < least
    }
    assert unreadable == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_controls_stand_out(scheme: str) -> None:
    for ground in ("paper", "surface"):
        assert contrast(PAGES[scheme]["border"], PAGES[scheme][ground]) >= 3
