"""What is added for a member who said their plan: a verdict a care setting, the area; and for everybody, borders."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from config.settings import get_settings
from directory.search.agreements import SETTINGS
from directory.search.insured import Insured
from directory.search.request import SearchRequest
from directory.search.understand import Where
from directory.vocabulary.plans import OUTSIDE, CoverageArea, Plan, load_plans
from directory.wording.coverage import border_sentence, coverage_label, coverage_sentence, outside_sentences
from directory.wording.verdicts import Verdict, Visit, depends_on_plan, judge, verdict_sentence
from geodata.countries import country_name
from geodata.gazetteer import Gazetteer, get_gazetteer
from geodata.points import Point, distance_m

# Of a point that is farther from any city, no country is said: at sea, or in a desert.
FARTHEST_CITY_M = 100_000.0


def origin_country(where: Where | None, gazetteer: Gazetteer) -> str | None:
    """The country of the place that is searched around; of a point, that of the city nearest to it."""
    if where is None:
        return None
    if where.place:
        return where.place.country
    center = where.circle.center
    return _country_at(gazetteer, round(center.lon, 3), round(center.lat, 3))


# The pages, filters and maps of one search are all around one point.
@lru_cache(maxsize=1024)
def _country_at(gazetteer: Gazetteer, lon: float, lat: float) -> str | None:
    city = gazetteer.nearest(Point(lon, lat))
    near = city is not None and distance_m(Point(lon, lat), city.lon, city.lat) <= FARTHEST_CITY_M
    return city.country if city and near else None


def insured_fields(
    shown: Mapping[str, Any], insured: Insured | None, networks: Sequence[str], lang: str
) -> dict[str, Any]:
    """`verdict` of a listing for a plan, and `coverage` where the plan has a rule; without a plan, what depends on it.

    `networks`: those whose agreements count; empty: all.
    """
    # Of a listing that is suspended as a whole no agreement holds.
    agreements = shown.get("agreements") or () if shown["status"] == "active" else ()
    if insured is None:
        plans = [] if networks else [plan.networks for plan in load_plans()]
        depends = {setting: depends_on_plan(agreements, setting, plans) for setting in SETTINGS}
        return {"depends_on_plan": depends} if plans else {}
    visit = Visit(insured.today, insured.on)
    verdicts = {setting: judge(agreements, networks, setting, visit) for setting in SETTINGS}
    ask_at = ask_address(str(shown["id"]), insured, lang)
    fields: dict[str, Any] = {
        "verdict": {
            setting: {
                "value": verdict.value,
                "sentence": verdict_sentence(verdict, insured.plan.claim_months, visit, lang),
                **_letter_fields(verdict, insured, ask_at),
            }
            for setting, verdict in verdicts.items()
        }
    }
    if insured.area:
        value = _coverage_in(insured.area, shown)
        sentence = coverage_sentence(value, insured.area.home, lang)
        fields["coverage"] = {"value": value, "label": coverage_label(value, lang), "sentence": sentence}
    return fields


def _letter_fields(verdict: Verdict, insured: Insured, ask_at: str) -> dict[str, Any]:
    """Of a letter: until when, for which day and where it is asked for."""
    if verdict.ask_by is None or verdict.for_day is None:
        return {}
    return {
        "notice_days": verdict.notice_days,
        "ask_by": verdict.ask_by.isoformat(),
        "for_day": verdict.for_day.isoformat(),
        "late": verdict.is_late(insured.today),
        "ask_at": ask_at,
    }


def ask_address(listing_id: str, insured: Insured, lang: str) -> str:
    """Where a letter is asked for: the helpline, else what the listing's page says of it."""
    if helpline := get_settings().helpline:
        return f"tel:{helpline.replace(' ', '')}"
    said = {"plan": insured.plan.code, "duty": insured.area and insured.area.home, "on": insured.on, "lang": lang}
    return f"/search/{listing_id}?{urlencode({name: value for name, value in said.items() if value})}#letter"


def coverage_of(shown: Mapping[str, Any], insured: Insured | None) -> str | None:
    """Where a listing lies to the member's area; None where nothing is known of that."""
    return _coverage_in(insured.area, shown) if insured and insured.area else None


def _coverage_in(area: CoverageArea, shown: Mapping[str, Any]) -> str:
    location = shown.get("location")
    return area.value_of(shown["country"], Point(location["lon"], location["lat"]) if location else None)


def across_border(
    shown: Mapping[str, Any], origin: str | None, away_m: float | None, insured: Insured | None, lang: str
) -> dict[str, str] | None:
    """That a listing lies in another country than the place that is searched around."""
    if origin is None or shown["country"] == origin:
        return None
    km = None if away_m is None else away_m / 1000
    sentence = border_sentence(shown["country"], km, coverage_of(shown, insured), lang)
    return {"country": shown["country"], "sentence": sentence}


def outside_notice(
    request: SearchRequest, where: Where | None, origin: str | None, insured: Insured | None, lang: str
) -> dict[str, Any] | None:
    """What holds where the searched place, or every country asked for, lies outside the member's area; else None."""
    area = insured.area if insured else None
    if insured is None or area is None:
        return None
    if where is not None and origin is not None:
        if area.value_of(origin, where.circle.center) != OUTSIDE:
            return None
        place = where.place.name_in(lang) if where.place else country_name(origin, lang)
    elif where is None and request.countries:
        # Of a whole country in which a part counts, nothing is said.
        if any(code == area.home or any(each.country == code for each in area.regions) for code in request.countries):
            return None
        place = ", ".join(country_name(code, lang) for code in request.countries)
    else:
        return None
    helpline = get_settings().helpline
    sentences = outside_sentences(insured.plan, area.home, place, helpline, lang)
    return {"value": OUTSIDE, "place": place, "sentences": list(sentences), "phone": helpline}


def render_insured(insured: Insured | None, lang: str) -> dict[str, Any] | None:
    """How the plan was understood; null without one."""
    if insured is None:
        return None
    duty = insured.area and insured.area.home
    return {
        "plan": insured.plan.code,
        "label": insured.plan.label(lang),
        "duty": duty,
        "duty_label": country_name(duty, lang) if duty else None,
        "on": insured.on and insured.on.isoformat(),
    }


def render_plan(plan: Plan, lang: str) -> dict[str, Any]:
    """A plan as `schemas.PlanAnswer` describes it."""
    return {
        "code": plan.code,
        "label": plan.label(lang),
        "client": plan.client,
        "networks": list(plan.networks),
        "duty": list(plan.duties),
        "claim_months": plan.claim_months,
        "staff": "retired" if plan.retired else "active",
        "invented": plan.invented,
    }


def origin_of(where: Where | None) -> str | None:
    """The same as `origin_country`, by the gazetteer of this process."""
    return origin_country(where, get_gazetteer()) if where else None
