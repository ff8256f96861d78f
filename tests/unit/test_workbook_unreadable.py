"""Archives that Python cannot unpack end with a sentence; zipfile itself says NotImplementedError of them."""

import struct
import zipfile
from pathlib import Path

import pytest

from directory.imports.workbook import BrokenWorkbook, open_archive, read_part

PART = "xl/workbook.xml"
# Where an entry of the central directory (after its four bytes of signature) has version needed, flags and method.
CENTRAL = b"PK\x01\x02"
VERSION, FLAGS, METHOD = 6, 8, 10


def changed(path: Path, at: int, value: int) -> Path:
    """A workbook of one part, with another value in its directory's entry."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PART, "<workbook/>")
    content = bytearray(path.read_bytes())
    entry = content.index(CENTRAL)
    struct.pack_into("<H", content, entry + at, value)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("at", "value"), [(METHOD, 99), (METHOD, 9), (VERSION, 99), (FLAGS, 1 << 5), (FLAGS, 1 << 6)])
def test_archive_that_python_cannot_unpack_is_a_broken_workbook(tmp_path: Path, at: int, value: int) -> None:
    path = changed(tmp_path / "list.xlsx", at, value)
    with pytest.raises(NotImplementedError), zipfile.ZipFile(path) as plain, plain.open(PART) as part:
        part.read()
    with pytest.raises(BrokenWorkbook), open_archive(path) as archive:
        b"".join(read_part(archive, PART))
