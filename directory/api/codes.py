"""GET /v1/codes: every code that parameters take and answers use, with its label."""

from collections.abc import Iterable
from typing import Any

from flask import Response
from flask.views import MethodView

from config.settings import get_settings
from directory.api.schemas import CodesAnswer
from directory.search.agreements import SETTLEMENT_VALUES
from directory.vocabulary.codes import Code, load_codes
from directory.vocabulary.languages import LANGUAGE_CODES, language_name
from directory.vocabulary.plans import Plan, load_plans
from directory.web.admission import current_key
from directory.web.answers import answer, reader_language
from directory.web.documented import PublicBlueprint, documented
from directory.web.insured import render_plan
from directory.web.reading import LanguageQuery
from directory.web.render import notice
from directory.wording.payment import settlement_label
from geodata.countries import country_name, load_countries

blueprint = PublicBlueprint("codes", __name__, url_prefix="/v1", description="Codes")

CODES_MAX_AGE_S = 3600


@blueprint.route("/codes")
class CodeLists(MethodView):
    """Codes and labels."""

    @documented(blueprint, LanguageQuery, CodesAnswer, problems=(400,))
    def get(self, query: dict[str, Any]) -> Response:
        """Types, specialties, networks, languages, countries and settlements, labelled for the reader."""
        lang = reader_language(query.get("lang"))
        return answer(_code_lists(lang), lang=lang, max_age_s=CODES_MAX_AGE_S)


def _code_lists(lang: str) -> dict[str, Any]:
    codes = load_codes()
    return {
        "types": _clinical(codes.types.values(), lang),
        "specialties": _clinical(codes.specialties.values(), lang),
        "networks": [{"code": code.code, "label": code.label(lang)} for code in codes.networks.values()],
        "languages": _labelled((code, language_name(code, lang)) for code in LANGUAGE_CODES),
        "countries": _labelled((code, country_name(code, lang)) for code in load_countries()),
        "settlements": [{"code": value, "label": settlement_label(value, lang)} for value in SETTLEMENT_VALUES],
        "plans": [render_plan(plan, lang) for plan in load_plans() if _may_use(plan)],
        "demonstration": get_settings().demonstration,
        **notice(lang),
    }


def _may_use(plan: Plan) -> bool:
    """Whether the members of a plan may search by the key that asks: one with a network answers in that alone."""
    key = current_key()
    return not (key and key.network) or key.network in plan.networks


def _clinical(codes: Iterable[Code], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "code": code.code,
            "label": code.label(lang),
            "nucc": code.nucc,
            "snomed": code.snomed,
            "synonyms": list(code.synonyms.get(lang, ())),
        }
        for code in codes
    ]


def _labelled(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "label": label} for code, label in sorted(pairs, key=lambda pair: pair[1])]
