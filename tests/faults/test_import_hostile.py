"""Files that were made to hang, fill or break whoever reads them end soon, in bounded memory, with a sentence."""

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.imports.errors import ImportFileError
from directory.imports.reader import open_rows

# A process of its own: what other tests left in this one would hide what the file takes.
PROGRAM = """
import json, re, sys, time
from pathlib import Path
from directory.imports.errors import ImportFileError
from directory.imports.reader import open_rows

started, rows, sentence = time.process_time(), 0, None
try:
    for row in open_rows(Path(sys.argv[1]))[1]:
        rows += 1
except ImportFileError as error:
    sentence = str(error)
# What getrusage tells begins with what the parent had.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"rows": rows, "sentence": sentence, "mb": peak, "seconds": time.process_time() - started}))
"""
MOST_MB = 300
# Of the processor's time: what a machine does besides does not count.
MOST_SECONDS = 10
# Beyond it the reader hangs: on the clock, so far more than any takes on a machine that does other things as well.
PATIENCE_S = 120

HEADER = "external_id,name,type,country"
CELLS = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER.split(","))
HEAD = f"<row>{CELLS}</row>"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = (
    f'<workbook xmlns="{NAMESPACE}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Providers" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
SHEET = f'<worksheet xmlns="{NAMESPACE}"><sheetData>%s</sheetData></worksheet>'

Part = str | bytes | Iterator[bytes]


def xlsx(path: Path, sheet: Part, *, packed: bool = True, **others: Part) -> Path:
    """A workbook with this sheet; other parts by their names in xl/. Packed or not: what shrinks a lot is no sheet."""
    parts: dict[str, Part] = {"workbook": WORKBOOK, "_rels/workbook.xml.rels": RELATIONS, **others}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED, compresslevel=1) as archive:
        for name, content in {**parts, "worksheets/sheet1": sheet}.items():
            with archive.open(f"xl/{name}" if "." in name else f"xl/{name}.xml", "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, str | bytes) else content:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return path


def repeated(before: str, piece: str, times: int, after: str) -> Iterator[bytes]:
    """before + times * piece + after, without so much memory."""
    yield before.encode()
    block = (piece * 10_000).encode()
    for _ in range(times // 10_000):
        yield block
    yield after.encode()


BEFORE, AFTER = SHEET.split("%s")


def row_of_two_milliards(path: Path) -> None:
    xlsx(path, SHEET % f'{HEAD}<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')


def row_number_of_a_thousand_digits(path: Path) -> None:
    xlsx(path, SHEET % f'{HEAD}<row r="{"9" * 1000}"><c><v>1</v></c></row>')


def column_far_to_the_right(path: Path) -> None:
    xlsx(path, SHEET % f'{HEAD}<row r="2"><c r="ZZZ2"><v>1</v></c></row>')


def column_without_end(path: Path) -> None:
    xlsx(path, SHEET % f'{HEAD}<row r="2"><c r="{"Z" * 500_000}2"><v>1</v></c></row>')


def row_of_a_million_cells(path: Path) -> None:
    xlsx(path, repeated(BEFORE + HEAD + "<row>", "<c><v>1</v></c>", 1_000_000, "</row>" + AFTER))


def million_texts_in_the_header(path: Path) -> None:
    strings = "".join(f"<si><t>text number {number}</t></si>" for number in range(1_000_000))
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(16_000))
    xlsx(path, SHEET % f"<row>{cells}</row>", sharedStrings=f'<sst xmlns="{NAMESPACE}">{strings}</sst>')


def texts_of_many_megabytes(path: Path) -> None:
    strings = repeated("<sst>", "<si><t>" + "é" * 500 + "</t></si>", 110_000, "</sst>")
    xlsx(path, SHEET % HEAD, packed=False, sharedStrings=strings)


def one_text_of_many_megabytes(path: Path) -> None:
    xlsx(path, repeated(BEFORE + '<row><c t="str"><v>', "x" * 1_000, 20_000, "</v></c></row>" + AFTER), packed=False)


def text_of_millions_of_pieces(path: Path) -> None:
    strings = repeated("<sst><si>", "<r><t>x</t></r>", 2_000_000, "</si></sst>")
    xlsx(path, SHEET % HEAD, sharedStrings=strings)


def bomb_of_a_gigabyte(path: Path) -> None:
    xlsx(path, repeated(BEFORE, " " * 1_000, 1_000_000, AFTER))


def bomb_just_below_the_limit(path: Path) -> None:
    xlsx(path, repeated(BEFORE, " " * 1_000, 450_000, AFTER))


def bomb_that_understates_its_size(path: Path) -> None:
    xlsx(path, repeated(BEFORE, " " * 1_000, 600_000, AFTER))
    content = bytearray(path.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1_000_000)
    path.write_bytes(content)


def million_of_parts(path: Path) -> None:
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", *[20] * 2, *[0] * 7, 1, *[0] * 6) + b"x"
    count = 1_000_000
    with path.open("wb") as file:
        file.write(b"PK\x03\x04" + bytes(60))
        for _ in range(100):
            file.write(entry * (count // 100))
        end = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 64, 0)
        file.write(b"PK\x05\x06" + end)


def billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'
    xlsx(path, declared + SHEET % '<row><c t="str"><v>&a9;</v></c></row>')


def entity_that_reads_a_file(path: Path) -> None:
    declared = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    strings = declared + "<sst><si><t>&secret;</t></si></sst>"
    xlsx(path, SHEET % HEAD, sharedStrings=strings)


def tags_within_tags(path: Path) -> None:
    xlsx(path, repeated(BEFORE, "<a>", 3_000_000, AFTER))


def attribute_of_many_megabytes(path: Path) -> None:
    xlsx(path, repeated(BEFORE + '<row spans="', "x" * 1_000, 20_000, '"/>' + AFTER), packed=False)


def comment_of_many_megabytes(path: Path) -> None:
    xlsx(path, repeated(BEFORE + "<!--", "x" * 1_000, 20_000, "-->" + AFTER), packed=False)


def tags_that_are_no_cells(path: Path) -> None:
    xlsx(path, repeated(BEFORE, "<x/><yy/><zzz/>", 3_000_000, AFTER), packed=False)


def millions_of_empty_cells(path: Path) -> None:
    xlsx(path, repeated(BEFORE + HEAD, "<row>" + "<c/>" * 1_000 + "</row>", 20_000, AFTER), packed=False)


def hundreds_of_thousands_of_merged_cells(path: Path) -> None:
    merged = "".join(f'<mergeCell ref="A{n}:A{n + 1}"/>' for n in range(2, 500_000))
    xlsx(path, SHEET.replace("</sheetData>", "</sheetData><mergeCells>" + merged + "</mergeCells>") % HEAD)


def styles_of_many_megabytes(path: Path) -> None:
    xlsx(path, SHEET % HEAD, styles=repeated("<styleSheet><cellXfs>", "<xf/>", 4_000_000, "</cellXfs></styleSheet>"))


def broken_xml(path: Path) -> None:
    xlsx(path, BEFORE + HEAD + "<row><c><v>1</c></row>")


def xml_that_ends_too_early(path: Path) -> None:
    xlsx(path, BEFORE + HEAD)


def broken_workbook(path: Path) -> None:
    xlsx(path, SHEET % HEAD, workbook="<workbook><sheets>")


def text_that_is_not_there(path: Path) -> None:
    xlsx(path, SHEET % (HEAD + '<row><c t="s"><v>7</v></c></row>'))


def archive_that_ends_too_early(path: Path) -> None:
    xlsx(path, repeated(BEFORE + HEAD, "<row><c><v>1</v></c></row>", 100_000, AFTER))
    content = path.read_bytes()
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x05\x06"))
    path.write_bytes(content[: at - 20_000] + bytes(20_000) + content[at:])


def archive_in_an_archive(path: Path) -> None:
    inner = path.with_name("inner.zip")
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("providers.csv", "0" * 50_000_000)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20):
            archive.write(inner, f"{number}.zip")


def archive_with_a_password(path: Path) -> None:
    xlsx(path, SHEET % HEAD)
    content = bytearray(path.read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    path.write_bytes(content)


def archive_of_a_version_that_nobody_has(path: Path) -> None:
    content = bytearray(xlsx(path, SHEET % HEAD).read_bytes())
    content[content.find(b"PK\x01\x02") + 6] = 99
    path.write_bytes(content)


def archive_in_lzma(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)


def line_of_many_megabytes(encoding: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(f"{HEADER}\n".encode(encoding))
            block = ("a" * 1_000_000).encode("utf-16-le" if encoding == "utf-16" else encoding)
            for _ in range(150):
                file.write(block)

    make.__name__ = f"line_of_many_megabytes_in_{encoding}"
    return make


def header_of_a_million_columns(path: Path) -> None:
    path.write_text(HEADER + "," * 900_000 + "\n" + "1,A,clinic,KE\n", encoding="utf-8")


def empty_lines_without_end(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b"\n" * 100_000_000)


def empty_rows_without_end(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b"\n" + b",,,\n" * 20_000_000)


def empty_lines_above_the_header(path: Path) -> None:
    path.write_bytes(b"\n" * 100_000_000)


def quote_that_swallows_long_lines(path: Path) -> None:
    line = "x" * 900_000
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{HEADER}\n1,"A,clinic,KE\n')
        file.writelines(f"{number},{line},clinic,KE\n" for number in range(120))


def object_of_a_million_keys(path: Path) -> None:
    path.write_text(
        "".join("{" + ",".join(f'"k{n}":1' for n in range(part * 50_000, part * 50_000 + 50_000)) + "}\n"
        for part in range(20)), encoding="utf-8",
    )  # fmt: skip


def json_within_json(path: Path) -> None:
    path.write_text('{"a":' * 100_000 + "\n" + "[" * 900_000, encoding="utf-8")


def json_line_of_many_megabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"external_id": "')
        for _ in range(150):
            file.write(b"a" * 1_000_000)


REFUSED: list[Callable[[Path], None]] = [
    row_of_two_milliards, row_number_of_a_thousand_digits, column_far_to_the_right, column_without_end,
    row_of_a_million_cells, million_texts_in_the_header, texts_of_many_megabytes, one_text_of_many_megabytes,
    bomb_of_a_gigabyte, bomb_just_below_the_limit, bomb_that_understates_its_size, million_of_parts,
    billion_laughs, entity_that_reads_a_file, tags_within_tags, attribute_of_many_megabytes,
    comment_of_many_megabytes, tags_that_are_no_cells, millions_of_empty_cells, hundreds_of_thousands_of_merged_cells,
    styles_of_many_megabytes, broken_xml, xml_that_ends_too_early, broken_workbook, text_that_is_not_there,
    archive_that_ends_too_early, archive_in_an_archive, archive_with_a_password, archive_in_lzma,
    archive_of_a_version_that_nobody_has,
    line_of_many_megabytes("utf-8"), line_of_many_megabytes("utf-16"), line_of_many_megabytes("utf-16-le"),
    header_of_a_million_columns, empty_lines_without_end, empty_rows_without_end, empty_lines_above_the_header,
    object_of_a_million_keys, json_line_of_many_megabytes,
]  # fmt: skip
# These hold nothing that cannot be read, only much or little of it.
READ: list[Callable[[Path], None]] = [
    text_of_millions_of_pieces, quote_that_swallows_long_lines, json_within_json,
]  # fmt: skip


def sentence_of(path: Path, content: bytes) -> str | None:
    path.write_bytes(content)
    try:
        for _ in open_rows(path)[1]:
            pass
    except ImportFileError as error:
        return str(error)
    return None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**5), st.binary(max_size=4)), min_size=1, max_size=6), st.booleans())
def test_workbook_of_which_some_bytes_were_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]], packed: bool
) -> None:
    path = tmp_path_factory.mktemp("changed") / "file"
    merged = '</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    sheet = SHEET.replace("</sheetData>", merged) % (HEAD + '<row r="2"><c r="A2" s="1"><v>5</v></c></row>')
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    content = bytearray(xlsx(path, sheet, packed=packed, styles=styles).read_bytes())
    for place, piece in changes:
        at = place % len(content)
        content[at : at + len(piece)] = piece
    assert sentence_of(path, bytes(content)) != ""


@settings(deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode), st.text("{[\"',;|\\\n\r\t:a1]}").map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    assert sentence_of(path, content) != ""
    assert sentence_of(path, f"{HEADER}\n".encode() + content) != ""


def read_apart(path: Path) -> dict[str, float | str | None]:
    """What came of reading the file in a process of its own, which kept to its time and memory."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    told: dict[str, float | str | None] = json.loads(done.stdout)
    assert isinstance(told["mb"], int)
    assert told["mb"] < MOST_MB, told
    assert isinstance(told["seconds"], float)
    assert told["seconds"] < MOST_SECONDS, told
    return told


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_hostile_file_ends_with_a_sentence_in_bounded_time_and_memory(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "file"
    make(path)
    told = read_apart(path)
    path.unlink()
    assert isinstance(told["sentence"], str)
    assert 20 < len(told["sentence"]) < 2_500


@pytest.mark.parametrize("make", READ, ids=lambda make: make.__name__)
def test_odd_file_is_read_in_bounded_time_and_memory(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "file"
    make(path)
    told = read_apart(path)
    assert isinstance(told["rows"], int)
