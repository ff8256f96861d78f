"""Origins as browsers write them: what a portal's owner writes is read so, and what is none is refused."""

import pytest

from directory.admission.keys import InvalidOrigin, parse_origin


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://portal.example", "https://portal.example"),
        (" HTTPS://Portal.Example/ ", "https://portal.example"),
        ("https://portal.example:443", "https://portal.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://portal.example:80", "http://portal.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_origin_is_kept_as_browsers_write_it(written: str, origin: str) -> None:
    assert parse_origin(written) == origin


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "null",
        "portal.example",
        "https://",
        "https://*.portal.example",
        "https://portal.example/search",
        "https://portal.example?x=1",
        "https://someone:secret@portal.example",
        "https://portal.example:notaport",
        "https://portal.example:99999",
        "javascript:alert(1)",
        "https://portal example",
    ],
)
def test_what_is_no_origin_is_refused(written: str) -> None:
    with pytest.raises(InvalidOrigin):
        parse_origin(written)
