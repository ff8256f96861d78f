"""What a synthetic world can be refused for."""

from directory.errors import DirectoryError


class WorldRefused(DirectoryError):
    """The database is not one that a synthetic world may be written into; the message says why, and what to do."""
