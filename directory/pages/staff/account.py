"""/account: what is mine. My password, the browsers I am signed in with, my tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from directory.accounts.errors import NoSuchToken, PasswordNotGood, SignInFailed, UnknownScope
from directory.accounts.people import get_account
from directory.accounts.recovery import make_codes
from directory.accounts.sessions import (
    SignedIn,
    client_name,
    list_sessions,
    revoke_other_sessions,
    revoke_session,
)
from directory.accounts.signing_in import PER_ACCOUNT, attempts_of, change_password
from directory.accounts.tokens import LONGEST_NAME, SCOPES_OF, add_token, list_tokens, revoke_token
from directory.actors import Role, SignInNeeded
from directory.db import transaction
from directory.errors import InvalidRequest
from directory.pages.staff.frame import StaffPages, home, moment, reader_language
from directory.pages.staff.keeping import shows_again
from directory.web.access import EVERYBODY, allowed, signed_in
from directory.web.admission import count_use
from directory.wording.catalogue import markup

blueprint = StaffPages("account", __name__)

_DAYS = (30, 90, 365)
# What browsers call themselves, the more telling word first.
_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@blueprint.get("/staff")
@allowed(*EVERYBODY)
def show_home() -> BaseResponse:
    """Where somebody of this role begins."""
    return redirect(home(_me().actor), 303)


@blueprint.get("/account")
@allowed(*EVERYBODY)
def show_account() -> str:
    """My account."""
    return _page()


@blueprint.post("/account/password")
@allowed(*EVERYBODY)
def set_password() -> BaseResponse | tuple[str, int]:
    """Another password."""
    me = _me()
    count_use(PER_ACCOUNT, attempts_of(me.email))
    try:
        with transaction() as session:
            change_password(session, me, request.form.get("old", ""), request.form.get("new", ""))
    except SignInFailed:
        return _page(fault="account.old_not_right"), 422
    except PasswordNotGood as error:
        return _page(fault=f"sign_in.{error.reason}"), 422
    return _done("password")


@blueprint.post("/account/sessions/<uuid:session_id>/revoke")
@allowed(*EVERYBODY)
def end_one_session(session_id: UUID) -> BaseResponse:
    """End one of my sessions."""
    me = _me()
    with transaction() as session:
        if not revoke_session(session, _id(me), session_id):
            raise NotFound("You have no such session.")
    return _done("session")


@blueprint.post("/account/sessions/revoke-others")
@allowed(*EVERYBODY)
def end_other_sessions() -> BaseResponse:
    """End all my sessions but this one."""
    me = _me()
    with transaction() as session:
        revoke_other_sessions(session, _id(me), but=me.session_id)
    return _done("sessions")


@blueprint.post("/account/recovery-codes")
@allowed(*EVERYBODY)
def make_recovery_codes() -> str | tuple[str, int]:
    """New codes for the day on which the authenticator is lost, shown on this answer and never again."""
    me = _me()
    count_use(PER_ACCOUNT, attempts_of(me.email))
    try:
        with transaction() as session:
            codes = make_codes(session, me, request.form.get("password", ""))
    except SignInFailed:
        return _page(fault="account.old_not_right"), 422
    return _page(codes=codes)


def _account_again(fault: str) -> str:
    return _page(fault=fault)


@blueprint.post("/account/tokens")
@allowed(*EVERYBODY)
@shows_again(_account_again)
def make_token() -> str | tuple[str, int]:
    """A new token, shown on this answer and never again."""
    me = _me()
    days = request.form.get("days", "")
    if days not in map(str, _DAYS):
        return _page(fault="account.choose_days"), 422
    scopes = request.form.getlist("scope")
    if not scopes:
        return _page(fault="account.choose_scope"), 422
    try:
        with transaction() as session:
            account = get_account(session, me.email)
            text, _ = add_token(
                session, me.actor, account, scopes=scopes, name=request.form.get("name", ""), days=int(days)
            )
    except UnknownScope:
        return _page(fault="account.choose_scope"), 422
    except InvalidRequest:
        return _page(fault="account.name_too_long", most=LONGEST_NAME), 422
    return _page(token=text)


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@allowed(*EVERYBODY)
def end_token(token_id: UUID) -> BaseResponse:
    """End one of my tokens."""
    me = _me()
    try:
        with transaction() as session:
            revoke_token(session, me.actor, token_id, _id(me))
    except NoSuchToken:
        raise NotFound("You have no such token.") from None
    return _done("token")


def _me() -> SignedIn:
    user = signed_in()
    if user is None or user.awaits:
        raise SignInNeeded("Please sign in.")
    return user


def _id(me: SignedIn) -> UUID:
    if me.actor.account_id is None:
        raise SignInNeeded("Please sign in.")
    return me.actor.account_id


def _done(what: str) -> BaseResponse:
    return redirect(url_for("account.show_account", done=what), 303)


def _page(*, fault: str | None = None, token: str | None = None, codes: Sequence[str] = (), **values: int) -> str:
    me = _me()
    lang = reader_language()
    with transaction() as session:
        sessions = list_sessions(session, _id(me))
        tokens = [token for token, _ in list_tokens(session, _id(me))]
        client = client_name(session, me.actor.client_id)
        account = get_account(session, me.email)
        codes_left = len(account.recovery_hashes) if account.totp_secret else None
    done = request.args.get("done")
    return render_template(
        "staff/account.html",
        me=me,
        client=client,
        sessions=[(each, _browser(each.agent), moment(each.seen_at, lang)) for each in sessions],
        tokens=[
            (each, moment(each.created_at, lang), _when(each.used_at, lang), _when(each.expires_at, lang))
            for each in tokens
            if each.revoked_at is None
        ],
        scopes=SCOPES_OF[Role(me.actor.role)],
        days=_DAYS,
        fault=markup(lang, fault, **values) if fault else None,
        written=MultiDict() if token else request.form,
        token=token,
        codes=codes,
        codes_left=codes_left,
        done=done if done in ("password", "session", "sessions", "token") else None,
    )


def _when(at: datetime | None, lang: str) -> str | None:
    return moment(at, lang) if at else None


def _browser(agent: str) -> str:
    names = (next((name for sign, name in known if sign in agent), None) for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, names)) or "?"
