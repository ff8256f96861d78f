"""compose.yaml, as far as reading it can tell: no secret that everybody knows, nobody who is root, the lesser login."""

import re
from typing import Any

import pytest
import yaml

from config.settings import PROJECT_ROOT
from embedded.service_login import LOGIN

TEXT = (PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = ("migrate", "setup", "worker", "mail", "work", "post", "web")
OF_THE_OWNER = {"migrate", "setup", "worker"}
# What the program says to a name without a value: `${NAME:?sentence}`.
NEEDED = re.compile(r"\$\{([A-Z_]+):\?([^}]+)\}")
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "SERVICE_PASSWORD", "HEALTH_KEY"}


def environment_of(name: str) -> dict[str, str]:
    found: dict[str, str] = SERVICES[name].get("environment", {})
    return found


def test_nothing_starts_without_secrets_of_its_own() -> None:
    said = dict(NEEDED.findall(TEXT))
    assert said.keys() == SECRETS
    with_default = re.findall(r"\$\{([A-Z_]+):?-", TEXT)
    assert [name for name in with_default if re.search("SECRET|PASSWORD|KEY|TOKEN", name)] == []
    # And none is written out: whatever an environment calls a secret comes from outside.
    for name in SERVICES:
        for variable, value in environment_of(name).items():
            if re.search("SECRET|PASSWORD", variable):
                assert value.startswith("${"), (name, variable)
            if credentials := re.search(r"//([^/@]*)@", value):
                assert re.fullmatch(r"[a-z_]+:\$\{[A-Z_]+\}", credentials[1]), (name, variable)


def test_the_sentence_names_a_page_that_makes_each_secret() -> None:
    [sentence] = {sentence for _, sentence in NEEDED.findall(TEXT)}
    assert sentence.startswith("docs/install.md (With Docker)")
    _, _, section = (PROJECT_ROOT / "docs" / "install.md").read_text(encoding="utf-8").partition("## With Docker")
    [line] = re.findall(r"for name in ([A-Z_ ]+);", section)
    assert set(line.split()) == SECRETS
    # What it writes is neither committed nor copied into an image.
    for file in (".gitignore", ".dockerignore"):
        assert ".env" in (PROJECT_ROOT / file).read_text().replace("/", "").split()


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_may_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.keys() & {"privileged", "cap_add", "pid", "network_mode", "devices"}
    assert service["read_only"] or name == "opensearch"


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_runs_as_root(name: str) -> None:
    assert SERVICES[name].get("user", "directory") not in ("root", "0", "")
    if name not in OURS:
        assert "user" in SERVICES[name]


def test_our_image_ends_as_a_user_who_owns_nothing_but_the_state() -> None:
    last = re.split(r"^FROM ", SERVICES["migrate"]["build"]["dockerfile_inline"], flags=re.MULTILINE)[-1]
    assert re.findall(r"^USER (\S+)", last, flags=re.MULTILINE) == ["directory"]
    assert last.rstrip().endswith("USER directory")
    assert re.search(r"install -d -o directory -m 700 /state", last)
    assert {SERVICES[name]["image"] for name in OURS} == {"provider-directory"}


def test_who_answers_people_has_the_lesser_login_and_only_the_owner_migrates() -> None:
    for name in OURS:
        login = re.search(r"//([a-z_]+):", environment_of(name).get("DATABASE_URL", ""))
        expected = None if name == "post" else "directory" if name in OF_THE_OWNER else LOGIN
        assert (login and login[1]) == expected, name
    assert [name for name in OURS if "db upgrade" in SERVICES[name]["command"]] == ["migrate"]
    assert "embedded.service_login" in SERVICES["migrate"]["command"]
    # No container has the owner's password beside the lesser login.
    for name in ("web", "mail", "post"):
        assert "POSTGRES_PASSWORD" not in str(environment_of(name))


def test_what_needs_the_schema_comes_after_it() -> None:
    def before(name: str) -> set[str]:
        needed = set(SERVICES[name].get("depends_on", {}))
        return needed.union(*(before(each) for each in needed))

    assert {"postgres"} == before("migrate")
    for name in ("worker", "mail", "web", "post"):
        assert {"migrate", "setup", "postgres", "opensearch"} <= before(name)
        assert SERVICES[name]["depends_on"]["setup"] == {"condition": "service_completed_successfully"}


def test_only_the_service_is_published_and_only_on_this_machine() -> None:
    assert {name for name in SERVICES if "ports" in SERVICES[name]} == {"web"}
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
