"""`provider-directory mail`: sends what is queued."""

import datetime as dt
import logging
import signal
import threading
from types import FrameType

import click
from sqlalchemy.exc import OperationalError

from config.settings import get_settings
from directory import db
from directory.accounts.messages import COMPLETIONS
from directory.accounts.sessions import remove_old_sessions
from directory.commands.telling import console, json_option, plain_errors, print_json
from directory.mail.sender import remove_old_messages, send_due

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0
_SWEEP_EVERY = dt.timedelta(hours=1)


@click.group("mail")
def mail_group() -> None:
    """E-mails that wait to be sent."""


@mail_group.command("send")
@click.option("--once", is_flag=True, required=True, help="What is due now, and no more.")
@json_option
@plain_errors
def mail_send(once: bool, as_json: bool) -> None:
    """Send what is due, and end.

    \b
    provider-directory mail send --once
    """
    done = send_due(db.make_engine(application_name="provider-directory-mail"), COMPLETIONS, limit=10_000)
    console.print(f"{done.sent} sent, {done.postponed} postponed, {done.given_up} given up, {done.dropped} for nobody.")
    if as_json:
        print_json({"sent": done.sent, "postponed": done.postponed, "given_up": done.given_up, "dropped": done.dropped})
    if done.postponed or done.given_up:
        raise SystemExit(1)


@mail_group.command("run")
@json_option
@plain_errors
def mail_run(as_json: bool) -> None:
    """Send what is due as it becomes due, until told to stop."""
    logging.basicConfig(level=get_settings().log_level, format="%(message)s")
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    engine = db.make_engine(application_name="provider-directory-mail")
    sent, sweep_at = 0, dt.datetime.now(dt.UTC)
    while not stop.is_set():
        now = dt.datetime.now(dt.UTC)
        try:
            sent += send_due(engine, COMPLETIONS, now).sent
            if now >= sweep_at:
                sweep_at = now + _SWEEP_EVERY
                with db.transaction(engine) as session:
                    remove_old_messages(session, now)
                    remove_old_sessions(session)
        except OperationalError as error:
            log.warning("mail waits, the database does not answer: %s", type(error).__name__)
        stop.wait(_LOOK_EVERY_S)
    if as_json:
        print_json({"sent": sent})
