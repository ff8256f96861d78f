"""Where the engines of a test run are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EngineUrls:
    """Where the engines of this run are; the database is the one to connect to for making others."""

    database_url: str
    opensearch_url: str
