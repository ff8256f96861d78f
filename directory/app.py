"""The Flask application: blueprints, problems, and the little that happens around every request."""

import logging
import time

import orjson
from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import get_settings
from directory.api import codes, health, places, providers, reports, visits
from directory.api import map as map_api
from directory.api.care import contacts
from directory.api.care import views as care
from directory.api.imports import views as imports
from directory.api.listings import changes as listing_changes
from directory.api.listings import editing as listing_editing
from directory.api.listings import finding
from directory.api.proposals import views as proposals
from directory.pages import docs
from directory.pages.members import contact, desk, lists, offline, portal, poster, refused, widget
from directory.pages.staff import account, officer, openid, queue, sign_in
from directory.pages.staff import care as care_pages
from directory.pages.staff import imports as import_pages
from directory.pages.staff.listings import agreements, history, making, merging, why_not
from directory.pages.staff.listings import changes as change_pages
from directory.pages.staff.listings import finding as listing_pages
from directory.runtime import metrics
from directory.vocabulary.plans import load_plans
from directory.web import problems
from directory.web.access import LARGEST_BODY, check_access
from directory.web.compressing import Compressing
from directory.web.incoming import Incoming, check_address
from directory.web.shedding import Shedding

log = logging.getLogger("directory.access")

# The API is read by pages of other origins; it needs no script, style or frame of its own.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}


class _RareSession(SecureCookieSessionInterface):
    """Flask's own session, made ready only for who brings its cookie: a sign-in by OpenID Connect has one.

    Flask's way, a signer for each request and a look at each answer, costs a search a twentieth of our time.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of this request."""
        if "Cookie" not in request.headers or app.config["SESSION_COOKIE_NAME"] not in request.cookies:
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SecureCookieSession, response: Response) -> None:  # type: ignore[override]
        """Keep what a request put into it; one that was not looked at needs nothing."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


class Directory(Flask):
    """The application: requests whose texts are looked at, and a session for those who have one (docs/adr/0036)."""

    session_interface = _RareSession()
    request_class = Incoming


_API = (
    providers,
    reports,
    care,
    contacts,
    visits,
    proposals,
    finding,
    listing_editing,
    listing_changes,
    imports,
    map_api,
    places,
    codes,
    health,
)
_PAGES = (
    docs,
    widget,
    portal,
    refused,
    contact,
    lists,
    desk,
    offline,
    poster,
    sign_in,
    account,
    care_pages,
    openid,
    officer,
    queue,
    listing_pages,
    making,
    agreements,
    merging,
    history,
    why_not,
    change_pages,
    import_pages,
)
# A method can be any word; those that HTTP has are counted by name.
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))


def create_app() -> Flask:
    """A new application. Engines are reached for at the first request that needs them, not here."""
    # A file of plans that breaks a rule is told before anybody asks.
    load_plans()
    # Static files belong to the pages; the application has none of its own.
    app = Directory("directory", static_folder=None)
    app.config.update(
        SECRET_KEY=get_settings().secret_key,
        **openid.settings_of_cookie(),
        # Of every route; one that takes more says so (`largest_body` of its access rule).
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        API_TITLE="Provider directory",
        API_VERSION="1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {
                "description": "Find the hospitals, clinics, pharmacies, dentists and doctors of an insurer's network: "
                "where, which, who, and how to pay there.",
                "license": {"name": "Apache-2.0"},
            }
        },
    )
    if proxies := get_settings().trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    _set_up_logs()
    api = Api(app)
    # Every error is described where it can happen, as a problem; flask-smorest's own form of error is never sent.
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    for module in _API:
        api.register_blueprint(module.blueprint)
    for pages in _PAGES:
        app.register_blueprint(pages.blueprint)
    # After flask-smorest, whose own handlers would answer in another form.
    problems.register_problems(app)
    app.before_request(_start_clock)
    app.before_request(check_address)
    app.before_request(check_access)
    app.after_request(_finish)
    app.wsgi_app = Shedding(Compressing(app.wsgi_app))  # type: ignore[method-assign]
    return app


def _set_up_logs() -> None:
    """Our own lines at the level that was set; where the server has set up logs already, its way stays."""
    logging.basicConfig(level=get_settings().log_level, format="%(message)s")
    # Below WARNING the client of the search engine writes whole queries, and so what was asked, and where.
    for client in ("opensearch", "opensearchpy"):
        logging.getLogger(client).setLevel(logging.WARNING)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    # The pattern of the route, never the address: what was asked stays with the one who asked.
    route = request.url_rule.rule if request.url_rule else "unknown"
    method = request.method if request.method in _METHODS else "other"
    metrics.count_request(route, method, response.status_code, seconds)
    if log.isEnabledFor(logging.INFO):
        line = {"route": route, "method": method, "status": response.status_code, "ms": round(seconds * 1000, 1)}
        log.info("%s", orjson.dumps(line).decode())
    _stay_here(response)
    there = {name.lower() for name, _ in response.headers}
    for name, value in _HEADERS.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


def _stay_here(response: Response) -> None:
    """A redirect to another address of ours names no host: it would be the one that the request said it was for."""
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/\\")
