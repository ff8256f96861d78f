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
    number = 0
    while (content := read_piece(connection, import_id, kind, number)) is not None:
        yield content
        number += 1


def read_piece(connection: Connection, import_id: int, kind: FileKind, number: int) -> bytes | None:
    """One piece, by its number: a cursor would hold its transaction for as long as a slow reader takes."""
    which = ImportPiece.import_id == import_id, ImportPiece.kind == kind.value, ImportPiece.number == number
    return connection.scalar(select(ImportPiece.content).where(*which))


def has_file(connection: Connection, import_id: int, kind: FileKind) -> bool:
    """Whether there is one."""
    which = ImportPiece.import_id == import_id, ImportPiece.kind == kind.value, ImportPiece.number == 0
    return connection.scalar(select(ImportPiece.number).where(*which)) is not None


def write_file(connection: Connection, import_id: int, kind: FileKind, path: Path) -> None:
    """Write the file to `path`."""
    with path.open("wb") as file:
        file.writelines(read_pieces(connection, import_id, kind))


def forget_file(session: Session | Connection, import_id: int, kind: FileKind) -> None:
    """Remove a file."""
    session.execute(delete(ImportPiece).where(ImportPiece.import_id == import_id, ImportPiece.kind == kind.value))
