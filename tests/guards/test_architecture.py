"""The page of the tree names every room, and every room that it names is there."""

import re
import tomllib

from config.settings import PROJECT_ROOT
from tests.guards.tracked import project_files

PAGE = (PROJECT_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LOOSE_AT_MOST = 6


def _rooms(folder: str) -> set[str]:
    base = PROJECT_ROOT / folder
    inside = {file.relative_to(base).parts for file in project_files(f"{folder}/*.py" if folder else "*.py")}
    folders = {f"{parts[0]}/" for parts in inside if len(parts) > 1}
    return folders | {parts[0] for parts in inside if len(parts) == 1 and folder and parts[0] != "__init__.py"}


def _named() -> set[str]:
    return set(re.findall(r"^\| `([\w./]+)` \|", PAGE, re.MULTILINE))


def test_every_folder_of_the_tree_is_on_the_page() -> None:
    assert _rooms("") - _named() == set()
    assert _rooms("directory") - _named() == set()


def test_every_folder_on_the_page_is_there() -> None:
    for name in _named():
        assert (PROJECT_ROOT / name).exists() or (PROJECT_ROOT / "directory" / name).exists(), name


def test_few_modules_of_the_service_stand_loose() -> None:
    assert len({name for name in _rooms("directory") if name.endswith(".py")}) <= LOOSE_AT_MOST


def test_every_room_has_its_layer_and_the_message_says_where_to_read() -> None:
    rules = (PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(rules)["tool"]["importlinter"]["contracts"]
    [rooms] = [each for each in contracts if each.get("containers") == ["directory"]]
    assert rooms["exhaustive"]
    assert "docs/architecture.md" in rooms["name"]


def test_what_the_papers_name_is_there() -> None:
    for paper in ("CONTRIBUTING.md", "docs/architecture.md"):
        text = (PROJECT_ROOT / paper).read_text(encoding="utf-8")
        paths = re.findall(r"`((?:directory|tests|config|docs)/[\w./-]+)`", text)
        assert paths
        assert [path for path in paths if not (PROJECT_ROOT / path).exists()] == []
