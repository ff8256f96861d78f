"""Every address says who may use it, and what anybody may change is written down here."""

from flask import Flask

from directory.app import create_app
from directory.web.access import Rule, find_rule

# What nobody needs an account for, and yet changes something: each limits how often, and takes nothing of other pages.
OPEN_CHANGES = {
    "POST /v1/providers/<listing_id>/reports",
    "POST /search/<listing_id>/report",
    "POST /search/<listing_id>/refused",
    "POST /contact",
    "POST /follow/<link>",
    "POST /v1/refusals",
    "POST /v1/calls",
    "POST /v1/contact",
    # Open to who holds the link of the case; else they ask who it is (api/care/acting.py).
    "POST /v1/refusals/<uuid:case_id>/actions/<name>",
    "POST /v1/calls/<uuid:case_id>/actions/<name>",
    "POST /v1/contact/<uuid:case_id>/actions/<name>",
    "POST /v1/contact/<uuid:case_id>/files",
    "POST /v1/providers/<listing_id>/visits",
    "POST /search/<listing_id>/visit",
    "POST /sign-in",
    "POST /forgotten",
    "POST /welcome",
    "POST /language",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def rules_of(app: Flask) -> dict[str, Rule | None]:
    """`GET /account` -> its rule, of every address of the application."""
    return {
        f"{method} {rule.rule}": find_rule(app, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & set(_METHODS))
    }


def test_every_address_says_who_may_use_it() -> None:
    rules = rules_of(create_app())
    assert len(rules) > 30
    assert [address for address, rule in rules.items() if rule is None] == []
    # A rule that names nobody and is not open would be a slip.
    assert [address for address, rule in rules.items() if rule and not rule.public and not rule.roles] == []


def test_what_anybody_may_change_is_known() -> None:
    rules = rules_of(create_app())
    changes = {address for address, rule in rules.items() if rule and rule.public and not address.startswith("GET ")}
    assert changes - OPEN_CHANGES == set()


def test_an_address_without_a_rule_is_seen() -> None:
    app = create_app()
    app.add_url_rule("/forgot-the-rule", "forgot", lambda: "")
    assert rules_of(app)["GET /forgot-the-rule"] is None


def test_no_address_that_waits_for_a_code_does_more_than_sign_in_and_out() -> None:
    waiting = {address for address, rule in rules_of(create_app()).items() if rule and rule.awaiting}
    assert {address.partition(" ")[2] for address in waiting} == {
        "/sign-in/code",
        "/sign-in/authenticator",
        "/sign-out",
    }
