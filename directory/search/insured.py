"""What a member said of how they are insured: plan, country of duty, day of a visit; checked, never kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.errors import Fault, InvalidRequest
from directory.vocabulary.plans import CoverageArea, Plan, load_plans

EARLIEST_DAYS, LATEST_DAYS = 3, 365


@dataclass(frozen=True, slots=True)
class Insured:
    """A plan; `area` where the plan has a rule for the country of duty; the day of a visit (`on`), and today."""

    plan: Plan
    area: CoverageArea | None
    on: dt.date | None
    today: dt.date


def read_insured(query: Mapping[str, Any], now: dt.datetime) -> Insured | None:
    """What `plan`, `duty` and `on` say together; None without a plan. Raises InvalidRequest with what is allowed."""
    today, on = now.date(), query.get("on")
    if on and not today - dt.timedelta(EARLIEST_DAYS) <= on <= today + dt.timedelta(LATEST_DAYS):
        raise InvalidRequest(Fault("on", f"A day from {EARLIEST_DAYS} days ago to {LATEST_DAYS} days ahead."))
    plan = _read_plan(query.get("plan"))
    if plan is None:
        if query.get("coverage"):
            raise InvalidRequest(Fault("coverage", "Needs plan and duty: whose area it is."))
        return None
    _check_networks(plan, query.get("network") or ())
    area = _read_area(plan, query.get("duty"), today)
    if query.get("coverage") and area is None:
        lacks = "Needs duty, the country of duty." if plan.duties else "This plan has no rule of areas."
        raise InvalidRequest(Fault("coverage", lacks))
    return Insured(plan, area, on, today)


def _read_plan(code: str | None) -> Plan | None:
    if code is None:
        return None
    plans = load_plans().by_code
    if code not in plans:
        raise InvalidRequest(Fault("plan", "There is no such plan here.", tuple(plans)))
    return plans[code]


def _check_networks(plan: Plan, networks: tuple[str, ...] | list[str]) -> None:
    if networks and not set(networks) & set(plan.networks):
        raise InvalidRequest(Fault("network", "This plan does not use the network.", plan.networks))


def _read_area(plan: Plan, duty: str | None, today: dt.date) -> CoverageArea | None:
    if duty is None or not plan.duties:
        return None
    if duty not in plan.duties:
        raise InvalidRequest(Fault("duty", "This plan has no rule for this country of duty.", plan.duties))
    return plan.area(duty, today)
