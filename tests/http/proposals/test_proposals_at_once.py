"""The same at once, from real threads on real connections, happens once."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select

from directory.db import transaction
from directory.errors import DirectoryError
from directory.models import CaseEvent, Listing, ProposalSupporter
from directory.proposals.acting import Given
from tests.worlds.proposal_people import People, act, at, events_of, propose, walk
from tests.worlds.proposal_wire import BODY, Wire

THREADS = 6


def at_once(*works: Callable[[], object]) -> Counter[str]:
    """Start all at the same moment; how many gave what, by the name of their errors."""
    gate, outcomes = threading.Barrier(len(works)), Counter[str]()

    def run(work: Callable[[], object]) -> None:
        gate.wait()
        try:
            outcomes[str(work())] += 1
        except DirectoryError as error:
            outcomes[type(error).__name__] += 1

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_the_same_action_twice_at_once_happens_once(people: People) -> None:
    proposal = propose(people.amina)
    done = at_once(*[lambda: act(people.nadia, proposal, "start_review")] * THREADS)
    assert done == {"under_review": 1, "TransitionNotAllowed": THREADS - 1}
    assert [action for action, _, _ in events_of(proposal)].count("start_review") == 1


def test_a_listing_is_made_once_however_many_ask_for_it(people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact", "agree")
    with transaction() as session:
        before = session.scalar(select(func.count()).select_from(Listing))
    done = at_once(*[lambda: act(people.nadia, proposal, "list")] * THREADS)
    assert done == {"listed": 1, "TransitionNotAllowed": THREADS - 1}
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Listing)) == (before or 0) + 1


def test_of_two_different_ends_at_once_one_comes_true(people: People) -> None:
    for _ in range(5):
        proposal = propose(people.amina)
        done = at_once(
            partial(act, people.amina, proposal, "withdraw"),
            partial(act, people.nadia, proposal, "decline", Given(reason="other")),
        )
        assert done.total() == 2
        assert done["TransitionNotAllowed"] == 1
        steps = events_of(proposal)
        assert len(steps) == 3
        assert done[steps[-1][2]] == 1


def test_one_officer_backs_once_however_often_the_button_is_pressed(people: People) -> None:
    from directory.proposals import proposing

    proposal = propose(people.amina)

    def support() -> int:
        with at(people.chen) as desk:
            return proposing.support(desk, proposal)

    assert at_once(*[support] * THREADS) == {"1": THREADS}
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(ProposalSupporter)) == 1


def test_one_key_sent_many_times_at_once_makes_one_proposal(wire: Wire) -> None:
    answers: list[bytes] = []

    def send() -> int:
        answer = wire.ask("amina", "POST", "", BODY, Idempotency_Key="same")
        answers.append(answer.data)
        return answer.status_code

    assert at_once(*[send] * THREADS) == {"201": THREADS}
    assert len(set(answers)) == 1
    with transaction() as session:
        opened = select(func.count()).select_from(CaseEvent).where(CaseEvent.action == "open")
        assert session.scalar(opened) == 1
