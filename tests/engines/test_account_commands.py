"""`provider-directory users`, `tokens`, `audit` and `mail`, as they are run."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.settings import PROJECT_ROOT

PROGRAM = Path(sys.executable).parent / "provider-directory"


class Commands:
    """Runs commands on a database of their own."""

    def __init__(self, database_url: str, state_dir: Path) -> None:
        self.database_url = database_url
        self._environment = {
            "DATABASE_URL": database_url,
            "STATE_DIR": str(state_dir),
            "PUBLIC_URL": "https://directory.example",
            "PATH": "/usr/bin:/bin",
        }

    def run(self, *words: str, fails: bool = False, **more: str) -> tuple[str, str]:
        """What a command said on both streams."""
        done = subprocess.run(
            [PROGRAM, *words],
            env={**self._environment, **more},
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stdout, done.stderr

    def json(self, *words: str) -> Any:
        """The object on its last line."""
        return json.loads(self.run(*words, "--json")[0].splitlines()[-1])


@pytest.fixture(scope="module")
def commands(
    make_database: Callable[[str], str], template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Commands:
    """Commands on a new database."""
    return Commands(make_database(template_database), tmp_path_factory.mktemp("state"))


def test_an_account_is_added_with_a_link_to_sign_in(commands: Commands) -> None:
    made = commands.json(
        "users", "add", "Amina@WHO.example", "--role", "hr", "--client", "who", "--client-name", "WHO", "--lang", "fr"
    )
    assert set(made) == {"id", "email", "sign_in_url"}
    assert made["email"] == "amina@who.example"
    assert made["sign_in_url"].startswith("https://directory.example/welcome?link=")
    [listed] = commands.json("users", "list")["users"]
    assert (listed["role"], listed["client"], listed["lang"], listed["status"]) == ("hr", "who", "fr", "invited")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a@b.example", "--role", "hr"), "belongs to a client"),
        (("a@b.example", "--role", "network", "--client", "who"), "belong to none"),
        (("not an address", "--role", "network"), "no e-mail address"),
        (("a@b.example", "--role", "hr", "--client", "Who!"), "small letters"),
        (("a@b.example", "--role", "king"), "Invalid value"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_a_sentence(
    commands: Commands, words: tuple[str, ...], said: str
) -> None:
    assert said in commands.run("users", "add", *words, fails=True)[1]


def test_an_address_has_one_account(commands: Commands) -> None:
    commands.run("users", "add", "one@insurer.example", "--role", "network")
    assert "already" in commands.run("users", "add", "ONE@insurer.example", "--role", "admin", fails=True)[1]


@pytest.mark.parametrize("role", ["care", "medical", "complaints"])
def test_an_account_of_a_desk_belongs_to_no_client_and_programs_work_for_customer_service_alone(
    commands: Commands, role: str
) -> None:
    email = f"{role}@insurer.example"
    assert commands.json("users", "add", email, "--role", role)["email"] == email
    assert (
        "belong to none"
        in commands.run("users", "add", "x@y.example", "--role", role, "--client", "who", fails=True)[1]
    )
    if role == "care":
        assert commands.json("tokens", "add", email)["token"].startswith("pdt_")
        [listed] = commands.json("tokens", "list")["tokens"]
        assert listed["scopes"] == ["care:read", "care:write"]
        commands.run("tokens", "revoke", listed["id"])
    else:
        assert "no scope" in commands.run("tokens", "add", email, fails=True)[1]


def test_an_account_is_disabled_and_enabled(commands: Commands) -> None:
    commands.run("users", "add", "two@insurer.example", "--role", "admin")
    assert commands.json("users", "disable", "two@insurer.example")["status"] == "disabled"
    assert commands.json("users", "enable", "two@insurer.example")["status"] == "invited"
    assert commands.json("users", "forget-authenticator", "two@insurer.example")["second_factor"] is False
    assert "welcome?link=" in commands.json("users", "invite", "two@insurer.example")["sign_in_url"]
    assert "No account" in commands.run("users", "disable", "nobody@insurer.example", fails=True)[1]


def test_a_token_is_made_listed_and_revoked(commands: Commands) -> None:
    commands.run("users", "add", "three@insurer.example", "--role", "network")
    made = commands.json("tokens", "add", "three@insurer.example", "--scope", "proposals:read", "--name", "nightly")
    assert set(made) == {"token"}
    assert made["token"].startswith("pdt_")
    listed = commands.json("tokens", "list")["tokens"][0]
    assert (listed["scopes"], listed["name"], listed["revoked_at"]) == (["proposals:read"], "nightly", None)
    assert made["token"] not in str(listed)
    commands.run("tokens", "revoke", listed["id"])
    assert commands.json("tokens", "list")["tokens"][0]["revoked_at"]
    said = commands.run("tokens", "add", "three@insurer.example", "--scope", "everything", fails=True)[1]
    assert "No scope of this account" in said


def test_the_audit_is_verified_and_a_change_is_found(commands: Commands, tmp_path: Path) -> None:
    head = tmp_path / "head"
    whole = commands.json("audit", "verify", "--head-file", str(head))
    assert (whole["ok"], whole["findings"]) == (True, [])
    assert head.read_text().strip() == whole["head"]
    commands.run("users", "add", "four@insurer.example", "--role", "network")
    with psycopg.connect(commands.database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM audit_seal WHERE number > 1")
        connection.execute("DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_seal)")
    assert "not in the chain any more" in commands.run("audit", "verify", "--head-file", str(head), fails=True)[1]
    with psycopg.connect(commands.database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE audit_entry SET actor = 'somebody else'")
    out, said = commands.run("audit", "verify", "--json", fails=True)
    assert "link 1 does not fit" in said
    assert json.loads(out.splitlines()[-1])["ok"] is False


def test_mail_without_a_server_says_so(commands: Commands) -> None:
    assert "SMTP_URL is not set" in commands.run("mail", "send", "--once", fails=True)[1]
