"""gunicorn's own log, without what a client said: a request that is none is quoted there, with the client's address."""

import logging
import sys

from gunicorn.glogging import Logger

# How gunicorn begins what it says of requests. The rest, and the error, hold lines of the request.
_OF_REQUESTS = (
    "Invalid request from",
    "Error handling request",
    "Error processing SSL request",
    "Socket error processing",
)


class _Discreet(logging.Filter):
    """Of a request only the kind of trouble is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Everything is written, some of it shorter."""
        if isinstance(record.msg, str) and record.msg.startswith(_OF_REQUESTS):
            error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
            kind = f" ({type(error).__name__})" if error else ""
            record.msg, record.args = f"A request could not be answered{kind}.", ()
            record.exc_info = record.exc_text = record.stack_info = None
        return True


class DiscreetLogger(Logger):  # type: ignore[misc]
    """`logger_class` of the settings."""

    def __init__(self, cfg: object) -> None:
        super().__init__(cfg)
        self.error_log.addFilter(_Discreet())
