"""Who is told what, in which language; never more than the reader may see."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update

from config.languages import SOURCE
from directory.db import transaction
from directory.errors import TransitionNotAllowed
from directory.mail.texts import write
from directory.models import Account, CaseFile, MailMessage
from directory.proposals import proposing, writing
from directory.proposals.acting import Given
from directory.wording.catalogue import load_phrases
from tests.worlds.proposal_people import People, act, at, mails, propose, walk
from tests.worlds.small_directory import World

MESSAGES = sorted(
    {key.split(".")[1] for key in load_phrases(SOURCE) if key.startswith(("mail.proposal_", "mail.backed_"))}
)
# What other clients must never learn of a proposal.
SECRETS = ("unhcr", "Refugee", "amina", "P-", "Which ward", "Three others")


def written(mail: tuple[str, str, str, dict[str, Any]]) -> str:
    """The mail as its reader gets it."""
    _, lang, message, values = mail
    text = write(message, lang, {"address": "https://directory.example", **values})
    return f"{text.subject}\n\n{text.body}"


def backed(people: People) -> Any:
    proposal = propose(people.amina)
    with at(people.chen) as desk:
        proposing.support(desk, proposal)
    return proposal


def test_the_officer_is_told_at_each_step_in_the_officers_language(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information", "submit", "start_review", "contact", "negotiate", "agree", "list")
    sent = [mail for mail in mails() if mail[0] == "amina"]
    assert [(to, lang, message) for to, lang, message, _ in sent] == [
        ("amina", "fr", "proposal_received"),
        ("amina", "fr", "proposal_question"),
        ("amina", "fr", "proposal_moved"),
        ("amina", "fr", "proposal_moved"),
        ("amina", "fr", "proposal_moved"),
        ("amina", "fr", "proposal_moved"),
        ("amina", "fr", "proposal_listed"),
    ]
    assert "premier examen au plus tard le 9 septembre" in written(sent[0])
    assert "Which ward do you mean?" in written(sent[1])
    assert "Hospitalisation: Lettre de garantie : à demander 3 jours avant." in written(sent[-1])
    assert f"https://directory.example/hr/proposals/{proposal}" in written(sent[-1])


def test_a_backer_of_another_client_learns_the_end_and_nothing_of_whose_it_was(people: People) -> None:
    proposal = backed(people)
    act(people.nadia, proposal, "ask_information")
    walk(people, proposal, "submit", "start_review", "contact", "agree", "list")
    [mail] = [each for each in mails() if each[0] == "chen"]
    assert mail[1:3] == ("ar", "backed_listed")
    assert "بطاقتك مقبولة هنا." in written(mail)
    assert not [secret for secret in SECRETS if secret in written(mail)]
    assert str(proposal) not in written(mail)


def test_a_backer_learns_of_a_refusal_without_the_words_that_were_meant_for_the_officer(people: People) -> None:
    act(people.nadia, backed(people), "decline", Given(reason="quality", message="Three others are near."))
    [mail] = [each for each in mails() if each[0] == "chen"]
    assert mail[2] == "backed_ended"
    assert not [secret for secret in SECRETS if secret in written(mail)]
    [officers] = [each for each in mails() if each[2] == "proposal_ended"]
    assert "Le prestataire ne répond pas à nos exigences de qualité." in written(officers)
    assert "Three others are near." in written(officers)


def test_the_owner_hears_of_what_the_officer_says_and_does(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "ask_information")
    with at(people.bruno) as desk:
        writing.write(desk, proposal, "The ward in the north")
        writing.write(desk, proposal, "And the one in the south")
    walk(people, proposal, "withdraw")
    to_nadia = [(message, values["message"]) for to, _, message, values in mails() if to == "nadia"]
    assert to_nadia == [
        ("proposal_answered", "The ward in the north"),
        ("proposal_message_to_team", "And the one in the south"),
        ("proposal_moved_by_officer", ""),
    ]


def test_an_answer_is_heard_of_by_who_asked_even_where_nobody_owns_it(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information")
    with at(people.omar) as desk:
        proposing.take_over(desk, proposal, None)
    with at(people.amina) as desk:
        writing.write(desk, proposal, "The ward in the north")
    assert [(to, message) for to, _, message, _ in mails()][2:] == [("nadia", "proposal_answered")]


def test_an_answer_is_heard_of_by_the_whole_team_where_who_asked_has_gone(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information")
    with transaction() as session:
        session.execute(update(CaseFile).values(owner_id=None))
        session.execute(update(Account).where(Account.id == people.nadia.account_id).values(status="disabled"))
    try:
        with at(people.amina) as desk:
            writing.write(desk, proposal, "The ward in the north")
    finally:
        with transaction() as session:
            session.execute(update(Account).where(Account.id == people.nadia.account_id).values(status="active"))
    assert {to for to, _, message, _ in mails() if message == "proposal_answered"} == {"omar", "root"}


def test_who_proposed_hears_of_a_colleagues_answer_and_not_of_the_own(people: People) -> None:
    for who, told in ((people.amina, []), (people.bruno, ["proposal_moved"])):
        proposal = propose(people.amina)
        walk(people, proposal, "ask_information")
        before = len(mails())
        with at(who) as desk:
            writing.write(desk, proposal, "The ward in the north")
        assert [message for to, _, message, _ in mails()[before:] if to == "amina"] == told


def test_notes_and_contacts_are_told_to_nobody(people: People) -> None:
    from directory.models import MessageKind

    proposal = propose(people.amina)
    before = len(mails())
    with at(people.nadia) as desk:
        writing.write(desk, proposal, "They ask 30 % more", MessageKind.note)
        writing.write(desk, proposal, "Called the director", MessageKind.contact)
    assert len(mails()) == before
    act(people.nadia, proposal, "start_review")
    act(people.nadia, proposal, "contact", Given(note="They ask 40 % more"))
    told = "".join(written(each) for each in mails())
    assert not any(words in told for words in ("They ask", "30 %", "40 %", "the director"))


def test_an_action_that_fails_tells_nobody(people: People) -> None:

    proposal = propose(people.amina)
    before = len(mails())
    with pytest.raises(TransitionNotAllowed):
        act(people.nadia, proposal, "agree")
    assert len(mails()) == before


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("message", MESSAGES)
def test_every_mail_is_written_in_every_language(message: str, lang: str) -> None:
    names = (
        "reference", "name", "state", "explained", "due", "reason", "message", "payment", "path", "question", "listing",
        "listing_path", "for_colleagues",
    )  # fmt: skip
    values = {name: f"<{name}>" for name in names}
    text = write(message, lang, {"address": "https://directory.example", **values})
    assert "<name>" in text.subject
    assert "https://directory.example<path>" in text.body
    assert "{" not in text.body


def due_after(proposal: Any) -> list[tuple[str, str, int]]:
    """To whom, which message, and how many minutes after now it is due."""
    with transaction() as session:
        now: dt.datetime = session.execute(select(func.now())).scalar_one()
        waiting = session.scalars(select(MailMessage).where(MailMessage.about == proposal).order_by(MailMessage.id))
        return [
            (mail.recipient.partition("@")[0], mail.message, round((mail.due_at - now).total_seconds() / 60))
            for mail in waiting
        ]


def test_news_for_the_officer_wait_ten_minutes_and_go_together(people: People) -> None:
    proposal = propose(people.amina)
    age(proposal, 6)
    walk(people, proposal, "start_review")
    age(proposal, 3, 3)
    # The first came nine minutes ago, the second three: one mail, within fifteen minutes of the first.
    walk(people, proposal, "contact")
    assert [minutes for _, _, minutes in due_after(proposal)] == [6, 6, 6]


def test_news_of_an_end_wait_their_whole_time_whatever_waits_for_longer(people: People) -> None:
    proposal = propose(people.amina)
    age(proposal, 9)
    act(people.nadia, proposal, "decline", Given(reason="quality"))
    assert due_after(proposal) == [("amina", "proposal_received", 6), ("amina", "proposal_ended", 10)]


def test_an_end_that_is_reopened_in_time_tells_nobody(people: People) -> None:
    proposal = backed(people)
    act(people.nadia, proposal, "decline", Given(reason="quality"))
    act(people.nadia, proposal, "reopen")
    assert [message for _, _, message, _ in mails()] == ["proposal_received"]


def test_a_question_that_is_taken_back_in_time_is_never_asked(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information", "remind", "withdraw_question")
    assert [message for _, _, message, _ in mails()] == ["proposal_received"]


def test_a_reminder_says_the_question_again_in_the_officers_language(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "ask_information", "remind")
    reminder = written(mails()[-1])
    assert "Nous attendons toujours votre réponse" in reminder
    assert "Which ward do you mean?" in reminder


def test_who_is_told_that_it_is_there_reads_under_which_name_and_how_to_pay(people: People, world: World) -> None:
    proposal = backed(people)
    listing = min(world.ids.values())
    act(people.nadia, proposal, "mark_duplicate", Given(listing_id=listing))
    told = {to: written(mail) for mail in mails()[-2:] if (to := mail[0])}
    assert f"https://directory.example/search/{listing}" in told["amina"]
    assert f"https://directory.example/search/{listing}" in told["chen"]
    assert "Consultation" in told["amina"]


def age(proposal: Any, *minutes: int) -> None:
    """As if the mails about it had been queued so long ago."""
    with transaction() as session:
        waiting = session.scalars(
            select(MailMessage).where(MailMessage.about == proposal).order_by(MailMessage.id)
        ).all()
        for mail, ago in zip(waiting, minutes, strict=True):
            mail.created_at -= dt.timedelta(minutes=ago)
            mail.due_at -= dt.timedelta(minutes=ago)
