"""What all staff pages have in common: the reader's language, the frame with its navigation, errors as pages."""

import datetime as dt
import zoneinfo
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import orjson
from flask import Blueprint, Response, render_template, request, url_for
from werkzeug import Response as BaseResponse

from config.languages import LANGUAGES, best_language
from config.settings import get_settings
from directory.actors import Actor
from directory.admission.limits import TooManyRequests
from directory.pages.staff.keeping import AGAIN, Kept, keep_form, show_again
from directory.pages.staff.navigation import TEAM, navigation_of, opens
from directory.web.access import CSRF_FIELD, SAFE, csrf_token, find_actor, page_too_old, signed_in
from directory.web.admission import require_own_origin
from directory.wording import formats
from directory.wording.catalogue import has_phrase, markup, phrase

LANGUAGE_COOKIE = "lang"
# Those of every staff page, wherever its views stand.
TEMPLATES = str(Path(__file__).parent / "templates")
# Set by static/zone.js: only the browser knows where its reader is.
ZONE_COOKIE = "zone"
# Everything from here, nothing written into the page itself: what people typed can be no script, wherever it is shown.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PROBLEM = "application/problem+json"

# What a form answers: where to go on, or the page again with its status.
Shown = BaseResponse | str | tuple[str, int] | tuple[str, int, dict[str, str]]


class StaffPages(Blueprint):
    """A blueprint of pages in the frame; what of them its navigation shows stands in navigation.py."""

    def __init__(self, name: str, import_name: str, **more: Any) -> None:
        super().__init__(name, import_name, template_folder=TEMPLATES, **more)
        self.before_request(_require_own_pages)
        self.before_request(_again)
        self.after_request(_finish)
        self.context_processor(_frame)


def reader_language() -> str:
    """The language of who reads: the account's, else the one that was chosen here, else the browser's."""
    actor = find_actor()
    if actor:
        return actor.lang
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else best_language(request.accept_languages.values())


def reader_zone() -> str:
    """The time zone of who reads, as its browser says; UTC where it says none that is known."""
    zone = unquote(request.cookies.get(ZONE_COOKIE, ""))
    return zone if zone in _zones() else formats.UTC


@lru_cache(maxsize=1)
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


def moment(at: dt.datetime, lang: str) -> str:
    """A moment in words, in the reader's zone, which is said: officers and team sit in many."""
    zone = reader_zone()
    local = at.astimezone(zoneinfo.ZoneInfo(zone))
    date, time = formats.date(lang, local.date()), formats.time(lang, local.hour * 60 + local.minute)
    if zone == formats.UTC:
        return phrase(lang, "frame.moment_utc", date=date, time=time)
    return phrase(lang, "frame.moment", date=date, time=time, place=formats.city_of_zone(lang, zone))


def own_path(words: str | None) -> str | None:
    """A place on this service to go on to, as a path; None for anything that might lead elsewhere."""
    if not words or not words.startswith("/") or words.startswith(("//", "/\\")):
        return None
    # Browsers drop tabs and line breaks from addresses, and take \ for /.
    if any(character in words for character in "\\\t\r\n") or not words.isprintable():
        return None
    parts = urlsplit(words)
    return None if parts.scheme or parts.netloc else words


def home(actor: Actor) -> str:
    """Where somebody begins: the first page of the navigation that is for the role, else the own account."""
    items = navigation_of(actor)
    return items[0]["path"] if items else url_for("account.show_account")


def later(page: str, error: TooManyRequests) -> Shown:
    """A page that says that a limit is used up; the form on it holds what was typed."""
    return page, 429, {"Retry-After": str(error.allowance.retry_after_s)}


def _require_own_pages() -> None:
    if request.method not in SAFE:
        require_own_origin()


def _again() -> str | None:
    """The form that was kept while somebody signed in."""
    return show_again("frame.again") if request.method == "POST" and AGAIN in request.form else None


def elsewhere() -> str | None:
    """What the provider is called by which one can sign in too."""
    return get_settings().oidc_name if get_settings().oidc_issuer else None


def _finish(response: Response) -> BaseResponse:
    if response.mimetype == _PROBLEM:
        response = _as_page(response)
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    # Without a referrer browsers send forms with the origin "null", and we could not tell ours from anybody's.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    # Pages of an account are nobody else's: no proxy keeps them, nor the browser after signing out.
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.update(("Cookie", "Accept-Language"))
    return response


def _as_page(told: Response) -> Response:
    """A problem as a page. Who is not signed in is sent there, and back afterwards."""
    problem = orjson.loads(told.get_data())
    if told.status_code == 401:
        return _to_sign_in()
    if page_too_old() and (form := show_again("frame.stale")):
        return Response(form, status=403, mimetype="text/html")
    slug = str(problem["type"]).rpartition("#problem-")[2]
    page = render_template(
        "staff/problem.html",
        problem=problem,
        sentence=f"problem.{slug}" if has_phrase(f"problem.{slug}") else "problem.other",
        detail=None if has_phrase(f"problem.{slug}") else problem["detail"],
    )
    response = Response(page, status=told.status_code, mimetype="text/html")
    for name in ("Retry-After", "Allow"):
        if value := told.headers.get(name):
            response.headers[name] = value
    return response


def _to_sign_in() -> Response:
    if kept := keep_form():
        return _sign_in_with(kept)
    user = signed_in()
    step = {None: "sign_in.show_sign_in", "code": "sign_in.show_code", "authenticator": "sign_in.show_authenticator"}
    address = url_for(step[user.awaits if user else None])
    if request.headers.get("HX-Request"):
        # A part of a page that is full of words: it stays, and says how to go on.
        return Response(render_template("staff/session_ended.html", address=address), mimetype="text/html")
    if request.method == "GET" and (path := own_path(request.full_path.rstrip("?"))):
        address += f"?next={quote(path)}"
    return Response(status=303, headers={"Location": address})


def _sign_in_with(kept: Kept) -> Response:
    """The sign-in page, which carries what was typed."""
    page = render_template("staff/sign_in.html", kept=kept, email="", goal=None, elsewhere=elsewhere())
    return Response(page, status=401, mimetype="text/html")


def _here() -> str:
    """This page, for coming back to it: what answered a form has often no page of its own."""
    return (own_path(request.full_path.rstrip("?")) if opens(request.path) else None) or "/staff"


def _frame() -> dict[str, Any]:
    lang = reader_language()
    actor = find_actor()
    return {
        "t": partial(markup, lang),
        "lang": lang,
        "text_direction": LANGUAGES[lang].direction,
        "actor": actor,
        "nav": navigation_of(actor),
        "finds": bool(actor and actor.role in TEAM),
        "languages": LANGUAGES,
        "csrf_field": CSRF_FIELD,
        "csrf": csrf_token(),
        "here": _here(),
        "demonstration": get_settings().demonstration,
    }
