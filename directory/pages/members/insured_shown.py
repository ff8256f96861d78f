"""A member's plan on the pages of the search: where it is said, what is said of it, and what an address means."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.pages.members.asking import Asked
from directory.pages.members.words import Words
from directory.search.agreements import SETTINGS, AgreementFilter
from directory.search.insured import Insured, read_insured
from directory.vocabulary.plans import Plan, load_plans
from directory.web.insured import insured_fields
from directory.web.parameters import PlanQuery
from directory.web.reading import load_query
from directory.web.render import in_networks, render_item
from geodata.countries import country_name
from geodata.text import sort_key

Link = Callable[[Asked], str]


@dataclass(frozen=True, slots=True)
class PlanBox:
    """The choice of a plan: what may be chosen, and what is. `said`: in a few words; empty where nothing is."""

    plans: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    wants_duty: bool


def build_plan_box(words: Words, question: Asked) -> PlanBox | None:
    """The box; None where the service has no plans."""
    plans = load_plans()
    if not plans.by_code:
        return None
    chosen = plans.by_code.get(question.one("plan"))
    duty = question.one("duty").upper()
    codes = chosen.duties if chosen else {code for plan in plans for code in plan.duties}
    duties = sorted(((code, country_name(code, words.language)) for code in codes), key=lambda each: sort_key(each[1]))
    return PlanBox(
        plans=tuple((plan.code, plan.label(words.language)) for plan in plans),
        duties=tuple(duties),
        said=tuple(_said(words, question, chosen, duty)),
        wants_duty=bool(chosen and chosen.duties and duty not in chosen.duties),
    )


def _said(words: Words, question: Asked, plan: Plan | None, duty: str) -> list[str]:
    if plan is None:
        return []
    said = [plan.label(words.language)]
    if duty in plan.duties:
        said.append(country_name(duty, words.language))
    with suppress(ValueError):
        said.append(str(words.t("members.plan_visit", day=words.day(question.one("on")))))
    return said


def with_area(question: Asked) -> Asked:
    """The question without a filter on an area that its plan and country of duty do not give."""
    plan = load_plans().by_code.get(question.one("plan"))
    if not question.chosen("coverage") or (plan and question.one("duty").upper() in plan.duties):
        return question
    return question.changed(coverage=None)


def of_address(question: Asked) -> Insured | None:
    """What an address says of a plan; None where it says nothing that can be used."""
    asked = {name: question.one(name) for name in ("plan", "duty", "on") if question.one(name)}
    with suppress(InvalidRequest):
        return read_insured(load_query(PlanQuery(), asked), datetime.now(UTC))
    return None


def render_insured(shown: Any, networks: list[str], insured: Insured | None, lang: str) -> dict[str, Any]:
    """One listing's item, with what its plan says where there is one."""
    agreement = AgreementFilter(tuple(networks), scope=insured.plan.networks if insured else ())
    counted = agreement.counted
    if insured and networks and not counted:
        insured, counted = None, agreement.networks
    item = render_item(in_networks(shown, counted or None), lang)
    return {**item, **insured_fields(shown, insured, counted, lang)}


def asks_letter(item: dict[str, Any]) -> bool:
    """Whether a letter may be needed there."""
    if verdict := item.get("verdict"):
        return any(verdict[setting]["value"] == "guarantee_letter" for setting in SETTINGS)
    active = [each for each in item["agreements"] if each["status"] == "active"]
    return any(each[setting] == "guarantee_letter" for each in active for setting in SETTINGS)


def fault_of_plan(fault: Fault) -> str | None:
    """The phrase for the field of a plan that a fault is about."""
    return {"plan": "members.plan", "duty": "members.plan_duty", "on": "members.plan_on"}.get(fault.where)
