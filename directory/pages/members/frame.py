"""What the public pages share: the reader's language, the words and functions that their templates need, problems."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config.languages import LANGUAGES
from directory.care.contacts import load_contacts
from directory.pages.members.words import Words, bdi, words_in
from directory.web.answers import reader_language
from directory.web.care.now import render_line
from directory.web.render import notice
from directory.wording.payment import payment_range

# What a reader is told of each kind of problem; of others, that it was our mistake.
_SAID = {
    "database-unavailable": "members.down",
    "search-unavailable": "members.down",
    "overloaded": "members.busy",
    "not-found": "members.not_found",
    "listing-gone": "members.gone",
    "method-not-allowed": "members.not_found",
    "too-many-requests": "members.too_many",
    "origin-not-allowed": "members.refused_origin",
    "invalid-request": "members.not_readable",
    "too-large": "members.too_large",
    "not-set-up": "care.closed",
}


def reader_words() -> Words:
    """The words of this request's reader: `lang` of the address, else what the browser asks for."""
    return words_in(reader_language(request.args.get("lang")))


# Of a page with a script of ours, which it can do without.
_WITH_SCRIPTS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def show(
    template: str,
    words: Words,
    *,
    status: int = 200,
    max_age_s: int = 0,
    looked_at: str | None = None,
    scripts: bool = False,
    **values: Any,
) -> Response:
    """A page. `max_age_s` 0: never kept; `looked_at`: the country whose number stands at its foot.

    `scripts`: it may run those of this service.
    """
    page = render_template(
        template,
        w=words,
        t=words.t,
        bdi=bdi,
        ways=lambda agreements, setting: (payment_range(agreements, setting, words.language),),
        languages=[(code, each.own_name, _same_page(code)) for code, each in LANGUAGES.items()],
        notice=notice(words.language).get("notice"),
        call_us=_call_us(words, looked_at),
        looked_at=looked_at,
        scripts=scripts,
        **values,
    )
    response = make_response(page, status)
    if scripts:
        response.headers["Content-Security-Policy"] = _WITH_SCRIPTS
    response.headers["Content-Language"] = words.language
    # Under no-referrer a browser says `Origin: null` with a form, and the report would look like another site's.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = f"public, max-age={max_age_s}" if max_age_s else "no-store"
    response.vary.add("Accept-Language")
    return response


def _call_us(words: Words, country: str | None) -> dict[str, Any] | None:
    """The number to call, at the foot of every page."""
    lines = load_contacts().find(country)
    return render_line(lines[0], words.language) if lines else None


def _same_page(language: str) -> str:
    """The address of this page in another language."""
    if request.method != "GET" or request.endpoint is None:
        return url_for("search.show_search", lang=language)
    parameters = [
        (name, text)
        for name, text in request.args.items(multi=True)
        if name not in ("lang", "reported", "sent", "visited") and (text or name == "desk")
    ]
    return f"{request.path}?{urlencode([*parameters, ('lang', language)])}"


def show_problems_as_pages(blueprint: Blueprint, trouble: Callable[[Words, str], dict[str, Any]]) -> None:
    """Turn each problem that a page of the blueprint ends in into a page that says it plainly, with the same status.

    `trouble` gives what its template shows besides: what was asked, so that nothing typed is lost.
    """

    def translate(response: Response) -> Response:
        if response.mimetype != "application/problem+json":
            return response
        words = reader_words()
        body = response.get_json()
        slug = str(body["type"]).rpartition("#problem-")[2]
        values = {"said": words.t(_SAID.get(slug, "members.wrong")), "replaced_by": body.get("replaced_by")}
        page = show("members/trouble.html", words, status=response.status_code, **values | trouble(words, slug))
        if later := response.headers.get("Retry-After"):
            page.headers["Retry-After"] = later
        return page

    blueprint.after_request(translate)
