"""A real SMTP server for the demonstration and the tests: it delivers nothing, and keeps each mail as a file.

`python -m embedded.post --port 2525 --folder STATE_DIR/mail`
"""

import asyncio
import signal
import time
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope, Session


class Folder:
    """Keeps what comes as `.eml` files, named by when it came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """One mail has come."""
        content = envelope.content
        self._count += 1
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{self._count:04}.eml"
        # Whole or not at all: someone looks into the folder meanwhile.
        part = self._folder / f".{name}.part"
        part.write_bytes(content.encode() if isinstance(content, str) else content or b"")
        part.chmod(0o600)
        part.rename(self._folder / name)
        return "250 kept"


@click.command()
@click.option("--port", required=True, type=int, help="To listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--folder", required=True, type=click.Path(path_type=Path), help="Where mails are kept.")
def main(port: int, host: str, folder: Path) -> None:
    """Receive mail until told to stop."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    asyncio.run(_serve(host, port, folder))


async def _serve(host: str, port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    kept = Folder(folder)
    server = await loop.create_server(lambda: SMTP(kept, enable_SMTPUTF8=True, loop=loop), host=host, port=port)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    main()
