"""Three OpenSearch processes that form one cluster; each can be killed by itself."""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from embedded.jars import fetch_jars
from embedded.loopback import ask
from embedded.processes import Child, start
from tests.faults.ports import hold_port

_PROGRAM = Path(__file__).with_name("cluster_node.py")
_NODES = 3


class Cluster:
    """`with Cluster(directory) as cluster:` three nodes, whole at the beginning, ended and removed at the end."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._held = [hold_port() for _ in range(2 * _NODES)]
        ports = [held.getsockname()[1] for held in self._held]
        self._http, self._transport = ports[:_NODES], ports[_NODES:]
        self._nodes: dict[int, Child] = {}

    @property
    def url(self) -> str:
        """Every node's address, as OPENSEARCH_URL takes them."""
        return ",".join(self.url_of(number) for number in range(_NODES))

    def url_of(self, number: int) -> str:
        """One node's address."""
        return f"http://127.0.0.1:{self._http[number]}"

    def __enter__(self) -> "Cluster":
        shutil.rmtree(self._directory, ignore_errors=True)
        try:
            self.make_whole()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for node in self._nodes.values():
            node.ask_to_stop()
        for node in self._nodes.values():
            node.stop()
        for held in self._held:
            held.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def make_whole(self) -> None:
        """Start the nodes that do not run, and return once every shard has its copies."""
        for number in range(_NODES):
            if number not in self._nodes or not self._nodes[number].alive:
                self._start(number)
        self._wait_whole()

    def kill(self, number: int) -> None:
        """As `kill -9` does it."""
        node = self._nodes[number]
        assert node.alive, f"{node.name} had ended:\n{node.last_lines()}"
        os.kill(node.process.pid, signal.SIGKILL)
        node.process.wait(10)

    def node_of_primary(self, alias: str) -> int:
        """The node that has the primary shard of the index behind an alias."""
        shards: list[dict[str, Any]] = ask(f"{self.url_of(0)}/_cat/shards/{alias}?format=json")
        (name,) = (shard["node"] for shard in shards if shard["prirep"] == "p")
        return int(name.removeprefix("node-"))

    def _start(self, number: int) -> None:
        base = self._directory / f"node-{number}"
        base.mkdir(parents=True, exist_ok=True)
        told = {
            "number": number,
            "base": str(base),
            "cluster": f"faults-{os.getpid()}",
            "http": self._http,
            "transport": self._transport,
            "jars": str(fetch_jars()),
        }
        self._nodes[number] = start(
            f"node {number}",
            [sys.executable, _PROGRAM, json.dumps(told)],
            state_dir=base,
            log=self._directory / f"node-{number}.log",
        )

    def _wait_whole(self, patience_s: float = 300) -> None:
        ends = time.monotonic() + patience_s
        while not self._is_whole():
            for node in self._nodes.values():
                assert node.alive, f"{node.name} ended:\n{node.last_lines()}"
            assert time.monotonic() < ends, f"no whole cluster within {patience_s} s"
            time.sleep(0.3)

    def _is_whole(self) -> bool:
        try:
            health = ask(f"{self.url_of(0)}/_cluster/health?wait_for_no_initializing_shards=true&timeout=1s")
        except (OSError, ValueError):
            return False
        return health["number_of_nodes"] == _NODES and health["status"] == "green" and not health["timed_out"]
