"""Mail about what somebody brought: its reference, where it stands, and the link. Never a word of what was said."""

import re

from sqlalchemy.orm import Session

from config.settings import get_settings
from directory.care.contacts import load_contacts
from directory.cases import vault
from directory.cases.following import follow_secret
from directory.mail import enqueue
from directory.models import CaseFile
from directory.wording.catalogue import phrase

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def follow_url(case: CaseFile) -> str:
    """Where who has no account sees how it goes on."""
    return f"{get_settings().public_address}/follow/{follow_secret(case)}"


def tell_of_outcome(session: Session, case: CaseFile, lang: str) -> None:
    """There is news for whoever brought it, where there is an e-mail address."""
    said = vault.unseal(session, case.id)
    to = str(said.get("contact") or "")
    if not _EMAIL.fullmatch(to):
        return
    state = phrase(lang, f"care.state_{case.state}")
    values = {"reference": case.reference, "state": state, "link": follow_url(case)}
    enqueue(session, to=to, lang=lang, message="care_news", values=values)


def tell_lead(session: Session, reference: str) -> None:
    """Nobody called within the time that was promised."""
    lead = load_contacts().mailboxes.get("care_lead")
    if lead:
        values = {"reference": reference, "link": f"{get_settings().public_address}/care/calls"}
        enqueue(session, to=lead, lang="en", message="care_call_expired", values=values)
