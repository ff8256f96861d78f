"""The files of the project: those that git tracks, and new ones that it will."""

import subprocess
from functools import cache
from pathlib import Path

from config.settings import PROJECT_ROOT


@cache
def project_files(*patterns: str) -> tuple[Path, ...]:
    """Paths of files that exist and are not ignored, of all names or those that match (`*.py`)."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True).stdout
    files = (PROJECT_ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(file for file in files if file.is_file())


def text_of(file: Path) -> str | None:
    """The text of a file; None where it is no text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
