"""The pages of imports as a browser without script has them."""

import io
import re
from typing import Any

import pytest

from directory.wording.catalogue import phrase
from tests.engines.import_world import as_csv, clinic
from tests.http.imports.test_imports_kept import OTHER, PHONE, THIRD, setting
from tests.worlds.import_desk import ImportDesk, work
from tests.worlds.proposal_pages import Enter, Page


def bring(page: Page, desk: ImportDesk, content: str, name: str = "list.csv", **more: Any) -> str:
    """Bring a file by the form; the path of its page."""
    answer = page.send("/network/imports", file=(io.BytesIO(content.encode()), name), source=desk.source, **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def revision(page: Page, path: str) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="revision" value="(\d+)"', page.get(path))
    assert found
    return found[1]


def press(page: Page, path: str, action: str) -> str:
    """Press a button of the page; the page after the work was done."""
    page.follow(f"{path}/actions/{action}", revision=revision(page, path))
    work()
    return page.get(path)


def test_the_whole_way_without_script(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    path = bring(nadia, desk, as_csv(clinic("1"), clinic("2", type="spaceship")))
    waiting = nadia.get(path)
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "Being looked at" in waiting
    work()
    settling = nadia.get(path)
    assert re.search(r'<select id="column-1"[^>]*>.*?<option value="external_id" selected>', settling, re.DOTALL)
    nadia.follow(f"{path}/columns", revision=revision(nadia, path))
    work()
    previewed = nadia.get(path)
    assert "Apply: 1 new, 0 changed" in previewed
    assert "spaceship" in nadia.get(f"{path}?tab=set_aside")
    applied = press(nadia, path, "apply")
    assert "Applied: 1 new, 0 changed." in applied
    assert desk.listings().keys() == {"1"}
    assert "1 undone." in press(nadia, path, "undo")


def test_a_column_is_said_on_the_page(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    rows = (clinic(str(number), Xyz=f"+254 20 366 20{number}0") for number in range(1, 6))
    path = bring(nadia, desk, as_csv(*rows))
    work()
    assert "Is this the phone?" in nadia.get(path)
    nadia.follow(f"{path}/columns", revision=revision(nadia, path), **{"column-5": "phone"})
    work()
    press(nadia, path, "apply")
    assert desk.listings()["1"].facts["location"]["phones"] == ["+254203662010"]


def test_two_columns_that_are_said_to_be_one_are_told(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    path = bring(nadia, desk, as_csv(clinic("1", city="Nairobi")))
    work()
    nadia.follow(f"{path}/columns", revision=revision(nadia, path), **{"column-5": "name"})
    work()
    settling = nadia.get(path)
    assert "Columns to be settled" in settling
    assert "The column name is there twice" in settling


def test_a_difference_and_what_was_kept_are_shown(desk: ImportDesk, enter: Enter) -> None:
    desk.apply(clinic("1", phone=PHONE), clinic("2", phone=PHONE))
    desk.edit("1", setting("location", phones=[OTHER]))
    nadia = enter("nadia")
    path = bring(nadia, desk, as_csv(clinic("1", phone=THIRD), clinic("2", phone=THIRD)))
    work()
    nadia.follow(f"{path}/columns", revision=revision(nadia, path))
    work()
    changed = nadia.get(f"{path}?tab=changed")
    assert f"<bdi>{PHONE}</bdi></del>" in changed
    assert f"<bdi>{THIRD}</bdi></ins>" in changed
    assert "The team set this" in nadia.get(f"{path}?tab=unchanged")
    assert "the team’s own value was left" in nadia.get(f"{path}?tab=warned")


def test_what_was_touched_since_is_named_after_an_undo(desk: ImportDesk, enter: Enter) -> None:
    done = desk.apply(clinic("1"), clinic("2"))
    desk.edit("2", setting("location", email="new@clinic.example"))
    page = press(enter("nadia"), f"/network/imports/{done['id']}", "undo")
    assert "1 undone. Touched since, and left as they are: 1." in page
    assert "<bdi>Clinic 2</bdi>" in page


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"source": "s"}, 422, "Choose a file first."),
        ({"source": " ", "file": (b"a", "a.csv")}, 422, "Say who keeps the list"),
        ({"source": "s", "file": (b"", "a.csv")}, 422, "The file is empty."),
    ],
)
def test_what_is_wrong_with_a_form_stands_beside_its_field(
    desk: ImportDesk, enter: Enter, sent: dict[str, Any], status: int, said: str
) -> None:
    files = {name: (io.BytesIO(each[0]), each[1]) for name, each in sent.items() if name == "file"}
    page = enter("nadia").refused("/network/imports", status, **{**sent, **files})
    assert said in page
    assert 'aria-invalid="true"' in page


def test_a_form_sent_twice_brings_one_file(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    first = bring(nadia, desk, as_csv(clinic()), once="the same")
    assert bring(nadia, desk, as_csv(clinic()), once="the same") == first


def test_two_who_act_at_once_are_told(desk: ImportDesk, enter: Enter) -> None:
    nadia, omar = enter("nadia"), enter("omar")
    path = bring(nadia, desk, as_csv(clinic()))
    seen = revision(omar, path)
    nadia.follow(f"{path}/actions/drop", revision=seen)
    assert "was faster" in omar.refused(f"{path}/actions/drop", 409, revision=seen)


def test_a_failed_file_says_why(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    path = bring(nadia, desk, "%PDF-1.7", "list.pdf")
    work()
    assert phrase("en", "imports.why_file_kind") in nadia.get(path)


def test_officers_see_nothing_of_imports(desk: ImportDesk, enter: Enter) -> None:
    number = desk.bring(as_csv(clinic()))["id"]
    amina = enter("amina")
    for path in ("/network/imports", f"/network/imports/{number}", "/network/imports/sources"):
        amina.get(path, 403)
    assert "/network/imports" not in amina.get("/account")


def test_known_sources_are_offered_while_one_is_typed(desk: ImportDesk, enter: Enter) -> None:
    desk.apply(clinic())
    assert f'value="{desk.source}"' in enter("nadia").get(f"/network/imports/sources?source={desk.source[-8:]}")


def test_progress_is_told_and_the_page_is_loaded_anew_at_the_end(desk: ImportDesk, enter: Enter) -> None:
    nadia = enter("nadia")
    path = bring(nadia, desk, as_csv(clinic()))
    assert "<progress" in nadia.get(f"{path}/progress")
    work()
    assert nadia._client.get(f"{path}/progress").headers["HX-Refresh"] == "true"
