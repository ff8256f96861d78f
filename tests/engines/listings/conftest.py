"""The database of the tests of curating: the world of imports, which listings come from."""

from tests.engines.imports.conftest import import_engine, import_gazetteer, world

__all__ = ["import_engine", "import_gazetteer", "world"]
