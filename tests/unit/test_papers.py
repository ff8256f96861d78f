"""Sheets and codes on paper: what is read off a PDF, whatever the script, and what a code admits."""

import pypdfium2
import pytest

from directory.papers import codes
from directory.papers.poster import Entry, Poster, draw_poster
from directory.papers.sheet import Sheet, direction_of, drawable


def read(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return texts


def test_arabic_is_shaped_and_begins_at_the_right() -> None:
    sheet = Sheet("ar", "قائمة", "")
    sheet.write_at(0, 100, "مستشفى السلام", size=20)
    document = pypdfium2.PdfDocument(sheet.finish())
    page = document[0].get_textpage()
    boxes = [page.get_charbox(number) for number in range(page.count_chars())]
    letters = [chr(ord(page.get_text_range(number, 1))) for number in range(page.count_chars())]
    document.close()
    # From right to left: what is read first stands farthest right, by the margin of the page.
    first = max(boxes, key=lambda box: box[2])
    assert first[2] > (210 - 20) / 25.4 * 72
    assert {letter for letter in letters if letter.strip()}


@pytest.mark.parametrize("bold", [False, True])
def test_shaped_words_are_searched_and_copied_as_they_are_spelled(bold: bool) -> None:
    sheet = Sheet("ar", "x", "")
    sheet.write_at(0, 120, "مقدمو الخدمات بالدفع المباشر", size=12, bold=bold)
    assert "مقدمو الخدمات بالدفع المباشر" in read(sheet.finish())[0]


def test_joined_letters_have_forms_of_their_own() -> None:
    def glyphs(said: str) -> set[bytes]:
        sheet = Sheet("ar", "x", "")
        sheet.set_compression(False)
        sheet.write_at(0, 100, said, size=20)
        return {part for part in sheet.finish().split(b"\n") if b"Tj" in part or b"TJ" in part}

    # Apart by a zero-width non-joiner, the same letters are drawn by other glyphs.
    assert glyphs("ب‌ب‌ب") != glyphs("ببب")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("北京协和医院", "BeiJingXieHeYiYuan"),
        ("Clinique d’Étoile", "Clinique d’Étoile"),
        ("مستشفى", "مستشفى"),
        ("a\u202eb\u200fc\nd", "abc d"),
        ("Больница №1", "Больница №1"),
    ],
)
def test_what_no_font_has_is_written_in_latin_letters(said: str, shown: str) -> None:
    assert drawable(said) == shown


def test_direction_is_that_of_the_first_letter() -> None:
    assert direction_of("12 مستشفى", "ltr") == "rtl"
    assert direction_of("12 Hope", "rtl") == "ltr"
    assert direction_of("12", "rtl") == "rtl"


def test_long_words_and_many_are_wrapped_into_the_box() -> None:
    sheet = Sheet("en", "x", "")
    assert sheet.height_of(30, "word " * 30) > 5 * sheet.height_of(30, "word")
    assert sheet.height_of(30, "x" * 200) > 3 * sheet.height_of(30, "x")
    assert sheet.write_at(0, 30, "word " * 30, lines=2) == pytest.approx(2 * sheet.height_of(30, "word"))


def test_lines_of_both_scripts_in_one_box_are_all_read_again() -> None:
    sheet = Sheet("ar", "x", "")
    sheet.write_at(0, 40, "هل ما زالت هذه القائمة هي الأحدث https://directory.example/list/check/abcdefgh", size=8)
    assert "directory.example" in read(sheet.finish())[0].replace("\r\n", "").replace("\ufffe", "")


ENTRY = Entry("Hope Hospital", "مستشفى الأمل", "1 High Street", "1.4 km", "+254203662000", "Your card is accepted.")


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("many", [0, 1, 12])
def test_a_poster_is_one_page_whatever_stands_on_it(lang: str, many: int) -> None:
    groups = [("Hospital", [ENTRY] * many), ("Pharmacy", [ENTRY] * many)]
    poster = Poster(
        "Ill in Goma?", "The nearest.", groups, "None.", "Call:", "+1 23", "Scan.", "https://d.example/x", "Now"
    )
    [page] = read(draw_poster(poster, lang))
    assert ("+254203662000" in page) == bool(many)
    assert "+1 23" in page


@pytest.fixture
def code() -> str:
    """A code of ours."""
    return codes.seal("list", ["KE", 12])


def test_a_code_is_read_again_and_says_nothing_when_a_letter_is_wrong(code: str) -> None:
    assert codes.read("list", code) == ["KE", 12]
    for wrong in (code[:-1], code + "a", code[::-1], "", "x" * 5000, "é", code.swapcase()):
        with pytest.raises(codes.NoCode):
            codes.read("list", wrong)


def test_a_code_of_another_kind_is_none(code: str) -> None:
    with pytest.raises(codes.NoCode):
        codes.read("desk card", code)


def test_a_code_for_a_time_is_over_afterwards() -> None:
    code = codes.seal_for_a_time("desk card", [1])
    assert codes.read_in_time("desk card", code, 60) == [1]
    with pytest.raises(codes.NoCode) as over:
        codes.read_in_time("desk card", code, -1)
    assert over.value.expired


def test_qr_code_is_dark_on_light_in_any_theme() -> None:
    svg = codes.qr_svg("https://directory.example/x")
    assert svg.startswith("<svg")
    assert "#fff" in svg
    assert "#000" in svg
    assert "style=" not in svg
    rows = codes.qr_rows("https://directory.example/x")
    assert len(rows) == len(rows[0])
    assert not any(rows[0])
