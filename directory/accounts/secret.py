"""Secrets that are handed out once: made at random, kept as their hash.

They have 256 bits of chance, so one round of SHA-256 is enough: there is nothing to guess, unlike with passwords.
"""

import hashlib
import secrets

TOKEN_PREFIX = "pdt_"  # noqa: S105 (so that tools that look for secrets in code find ours)


def make_secret(prefix: str = "") -> tuple[str, bytes]:
    """A new secret, and the hash to keep."""
    text = prefix + secrets.token_urlsafe(32)
    return text, hash_secret(text)


def hash_secret(text: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(text.encode()).digest()
