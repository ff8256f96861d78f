"""What can go wrong while the search engine is written, apart from a document that it refuses (see writer.Refusal)."""


class EngineUnavailable(RuntimeError):
    """The search engine did not take a write within the writer's patience; the same write may be tried again."""


class TargetMissing(EngineUnavailable):
    """The alias that was written to is gone: a rebuild ended, or somebody removed the index."""


class NoIndex(RuntimeError):
    """The alias names no index, or several; a rebuild puts that right."""


class RebuildRunning(RuntimeError):
    """Another rebuild of the same index is running."""
