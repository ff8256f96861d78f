"""Where cases of a kind hold health data, nothing of it goes into the audit: from there it could never be erased."""

from dataclasses import replace
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import text

from directory.cases import casework
from directory.cases.attachments import attach
from directory.cases.workflow import Workflow
from directory.db import get_engine
from directory.models import MessageKind
from tests.engines.cases.test_cases_of_other_kinds import PNG
from tests.worlds.worries import WORRIES, Staff, desk_of, somebody

# All that is written down about what was done, and can never be taken back.
_KEPT = text("SELECT to_jsonb(a)::text FROM audit_entry a UNION ALL SELECT to_jsonb(e)::text FROM case_event e")


def audited() -> str:
    """The whole audit and every event, as text."""
    with get_engine().connect() as connection:
        return "\n".join(connection.execute(_KEPT).scalars())


@pytest.fixture
def secret() -> str:
    """Words about somebody's health that nobody wrote before: what is in the audit stays there."""
    return f"sarcoidosis of {uuid4()}"


def live_through(staff: Staff, workflow: Workflow, secret: str) -> str:
    """A whole story, with the secret in every place where somebody can say something; gives the case's id."""
    with desk_of(somebody(), workflow=workflow) as desk:
        case = casework.open_case(desk)
        casework.write_message(desk, case, f"It is {secret}")
        attach(desk, case, f"{secret}.png", PNG)
        casework.record(desk, case, "edit", {"diagnosis": secret}, {"diagnosis": f"no {secret}"})
    with desk_of(staff.dario, workflow=workflow) as desk:
        locked = casework.lock_case(desk, case.id)
        casework.take_action(desk, locked, "take", diagnosis=secret, parts=[{"name": secret}])
        casework.write_message(desk, locked, secret, MessageKind.note)
        casework.take_action(desk, locked, "ask", message=secret)
        casework.hand_over(desk, locked, staff.dario.account_id)
    return str(case.id)


def test_no_word_of_a_story_about_health_is_in_the_audit(staff: Staff, secret: str) -> None:
    case = live_through(staff, WORRIES, secret)
    kept = audited()
    assert secret not in kept
    # That something happened, to what, and what it was called, is there.
    for said in (case, '"changed": ["diagnosis"]', '"changed": ["diagnosis", "parts"]', str(staff.dario.account_id)):
        assert said in kept
    assert '"state": "asked", "changed": ["message"]' in kept


def test_the_guard_would_find_what_a_kind_without_the_mark_writes(staff: Staff, secret: str) -> None:
    live_through(staff, replace(WORRIES, kind="rumour", holds_health=False), secret)
    assert secret in audited()


VALUES = st.recursive(
    st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=5,
)


@hypothesis.given(
    told=st.dictionaries(st.sampled_from(["diagnosis", "state", "amount", "names", "message", "born_on"]), VALUES)
)
def test_of_whatever_is_told_only_names_remain(told: dict[str, object]) -> None:
    kept = casework.without_values(told, WORRIES)
    assert kept is not None
    assert set(kept) <= {"state", "changed"}
    assert kept.get("state") in (None, *WORRIES.states)
    assert set(kept.get("changed", ())) <= set(told)
    assert set(told) == set(kept.get("changed", ())) | (set(kept) & {"state"})


def test_ids_remain_and_what_only_looks_like_one_does_not() -> None:
    message, listing = str(uuid4()), 17
    told = {"message": message, "listing": listing, "policy_id": 4, "amount": 4, "card": "1234"}
    kept = casework.without_values({**told, "owed_id": True}, WORRIES)
    assert kept == {
        "message": message,
        "listing": listing,
        "policy_id": 4,
        "changed": ["amount", "card", "owed_id"],
    }
    assert casework.without_values(None, WORRIES) is None


@pytest.mark.parametrize("told", [{"owner": str(uuid4())}, {"state": "received"}, {}])
def test_what_holds_no_value_is_kept_as_it_is(told: dict[str, object]) -> None:
    assert casework.without_values(told, WORRIES) == told
