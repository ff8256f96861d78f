"""/v1/proposals: what comes in and what goes out, to whom."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.http.problem import problem_of
from tests.worlds.proposal_wire import AGREEMENT, BODY, HEAL_AFRICA, Wire
from tests.worlds.small_directory import World


def test_the_least_that_must_be_said_makes_a_draft(wire: Wire) -> None:
    answer = wire.ask(
        "amina",
        "POST",
        "",
        {"provider": {"name": "Clinique Ubora", "type": "clinic", "country": "cd"}, "need": {"reason": "other"}},
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body = answer.get_json()
    assert (body["state"], body["client"], body["supporters"], body["due"]) == ("draft", "unhcr", 0, None)
    assert body["actions"] == ["submit", "withdraw"]
    assert answer.headers["ETag"] == f'"{body["revision"]}"'


def test_a_proposal_that_is_sent_at_once_is_due_and_has_everything_that_is_promised(wire: Wire) -> None:
    body = wire.propose()
    assert set(body) >= {
        "id", "reference", "state", "client", "provider", "need", "supporters", "due", "actions",
        "possible_duplicates", "alternatives", "events", "listing_id", "revision",
    }  # fmt: skip
    assert body["state"] == "submitted"
    assert (body["due"]["what"], body["due"]["overdue"]) == ("triage", False)
    assert body["provider"]["phone"] == "+243998765432"
    assert [event["action"] for event in body["events"]] == ["open", "submit"]
    assert body["actions"] == ["withdraw"]
    assert wire.get("nadia", f"/{body['id']}")["actions"] == [
        "ask_information", "start_review", "decline", "mark_duplicate"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**BODY, "provider": {"type": "hospital", "country": "CD"}}, "/provider/name"),
        ({**BODY, "provider": {**HEAL_AFRICA, "type": "castle"}}, "/provider/type"),
        ({**BODY, "provider": {**HEAL_AFRICA, "country": "ZZ"}}, "/provider/country"),
        ({**BODY, "provider": {**HEAL_AFRICA, "lon": None}}, "/provider/lat"),
        ({**BODY, "provider": {**HEAL_AFRICA, "lat": 48.85, "lon": 2.35}}, "/provider/lat"),
        ({**BODY, "provider": {**HEAL_AFRICA, "lat": 91}}, "/provider/lat"),
        ({**BODY, "provider": {**HEAL_AFRICA, "email": "nobody"}}, "/provider/email"),
        ({**BODY, "provider": {**HEAL_AFRICA, "specialties": ["alchemy"]}}, "/provider/specialties"),
        ({**BODY, "need": {}}, "/need/reason"),
        ({**BODY, "need": {"reason": "because"}}, "/need/reason"),
        ({**BODY, "need": {"reason": "other", "people": -1}}, "/need/people"),
        ({"provider": HEAL_AFRICA}, "/need"),
        ({**BODY, "state": "listed"}, "/state"),
        ({**BODY, "client": "who"}, "/client"),
        ({**BODY, "owner": "nadia"}, "/owner"),
        ({**BODY, "provider": {**HEAL_AFRICA, "listing_id": "1"}}, "/provider/listing_id"),
        ([], ""),
    ],
)
def test_what_is_wrong_is_told_by_its_pointer_and_nothing_is_kept(wire: Wire, body: Any, pointer: str) -> None:
    told = problem_of(wire.ask("amina", "POST", "", body), 400)
    assert [fault["pointer"] for fault in told["errors"]] == [pointer]
    assert wire.get("amina")["total"] == 0


def test_an_action_the_state_does_not_allow_names_those_that_it_does(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    told = problem_of(wire.act("nadia", proposal, "agree"), 409, "transition-not-allowed")
    assert told["allowed"] == ["ask_information", "start_review", "decline", "mark_duplicate"]
    assert told["state"] == "submitted"


def test_an_action_of_the_other_role_is_forbidden_and_one_that_is_none_is_not_found(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    problem_of(wire.act("amina", proposal, "start_review"), 403, "not-allowed")
    problem_of(wire.act("nadia", proposal, "withdraw"), 403, "not-allowed")
    assert "start_review" in problem_of(wire.act("nadia", proposal, "approve"), 404, "not-found")["allowed"]


def test_a_stale_if_match_changes_nothing(wire: Wire) -> None:
    body = wire.propose()
    stale = f'"{body["revision"]}"'
    assert wire.act("nadia", body["id"], "start_review", If_Match=stale).status_code == 200
    told = problem_of(wire.act("nadia", body["id"], "contact", If_Match=stale), 412, "revision-conflict")
    assert told["revision"] == body["revision"] + 1
    for junk in ('"x"', "W/", '"999999999999999999999999"'):
        problem_of(wire.act("nadia", body["id"], "contact", If_Match=junk), 412, "revision-conflict")
    assert wire.act("nadia", body["id"], "contact", If_Match=f'W/"{told["revision"]}"').status_code == 200


def test_a_repeated_key_repeats_the_first_answer_and_does_nothing_twice(wire: Wire) -> None:
    first = wire.ask("amina", "POST", "", BODY, Idempotency_Key="k1")
    again = wire.ask("amina", "POST", "", BODY, Idempotency_Key="k1")
    assert (first.status_code, first.data, first.headers["ETag"]) == (
        again.status_code, again.data, again.headers["ETag"],
    )  # fmt: skip
    assert wire.get("amina")["total"] == 1
    problem_of(
        wire.ask("amina", "POST", "", {**BODY, "submit": False}, Idempotency_Key="k1"), 422, "idempotency-key-reused"
    )
    # Another's key of the same name is another key.
    assert wire.ask("bruno", "POST", "", BODY, Idempotency_Key="k1").get_json()["id"] != first.get_json()["id"]
    proposal = first.get_json()["id"]
    acted = [wire.act("nadia", proposal, "start_review", Idempotency_Key="k2") for _ in range(2)]
    assert acted[0].status_code == 200
    assert acted[0].data == acted[1].data
    said = [wire.ask("amina", "POST", f"/{proposal}/messages", {"text": "hi"}, Idempotency_Key="k3") for _ in range(2)]
    assert said[0].data == said[1].data
    assert len(wire.get("amina", f"/{proposal}")["messages"]) == 1


def test_a_request_that_failed_leaves_its_key_free(wire: Wire) -> None:
    proposal = wire.propose(submit=False)["id"]
    problem_of(wire.act("nadia", proposal, "start_review", Idempotency_Key="k"), 409, "transition-not-allowed")
    wire.walk(proposal, "submit")
    assert wire.act("nadia", proposal, "start_review", Idempotency_Key="k").status_code == 200


def test_the_whole_way_to_a_listing(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    body = wire.walk(proposal, "start_review", "contact", "negotiate", "agree", "list")
    assert (body["state"], body["actions"], body["due"]) == ("listed", [], None)
    listing = body["listing_id"]
    assert wire.get("amina", f"/{proposal}")["listing_id"] == listing
    shown = wire._client.get(f"/v1/providers/{listing}").get_json()
    assert shown["name"] == HEAL_AFRICA["name"]
    assert shown["location"] == {"lat": -1.6735, "lon": 29.2261, "precision": "exact"}
    assert shown["agreements"] == [{**AGREEMENT, "status": "active", "suspended_until": None, "instead": None}]
    assert shown["payment"]["inpatient"] == "Guarantee letter: ask 3 days before."


def test_a_draft_is_changed_in_parts_and_only_with_if_match(wire: Wire) -> None:
    body = wire.propose(submit=False)
    change = {"provider": {"name": "Heal Africa"}, "need": {"people": None}}
    problem_of(wire.ask("amina", "PATCH", f"/{body['id']}", change), 428, "if-match-needed")
    seen = f'"{body["revision"]}"'
    answer = wire.ask("amina", "PATCH", f"/{body['id']}", change, If_Match=seen)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    after = answer.get_json()
    assert (after["provider"]["name"], after["provider"]["city"]) == ("Heal Africa", "Goma")
    assert (after["need"]["people"], after["need"]["reason"]) == (None, "none_nearby")
    problem_of(wire.ask("amina", "PATCH", f"/{body['id']}", change, If_Match=seen), 412, "revision-conflict")
    wire.walk(body["id"], "submit")
    problem_of(wire.ask("amina", "PATCH", f"/{body['id']}", change, If_Match="*"), 428, "if-match-needed")
    sent = wire.get("amina", f"/{body['id']}")["revision"]
    problem_of(
        wire.ask("amina", "PATCH", f"/{body['id']}", change, If_Match=f'"{sent}"'), 409, "transition-not-allowed"
    )


def test_words_come_in_the_readers_language(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    assert wire.get("amina", f"/{proposal}")["state_label"] == "Envoyée"
    assert wire.get("amina", f"/{proposal}?lang=ar")["state_label"] == "أُرسل"
    assert wire.get("nadia", f"/{proposal}")["progress"].startswith("Sent — a first look by ")
    asked = wire.walk(proposal, "ask_information")
    assert asked["due"] == {
        "what": "information", "on": None, "overdue": False, "days": None, "label": "Waiting for the officer’s answer",
    }  # fmt: skip


def test_a_decline_has_a_reason_in_the_officers_language_and_alternatives(wire: Wire) -> None:
    proposal = wire.propose(provider={**HEAL_AFRICA, "type": "clinic", "specialties": []}, need={"reason": "other"})
    wire.walk(proposal["id"], "decline")
    body = wire.get("amina", f"/{proposal['id']}")
    assert body["reason"] == "Il y a assez de prestataires du réseau à proximité."
    assert body["message"] == "Three others are near."
    assert [item["name"] for item in body["alternatives"]][:1] == ["Goma Walk-in Clinic 5"]
    distances = [item["distance_km"] for item in body["alternatives"]]
    assert distances == sorted(distances)
    assert all(item["agreements"] for item in body["alternatives"])


def test_the_queue_is_the_teams_and_the_list_is_the_clients(wire: Wire) -> None:
    draft, sent = wire.propose(submit=False), wire.propose()
    other = wire.propose("chen", provider={**HEAL_AFRICA, "country": "KE", "city": "Nairobi", "lat": None, "lon": None})
    queue = wire.get("nadia")
    assert {item["id"] for item in queue["items"]} == {sent["id"], other["id"]}
    assert queue["counts"] == {
        "open": 2, "due_today": 0, "overdue": 0, "unowned": 2, "yours": 0, "waiting": 0,
    }  # fmt: skip
    assert [item["id"] for item in wire.get("nadia", "?country=ke")["items"]] == [other["id"]]
    assert wire.get("nadia", "?owner=me")["total"] == 0
    wire.ask("nadia", "POST", f"/{other['id']}/owner")
    assert [item["owner"] for item in wire.get("nadia", "?owner=me")["items"]] == ["nadia"]
    own = wire.get("bruno")
    assert [item["id"] for item in own["items"]] == [draft["id"], sent["id"]]
    assert own["counts"] is None
    assert own["items"][1]["owner"] is None
    problem_of(wire.ask("nadia", "GET", "?state=lost"), 400)
    problem_of(wire.ask("nadia", "GET", "?sort=name"), 400)


def test_messages_notes_and_contacts_reach_whom_they_are_for(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    where = f"/{proposal}/messages"
    assert wire.ask("amina", "POST", where, {"text": "Any news?"}).status_code == 201
    assert wire.ask("nadia", "POST", where, {"text": "Soon."}).status_code == 201
    assert wire.ask("nadia", "POST", where, {"text": "They ask 30 % more", "kind": "note"}).status_code == 201
    called = {"text": "Spoke to the director", "kind": "contact", "channel": "call"}
    assert wire.ask("nadia", "POST", where, called).status_code == 201
    problem_of(wire.ask("amina", "POST", where, {"text": "x", "kind": "note"}), 403, "not-allowed")
    problem_of(wire.ask("nadia", "POST", where, {"text": "x", "channel": "call"}), 400)
    problem_of(wire.ask("nadia", "POST", where, {"text": " "}), 400)
    seen = wire.get("amina", f"/{proposal}")["messages"]
    assert [(each["text"], each["by"]) for each in seen] == [
        ("Any news?", {"side": "officer", "name": "amina"}),
        ("Soon.", {"side": "team", "name": None}),
    ]
    assert len(wire.get("omar", f"/{proposal}")["messages"]) == 4


def test_look_alikes_are_found_while_the_name_is_typed(wire: Wire) -> None:
    wire.propose("chen")
    found = wire.get("amina", "/matches?name=Heal Afrika&country=CD&city=Goma&type=clinic")
    [proposed] = found["possible_duplicates"]["proposals"]
    assert (proposed["name"], proposed["own"], proposed["supporters"]) == ("Hôpital Heal Africa", False, 0)
    assert found["alternatives"][0]["payment"]["outpatient"]
    [listed] = wire.get("amina", "/matches?name=Aga Khan&country=KE&lang=en")["possible_duplicates"]["listings"]
    assert (listed["name"], listed["in_network"]) == ("Aga Khan University Hospital", True)
    assert "Your card is accepted here." in listed["payment"]["outpatient"]
    problem_of(wire.ask("amina", "GET", "/matches?name=x"), 400)
    problem_of(wire.ask("amina", "GET", "/matches?name=x&country=ZZ"), 400)


def test_what_looks_like_a_patient_is_hinted_at_and_kept(wire: Wire) -> None:
    body = wire.propose(provider={**HEAL_AFRICA, "address": "Ward where my wife is treated for cancer"})
    assert [(hint["pointer"], hint["kind"]) for hint in body["hints"]] == [
        ("/provider/address", "person"), ("/provider/address", "health")
    ]  # fmt: skip


def test_an_officer_backs_what_another_client_proposed_and_learns_the_count_only(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    first = wire.ask("chen", "POST", f"/{proposal}/supporters")
    assert (first.status_code, first.get_json()) == (201, {"supporters": 1})
    assert wire.ask("chen", "POST", f"/{proposal}/supporters").get_json() == {"supporters": 1}
    assert wire.ask("bruno", "POST", f"/{proposal}/supporters").get_json() == {"supporters": 2}
    problem_of(wire.ask("amina", "POST", f"/{proposal}/supporters"), 409, "transition-not-allowed")
    problem_of(wire.ask("nadia", "POST", f"/{proposal}/supporters"), 403, "not-allowed")
    problem_of(wire.ask("chen", "GET", f"/{proposal}"), 404, "not-found")
    assert wire.get("amina", f"/{proposal}")["supporters"] == 2
    [backed] = wire.get("chen")["backed"]
    assert set(backed) == {"id", "name", "type", "type_label", "city", "country", "state_label", "supporters", "own"}
    draft = wire.propose(submit=False)["id"]
    problem_of(wire.ask("chen", "POST", f"/{draft}/supporters"), 404, "not-found")


def test_an_officers_message_is_the_answer_and_hints_tell_of_patients(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    wire.walk(proposal, "start_review", "ask_information")
    said = [(wire.get(who, f"/{proposal}?lang=en"), who) for who in ("amina", "bruno", "nadia")]
    assert [body["waits_for"] for body, _ in said] == ["you", "colleague", "officer"]
    assert [body["state_label"] for body, _ in said] == [
        "Waiting for you", "Waiting for amina", "Waiting for the officer’s answer",
    ]  # fmt: skip
    assert [body["progress"] for body, _ in said][1:] == ["Waiting for amina", "Waiting for the officer’s answer"]
    assert wire.get("nadia")["counts"]["waiting"] == 1
    answer = wire.ask("amina", "POST", f"/{proposal}/messages", {"text": "For my wife, who has cancer"})
    assert [(hint["pointer"], hint["kind"]) for hint in answer.get_json()["hints"]] == [
        ("/text", "person"), ("/text", "health"),
    ]  # fmt: skip
    body = wire.get("nadia", f"/{proposal}")
    assert (body["state"], body["answered"], body["waits_for"]) == ("under_review", True, "you")
    assert wire.get("nadia")["counts"]["yours"] == 1
    wire.walk(proposal, "contact")
    assert wire.get("omar", f"/{proposal}")["answered"] is False
    assert wire.get("omar", f"/{proposal}")["waits_for"] == "team"


def test_another_clients_officer_reads_of_no_one_that_it_waits_for(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    wire.ask("chen", "POST", f"/{proposal}/supporters")
    wire.walk(proposal, "ask_information")
    [backed] = wire.get("chen", "?lang=en")["backed"]
    assert backed["state_label"] == "Waiting for the officer’s answer"


def test_the_team_corrects_what_was_proposed_and_agreed_until_it_is_listed(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    body = wire.walk(proposal, "start_review", "contact", "agree")
    change = {
        "provider": {"name": "Hôpital Heal Africa de Goma", "type": "clinic", "phone": "+243998000111"},
        "agreement": {"notice_days": 30, "inpatient": "none"},
    }
    problem_of(wire.ask("nadia", "PATCH", f"/{proposal}", change), 428, "if-match-needed")
    seen = f'"{body["revision"]}"'
    answer = wire.ask("nadia", "PATCH", f"/{proposal}", change, If_Match=seen)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    after = answer.get_json()
    assert (after["provider"]["name"], after["provider"]["city"]) == ("Hôpital Heal Africa de Goma", "Goma")
    assert {**AGREEMENT, "notice_days": 30, "inpatient": "none"}.items() <= after["agreement"].items()
    assert [event["action"] for event in after["events"]][-2:] == ["correct", "correct_terms"]
    problem_of(wire.ask("omar", "PATCH", f"/{proposal}", change, If_Match=seen), 412, "revision-conflict")
    assert [event["action"] for event in wire.get("amina", f"/{proposal}")["events"]][-1] == "correct"
    listed = wire.walk(proposal, "list")
    shown = wire._client.get(f"/v1/providers/{listed['listing_id']}").get_json()
    assert (shown["name"], shown["type"], shown["agreements"][0]["notice_days"]) == (
        "Hôpital Heal Africa de Goma", "clinic", 30,
    )  # fmt: skip
    late = wire.ask("nadia", "PATCH", f"/{proposal}", change, If_Match=f'"{listed["revision"]}"')
    problem_of(late, 409, "transition-not-allowed")


def test_a_new_listing_with_open_points_says_why(wire: Wire) -> None:
    bare = {**{name: HEAL_AFRICA[name] for name in ("type", "country", "city")}, "name": "Dispensaire du Volcan"}
    proposal = wire.propose(provider=bare)["id"]
    body = wire.walk(proposal, "start_review", "contact", "agree")
    assert body["open_points"] == ["phone", "where"]
    for said in ({}, {"passed_over": "  "}):
        refused = problem_of(wire.act("nadia", proposal, "list", said, Idempotency_Key="k9"), 400, "invalid-request")
        [error] = refused["errors"]
        assert (error["pointer"], error["allowed"]) == ("/passed_over", ["phone", "where"])
    # Who may not list is told that, and a revision that is past says so, whatever is open.
    problem_of(wire.act("amina", proposal, "list", {}), 403, "not-allowed")
    problem_of(wire.act("nadia", proposal, "list", {}, If_Match='"1"'), 412, "revision-conflict")
    said = {"passed_over": "They have no phone yet."}
    listed = [wire.act("nadia", proposal, "list", said, Idempotency_Key="k9") for _ in range(2)]
    assert [each.status_code for each in listed] == [200, 200]
    assert listed[0].data == listed[1].data
    assert said["passed_over"] in [each["text"] for each in wire.get("nadia", f"/{proposal}")["messages"]]
    assert said["passed_over"] not in [each["text"] for each in wire.get("amina", f"/{proposal}")["messages"]]


def test_a_listing_that_is_there_is_extended_without_a_word_on_open_points(wire: Wire, world: World) -> None:
    proposal = wire.propose(provider={**HEAL_AFRICA, "phone": None})["id"]
    wire.walk(proposal, "start_review", "contact", "agree")
    listing = str(world.ids["no-agreement"])
    assert wire.act("nadia", proposal, "list", {"listing_id": listing}).get_json()["listing_id"] == listing


@pytest.mark.parametrize(
    ("who", "change", "status"),
    [
        ("amina", {"agreement": {"notice_days": 30}}, 403),
        ("nadia", {"consent_named": False}, 403),
        ("nadia", {"agreement": {"notice_days": 120}}, 400),
        ("nadia", {"agreement": {"network": "nowhere"}}, 400),
        ("nadia", {"agreement": {"price": 3}}, 400),
        ("nadia", {"provider": {"name": ""}}, 400),
    ],
)
def test_what_is_not_the_readers_to_correct_is_refused(
    wire: Wire, who: str, change: dict[str, Any], status: int
) -> None:
    body = wire.walk(wire.propose()["id"], "start_review", "contact", "agree")
    answer = wire.ask(who, "PATCH", f"/{body['id']}", change, If_Match=f'"{body["revision"]}"')
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert wire.get("nadia", f"/{body['id']}")["revision"] == body["revision"]


def test_what_is_open_before_listing_is_told_and_a_look_alike_is_answered(wire: Wire) -> None:
    bare = {"name": "Goma Walk-in Clinic 5", "type": "clinic", "country": "CD", "city": "Goma"}
    proposal = wire.propose(provider=bare)
    assert proposal["open_points"] == []  # none of the officer's business
    before = wire.get("nadia", f"/{proposal['id']}")
    assert before["open_points"] == ["phone", "where", "look_alikes"]
    where = f"/{proposal['id']}/not-same"
    for listing in before["possible_duplicates"]["listings"]:
        after = wire.ask("nadia", "POST", where, {"listing_id": listing["id"]}).get_json()
    assert after["open_points"] == ["phone", "where"]
    assert wire.ask("nadia", "POST", where, {}).status_code == 400
    assert wire.ask("amina", "POST", where, {"listing_id": "1"}).status_code == 403


def test_an_officer_is_reminded_and_the_question_is_taken_back(wire: Wire) -> None:
    proposal = wire.propose()["id"]
    for action, state in (("start_review", "under_review"), ("ask_information", "needs_information"),
                          ("remind", "needs_information"), ("withdraw_question", "under_review"),
                          ("ask_information", "needs_information"), ("decline", "declined_by_network")):  # fmt: skip
        assert wire.walk(proposal, action)["state"] == state
    assert wire.act("nadia", proposal, "remind").status_code == 409
    assert wire.act("amina", proposal, "remind").status_code == 403


def test_the_queue_is_searched(wire: Wire) -> None:
    proposal = wire.propose()
    for words in ("heal afr", "hôpital GOMA", proposal["reference"].lower(), "refugee"):
        assert wire.get("nadia", f"?q={quote(words)}")["total"] == 1, words
    assert wire.get("nadia", "?q=heal+%25")["total"] == 0


def test_what_is_urgent_is_looked_at_sooner(wire: Wire) -> None:
    urgent, other = (wire.propose(need={"reason": "none_nearby", "urgency": each}) for each in ("high", "normal"))
    assert (urgent["due"]["days"], other["due"]["days"]) == (1, 2)
