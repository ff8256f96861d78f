"""/sign-in/openid: sign-in by the OpenID Connect provider of the settings: authorisation code, PKCE, state and nonce.

What must be remembered until the browser comes back lies in a signed cookie of these addresses alone.
"""

import logging
from collections.abc import Mapping
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, render_template, request, session
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import NotFound

from config.settings import get_settings
from directory.accounts.errors import SignInFailed
from directory.accounts.openid import account_of, next_step_of
from directory.accounts.signing_in import PER_ADDRESS
from directory.db import transaction
from directory.pages.staff.frame import StaffPages, own_path
from directory.pages.staff.sign_in import begin
from directory.web.access import public
from directory.web.admission import count_use, sender

log = logging.getLogger(__name__)

blueprint = StaffPages("openid", __name__)

BACK = "/sign-in/openid/back"
# A provider that is slower keeps a thread from searches.
_PATIENCE_S = 1.5
# What can be wrong with a provider, or with what somebody made up in its name.
_TROUBLE = (OAuthError, JoseError, RequestException, ValueError, KeyError, RuntimeError)


def settings_of_cookie() -> dict[str, Any]:
    """Of Flask's own session, which nothing else uses."""
    return {
        "SESSION_COOKIE_NAME": "provider-directory-openid",
        "SESSION_COOKIE_PATH": "/sign-in/openid",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": get_settings().public_address.startswith("https:"),
    }


@blueprint.get("/sign-in/openid")
@public
def go() -> BaseResponse | tuple[str, int]:
    """To the provider, and from there back."""
    count_use(PER_ADDRESS, sender())
    session.clear()
    session["next"] = own_path(request.args.get("next"))
    try:
        there: BaseResponse = _provider().authorize_redirect(get_settings().public_address + BACK)
    except _TROUBLE as error:
        return _failed(error)
    return there


@blueprint.get(BACK)
@public
def back() -> BaseResponse | tuple[str, int]:
    """From the provider: who it says that this is."""
    count_use(PER_ADDRESS, sender())
    goal = own_path(session.pop("next", None))
    try:
        claims = _claims()
        with transaction() as database:
            account = account_of(database, claims)
            response = begin(database, account, next_step_of(account, claims), goal)
    except (SignInFailed, *_TROUBLE) as error:
        session.clear()
        return _failed(error)
    session.clear()
    return response


def _claims() -> Mapping[str, Any]:
    """What the provider says, checked: signature, issuer, audience, nonce, time."""
    provider = _provider()
    # Where the provider says who it is, an answer that another one sent here is seen (RFC 9207).
    if request.args.get("iss", get_settings().oidc_issuer) != get_settings().oidc_issuer:
        raise SignInFailed
    expected = {
        "iss": {"essential": True, "values": [get_settings().oidc_issuer]},
        "aud": {"essential": True, "values": [get_settings().oidc_client_id]},
    }
    token = provider.authorize_access_token(claims_options=expected)
    claims: dict[str, Any] = dict(token["userinfo"])
    if "email" not in claims:
        # Providers may tell it on a question of its own; it must be about the same person.
        more = provider.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise SignInFailed
        claims = {**more, **claims}
    return claims


def _provider() -> Any:
    """The client of the configured provider. Raises NotFound where none is."""
    settings = get_settings()
    if not settings.oidc_issuer:
        raise NotFound("No OpenID provider is configured.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    known = app.extensions.get("directory.openid")
    if known is None:
        known = OAuth(app)
        known.register(
            "openid",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE_S,
            },
        )
        app.extensions["directory.openid"] = known
    return known.openid


def _failed(error: Exception) -> tuple[str, int]:
    # The kind only: what a provider says may quote an address.
    log.warning("sign-in by OpenID failed: %s", type(error).__name__)
    page = render_template(
        "staff/sign_in.html", failed_elsewhere=True, elsewhere=get_settings().oidc_name, email="", goal=None
    )
    return page, 401
