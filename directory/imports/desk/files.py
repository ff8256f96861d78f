"""The bytes of what people bring and of what was set aside, in pieces, in the database: every machine finds them."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from directory.imports.errors import FileTooLarge
from directory.models import FileKind, ImportPiece

_PIECE = 1 << 20


def keep_file(session: Session | Connection, import_id: int, kind: FileKind, stream: IO[bytes], most_mb: int) -> int:
    """Keep a file in the caller's transaction; its size in bytes. FileTooLarge beyond `most_mb`."""
    size = 0
    for number, content in enumerate(iter(lambda: stream.read(_PIECE), b"")):
        size += len(content)
        if size > most_mb << 20:
            raise FileTooLarge(most_mb)
        values = {"import_id": import_id, "kind": kind.value, "number": number, "content": content}
        session.execute(insert(ImportPiece).values(values))
    return size


def read_pieces(connection: Connection, import_id: int, kind: FileKind) -> Iterator[bytes]:
    """The file, a piece at a time; nothing where there is none."""
    pieces = select(ImportPiece.content).where(ImportPiece.import_id == import_id, ImportPiece.kind == kind.value)
    number = 0
    # One at a time, each by its number: a cursor would hold its transaction for as long as a slow reader takes.
    while (content := connection.scalar(pieces.where(ImportPiece.number == number))) is not None:
        yield content
        number += 1


def write_file(connection: Connection, import_id: int, kind: FileKind, path: Path) -> None:
    """Write the file to `path`."""
    with path.open("wb") as file:
        file.writelines(read_pieces(connection, import_id, kind))


def forget_file(session: Session | Connection, import_id: int, kind: FileKind) -> None:
    """Remove a file."""
    session.execute(delete(ImportPiece).where(ImportPiece.import_id == import_id, ImportPiece.kind == kind.value))
