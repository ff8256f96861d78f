"""/v1/imports: a file goes its way, and everybody sees at each step where it stands and what may be done."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from directory.db import get_engine, transaction
from directory.imports import import_file
from directory.imports.desk import bringing, outcomes
from geodata.gazetteer import get_gazetteer
from tests.engines.import_world import as_csv, clinic
from tests.http.problem import problem_of
from tests.worlds.import_desk import ImportDesk, query, work

FRENCH = (
    "Liste des prestataires 2026\n\nCode;Nom;Type de structure;Pays;Contact;Remarques\n"
    "1;Clinique A;clinique;Sénégal;+221 33 869 18 18;x\n2;Pharmacie B;pharmacie;Sénégal;;\n"
)


def test_a_file_goes_from_upload_by_preview_to_applied(desk: ImportDesk) -> None:
    brought = desk.bring(as_csv(clinic("1"), clinic("2"), clinic("3", country="Nowhere")))
    assert (brought["state"], brought["counts"], brought["rejects_file"]) == ("uploaded", None, None)
    work()
    looked = desk.get(f"/{brought['id']}")
    assert looked["state"] == "columns"
    assert looked["actions"] == ["preview", "drop"]
    previewed = desk.act(brought["id"], "preview")
    assert previewed["state"] == "previewed"
    assert previewed["counts"] == {"rows": 3, "created": 2, "changed": 0, "unchanged": 0, "set_aside": 1}
    assert desk.listings() == {}
    applied = desk.act(brought["id"], "apply")
    assert (applied["state"], applied["counts"]) == ("applied", previewed["counts"])
    assert desk.listings().keys() == {"1", "2"}
    assert applied["actions"] == ["undo"]


def test_a_preview_may_be_asked_for_before_anybody_looked(desk: ImportDesk) -> None:
    brought = desk.bring(as_csv(clinic()))
    assert desk.act(brought["id"], "preview")["state"] == "previewed"


def test_columns_are_shown_with_a_guess_and_some_values_whatever_their_language(desk: ImportDesk) -> None:
    number = desk.bring(FRENCH)["id"]
    work()
    columns = desk.get(f"/{number}")["columns"]
    assert [(each["name"], each["field"]) for each in columns] == [
        ("Code", "external_id"),
        ("Nom", "name"),
        ("Type de structure", "type"),
        ("Pays", "country"),
        ("Contact", "phone"),
        ("Remarques", None),
    ]
    assert columns[1]["samples"] == ["Clinique A", "Pharmacie B"]
    assert columns[4]["samples"] == ["+221 33 869 18 18"]


def test_a_column_that_would_be_lost_is_asked_about_and_then_read_as_told(desk: ImportDesk) -> None:
    rows = (clinic(str(number), Xyz=f"+254 20 366 20{number}0") for number in range(1, 6))
    number = desk.bring(as_csv(*rows))["id"]
    asked = desk.act(number, "preview")
    assert asked["state"] == "columns"
    [question] = [each["question"] for each in asked["columns"] if each["question"]]
    assert question["field"] == "phone"
    told = desk.ask("nadia", "PATCH", f"/{number}", {"columns": {"Xyz": "phone"}}, If_Match=f'"{asked["revision"]}"')
    assert told.status_code == 200
    assert [each["how"] for each in told.get_json()["columns"] if each["name"] == "Xyz"] == ["told"]
    desk.act(number, "preview", "apply")
    assert desk.listings()["1"].facts["location"]["phones"] == ["+254203662010"]


def test_what_a_column_must_be_is_named_where_none_is_it(desk: ImportDesk) -> None:
    number = desk.bring("Xq,Zw,country\n1,A,KE\n")["id"]
    work()
    looked = desk.get(f"/{number}")
    assert (looked["state"], looked["missing"]) == ("columns", ["external_id", "name", "type"])
    assert desk.act(number, "preview")["state"] == "columns"


def test_columns_may_be_told_before_they_were_looked_at(desk: ImportDesk) -> None:
    brought = desk.bring("a,b,c,d\n1,Clinic,clinic,KE\n")
    told = {"columns": {"a": "external_id", "b": "name", "c": "type", "d": "country"}}
    answer = desk.ask("nadia", "PATCH", f"/{brought['id']}", told, If_Match=str(brought["revision"]))
    assert answer.status_code == 200
    assert desk.act(brought["id"], "preview", "apply")["counts"]["created"] == 1


def test_what_is_said_of_columns_that_are_not_there_is_refused(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(clinic()))["id"]
    work()
    for columns in ({"Nothing": "phone"}, {"name": "nonsense"}):
        answer = desk.ask("nadia", "PATCH", f"/{number}", {"columns": columns}, If_Match="*")
        assert answer.status_code == 400
        assert answer.get_json()["errors"][0]["pointer"].startswith("/columns")


def test_a_stale_revision_is_told_and_none_is_asked_for(desk: ImportDesk) -> None:
    brought = desk.bring(as_csv(clinic()))
    columns = {"columns": {"name": None}}
    assert desk.ask("nadia", "PATCH", f"/{brought['id']}", columns).status_code == 428
    assert desk.ask("nadia", "PATCH", f"/{brought['id']}", columns, If_Match='"1"').status_code == 200
    for method, path, body in (("PATCH", "", columns), ("POST", "/actions/drop", None)):
        refused = desk.ask("omar", method, f"/{brought['id']}{path}", body, If_Match='"1"')
        told = problem_of(refused, 412, "revision-conflict")
        assert (told["revision"], told["current"], told["changed"]) == (
            2,
            desk.get(f"/{brought['id']}"),
            ["columns", "state"],
        )
        assert refused.headers["ETag"] == '"2"'
    desk.act(brought["id"], "drop")
    told = problem_of(
        desk.ask("omar", "POST", f"/{brought['id']}/actions/apply", If_Match='"2"'), 412, "revision-conflict"
    )
    assert (told["current"]["state"], told["changed"]) == ("dropped", ["state"])


def test_rows_say_what_becomes_of_each(desk: ImportDesk) -> None:
    desk.apply(clinic("1", phone="+254 20 366 2000"), clinic("2"), clinic("3"))
    rows = (
        clinic("1", phone="+254 20 366 2001"),
        clinic("2", phone=""),
        clinic("4", phone=""),
        clinic("5", phone="", type="spaceship"),
    )
    number = desk.bring(as_csv(*rows))["id"]
    assert desk.act(number, "preview")["counts"]["changed"] == 1
    [changed] = desk.rows(number, "changed")
    assert changed["line"] == 2
    assert changed["name"] == "Clinic 1"
    assert changed["listing_id"] == str(desk.listings()["1"].listing_id)
    assert changed["changes"] == [{"field": "phones", "before": ["+254203662000"], "after": ["+254203662001"]}]
    [created] = desk.rows(number, "created")
    assert (created["external_id"], created["listing_id"]) == ("4", None)
    [set_aside] = desk.rows(number, "set_aside")
    assert (set_aside["line"], set_aside["column"]) == (5, "type")
    assert "spaceship" in set_aside["reason"]
    assert [each["external_id"] for each in desk.rows(number, "unchanged")] == ["2"]
    desk.act(number, "apply")
    [made] = desk.rows(number, "created")
    assert made["listing_id"] == str(desk.listings()["4"].listing_id)


def test_rows_that_are_as_they_were_are_named_too(desk: ImportDesk) -> None:
    desk.apply(clinic("1"), clinic("2"))
    number = desk.bring(as_csv(clinic("1"), clinic("2")))["id"]
    assert desk.act(number, "preview")["counts"]["unchanged"] == 2
    assert [(each["line"], each["name"]) for each in desk.rows(number, "unchanged")] == [
        (2, "Clinic 1"),
        (3, "Clinic 2"),
    ]


def test_rows_come_page_by_page(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(*(clinic(str(each)) for each in range(7))))["id"]
    desk.act(number, "preview")
    page = desk.get(f"/{number}/rows?outcome=created&limit=3")
    assert (page["total"], page["kept"], len(page["items"])) == (7, 7, 3)
    seen = [each["line"] for each in page["items"]]
    while page["links"]["next"]:
        page = desk.get(page["links"]["next"].removeprefix("/v1/imports"))
        seen += [each["line"] for each in page["items"]]
    assert seen == [2, 3, 4, 5, 6, 7, 8]


def test_warnings_name_their_lines_and_all_are_in_a_file(desk: ImportDesk) -> None:
    rows = (clinic("1", city="Nairobi", lat="36.8167", lon="-1.2636"), clinic("2", city="Nairobi", lat="", lon=""))
    number = desk.bring(as_csv(*rows))["id"]
    previewed = desk.act(number, "preview")
    assert previewed["warnings"] == {
        "placed_by_city": {"count": 1, "lines": [3]},
        "swapped": {"count": 1, "lines": [2]},
    }
    assert {(each["line"], each["kind"]) for each in desk.rows(number, "warned")} == {
        (2, "swapped"),
        (3, "placed_by_city"),
    }
    file = desk.ask("nadia", "GET", f"/{number}/warnings.csv")
    assert file.get_data(as_text=True).splitlines()[1].startswith("2,1,Clinic 1,swapped")


def test_the_file_of_warnings_is_whole_and_in_the_order_of_the_file(
    desk: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "MOST_KEPT", 5)
    rows = [clinic(f"{number % 7}-{number}", name="=cmd()", city="Nairobi", lat="", lon="") for number in range(40)]
    number = desk.bring(as_csv(*rows))["id"]
    assert desk.act(number, "preview")["warnings"]["placed_by_city"]["count"] == 40
    assert len(desk.rows(number, "warned")) == 5
    for _ in range(2):
        answer = desk.ask("nadia", "GET", f"/{number}/warnings.csv")
        assert answer.is_streamed
        lines = list(csv.reader(answer.get_data(as_text=True).lstrip("\ufeff").splitlines()))
        assert [line[0] for line in lines] == ["line", *map(str, range(2, 42))]
        assert {line[2] for line in lines[1:]} == {"'=cmd()"}
        if desk.get(f"/{number}")["state"] == "previewed":
            desk.act(number, "apply")


def test_the_file_of_rejects_can_be_mended_and_brought_again(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(clinic("1"), clinic("2", type="=spaceship()")))["id"]
    applied = desk.act(number, "preview", "apply")
    assert applied["rejects_file"] == f"/v1/imports/{number}/rejects.csv"
    rejects = desk.ask("nadia", "GET", f"/{number}/rejects.csv").get_data(as_text=True)
    assert "'=spaceship()" in rejects
    again = desk.act(desk.bring(rejects.replace("'=spaceship()", "clinic"))["id"], "preview", "apply")
    assert again["counts"]["created"] == 1


def test_an_applied_import_is_undone_and_what_was_touched_since_is_named(desk: ImportDesk) -> None:
    done = desk.apply(clinic("1"), clinic("2"))
    desk.edit("2", lambda facts: {**facts, "location": {**facts["location"], "email": "new@clinic.example"}})
    undone = desk.act(done["id"], "undo")
    assert undone["state"] == "undone"
    assert undone["undo"]["retired"] == 1
    assert [each["external_id"] for each in undone["undo"]["left"]] == ["2"]
    assert desk.listings()["1"].facts["listing"]["status"] == "retired"
    assert undone["actions"] == []


def test_a_dropped_import_leaves_nothing_but_its_line_in_the_list(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(clinic()))["id"]
    desk.act(number, "preview")
    dropped = desk.act(number, "drop")
    assert (dropped["state"], dropped["counts"], dropped["actions"]) == ("dropped", None, [])
    assert desk.rows(number, "created") == []
    assert query("SELECT count(*) FROM import_piece WHERE import_id = %s", int(number)) == [(0,)]
    assert number in [each["id"] for each in desk.get()["items"]]


@pytest.mark.parametrize("action", ["apply", "undo"])
def test_what_the_state_does_not_allow_is_told_with_what_it_does(desk: ImportDesk, action: str) -> None:
    number = desk.bring(as_csv(clinic()))["id"]
    answer = desk.ask("nadia", "POST", f"/{number}/actions/{action}")
    assert answer.status_code == 409
    assert answer.get_json()["allowed"] == ["preview", "drop"]
    assert desk.ask("nadia", "POST", f"/{number}/actions/nonsense").status_code == 404


def test_columns_told_after_a_preview_take_it_back(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(clinic("1", city="Nairobi")))["id"]
    previewed = desk.act(number, "preview")
    told = desk.ask("nadia", "PATCH", f"/{number}", {"columns": {"city": None}}, If_Match=str(previewed["revision"]))
    assert (told.get_json()["state"], told.get_json()["counts"]) == ("columns", None)
    assert desk.get(f"/{number}/rows?outcome=created")["total"] == 0
    desk.act(number, "preview", "apply")
    assert desk.listings()["1"].facts["location"]["city"] is None


def test_what_is_said_before_the_header_is_known_and_is_not_of_it_is_told(desk: ImportDesk) -> None:
    brought = desk.bring(as_csv(clinic()))
    desk.ask("nadia", "PATCH", f"/{brought['id']}", {"columns": {"Nothing": "phone"}}, If_Match="*")
    work()
    looked = desk.get(f"/{brought['id']}")
    assert looked["state"] == "columns"
    assert "The header has no column 'Nothing'" in looked["problem"]
    assert desk.act(brought["id"], "preview")["state"] == "previewed"


def test_an_import_of_the_command_stands_in_the_list_and_can_be_undone(desk: ImportDesk, tmp_path: Path) -> None:
    path = tmp_path / "command.csv"
    path.write_text(as_csv(clinic("1"), clinic("2", type="spaceship")), encoding="utf-8")
    report = import_file(path, source=desk.source, engine=get_engine(), gazetteer=get_gazetteer())
    [told] = [each for each in desk.get()["items"] if each["id"] == str(report.import_id)]
    assert (told["state"], told["size"], told["counts"]["set_aside"]) == ("applied", None, 1)
    assert desk.get(f"/{told['id']}")["rejects_file"] is None
    assert desk.act(told["id"], "undo")["undo"]["retired"] == 1


def test_files_that_nobody_touched_for_long_are_removed_and_what_waited_is_dropped(desk: ImportDesk) -> None:
    waiting, done = desk.bring(as_csv(clinic()))["id"], desk.apply(clinic())["id"]
    desk.act(waiting, "preview")
    now = dt.datetime.now(dt.UTC)
    with transaction() as session:
        assert bringing.tidy(session, now + dt.timedelta(days=29)) == 0
        assert bringing.tidy(session, now + dt.timedelta(days=31)) >= 2
    assert [desk.get(f"/{each}")["state"] for each in (waiting, done)] == ["dropped", "applied"]
    kept = "SELECT count(*) FROM import_piece WHERE import_id = ANY(%s)"
    assert query(kept, [int(waiting), int(done)]) == [(0,)]
    assert desk.act(done, "undo")["state"] == "undone"


def test_a_file_that_is_no_list_of_providers_fails_with_a_sentence(desk: ImportDesk) -> None:
    number = desk.bring(b"%PDF-1.7 nothing", "list.pdf")["id"]
    work()
    failed = desk.get(f"/{number}")
    assert failed["state"] == "failed"
    assert failed["problem"] == "list.pdf is a PDF. CSV, XLSX and NDJSON can be imported."


def test_what_is_sent_again_is_done_once(desk: ImportDesk) -> None:
    content = as_csv(clinic())
    first = desk.send(content, Idempotency_Key="one")
    second = desk.send(content, Idempotency_Key="one")
    assert (first.status_code, first.get_json()) == (second.status_code, second.get_json())
    other = desk.send(content, source="another", Idempotency_Key="one")
    assert other.status_code == 422


def test_a_file_without_words_or_content_is_refused(desk: ImportDesk) -> None:
    assert desk.send(as_csv(clinic()), source=" ").get_json()["errors"][0]["pointer"] == "/source"
    assert desk.send(b"").get_json()["errors"][0]["pointer"] == "/file"
    assert desk.ask("nadia", "POST").get_json()["errors"][0]["pointer"] == "/file"


def test_nobody_else_brings_or_sees_files(desk: ImportDesk) -> None:
    number = desk.bring(as_csv(clinic()))["id"]
    paths = ("", f"/{number}", f"/{number}/rows?outcome=created", f"/{number}/rejects.csv", f"/{number}/warnings.csv")
    assert [desk.ask("amina", "GET", path).status_code for path in paths] == [403] * 5
    assert [desk.ask(None, "GET", path).status_code for path in paths] == [401] * 5
    assert desk.send(as_csv(clinic()), who="amina").status_code == 403
    assert [desk.ask("root", "GET", path).status_code for path in paths] == [200] * 5
    assert desk.ask("amina", "POST", f"/{number}/actions/drop").status_code == 403


def test_an_import_that_is_not_there_is_not_found(desk: ImportDesk) -> None:
    for number in ("999999", "x", "9" * 30):
        assert desk.ask("nadia", "GET", f"/{number}").status_code == 404


def test_everything_that_people_do_with_imports_is_in_the_audit(desk: ImportDesk) -> None:
    done = desk.apply(clinic())
    desk.act(done["id"], "undo", who="omar")
    told = query("SELECT actor, action FROM audit_entry WHERE subject = %s ORDER BY id", f"import:{done['id']}")
    assert told == [
        ("nadia", "bring"),
        ("nadia", "preview"),
        ("nadia", "apply"),
        ("nadia", "import"),
        ("omar", "undo"),
        ("omar", "undo"),
    ]
