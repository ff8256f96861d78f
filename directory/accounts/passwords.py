"""Passwords: argon2id, and a check that takes as long where there is nothing to check against."""

import re
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from directory.accounts.errors import PasswordNotGood

SHORTEST, LONGEST = 12, 200
# zxcvbn's "safely unguessable" (3 of 4): more than a hundred million guesses. It reads long texts slowly.
_SCORE, _READ = 3, 64
# 19 MiB and two rounds in one lane (OWASP's cheat sheet): about 30 ms here. More memory, times the threads of all
# workers, would be taken from searches.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def check_new_password(password: str, email: str) -> None:
    """Raises PasswordNotGood. Length is what counts; what is written on the door, or guessed first, is no password."""
    if len(password) < SHORTEST:
        raise PasswordNotGood("too_short")
    if len(password) > LONGEST:
        raise PasswordNotGood("too_long")
    plain = password.casefold()
    if email.partition("@")[0] in plain or _is_guessed_early(plain, email):
        raise PasswordNotGood("too_easy")


def _is_guessed_early(plain: str, email: str) -> bool:
    """By zxcvbn's estimate, of its beginning: common words once or twice, rows of keys, dates and repetitions."""
    guessed: dict[str, Any] = zxcvbn(plain[:_READ], user_inputs=re.split(r"\W+", email))
    return int(guessed["score"]) < _SCORE


def hash_password(password: str) -> str:
    """What is kept of a password: argon2id with its salt and parameters."""
    return _hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether it is the one. Without a hash it takes as long, and is not."""
    try:
        # The length first: a text of megabytes is no password, and costs time to read.
        return _hasher.verify(password_hash or _nobodys(), password[: LONGEST + 1]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("of nobody")
