"""Who may use which address: every route says so, and one that says nothing is open to nobody.

`@allowed(Role.hr, Role.network, scope="proposals")` goes right on a handler, below what else decorates it; `public(…)`
marks a handler, or a whole blueprint. The rule is only kept there: it is applied here, before each request. Who came
with a cookie signed in on a page, and shows with each change that the page was ours (CSRF); who came with a bearer
token acts within its scopes, and only where the rule names one.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request

from config.settings import get_settings
from directory.accounts.sessions import SignedIn, find_session
from directory.accounts.tokens import find_token
from directory.actors import Actor, NotAllowed, Role, SignInNeeded
from directory.db import transaction
from directory.web.admission import require_own_origin

# A form full of text; what takes files says how large they may be.
LARGEST_BODY = 256 * 1024
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"
# flask-smorest's own address for the OpenAPI document, and the files that pages are made of.
PUBLIC_ENDPOINTS = frozenset(("api-docs.openapi_json",))

Marked = TypeVar("Marked")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: nobody in particular (`public`), or who has one of the roles, with a token of the scope.

    `awaiting`: also who has given a password and still owes the second factor. `largest_body`: bytes; no more is
    read. Where a setting says it, what asks the settings.
    """

    public: bool = False
    roles: frozenset[Role] = frozenset()
    scope: str | None = None
    awaiting: bool = False
    largest_body: int | Callable[[], int] = LARGEST_BODY


def public(marked: Marked) -> Marked:
    """Mark a handler or a blueprint as open to everybody."""
    marked.access_rule = Rule(public=True)  # type: ignore[attr-defined]
    return marked


def allowed(
    *roles: Role,
    scope: str | None = None,
    awaiting: bool = False,
    largest_body: int | Callable[[], int] = LARGEST_BODY,
) -> Callable[[Marked], Marked]:
    """Mark a handler as open to these roles; an admin may do what the network team may.

    With `scope`, say `proposals`, a bearer token may come: with `proposals:read` to read, `proposals:write` to change.
    """
    rule = Rule(roles=frozenset(roles), scope=scope, awaiting=awaiting, largest_body=largest_body)

    def mark(handler: Marked) -> Marked:
        handler.access_rule = rule  # type: ignore[attr-defined]
        return handler

    return mark


# Whoever has an account.
EVERYBODY = tuple(Role)


def find_rule(app: Flask, endpoint: str, method: str) -> Rule | None:
    """The rule of one method of an endpoint: its handler's, else its blueprint's."""
    if endpoint in PUBLIC_ENDPOINTS or endpoint.endswith(".static"):
        return Rule(public=True)
    view: Any = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    handler = getattr(view_class, ("get" if method == "HEAD" else method.lower()), None) if view_class else view
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    rule = getattr(handler, "access_rule", None) or getattr(blueprint, "access_rule", None)
    return rule if isinstance(rule, Rule) else None


def check_access() -> None:
    """Before each request: raises SignInNeeded or NotAllowed, or keeps the actor for `current_actor`."""
    endpoint, method = request.endpoint, request.method
    if endpoint is None or method == "OPTIONS":
        return
    rule = find_rule(current_app, endpoint, method)
    if rule is None:
        raise NotAllowed("Nobody may use this address: it does not say who may.")
    if rule.public:
        return
    # Before anything of the body is read, and that is for the token against forgery.
    most = rule.largest_body
    request.max_content_length = most() if callable(most) else most
    _keep_actor(rule)


def require(*roles: Role, scope: str | None = None) -> None:
    """Within a handler that is public: what it does only for these roles. Raises SignInNeeded or NotAllowed."""
    _keep_actor(Rule(roles=frozenset(roles), scope=scope))


def _keep_actor(rule: Rule) -> None:
    actor = _bearer(rule) if "Authorization" in request.headers else _from_page(rule)
    if not actor.has_role(*rule.roles):
        raise NotAllowed("Your account may not do this.")
    g.actor = actor


def current_actor() -> Actor:
    """On whose behalf this request acts. Raises SignInNeeded where it acts for nobody."""
    if actor := find_actor():
        return actor
    raise SignInNeeded("Please sign in.")


def find_actor() -> Actor | None:
    """As `current_actor`, for pages that anybody may open."""
    if "actor" not in g:
        signed = signed_in()
        g.actor = signed.actor if signed and not signed.awaits else None
    actor: Actor | None = g.actor
    return actor


def signed_in() -> SignedIn | None:
    """The session of the browser that asks, whatever it still waits for."""
    if "signed_in" not in g:
        secret = session_secret(request)
        with transaction() as session:
            g.signed_in = find_session(session, secret) if secret else None
    signed: SignedIn | None = g.signed_in
    return signed


def session_cookie() -> tuple[str, bool]:
    """The cookie's name, and whether it goes over TLS only: so wherever people reach us by https."""
    secure = get_settings().public_address.startswith("https:")
    # The prefix lets no other host of the domain set it, and no page but over TLS.
    return ("__Host-provider-directory" if secure else "provider-directory"), secure


def session_secret(incoming: Request) -> str | None:
    """What the browser's cookie holds."""
    return incoming.cookies.get(session_cookie()[0])


def csrf_token() -> str:
    """What a page of ours puts into its forms: proof that they are ours, good for this session alone."""
    secret = g.get("new_session") or session_secret(request)
    return _csrf_of(secret) if secret else ""


def begin_session(secret: str, actor: Actor | None) -> None:
    """The page that answers is of this session, which its cookie begins; `actor` while nothing more is owed."""
    g.new_session, g.actor = secret, actor


def _csrf_of(secret: str) -> str:
    return hmac.new(get_settings().secret_key.encode(), b"csrf " + secret.encode(), hashlib.sha256).hexdigest()


def _bearer(rule: Rule) -> Actor:
    kind, _, text = request.headers["Authorization"].partition(" ")
    if kind.lower() != "bearer":
        raise SignInNeeded("Send a bearer token, as in `Authorization: Bearer pdt_…`.")
    with transaction() as session:
        actor = find_token(session, text.strip())
    if actor is None:
        raise SignInNeeded("The token is not known, has ended, or was revoked.")
    if rule.scope is None:
        raise NotAllowed("No token opens this address.")
    scope = f"{rule.scope}:{'read' if request.method in SAFE else 'write'}"
    if not actor.has_scope(scope):
        raise NotAllowed(f"The token has no scope {scope}.")
    return actor


def _from_page(rule: Rule) -> Actor:
    signed = signed_in()
    if signed is None or (signed.awaits and not rule.awaiting):
        raise SignInNeeded("Please sign in.")
    if request.method not in SAFE:
        _check_csrf()
    return signed.actor


def _check_csrf() -> None:
    require_own_origin()
    secret = session_secret(request) or ""
    sent = request.headers.get(CSRF_HEADER) or (request.form.get(CSRF_FIELD, "") if _is_form() else "")
    if not hmac.compare_digest(sent.encode(), _csrf_of(secret).encode()):
        g.page_too_old = True
        raise NotAllowed("The page was open for too long, or is not ours. Please load it again, and try once more.")


def page_too_old() -> bool:
    """Whether a form of ours was refused because it is of an earlier session; what it says may be shown again."""
    if "page_too_old" not in g:
        return False
    signed = signed_in()
    return signed is not None and not signed.awaits and _may(signed.actor)


def _may(actor: Actor) -> bool:
    rule = find_rule(current_app._get_current_object(), request.endpoint or "", request.method)  # type: ignore[attr-defined]
    return rule is not None and actor.has_role(*rule.roles)


def _is_form() -> bool:
    return request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
