"""Signing in and out, invitations, forgotten passwords, the second factor, and the choice of a language."""

import base64
import hashlib
import hmac

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response as BaseResponse

from config.languages import LANGUAGES
from config.settings import get_settings
from directory.accounts import authenticator
from directory.accounts.errors import LinkNotGood, PasswordNotGood, SignInFailed
from directory.accounts.links import PATH, read_link, use_link
from directory.accounts.messages import ask_reset
from directory.accounts.people import set_language
from directory.accounts.recovery import check_second_factor
from directory.accounts.sessions import SignedIn, actor_of, end_session, start_session
from directory.accounts.signing_in import (
    CODES_PER_ACCOUNT,
    PER_ACCOUNT,
    PER_ADDRESS,
    RESETS_PER_ACCOUNT,
    RESETS_PER_ADDRESS,
    attempts_of,
    check_password,
    next_step,
    set_authenticator,
)
from directory.actors import SignInNeeded
from directory.db import transaction
from directory.models import Account, Awaits
from directory.pages.staff.frame import LANGUAGE_COOKIE, StaffPages, elsewhere, home, own_path, reader_language
from directory.pages.staff.keeping import read_kept
from directory.web.access import EVERYBODY, allowed, begin_session, public, session_cookie, session_secret, signed_in
from directory.web.admission import count_use, sender

blueprint = StaffPages("sign_in", __name__)

# Where one goes on after a step of signing in.
_NEXT = {
    None: "sign_in.go_on",
    Awaits.code: "sign_in.show_code",
    Awaits.authenticator: "sign_in.show_authenticator",
}
_YEAR_S = 365 * 24 * 3600


@blueprint.get("/sign-in")
@public
def show_sign_in() -> BaseResponse | str:
    """The form; who is signed in already goes on."""
    user = signed_in()
    if user and not user.awaits:
        return redirect(_goal() or home(user.actor), 303)
    return _sign_in_form()


@blueprint.post("/sign-in")
@public
def sign_in() -> BaseResponse | tuple[str, int]:
    """Address and password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    count_use(PER_ADDRESS, sender())
    count_use(PER_ACCOUNT, attempts_of(email))
    try:
        with transaction() as session:
            account = check_password(session, email, password)
            return begin(session, account, next_step(account))
    except SignInFailed:
        return _sign_in_form(email=email, failed=True), 401


def begin(session: Session, account: Account, awaits: Awaits | None, goal: str | None = None) -> BaseResponse:
    """Start a session under a new secret, end the one that the browser came with, and go on."""
    if old := session_secret(request):
        end_session(session, old)
    secret = start_session(session, account, awaits=awaits, agent=request.user_agent.string)
    response = _go_on_with_words(account, awaits, secret) or redirect(url_for(_NEXT[awaits], next=goal or _goal()), 303)
    name, secure = session_cookie()
    # Lax: a link in an e-mail leads to a page, and no form of another site reaches us with it.
    response.set_cookie(name, secret, httponly=True, secure=secure, samesite="Lax", path="/")
    return response


def _go_on_with_words(account: Account, awaits: Awaits | None, secret: str) -> BaseResponse | None:
    """What somebody had typed goes along in the answer itself; None where there is nothing of it."""
    kept = read_kept()
    if kept is None or awaits is Awaits.authenticator:
        return None
    begin_session(secret, None if awaits else actor_of(account))
    page = "staff/code.html" if awaits else "staff/again.html"
    return Response(render_template(page, kept=kept, goal=None), mimetype="text/html")


@blueprint.get("/go-on")
@allowed(*EVERYBODY)
def go_on() -> BaseResponse:
    """To where somebody wanted to go before signing in."""
    return redirect(_goal() or home(_signed_in().actor), 303)


@blueprint.get("/sign-in/code")
@allowed(*EVERYBODY, awaiting=True)
def show_code() -> BaseResponse | str:
    """The second factor."""
    if _signed_in().awaits is not Awaits.code:
        return redirect(url_for("sign_in.show_sign_in"), 303)
    return render_template("staff/code.html", goal=_goal())


@blueprint.post("/sign-in/code")
@allowed(*EVERYBODY, awaiting=True)
def give_code() -> BaseResponse | tuple[str, int]:
    """The code that the authenticator shows, or one of those for the day on which it is lost."""
    user = _signed_in()
    count_use(CODES_PER_ACCOUNT, str(user.actor.account_id))
    try:
        with transaction() as session:
            account = check_second_factor(session, user, request.form.get("code", ""))
            return begin(session, account, None)
    except SignInFailed:
        return render_template("staff/code.html", goal=_goal(), kept=read_kept(), failed=True), 401


@blueprint.get("/sign-in/authenticator")
@allowed(*EVERYBODY, awaiting=True)
def show_authenticator() -> BaseResponse | str:
    """Set up an authenticator: a QR code, and the same in letters."""
    if _signed_in().awaits is not Awaits.authenticator:
        return redirect(url_for("sign_in.show_sign_in"), 303)
    return _authenticator_form()


@blueprint.post("/sign-in/authenticator")
@allowed(*EVERYBODY, awaiting=True)
def give_authenticator() -> BaseResponse | tuple[str, int]:
    """The first code shows that it works."""
    user = _signed_in()
    if user.awaits is not Awaits.authenticator:
        return redirect(url_for("sign_in.show_sign_in"), 303)
    count_use(CODES_PER_ACCOUNT, str(user.actor.account_id))
    try:
        with transaction() as session:
            account = set_authenticator(session, user, _new_authenticator(), request.form.get("code", ""))
            return begin(session, account, None)
    except SignInFailed:
        return _authenticator_form(failed=True), 401


@blueprint.post("/sign-out")
@allowed(*EVERYBODY, awaiting=True)
def sign_out() -> BaseResponse:
    """End the session, here and on the server."""
    if secret := session_secret(request):
        with transaction() as session:
            end_session(session, secret)
    response = redirect(url_for("sign_in.show_sign_in"), 303)
    name, secure = session_cookie()
    response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


@blueprint.get("/forgotten")
@public
def show_forgotten() -> str:
    """The form that asks for a new password."""
    return render_template("staff/forgotten.html")


@blueprint.post("/forgotten")
@public
def forgotten() -> str:
    """The same answer, after the same work, for every address."""
    email = request.form.get("email", "")
    count_use(RESETS_PER_ADDRESS, sender())
    count_use(RESETS_PER_ACCOUNT, attempts_of(email))
    with transaction() as session:
        ask_reset(session, email, reader_language())
    return render_template("staff/forgotten.html", sent=True)


@blueprint.get(PATH)
@public
def show_welcome() -> str | tuple[str, int]:
    """What an invitation or a reset link opens. Looking does not use it up."""
    return _welcome_form(request.args.get("link", ""))


@blueprint.post(PATH)
@public
def welcome() -> BaseResponse | str | tuple[str, int]:
    """Choose a password. It opens what a password opens: a second factor is still owed."""
    secret = request.form.get("link", "")
    count_use(PER_ADDRESS, sender())
    try:
        with transaction() as session:
            account = use_link(session, secret, request.form.get("password", ""))
            return begin(session, account, next_step(account))
    except PasswordNotGood as error:
        return _welcome_form(secret, reason=error.reason, status=422)
    except LinkNotGood:
        return _welcome_form(secret)


@blueprint.post("/language")
@public
def choose_language() -> BaseResponse:
    """Another language, remembered in a cookie, and with the account of who is signed in."""
    lang = request.form.get("lang", "")
    response = redirect(own_path(request.form.get("next")) or url_for("sign_in.show_sign_in"), 303)
    if lang in LANGUAGES:
        user = signed_in()
        if user:
            with transaction() as session:
                set_language(session, user.actor.account_id, lang)
        _, secure = session_cookie()
        response.set_cookie(
            LANGUAGE_COOKIE, lang, max_age=_YEAR_S, httponly=True, secure=secure, samesite="Lax", path="/"
        )
    return response


def _signed_in() -> SignedIn:
    user = signed_in()
    if user is None:
        raise SignInNeeded("Please sign in.")
    return user


def _goal() -> str | None:
    return own_path(request.values.get("next"))


def _sign_in_form(*, email: str = "", failed: bool = False) -> str:
    return render_template(
        "staff/sign_in.html", email=email, failed=failed, goal=_goal(), kept=read_kept(), elsewhere=elsewhere()
    )


def _new_authenticator() -> str:
    """The secret that is offered to this session: the same each time, and kept nowhere until it is confirmed."""
    key = f"authenticator {get_settings().secret_key}".encode()
    drawn = hmac.digest(key, (session_secret(request) or "").encode(), hashlib.sha256)
    return base64.b32encode(drawn[:20]).decode()


def _authenticator_form(*, failed: bool = False) -> str:
    secret, email = _new_authenticator(), _signed_in().email
    return render_template(
        "staff/authenticator.html",
        picture=authenticator.qr_svg(secret, email),
        groups=[secret[start : start + 4] for start in range(0, len(secret), 4)],
        goal=_goal(),
        failed=failed,
    )


def _welcome_form(secret: str, *, reason: str | None = None, status: int = 200) -> str | tuple[str, int]:
    try:
        with transaction() as session:
            facts = read_link(session, secret)
    except LinkNotGood:
        return render_template("staff/link_not_good.html"), 410
    page = render_template("staff/welcome.html", link=secret, facts=facts, reason=reason)
    return page, status
