"""Cases of a kind that is not proposals, on the real database."""

from collections.abc import Iterator

import pytest

from config.settings import settings_from
from tests.worlds.worries import Staff, settle_staff


@pytest.fixture
def staff(service_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """An account of each role, and no case."""
    attachments = str(tmp_path_factory.mktemp("attachments"))
    with settings_from({**service_environment, "ATTACHMENTS_DIR": attachments}):
        yield settle_staff()
