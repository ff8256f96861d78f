"""GET /v1/contacts, and what helps at once where the card is refused: nothing of it needs an account."""

from typing import Any

from flask import Response
from flask.views import MethodView

from directory.api.care.schemas import ContactsAnswer, ContactsQuery, NowAnswer
from directory.care.contacts import load_contacts
from directory.cases import vault
from directory.listings.shown import load_public_listing
from directory.web.answers import answer, reader_language
from directory.web.care.now import render_line, render_now
from directory.web.documented import PublicBlueprint, documented
from directory.web.parameters import ListingQuery, parse_listing_id

blueprint = PublicBlueprint("contacts", __name__, url_prefix="/v1", description="Customer service")

MAX_AGE_S = 300


@blueprint.route("/contacts")
class ContactLines(MethodView):
    """Numbers."""

    @documented(blueprint, ContactsQuery, ContactsAnswer)
    def get(self, query: dict[str, Any]) -> Response:
        """Whom to call and write to, the best number for a country first."""
        lang, country = reader_language(query.get("lang")), query.get("country")
        contacts = load_contacts()
        lines = [render_line(line, lang) for line in contacts.find(country, query.get("plan"))]
        desks = [render_line(line, lang) for line in contacts.find(country, query.get("plan"), kind="provider")]
        public = {name: address for name, address in contacts.mailboxes.items() if name != "care_lead"}
        shown = {
            "country": country,
            "first": lines[0] if lines else None,
            "lines": lines,
            "provider_lines": desks,
            "mailboxes": public,
            "call_back": vault.is_open(),
            "page": "/contact",
            "invented": contacts.invented,
        }
        return answer(shown, lang=lang, max_age_s=MAX_AGE_S)


@blueprint.route("/providers/<listing_id>/now")
class Now(MethodView):
    """At the desk."""

    @documented(blueprint, ListingQuery, NowAnswer, problems=(400, 404, 410, 503))
    def get(self, query: dict[str, Any], listing_id: str) -> Response:
        """What helps where the card is refused, or not taken for a while: whom to call, what to show, where else."""
        lang = reader_language(query.get("lang"))
        shown = load_public_listing(parse_listing_id(listing_id))
        networks = tuple(query.get("network") or ())
        return answer(render_now(shown, lang, networks), lang=lang, max_age_s=30)
