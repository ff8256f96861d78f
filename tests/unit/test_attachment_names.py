"""Names of attached files: no path, no sign that misleads, an ending that tells what the file is."""

import pytest

from directory.cases.attachments import safe_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("door.pdf", "door.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\windows\\x.PDF", "x.pdf"),
        ("evil.php", "evil.php.pdf"),
        ('a"b<script>.pdf', "abscript.pdf"),
        ("x\r\nSet-Cookie: a=b.pdf", "xSet-Cookie a=b.pdf"),
        ("fdp\u202efdp.exe", "fdpfdp.exe.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
        ("n" * 300 + ".pdf", "n" * 112 + ".pdf"),
        ("a\0.pdf", "a.pdf"),
        ("صورة الباب.pdf", "صورة الباب.pdf"),
    ],
)
def test_a_name_harms_nobody(name: str, kept: str) -> None:
    assert safe_name(name, "application/pdf") == kept
