"""A case that somebody without an account brings, and one desk reads: opened, followed, read, due, counted."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from directory.actors import Actor, NotAllowed, Role, opener
from directory.admission import repeating
from directory.cases import casework, queue
from directory.cases.attachments import AttachmentNotFound, attach, load_attachments, read_attachment
from directory.cases.casework import CaseNotFound
from directory.cases.following import GOOD_AFTER_END, end_following, follow, let_follow
from directory.db import get_engine, transaction
from directory.errors import IdempotencyKeyReused, TransitionNotAllowed
from directory.models import CaseEvent, CaseFile, MessageKind
from directory.proposals import rules
from tests.worlds.worries import FRIDAY, LONDON, WORRIES, Staff, desk_of, somebody, worries_of

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20 + b"IEND\xaeB`\x82"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(1)
MONDAY = dt.datetime(2026, 9, 14, 8, 0, tzinfo=dt.UTC)


def open_one(now: dt.datetime = FRIDAY, *, actor: Actor | None = None) -> tuple[CaseFile, str]:
    """A case, and the secret of its link."""
    with desk_of(actor or somebody(), now) as desk:
        case = casework.open_case(desk)
        return case, let_follow(case)


def act(actor: Actor, case: CaseFile, name: str, now: dt.datetime = FRIDAY) -> CaseFile:
    with desk_of(actor, now) as desk:
        locked = casework.lock_case(desk, case.id)
        casework.take_action(desk, locked, name)
        return locked


def held(secret: str, now: dt.datetime = FRIDAY) -> Actor:
    """Who comes by the link."""
    with transaction() as session:
        return follow(session, WORRIES, secret, "fr", now)[1]


def seen_by(actor: Actor, case: CaseFile) -> bool:
    with desk_of(actor) as desk:
        try:
            return casework.load_case(desk, case.id).id == case.id
        except CaseNotFound:
            return False


# Who brings one, and who follows it.


def test_somebody_without_an_account_opens_a_case_and_it_names_nobody(staff: Staff) -> None:
    case, _ = open_one()
    assert case.reference.startswith("W-")
    assert (case.client_id, case.opened_by, case.member_id, case.state) == (None, None, None, "received")
    with transaction() as session:
        [event] = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))
    assert (event.actor_id, event.actor_role, event.actor_name) == (None, "opener", "")


def test_who_may_bring_no_such_case_is_told(staff: Staff) -> None:
    for actor in staff.others:
        with pytest.raises(NotAllowed), desk_of(actor) as desk:
            casework.open_case(desk)
    with transaction() as session, pytest.raises(NotAllowed):
        casework.open_case(rules.desk(session, somebody()))


def test_a_case_is_an_accounts_or_a_members_and_never_both(staff: Staff) -> None:
    member = uuid4()
    with desk_of(opener("en", member_id=member)) as desk:
        case = casework.open_case(desk)
    assert (case.opened_by, case.member_id) == (None, member)
    both = text("UPDATE case_file SET opened_by = :account WHERE id = :id")
    with pytest.raises(IntegrityError, match="ck_case_file_one_opener"), get_engine().begin() as connection:
        connection.execute(both, {"account": staff.dario.account_id, "id": case.id})


def test_the_link_opens_the_own_case_and_no_other(staff: Staff) -> None:
    (mine, secret), (other, _) = open_one(), open_one()
    holder = held(secret)
    assert seen_by(holder, mine)
    assert not seen_by(holder, other)
    assert not seen_by(somebody(), mine)
    assert holder.has_role(*Role) is False


def test_of_a_link_only_the_hash_is_kept(staff: Staff) -> None:
    case, secret = open_one()
    with transaction() as session:
        row = session.execute(
            text("SELECT case_file::text FROM case_file WHERE id = :id"), {"id": case.id}
        ).scalar_one()
    assert len(secret) >= 43
    assert secret not in row
    assert secret.encode().hex() not in row


def test_the_same_request_again_gets_the_same_link(staff: Staff) -> None:
    case, secret = open_one()
    with transaction() as session:
        assert let_follow(session.get_one(CaseFile, case.id)) == secret
    assert seen_by(held(secret), case)


def test_who_sends_again_without_an_account_opens_one_case_and_gets_the_same_link(staff: Staff) -> None:
    def send(said: bytes = b"I am worried") -> tuple[str, bytes]:
        sent = repeating.sending(None, "a number of a form", b"worry", said)
        with desk_of(somebody()) as desk:
            done = repeating.do_once(desk.session, sent, lambda: casework.open_case(desk).id)
            secret = let_follow(desk.session.get_one(CaseFile, UUID(done.made)))
        assert done.answer is None
        with transaction() as session:
            return done.made, repeating.keep_answer(session, sent, repeating.Answer(201, secret.encode())).body

    (made, link), again = send(), send()
    assert (made, link) == again
    with pytest.raises(IdempotencyKeyReused):
        send(b"I am worried about something else")
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM case_file")).scalar_one() == 1
        # The link is a secret, and stands in no table.
        assert connection.execute(text("SELECT answer FROM repeatable_request")).scalars().all() == [None]


@pytest.mark.parametrize("wrong", [lambda secret: secret[:-1], lambda secret: f"{secret}A", lambda _: "", str.lower])
def test_a_link_that_is_not_whole_opens_nothing(staff: Staff, wrong: Callable[[str], str]) -> None:
    _, secret = open_one()
    with pytest.raises(CaseNotFound):
        held(wrong(secret))


def test_a_link_of_one_kind_opens_no_case_of_another(staff: Staff) -> None:
    _, secret = open_one()
    with transaction() as session, pytest.raises(CaseNotFound):
        follow(session, rules.PROPOSALS, secret, "en", FRIDAY)


def test_a_link_is_good_until_ninety_days_after_the_end_and_a_reopening_undoes_the_end(staff: Staff) -> None:
    case, secret = open_one()
    act(staff.dario, case, "take")
    assert held(secret, FRIDAY + 400 * DAY)
    ended = FRIDAY + 400 * DAY
    assert act(staff.dario, case, "answer", ended).ended_at == ended
    assert held(secret, ended + GOOD_AFTER_END - HOUR)
    with pytest.raises(CaseNotFound):
        held(secret, ended + GOOD_AFTER_END)
    assert act(held(secret, ended), case, "reopen", ended + DAY).ended_at is None
    assert held(secret, ended + 2 * GOOD_AFTER_END)


def test_a_link_that_was_taken_back_opens_nothing(staff: Staff) -> None:
    case, secret = open_one()
    with transaction() as session:
        end_following(session.get_one(CaseFile, case.id))
    with pytest.raises(CaseNotFound):
        held(secret)


# Who reads it, and who acts.


def test_the_desk_reads_the_case_and_nobody_else_not_even_an_admin(staff: Staff) -> None:
    case, _ = open_one()
    assert seen_by(staff.dario, case)
    assert [actor.name for actor in staff.others if seen_by(actor, case)] == []


def test_what_the_desk_enters_is_read_by_no_officer_whoever_s_client_it_is_of(staff: Staff) -> None:
    case, _ = open_one(actor=staff.dario)
    with transaction() as session:
        session.get_one(CaseFile, case.id).client_id = staff.amina.client_id
    assert not seen_by(staff.amina, case)


def test_each_side_has_its_actions_and_an_admin_has_none(staff: Staff) -> None:
    case, secret = open_one()
    assert WORRIES.allowed("received", staff.dario) == ("take",)
    assert WORRIES.allowed("received", held(secret)) == ("withdraw",)
    assert [WORRIES.allowed("received", actor) for actor in staff.others] == [()] * len(staff.others)
    for actor in (*staff.others, held(secret)):
        with pytest.raises(NotAllowed):
            act(actor, case, "take")
    with pytest.raises(TransitionNotAllowed) as refused:
        act(staff.dario, case, "answer")
    assert refused.value.allowed == ("take",)


def test_notes_files_and_handing_over_are_the_desk_s(staff: Staff) -> None:
    case, secret = open_one()
    holder = held(secret)
    with desk_of(staff.dario) as desk:
        locked = casework.lock_case(desk, case.id)
        casework.write_message(desk, locked, "A note", MessageKind.note)
        casework.write_message(desk, locked, "A message")
        inner = attach(desk, locked, "inner.png", PNG)
        casework.hand_over(desk, locked, staff.dario.account_id)
        # Of one moment, and so in any order.
        assert {each.text for each in casework.load_messages(desk, case.id)} == {"A note", "A message"}
    with desk_of(holder) as desk:
        locked = casework.lock_case(desk, case.id)
        attach(desk, locked, "mine.png", PNG)
        desk.session.flush()
        assert [each.text for each in casework.load_messages(desk, case.id)] == ["A message"]
        assert [each.name for each in load_attachments(desk, case.id)] == ["mine.png"]
        assert [each.action for each in casework.load_events(desk, case.id)] == ["open"]
        with pytest.raises(AttachmentNotFound):
            read_attachment(desk, case.id, inner.id)
        with pytest.raises(NotAllowed):
            casework.write_message(desk, locked, "A note", MessageKind.note)
        with pytest.raises(NotAllowed):
            casework.hand_over(desk, locked, None)
    with desk_of(staff.dario) as desk:
        assert {each.name for each in load_attachments(desk, case.id)} == {"inner.png", "mine.png"}


def test_only_accounts_of_the_desk_can_own_a_case(staff: Staff) -> None:
    with transaction() as session:
        assert [account.id for account in queue.load_desk(session, WORRIES)] == [staff.dario.account_id]
        of_proposals = {account.id for account in queue.load_desk(session, rules.PROPOSALS)}
    assert {staff.nadia.account_id, staff.root.account_id} <= of_proposals
    assert not {staff.cora.account_id, staff.mila.account_id, staff.dario.account_id} & of_proposals


# What is due.


def due_of(case: CaseFile) -> tuple[str | None, dt.date | None, dt.datetime | None]:
    return case.due_what, case.due_on, case.due_at


def test_clocks_of_every_kind_run_from_the_first_moment(staff: Staff) -> None:
    case, _ = open_one()
    assert due_of(case) == ("call", dt.date(2026, 9, 11), FRIDAY + dt.timedelta(minutes=15))
    # Two business days of the team come before the 28 days of the licence.
    taken = act(staff.dario, case, "take", MONDAY)
    assert due_of(taken)[:2] == ("word", dt.date(2026, 9, 16))
    assert taken.due_at == dt.datetime(2026, 9, 17, tzinfo=worries_of(staff.dario).calendar.zone)


def test_a_question_moves_no_date_of_a_clock_that_does_not_stand(staff: Staff) -> None:
    case, secret = open_one()
    act(staff.dario, case, "take", MONDAY)
    asked = act(staff.dario, case, "ask", MONDAY)
    promised = dt.date(2026, 10, 9)
    assert due_of(asked) == ("answer", promised, LONDON.end_of(promised))
    replied = act(held(secret), case, "reply", MONDAY + 20 * DAY)
    assert replied.clocks["answer"] == promised.isoformat()
    # The other one stood meanwhile.
    assert replied.clocks["word"] == "2026-10-06"


def test_a_reopened_case_is_due_by_the_day_of_its_receipt(staff: Staff) -> None:
    case, secret = open_one()
    act(staff.dario, case, "take", MONDAY)
    ended = act(staff.dario, case, "answer", MONDAY)
    assert due_of(ended) == (None, None, None)
    reopened = act(held(secret, MONDAY), case, "reopen", MONDAY + 40 * DAY)
    assert due_of(reopened)[:2] == ("answer", dt.date(2026, 10, 9))


def test_what_came_by_letter_counts_from_the_day_on_which_it_came(staff: Staff) -> None:
    with desk_of(staff.dario, MONDAY) as desk:
        case = casework.open_case(desk, received_at=FRIDAY - 10 * DAY)
    assert case.clocks["answer"] == "2026-09-29"
    assert case.opened_at == MONDAY


# What waits at the desk.


def test_the_queue_shows_what_is_due_first_first_and_counts_minutes_as_well_as_days(staff: Staff) -> None:
    early, late = open_one(FRIDAY - HOUR)[0], open_one(FRIDAY)[0]
    taken = open_one(FRIDAY - 2 * HOUR)[0]
    act(staff.dario, taken, "take")
    with desk_of(staff.dario, FRIDAY + dt.timedelta(minutes=5)) as desk:
        wanted = queue.conditions(desk, queue.CaseFilter())
        found = desk.session.scalars(select(CaseFile).where(*wanted).order_by(*queue.DUE_FIRST)).all()
        assert [case.id for case in found] == [early.id, late.id, taken.id]
        overdue = queue.conditions(desk, queue.CaseFilter(overdue=True))
        assert desk.session.scalars(select(CaseFile.id).where(*overdue)).all() == [early.id]
        assert queue.count_queue(desk) == queue.Counts(open=3, due_today=1, overdue=1, unowned=3, yours=0, waiting=0)


def test_the_queue_of_one_kind_holds_no_other_and_is_sieved_by_state_and_owner(staff: Staff) -> None:
    case, other = open_one()[0], open_one()[0]
    act(staff.dario, other, "take")
    with desk_of(staff.dario) as desk:
        casework.hand_over(desk, casework.lock_case(desk, other.id), staff.dario.account_id)

    def found(**asked: object) -> set[object]:
        with desk_of(staff.dario) as desk:
            chosen = queue.conditions(desk, queue.CaseFilter(**asked))  # type: ignore[arg-type]
            return set(desk.session.scalars(select(CaseFile.id).where(*chosen)))

    assert found() == {case.id, other.id}
    assert found(states=("at_work",)) == found(owner=staff.dario.account_id) == {other.id}
    assert found(unowned=True) == {case.id}
    with transaction() as session:
        assert queue.count_queue(rules.desk(session, staff.nadia)).open == 0
        owners = {each.owner_id for each in session.scalars(select(CaseFile))}
        assert queue.load_names(session, owners) == {staff.dario.account_id: "dario"}
