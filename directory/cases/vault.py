"""What a person said in a case, sealed: AES-256-GCM under a key of the case's own, which HEALTH_KEYS wraps.

The first of HEALTH_KEYS wraps what is new, all of them open; so a key is changed by putting a new one in front. What is
erased is gone with the case's own key, and with it every copy that has only the sealed part.
"""

import os
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from config.settings import get_settings, made_of_settings
from directory.errors import DirectoryError
from directory.models import CaseSecret

_KEY_BYTES, _NONCE_BYTES = 32, 12


class VaultClosed(DirectoryError):
    """HEALTH_KEYS is not set, is wrong, or lacks the key that something was sealed with."""


def is_open() -> bool:
    """Whether something can be sealed."""
    try:
        return bool(_keys())
    except VaultClosed:
        return False


def seal(session: Session, case_id: UUID, said: dict[str, Any]) -> None:
    """Keep what was said in a case, in place of what was kept of it. Raises VaultClosed."""
    keys = _keys()
    if not keys:
        raise VaultClosed("HEALTH_KEYS is not set: nothing can be kept that only some may read.")
    key_id, master = next(iter(keys.items()))
    # Files of the case lie under the same key.
    own = _own_key(session, case_id) or AESGCM.generate_key(_KEY_BYTES * 8)
    values = {
        "case_id": case_id,
        "key_id": key_id,
        "wrapped": _encrypt(master, own, b"key of " + case_id.bytes),
        "sealed": _encrypt(own, orjson.dumps(said), b"said in " + case_id.bytes),
    }
    kept = insert(CaseSecret).values(values)
    session.execute(kept.on_conflict_do_update(index_elements=["case_id"], set_=values))


def unseal(session: Session, case_id: UUID) -> dict[str, Any]:
    """What was said; empty where nothing was, or where it was erased. Raises VaultClosed."""
    own = _own_key(session, case_id)
    if own is None:
        return {}
    sealed = session.get_one(CaseSecret, case_id).sealed
    said: dict[str, Any] = orjson.loads(_decrypt(own, sealed, b"said in " + case_id.bytes))
    return said


def seal_bytes(session: Session, case_id: UUID, file_id: UUID, content: bytes) -> bytes:
    """A file of a case whose words are sealed already. Raises VaultClosed."""
    own = _own_key(session, case_id)
    if own is None:
        raise VaultClosed("Nothing is sealed in this case.")
    return _encrypt(own, content, b"file " + file_id.bytes)


def unseal_bytes(session: Session, case_id: UUID, file_id: UUID, sealed: bytes) -> bytes:
    """The file again. Raises VaultClosed."""
    own = _own_key(session, case_id)
    if own is None:
        raise VaultClosed("What was sealed in this case was erased.")
    return _decrypt(own, sealed, b"file " + file_id.bytes)


def _own_key(session: Session, case_id: UUID) -> bytes | None:
    """The key of a case, unwrapped; None where nothing is sealed in it, or no longer. Raises VaultClosed."""
    secret = session.get(CaseSecret, case_id, populate_existing=True)
    if secret is None:
        return None
    master = _keys().get(secret.key_id)
    if master is None:
        raise VaultClosed(f"HEALTH_KEYS has no key {secret.key_id}, with which this was sealed.")
    return _decrypt(master, secret.wrapped, b"key of " + case_id.bytes)


def erase(session: Session, case_id: UUID) -> bool:
    """Destroy what was said; whether there was something."""
    gone = delete(CaseSecret).where(CaseSecret.case_id == case_id).returning(CaseSecret.case_id)
    return session.scalar(gone) is not None


def _encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise VaultClosed("What was sealed cannot be opened: it was changed, or the key is another one.") from None


@made_of_settings
def _keys() -> dict[str, bytes]:
    """The keys by their ids, the one that seals first. Raises VaultClosed where one is none."""
    keys = {}
    for part in filter(None, (get_settings().health_keys or "").replace("\n", ",").split(",")):
        key_id, _, text = part.strip().rpartition(":")
        key = _read_key(text)
        if len(key) != _KEY_BYTES:
            raise VaultClosed("HEALTH_KEYS: write each key as id:base64 of 32 bytes, separated by commas.")
        keys[key_id or "first"] = key
    return keys


def _read_key(text: str) -> bytes:
    """Base64, or as `openssl rand -hex 32` writes it; nothing where it is neither."""
    try:
        return bytes.fromhex(text) if len(text) == 2 * _KEY_BYTES else b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
