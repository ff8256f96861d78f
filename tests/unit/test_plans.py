"""Plans as they are read, areas as they hold, verdicts as they are judged."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.languages import LANGUAGES
from config.settings import PLANS_FILE, settings_from
from directory.search.agreements import SETTINGS, AgreementFilter
from directory.vocabulary.codes import load_codes
from directory.vocabulary.plans import CoverageArea, InvalidPlans, Region, load_plans, read_plans
from directory.wording.coverage import border_sentence, outside_sentences
from directory.wording.verdicts import Visit, depends_on_plan, judge, verdict_sentence
from geodata.points import Point

TODAY = dt.date(2026, 11, 30)
GOMA, GISENYI, NAIROBI = Point(29.2280, -1.6792), Point(29.2560, -1.7000), Point(36.8172, -1.2864)
LABELS = 'en = "A"\nfr = "A"\nes = "A"\nar = "A"\n'
WAYS = ("card", "guarantee_letter", "none")


def test_demonstrations_plans_are_marked_as_invented_and_show_every_sentence() -> None:
    plans = {plan.code: plan for plan in read_plans(PLANS_FILE)}
    words = {"en": "invented", "fr": "inventé", "es": "inventado", "ar": "متخيلة"}
    for plan in plans.values():
        assert plan.invented
        assert set(plan.networks) <= set(load_codes().networks)
        assert all(words[lang] in plan.label(lang) for lang in LANGUAGES)
    assert plans["un_mip"].area("CD", TODAY).value_of("RW", GISENYI) == "outside"
    assert plans["un_mip_region"].area("CD", TODAY).value_of("RW", GISENYI) == "regional"
    assert {plan.retired for plan in plans.values()} == {True, False}
    assert any(not plan.duties for plan in plans.values())


def test_invented_plans_exist_in_a_demonstration_alone(tmp_path: Path) -> None:
    own = tmp_path / "plans.toml"
    own.write_text(f'[ours]\nnetworks = ["worldwide"]\n{LABELS}')
    with settings_from({"DEMONSTRATION": "true", "PLANS_FILE": None}):
        assert "un_mip" in load_plans().by_code
    with settings_from({"DEMONSTRATION": "false", "PLANS_FILE": None}):
        assert not load_plans().by_code
    with settings_from({"DEMONSTRATION": "false", "PLANS_FILE": str(own)}):
        assert list(load_plans().by_code) == ["ours"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["a b"]\nnetworks = ["worldwide"]\n' + LABELS, "small letters"),
        ('[aa]\nnetworks = ["nothing"]\n' + LABELS, "nothing"),
        ("[aa]\n" + LABELS, "networks"),
        ('[aa]\nnetworks = ["worldwide"]\nen = "A"\n', "fr, es, ar"),
        ('[aa]\nnetworks = ["worldwide"]\nclaim_months = 0\n' + LABELS, "claim_months"),
        ('[aa]\nnetworks = ["worldwide"]\nstaff = "young"\n' + LABELS, "active or retired"),
        ('[aa]\nnetworks = ["worldwide"]\ncolour = "red"\n' + LABELS, "colour"),
        ('[aa]\nnetworks = ["worldwide"]\n' + LABELS + '[aa.area]\nduty = ["ZZ"]\n', "ZZ"),
        ('[aa]\nnetworks = ["worldwide"]\n' + LABELS + "[aa.area]\nemergency_on_official_travel = true\n", "duty"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_with_the_rule(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(text)
    with pytest.raises(InvalidPlans, match=said):
        read_plans(file)


REGION = '[aa]\nnetworks = ["worldwide"]\n' + LABELS + '[aa.area]\nduty = ["CD"]\n[[aa.area.regional]]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('duty = "KE"\ncountry = "RW"\n', "KE"),
        ('duty = "CD"\ncountry = "XX"\n', "XX"),
        ('duty = "CD"\ncountry = "RW"\nradius_km = 5\n', "go together"),
        ('duty = "CD"\ncountry = "RW"\nplace = {lat = 1.0, lon = 200.0}\nradius_km = 5\n', "longitude"),
        ('duty = "CD"\ncountry = "RW"\nplace = {lat = 1.0, lon = 2.0}\nradius_km = -5\n', "radius_km"),
        ('duty = "CD"\ncountry = "RW"\nfrom = 2026-01-01\nto = 2026-01-01\n', "ends after"),
        ('duty = "CD"\ncountry = "RW"\nfrom = "soon"\n', "is a day"),
    ],
)
def test_a_regional_area_that_breaks_a_rule_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(REGION + text)
    with pytest.raises(InvalidPlans, match=said):
        read_plans(file)


def test_area_knows_home_region_and_outside() -> None:
    area = CoverageArea("CD", (Region("RW"), Region("KE", NAIROBI, 30_000)))
    assert area.value_of("CD", None) == "home"
    assert area.value_of("RW", None) == area.value_of("RW", GISENYI) == "regional"
    assert area.value_of("KE", NAIROBI) == "regional"
    # Of what has no point it is not known that it is near.
    assert area.value_of("KE", None) == area.value_of("KE", Point(39.7, -4.05)) == "outside"
    assert CoverageArea("CD").value_of("RW", GISENYI) == "outside"
    assert CoverageArea("CD").values == ("home", "outside")


def test_a_regional_area_holds_from_its_day_up_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(REGION + 'duty = "CD"\ncountry = "RW"\nfrom = 2026-12-01\nto = 2027-12-01\n')
    [plan] = read_plans(file)
    days = {day: plan.area("CD", dt.date.fromisoformat(day)).value_of("RW", GISENYI) for day in (
        "2026-11-30", "2026-12-01", "2027-11-30", "2027-12-01")}  # fmt: skip
    assert list(days.values()) == ["outside", "regional", "regional", "outside"]


AGREEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "network": st.sampled_from(["worldwide", "essential", "emergency"]),
            "outpatient": st.sampled_from(WAYS),
            "inpatient": st.sampled_from(WAYS),
            "notice_days": st.none() | st.integers(0, 30),
            "status": st.sampled_from(["active", "suspended"]),
        }
    ),
    max_size=5,
)


@given(agreements=AGREEMENTS, networks=st.sets(st.sampled_from(["worldwide", "essential"]), min_size=1))
def test_a_verdict_is_the_best_of_what_counts(agreements: list[dict[str, object]], networks: set[str]) -> None:
    counted = [each for each in agreements if each["network"] in networks and each["status"] == "active"]
    for setting in SETTINGS:
        verdict = judge(agreements, tuple(networks), setting, Visit(TODAY))
        ways = [each[setting] for each in counted] or ["none"]
        assert verdict.value == min(ways, key=lambda way: WAYS.index(str(way)))
        assert (verdict.ask_by is None) == (verdict.value != "guarantee_letter")
        # A worse or foreign agreement more changes nothing.
        worse = {"network": "local_staff", "outpatient": "card", "inpatient": "card", "notice_days": 1}
        assert judge([*agreements, worse], tuple(networks), setting, Visit(TODAY)) == verdict


def test_a_way_depends_on_the_plan_where_two_plans_pay_otherwise() -> None:
    agreement = {"network": "worldwide", "outpatient": "card", "inpatient": "none", "status": "active"}
    plans = (("worldwide", "emergency"), ("essential",))
    assert depends_on_plan([agreement], "outpatient", plans)
    assert not depends_on_plan([agreement], "inpatient", plans)
    assert not depends_on_plan([agreement], "outpatient", plans[:1])
    assert not depends_on_plan([{**agreement, "status": "suspended"}], "outpatient", plans)
    assert not depends_on_plan([], "outpatient", plans)


@given(notice=st.integers(0, 30), ahead=st.integers(-3, 365))
def test_a_letter_is_asked_for_its_days_before_the_visit(notice: int, ahead: int) -> None:
    agreement = {"network": "worldwide", "inpatient": "guarantee_letter", "notice_days": notice}
    visit = Visit(TODAY, TODAY + dt.timedelta(ahead))
    verdict = judge([agreement], ("worldwide",), "inpatient", visit)
    assert verdict.ask_by == TODAY + dt.timedelta(ahead - notice)
    assert verdict.is_late(TODAY) == (ahead < notice)
    for lang in LANGUAGES:
        assert "{" not in verdict_sentence(verdict, 12, visit, lang)


def test_sentences_of_a_letter() -> None:
    agreement = {"network": "worldwide", "inpatient": "guarantee_letter", "notice_days": None}

    def said(on: dt.date | None) -> str:
        visit = Visit(TODAY, on)
        return verdict_sentence(judge([agreement], ("worldwide",), "inpatient", visit), 12, visit, "en")

    assert said(dt.date(2026, 12, 13)) == "Ask for the letter by 6 December."
    assert said(dt.date(2026, 12, 7)) == "Ask for the letter today."
    assert said(dt.date(2026, 12, 5)) == "Ask for the letter today, and call us: time is short."
    assert said(None) == "Ask for the letter: today, for a visit from 7 December."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_retiree_is_not_promised_emergency_travel(lang: str) -> None:
    plans = {plan.code: plan for plan in read_plans(PLANS_FILE)}
    active = outside_sentences(plans["un_mip"], "CD", "Gisenyi", None, lang)
    retired = outside_sentences(plans["un_retired"], "CD", "Gisenyi", "+254 20 366 2000", lang)
    assert active[0] == retired[0]
    assert active[1] != retired[1]
    assert "+254 20 366 2000" in retired[2]


def test_borders_are_said_with_or_without_a_distance() -> None:
    assert border_sentence("RW", 3.0, None, "en") == "3 km away, but across the border, in Rwanda"
    assert border_sentence("RW", None, "outside", "en") == "Across the border, in Rwanda: outside your area"
    assert border_sentence("RW", 3.0, "home", "en") == "3 km away, but across the border, in Rwanda"


def test_a_plan_asks_for_nothing_by_itself() -> None:
    assert not AgreementFilter(scope=("worldwide",))
    asked = AgreementFilter(networks=("worldwide", "essential"), scope=("worldwide", "emergency"))
    assert asked.counted == ("worldwide",)
    assert asked.among(("essential", "emergency")) == ("emergency",)
    assert AgreementFilter(settlements=("inpatient:none",), scope=("worldwide",)).better("inpatient") == WAYS[:2]
    assert AgreementFilter(settlements=("inpatient:direct",), scope=("worldwide",)).better("inpatient") == ()
    assert AgreementFilter(settlements=("inpatient:none",)).better("inpatient") == ()
