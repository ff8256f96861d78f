"""What members are told of their area and of borders; never that care is "not covered": it is paid up to a limit."""

from directory.vocabulary.plans import OUTSIDE, Plan
from directory.wording.catalogue import phrase
from directory.wording.formats import distance
from geodata.countries import country_name


def coverage_label(value: str, lang: str) -> str:
    """What a value of the facet is called."""
    return phrase(lang, f"coverage.label_{value}")


def coverage_sentence(value: str, home: str, lang: str) -> str:
    """Where a listing lies to an area, and what that means."""
    return phrase(lang, f"coverage.{value}", country=country_name(home, lang))


def outside_sentences(plan: Plan, home: str, place: str, helpline: str | None, lang: str) -> tuple[str, str, str]:
    """What holds at a place outside the area: the limit, an emergency on official travel, an evacuation."""
    travel = "none"
    if plan.emergency_on_official_travel:
        travel = "retired" if plan.retired else "active"
    called = {"phone": helpline} if helpline else {}
    return (
        phrase(lang, "coverage.notice_limit", place=place, country=country_name(home, lang)),
        phrase(lang, f"coverage.notice_emergency_{travel}"),
        phrase(lang, "coverage.notice_evacuation_call" if helpline else "coverage.notice_evacuation", **called),
    )


def border_sentence(country: str, distance_km: float | None, coverage: str | None, lang: str) -> str:
    """That a listing near a place lies in another country than it."""
    named = country_name(country, lang)
    if distance_km is None:
        said = phrase(lang, "border.somewhere", country=named)
    else:
        said = phrase(lang, "border.away", distance=distance(lang, distance_km), country=named)
    return phrase(lang, "border.outside", said=said) if coverage == OUTSIDE else said
