"""Every error that the service can explain has a status: no such error is ever answered as a fault of ours."""

import importlib
import pkgutil
from collections.abc import Iterator

import directory
from directory.errors import DirectoryError
from directory.web.problems import PROBLEMS, slug_of


def every_error(kind: type[DirectoryError] = DirectoryError) -> Iterator[type[DirectoryError]]:
    """All kinds of error below `kind`."""
    for one in kind.__subclasses__():
        yield one
        yield from every_error(one)


def load_everything() -> None:
    """Import each module of the service, whoever uses it: an error is known once its module is there."""
    for module in pkgutil.walk_packages(directory.__path__, "directory."):
        if not module.name.startswith("directory.migrations"):
            importlib.import_module(module.name)


def test_every_error_has_a_status() -> None:
    load_everything()
    errors = [one for one in every_error() if one.__module__.startswith("directory.")]
    assert len(errors) > 35
    assert [f"{one.__module__}.{one.__qualname__}" for one in errors if slug_of(one) not in PROBLEMS] == []


def test_an_error_that_nobody_gave_a_status_is_seen() -> None:
    class Forgotten(DirectoryError):
        pass

    assert slug_of(Forgotten) is None


def test_a_kind_of_a_known_error_has_the_status_of_its_kind() -> None:
    class Narrower(directory.errors.ListingNotFound):
        pass

    assert slug_of(Narrower) == "not-found"
