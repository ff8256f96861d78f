"""A member says their plan: one verdict a care setting, their area, exact counts; answered by either engine."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.api.map_schemas import MapAnswer
from directory.api.schemas import SearchAnswer
from tests.http.problem import fault_of
from tests.worlds.border_town import MANY, NAMED, NETWORKS, WAYS, Town

Found = Callable[..., Any]
GOMA = {"lat": -1.6792, "lon": 29.2280, "radius_km": 6}
SETTINGS = ("outpatient", "inpatient")
ALL = len(NAMED) + MANY


def item_of(page: Any, town: Town, name: str) -> Any:
    """The item of one listing."""
    [item] = [each for each in page["items"] if each["id"] == str(town.ids[name])]
    return item


def in_days(days: int) -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days)


def test_goma_sees_gisenyi_marked_outside_though_it_is_three_kilometres_away(found: Found, town: Town) -> None:
    page = found(**GOMA, type="hospital", plan="without_region", duty="CD", limit=100)
    abroad = item_of(page, town, "gisenyi-hospital")
    assert 3 < abroad["distance_km"] < 4
    assert abroad["coverage"]["value"] == "outside"
    assert "reasonable and customary" in abroad["coverage"]["sentence"]
    assert "not covered" not in abroad["coverage"]["sentence"]
    assert abroad["across_border"]["country"] == "RW"
    assert "across the border, in Rwanda: outside your area" in abroad["across_border"]["sentence"]
    home = item_of(page, town, "goma-hospital")
    assert home["coverage"]["value"] == "home"
    assert home["across_border"] is None


def test_with_rwanda_as_regional_area_gisenyi_is_regional(found: Found, town: Town) -> None:
    page = found(**GOMA, type="hospital", plan="with_region", duty="CD", limit=100)
    abroad = item_of(page, town, "gisenyi-hospital")
    assert abroad["coverage"]["value"] == "regional"
    assert abroad["across_border"]["sentence"].endswith("across the border, in Rwanda")
    assert found(near="Gisenyi", plan="with_region", duty="CD")["outside_area"] is None


def test_a_region_may_be_around_a_place_and_for_a_time(found: Found, town: Town) -> None:
    page = found(country="KE,EG", plan="with_region", duty="CD", limit=100)
    values = {item["id"]: item["coverage"]["value"] for item in page["items"]}
    assert values[str(town.ids["kisumu"])] == values[str(town.ids["nowhere"])] == "outside"
    assert {"regional", "outside"} <= {values[str(item["id"])] for item in page["items"] if item["country"] == "KE"}
    assert {values[str(item["id"])] for item in page["items"] if item["country"] == "EG"} == {"outside"}


def test_nothing_is_hidden_and_the_order_is_the_same(found: Found) -> None:
    plain = found(**GOMA, limit=100)
    with_plan = found(**GOMA, limit=100, plan="without_region", duty="CD", on=in_days(30).isoformat())
    assert [item["id"] for item in with_plan["items"]] == [item["id"] for item in plain["items"]]
    assert with_plan["total"] == plain["total"]


def test_without_a_plan_there_is_no_verdict_and_no_area(found: Found) -> None:
    page = found(**GOMA, duty="CD")
    assert page["outside_area"] is None
    assert "coverage" not in page["facets"]
    assert not any({"verdict", "coverage"} & set(item) for item in page["items"])
    # Borders are there for everybody.
    assert any(item["across_border"] for item in page["items"])


def test_without_a_plan_it_is_said_what_depends_on_it(found: Found, town: Town) -> None:
    item = item_of(found(**GOMA, limit=100), town, "goma-hospital")
    assert item["depends_on_plan"] == {"outpatient": True, "inpatient": True}
    # Whom it is suspended for pays as everybody else does.
    item = item_of(found(**GOMA, limit=100), town, "suspended")
    assert item["depends_on_plan"] == {"outpatient": False, "inpatient": False}
    assert "depends_on_plan" not in found(**GOMA, network="worldwide")["items"][0]
    assert "depends_on_plan" not in found(**GOMA, plan="local")["items"][0]


def test_a_plan_without_a_rule_of_areas_has_verdicts_alone(found: Found) -> None:
    page = found(**GOMA, plan="local", duty="CD", facets="coverage,settlement")
    assert set(page["facets"]) == {"settlement"}
    assert all("verdict" in item and "coverage" not in item for item in page["items"])


def test_verdicts_say_what_to_do(found: Found, town: Town) -> None:
    page = found(**GOMA, plan="without_region", duty="CD", limit=100, on=in_days(30).isoformat())
    verdict = item_of(page, town, "goma-hospital")["verdict"]
    assert verdict["outpatient"] == {"value": "card", "sentence": "Show your card."}
    letter = verdict["inpatient"]
    assert (letter["value"], letter["ask_by"], letter["late"]) == ("guarantee_letter", in_days(21).isoformat(), False)
    assert letter["sentence"].startswith("Ask for the letter by ")
    assert letter["ask_at"].endswith("#letter")
    # Where the agreement does not say how many days, seven.
    other = item_of(page, town, "gisenyi-hospital")["verdict"]["outpatient"]
    assert other["ask_by"] == in_days(23).isoformat()


def test_without_a_day_a_letter_is_asked_for_today(found: Found, town: Town) -> None:
    page = found(**GOMA, plan="without_region", limit=100)
    letter = item_of(page, town, "goma-hospital")["verdict"]["inpatient"]
    assert (letter["ask_by"], letter["for_day"]) == (in_days(0).isoformat(), in_days(9).isoformat())
    late = found(**GOMA, plan="without_region", limit=100, on=in_days(2).isoformat())
    letter = item_of(late, town, "goma-hospital")["verdict"]["inpatient"]
    assert letter["late"] is True
    assert "call us" in letter["sentence"]


def test_a_suspended_agreement_does_not_count(found: Found, town: Town) -> None:
    page = found(**GOMA, plan="without_region", limit=100)
    item = item_of(page, town, "suspended")
    assert [each["status"] for each in item["agreements"]] == ["suspended"]
    assert {item["verdict"][setting]["value"] for setting in SETTINGS} == {"none"}
    assert item["verdict"]["outpatient"]["sentence"] == "Pay, then claim (within 12 months)."
    only = found(**GOMA, plan="without_region", settlement="outpatient:card", limit=100)
    assert str(town.ids["suspended"]) not in {each["id"] for each in only["items"]}


def test_only_the_agreements_of_the_plan_are_shown_and_a_network_narrows(found: Found) -> None:
    for item in found(plan="local", limit=100)["items"]:
        assert {each["network"] for each in item["agreements"]} <= {"local_staff", "essential"}
        assert item["verdict"]["outpatient"]["sentence"] != "Pay, then claim (within 12 months)."
    page = found(plan="local", network="essential", limit=100)
    assert page["total"]["value"] == found(network="essential")["total"]["value"]
    assert {each["network"] for item in page["items"] for each in item["agreements"]} == {"essential"}


def best(item: Any, setting: str) -> str:
    """The easiest way of the agreements that an item shows."""
    ways = {each[setting] for each in item["agreements"] if each["status"] == "active"}
    return next((way for way in WAYS if way in ways), "none")


def test_verdict_is_the_best_of_the_agreements_shown(found: Found) -> None:
    for plan in ("with_region", "retired", "local"):
        for item in found(plan=plan, limit=100)["items"]:
            for setting in SETTINGS:
                assert item["verdict"][setting]["value"] == best(item, setting)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("plan", ["with_region", "retired", "local"])
def test_what_a_way_to_pay_finds_is_what_has_that_verdict(found: Found, plan: str, setting: str) -> None:
    everything = found(plan=plan, limit=100, facets="settlement")
    assert everything["total"]["value"] == ALL
    counts = {each["value"]: each["count"] for each in everything["facets"]["settlement"]}
    for way in WAYS:
        having = {item["id"] for item in everything["items"] if item["verdict"][setting]["value"] == way}
        page = found(plan=plan, settlement=f"{setting}:{way}", limit=100)
        assert {item["id"] for item in page["items"]} == having
        assert counts.get(f"{setting}:{way}", 0) == page["total"]["value"] == len(having)


def test_several_ways_hold_in_the_same_agreement(found: Found) -> None:
    page = found(plan="with_region", settlement="outpatient:card,inpatient:card", limit=100)
    assert page["items"]
    for item in page["items"]:
        assert any(each["outpatient"] == each["inpatient"] == "card" for each in item["agreements"])


ASKED = st.fixed_dictionaries(
    {"plan": st.sampled_from(["with_region", "without_region", "retired"]), "duty": st.sampled_from(["CD", "KE"])},
    optional={
        "country": st.sampled_from(["CD", "RW,KE", "EG"]),
        "type": st.sampled_from(["clinic", "hospital,pharmacy"]),
        "network": st.just("worldwide"),
        "tariff": st.just("true"),
        "settlement": st.sampled_from([f"{setting}:{way}" for setting in SETTINGS for way in (*WAYS, "direct")]),
        "coverage": st.sampled_from(["home", "regional", "outside", "home,regional", "regional,outside"]),
    },
)


@settings(max_examples=25)
@given(asked=ASKED)
def test_counts_are_what_the_filter_finds(found: Found, asked: dict[str, str]) -> None:
    page = found(**asked, facets="coverage,settlement,network,country", limit=1)
    parameters = {"coverage": "coverage", "settlement": "settlement", "network": "network", "country": "country"}
    for facet, parameter in parameters.items():
        for each in page["facets"][facet]:
            changed = found(**{**asked, parameter: each["value"]}, facets="none", limit=1)
            assert changed["total"]["value"] == each["count"], (facet, each)


@settings(max_examples=15)
@given(asked=ASKED)
def test_each_item_is_where_the_filter_says(found: Found, asked: dict[str, str]) -> None:
    page = found(**asked, facets="none", limit=100)
    wanted = asked.get("coverage", "home,regional,outside").split(",")
    assert {item["coverage"]["value"] for item in page["items"]} <= set(wanted)


def test_values_of_the_area_are_always_counted(found: Found) -> None:
    page = found(country="CD", plan="with_region", duty="CD")
    counts = {each["value"]: each["count"] for each in page["facets"]["coverage"]}
    assert counts == {"home": page["total"]["value"], "regional": 0, "outside": 0}
    labels = {each["label"] for each in found(plan="without_region", duty="CD", lang="fr")["facets"]["coverage"]}
    assert labels == {"Pays d’affectation", "Hors de votre zone"}


def test_banner_has_three_sentences_and_promises_a_retiree_nothing(found: Found) -> None:
    active = found(near="Gisenyi", plan="without_region", duty="CD")["outside_area"]
    limit, travel, evacuation = active["sentences"]
    assert "Gisenyi" in limit
    assert "reasonable and customary" in limit
    assert "official travel is paid without this limit" in travel
    assert "medical service" in evacuation
    retired = found(near="Gisenyi", plan="retired", duty="CD")["outside_area"]["sentences"]
    assert "without this limit" not in " ".join(retired)
    assert "limit holds in an emergency too" in retired[1]
    assert found(near="Goma", plan="without_region", duty="CD")["outside_area"] is None
    assert found(country="RW", plan="without_region", duty="CD")["outside_area"]["place"] == "Rwanda"
    assert found(country="RW,CD", plan="without_region", duty="CD")["outside_area"] is None


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_sentences_are_in_the_readers_language(found: Found, town: Town, lang: str) -> None:
    page = found(near="Gisenyi", plan="without_region", duty="CD", lang=lang, limit=100)
    said = [*page["outside_area"]["sentences"]]
    for item in page["items"]:
        said += [item["coverage"]["sentence"], item["verdict"]["inpatient"]["sentence"]]
    assert all(said)
    assert not any("{" in sentence for sentence in said)
    if lang == "ar":
        assert all(any("\u0600" <= letter <= "\u06ff" for letter in sentence) for sentence in said)


@pytest.mark.parametrize(
    ("asked", "parameter", "allowed"),
    [
        ({"plan": "nonsense"}, "plan", ["with_region", "without_region", "retired", "local"]),
        ({"plan": "with_region", "duty": "FR"}, "duty", ["CD", "KE"]),
        ({"plan": "without_region", "duty": "ZZ"}, "duty", None),
        ({"plan": "local", "network": "worldwide"}, "network", ["local_staff", "essential"]),
        ({"coverage": "home"}, "coverage", []),
        ({"plan": "without_region", "coverage": "home"}, "coverage", []),
        ({"plan": "local", "duty": "CD", "coverage": "home"}, "coverage", []),
        ({"plan": "without_region", "duty": "CD", "coverage": "abroad"}, "coverage", ["home", "regional", "outside"]),
        ({"plan": "local", "on": "soon"}, "on", []),
        ({"plan": "local", "on": "1999-01-01"}, "on", []),
    ],
)
def test_bad_input_is_told_with_what_is_allowed(
    client: FlaskClient, asked: dict[str, str], parameter: str, allowed: list[str] | None
) -> None:
    for path, more in (("/v1/providers", {}), ("/v1/map", {"bbox": "29,-2,30,-1", "zoom": "8"})):
        fault = fault_of(client.get(path, query_string={**asked, **more}), parameter)
        if allowed:
            assert fault["allowed"] == allowed
        if allowed is None:
            assert len(fault["allowed"]) > 200


def test_map_says_the_same(client: FlaskClient, found: Found, town: Town) -> None:
    asked = {"bbox": "29,-2,30,-1", "plan": "without_region", "duty": "CD", "coverage": "outside", "zoom": 9}
    body = client.get("/v1/map", query_string=asked).get_json()
    assert not MapAnswer(unknown="raise").validate(body)
    listed = found(**{name: value for name, value in asked.items() if name != "zoom"}, limit=100)
    by_id = {item["id"]: item for item in listed["items"]}
    for feature in body["features"]:
        properties = feature["properties"]
        if properties["kind"] == "listing":
            assert properties["coverage"]["value"] == "outside"
            assert properties["verdict"] == by_id[properties["id"]]["verdict"]


def test_answers_are_as_described(found: Found) -> None:
    page = found(near="Gisenyi", plan="with_region", duty="KE", limit=100)
    assert not SearchAnswer(unknown="raise").validate(page)


def test_nearest_beyond_the_radius_says_the_same(found: Found, town: Town) -> None:
    page = found(lat=-1.66, lon=29.0, radius_km=1, type="dentist", plan="without_region", duty="CD", facets="none")
    nearest = page["nearest"]["any"]
    assert nearest["id"] == str(town.ids["vague"])
    assert nearest["coverage"]["value"] == "outside"
    assert nearest["across_border"]["sentence"] == "Across the border, in Rwanda: outside your area"


def test_one_listing_says_the_same(client: FlaskClient, town: Town) -> None:
    path = f"/v1/providers/{town.ids['gisenyi-hospital']}"
    item = client.get(path, query_string={"plan": "without_region", "duty": "CD"}).get_json()
    assert item["coverage"]["value"] == "outside"
    assert item["verdict"]["outpatient"]["value"] == "guarantee_letter"
    assert "verdict" not in client.get(path).get_json()
    fault_of(client.get(path, query_string={"plan": "nonsense"}), "plan")


def test_codes_name_the_plans(client: FlaskClient) -> None:
    plans = {plan["code"]: plan for plan in client.get("/v1/codes?lang=es").get_json()["plans"]}
    assert plans["local"]["label"] == "Personal local"
    assert plans["local"]["duty"] == []
    assert plans["with_region"]["duty"] == ["CD", "KE"]
    assert set(plans["with_region"]["networks"]) <= set(NETWORKS)
    assert plans["retired"]["staff"] == "retired"
