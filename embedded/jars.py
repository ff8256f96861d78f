"""The OpenSearch jars: fetched once for a clone by Maven, as `opensearch/pom.xml` pins them.

`python -m embedded.jars` fetches them while install.sh still makes .venv: only the standard library is there then.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from embedded.state import EmbeddedError, locked

POM = Path(__file__).parent / "opensearch" / "pom.xml"
JARS_DIR = Path(__file__).resolve().parents[1] / ".local" / "opensearch-jars"


def jars_of(pom: Path = POM) -> Path:
    """Directory that holds (or will hold) the jars of exactly this pom."""
    return JARS_DIR / hashlib.sha256(pom.read_bytes()).hexdigest()[:16]


def fetch_jars() -> Path:
    """Directory with the jars, about 85 MB; the first call of a clone downloads them, all or nothing."""
    target = jars_of()
    if target.is_dir():
        return target
    with locked(JARS_DIR / "lock", wait=True):
        if target.is_dir():
            return target
        maven = shutil.which("mvn")
        if maven is None:
            raise EmbeddedError("Maven is missing: `apt-get install maven`, or set OPENSEARCH_URL.")
        sys.stdout.write("Fetching the OpenSearch jars: 85 MB, once for this clone\n")
        sys.stdout.flush()
        part = target.with_name(f"{target.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        command = [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
        done = subprocess.run([*command, f"-DoutputDirectory={part}"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EmbeddedError(
                f"Maven could not fetch the OpenSearch jars:\n{done.stdout[-3000:]}{done.stderr[-1000:]}"
            )
        part.rename(target)
    return target


if __name__ == "__main__":
    try:
        fetch_jars()
    except EmbeddedError as error:
        sys.exit(f"error: {error}")
