"""/: a page of an insurer's portal, as a member sees it, with the search widget in it."""

from flask import Blueprint, Response

from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.widget import MAIN, pinned_copy
from directory.web.access import public

blueprint = public(Blueprint("portal", __name__, template_folder="templates"))

# Scripts and styles are files of this service, data come from its interface, and nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'"
)


@blueprint.get("/")
def show_portal() -> Response:
    """The page; without a built widget it leads to the plain search."""
    response = show("members/portal.html", reader_words(), widget=pinned_copy(MAIN), indexed=True)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


show_problems_as_pages(blueprint, lambda _words, _slug: {"form": None, "again": None})
