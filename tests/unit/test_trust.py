"""How far a listing can be trusted, in a line: every case in every language, and no advice that cannot be followed."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.languages import LANGUAGES
from directory.wording.trust import FRESH_VISIT_DAYS, OLD_DAYS, Known, known_of, trust_line

TODAY = dt.date(2026, 11, 30)
NOTHING = Known(None, None, None, None, takes_card=True, phone="+254203662000")
HELPLINE = "+254 20 366 2000"


def days_ago(days: int) -> str:
    return (TODAY - dt.timedelta(days=days)).isoformat()


def said(known: Known, lang: str = "en", helpline: str | None = None) -> tuple[str, str, str | None]:
    line = trust_line(known, lang, TODAY, helpline)
    return line.kind, line.sentence, line.call


def test_who_confirmed_it_and_when() -> None:
    known = replace(NOTHING, verified_on="2026-08-12", verified_by="network_team")
    assert said(known) == ("confirmed", "Confirmed on 12 Aug 2026 by the network team", None)


def test_a_colleagues_card_is_told_with_how_long_ago() -> None:
    assert said(replace(NOTHING, last_accepted=days_ago(21))) == (
        "accepted",
        "Card accepted for a colleague 3 weeks ago",
        None,
    )
    assert said(replace(NOTHING, last_accepted=days_ago(0)))[1].endswith(" today")
    assert said(replace(NOTHING, last_accepted=days_ago(1)))[1].endswith(" yesterday")


def test_old_confirmation_asks_to_call_first_and_names_the_year() -> None:
    known = replace(NOTHING, verified_on="2024-03-01", verified_by="source")
    assert said(known) == ("old", "Not confirmed since 2024: call first", NOTHING.phone)
    edge = replace(NOTHING, verified_on=days_ago(OLD_DAYS), verified_by="source")
    assert said(edge)[0] == "confirmed"
    assert said(replace(edge, verified_on=days_ago(OLD_DAYS + 1)))[0] == "old"


def test_without_a_number_nobody_is_told_to_call() -> None:
    mute = replace(NOTHING, phone=None)
    assert said(mute) == ("never", "Not confirmed yet", None)
    assert said(mute, helpline=HELPLINE) == ("never", "Not confirmed yet: call first", HELPLINE)
    assert said(replace(mute, verified_on="2024-03-01")) == ("old", "Not confirmed since 2024", None)


def test_a_refusal_after_it_is_never_left_out() -> None:
    both = replace(NOTHING, last_accepted=days_ago(21), last_refused=days_ago(2))
    kind, sentence, call = said(both)
    assert (kind, call) == ("mixed", NOTHING.phone)
    assert sentence == "Card accepted for a colleague 3 weeks ago, refused 2 days ago: call first"
    assert said(replace(both, last_refused=days_ago(40)))[0] == "accepted"


def test_a_card_that_is_not_agreed_is_not_praised() -> None:
    known = replace(NOTHING, last_accepted=days_ago(3), takes_card=False)
    assert said(known)[0] == "never"


def test_a_visit_of_long_ago_says_nothing() -> None:
    assert said(replace(NOTHING, last_accepted=days_ago(FRESH_VISIT_DAYS)))[0] == "accepted"
    assert said(replace(NOTHING, last_accepted=days_ago(FRESH_VISIT_DAYS + 1)))[0] == "never"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_its_own_words_with_nothing_left_to_fill_in(lang: str) -> None:
    for known in (
        NOTHING,
        replace(NOTHING, verified_on="2024-03-01", verified_by="source"),
        replace(NOTHING, verified_on="2026-03-01", verified_by="network_team", last_accepted=days_ago(21)),
        replace(NOTHING, last_accepted=days_ago(21), last_refused=days_ago(1)),
    ):
        sentence = said(known, lang)[1]
        assert "{" not in sentence
        assert lang == "en" or sentence != said(known, "en")[1]


_DAYS = st.one_of(st.none(), st.integers(0, 3000).map(days_ago))


@given(_DAYS, _DAYS, _DAYS, st.booleans(), st.sampled_from([None, "+1"]), st.sampled_from([None, HELPLINE]))
def test_call_first_comes_with_a_number_and_only_then(
    verified: str | None, yes: str | None, no: str | None, card: bool, phone: str | None, helpline: str | None
) -> None:
    kind, sentence, call = said(Known(verified, None, yes, no, card, phone), helpline=helpline)
    assert ("call first" in sentence) == (call is not None)
    assert call in (None, phone or helpline)
    assert kind != "accepted" or "refused" not in sentence


def test_what_is_known_is_read_from_what_members_see() -> None:
    agreement = {"outpatient": "none", "inpatient": "card"}
    shown = {"agreements": [agreement], "visits": {"last_accepted": "2026-11-01"}, "phones": ["+1"]}
    assert known_of(shown) == Known(None, None, "2026-11-01", None, takes_card=True, phone="+1")
    assert known_of({}) == Known(None, None, None, None, takes_card=False, phone=None)
