"""E-mails about accounts: an invitation, a new password. Their links are made as they are sent.

So no secret waits in the queue; and whoever asks for a new password causes the same one row for any address, whether or
not an account has it: neither the answer nor its time can tell.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from directory.accounts.links import make_link
from directory.accounts.people import find_account
from directory.mail import enqueue
from directory.mail.sender import Completion
from directory.models import Account, AccountStatus, MailMessage, Purpose

_MAY_GET = {
    Purpose.invitation: (AccountStatus.invited,),
    # Also someone whose invitation grew too old before it was read.
    Purpose.reset: (AccountStatus.active, AccountStatus.invited),
}


def invite(session: Session, account: Account) -> None:
    """Queue the invitation of a new account."""
    enqueue(session, to=account.email, lang=account.lang, message=Purpose.invitation, values={})


def ask_reset(session: Session, email: str, lang: str) -> None:
    """Queue a way to a new password for whoever has this address, if anybody."""
    enqueue(session, to=email.strip().lower()[:300], lang=lang, message=Purpose.reset, values={})


def _complete(session: Session, message: MailMessage) -> Mapping[str, object] | None:
    purpose = Purpose(message.message)
    account = find_account(session, message.recipient)
    if account is None or account.status not in _MAY_GET[purpose]:
        return None
    message.lang = account.lang
    return {"link": make_link(session, account, purpose)}


COMPLETIONS: Mapping[str, Completion] = {purpose.value: _complete for purpose in Purpose}
