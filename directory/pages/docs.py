"""/docs: the interface as a page, made from the same OpenAPI document that /openapi.json gives. No script needed."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request, url_for

from directory.web.access import public
from directory.web.problems import PROBLEMS
from directory.web.render import notice

blueprint = public(
    Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
)

STATIC = Path(__file__).parent / "static"

EXAMPLES = {
    "/v1/providers": (
        "/v1/providers?near=Nairobi&type=hospital&settlement=inpatient:direct",
        "/v1/providers?q=pédiatre&near=Kinshasa&lang=fr",
        "/v1/providers?q=صيدلية&near=القاهرة&lang=ar",
        "/v1/providers?bbox=126.8,37.4,127.2,37.7&facets=type,city",
    ),
    "/v1/map": (
        "/v1/map?bbox=36.6,-1.5,37.1,-1.1&zoom=11&type=hospital,clinic",
        "/v1/map?bbox=-180,-60,180,75&zoom=2&lang=fr",
    ),
    "/v1/places": ("/v1/places?q=Goma", "/v1/places?q=San José, Costa Rica"),
    "/v1/suggest": ("/v1/suggest?q=cardio", "/v1/suggest?q=dentis&lang=es"),
    "/v1/codes": ("/v1/codes?lang=ar",),
    "/readyz": ("/readyz",),
}


@blueprint.get("/docs")
def show_docs() -> str:
    """The whole interface on one page."""
    spec = _specification(current_app._get_current_object())  # type: ignore[attr-defined]
    operations = [
        {"path": path, "method": method.upper(), "examples": EXAMPLES.get(path, ()), **operation}
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
    ]
    return render_template(
        "docs.html", spec=spec, operations=operations, problems=PROBLEMS.values(), notice=notice("en")
    )


@blueprint.app_template_global()
def asset(name: str) -> str:
    """The address of a file of static/, which tells its content: it may be kept for ever."""
    return url_for("docs.static", filename=name, v=_digest(name))


@lru_cache
def _digest(name: str) -> str:
    return blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()


@blueprint.after_request
def _keep_assets(response: Response) -> Response:
    if request.endpoint == "docs.static" and request.args.get("v") and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _specification(app: Flask) -> dict[str, Any]:
    spec: dict[str, Any] = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return spec
