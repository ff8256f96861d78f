"""The service as it runs: gunicorn with its workers, on a port of its own."""

import http.client
import json
import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.engines.index_world import wait_until
from tests.faults.ports import hold_port
from tests.faults.world import PYTHON

_PROVIDER_DIRECTORY = Path(PYTHON).parent / "provider-directory"


class Service:
    """`with Service(environment, log) as service:` ready at the beginning, ended at the end."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._held = hold_port()
        self.port: int = self._held.getsockname()[1]
        # At WARNING no line a request is written: it is not the log that is tested.
        self._environment = {**environment, "HOST": "127.0.0.1", "PORT": str(self.port), "LOG_LEVEL": "WARNING"}
        self._log = log

    def start_again(self) -> None:
        """Start it, or start it anew on the same port, and return at once."""
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [_PROVIDER_DIRECTORY, "serve"], env=self._environment, stdout=output, stderr=output
            )

    def __enter__(self) -> "Service":
        self.start_again()
        try:
            wait_until(self._ready, 60, "the service is ready")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._held.close()

    @property
    def workers(self) -> list[int]:
        """Process ids of gunicorn's workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def get(self, path: str, timeout_s: float = 10) -> tuple[int, Any]:
        """Status and body (as JSON where it is some) over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        is_json = "json" in answer.headers["Content-Type"]
        return answer.status, json.loads(body) if is_json else body.decode()

    def signal(self, number: signal.Signals) -> None:
        """To gunicorn's parent process, as systemd does it."""
        os.kill(self.process.pid, number)

    def said(self) -> str:
        """Its log."""
        return self._log.read_text(errors="replace")

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        try:
            return bool(self.get("/readyz")[1]["status"] == "ready")
        except (OSError, http.client.HTTPException):
            return False
