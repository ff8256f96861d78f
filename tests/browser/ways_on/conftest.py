"""A service with a number to call, on the demonstration's data."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visit import DESK, Visit
from tests.faults.service import Service

HELPLINE = "+254 20 366 2000"


@pytest.fixture(scope="module")
def helped(demo_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service; a test may cut its line, and the next module has another one."""
    environment = {**demo_environment, "HELPLINE": HELPLINE, "WEB_WORKERS": "1"}
    with Service(environment, tmp_path_factory.mktemp("helped") / "gunicorn.log") as running:
        yield running


@pytest.fixture
def see(chromium: Browser, helped: Service) -> Iterator[Callable[..., Visit]]:
    """Opens a page of it, as `visit` does; at the end nothing may have gone wrong, and nothing be kept unless told."""
    with ExitStack() as visits:

        def open_page(path: str, size: dict[str, int] = DESK, **options: Any) -> Visit:
            return visits.enter_context(Visit(chromium, f"http://127.0.0.1:{helped.port}", path, size, **options))

        yield open_page
