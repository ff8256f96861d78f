"""Settings that are found where nobody set them."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import Settings


def test_the_public_address_is_what_was_set_else_the_demonstrations_else_where_we_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    assert Settings(state_dir=tmp_path, host="0.0.0.0", port=81).public_address == "http://127.0.0.1:81"
    (tmp_path / "engines.json").write_text(json.dumps({"database_url": "x"}))
    assert Settings(state_dir=tmp_path, port=82).public_address == "http://127.0.0.1:82"
    (tmp_path / "engines.json").write_text(json.dumps({"public_url": "http://127.0.0.1:8123"}))
    assert Settings(state_dir=tmp_path).public_address == "http://127.0.0.1:8123"
    assert Settings(state_dir=tmp_path, public_url="https://a.example").public_address == "https://a.example"


@pytest.mark.parametrize("address", ["directory.example", "https://a.example/", "ftp://a.example", "https://a b"])
def test_a_public_address_that_would_make_bad_links_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        Settings(public_url=address)
