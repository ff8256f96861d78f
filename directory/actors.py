"""Actors: on whose behalf a capability acts, and what such an one may do."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from directory.errors import DirectoryError
from directory.models import Role

__all__ = [
    "CLOCK",
    "EVERYTHING",
    "SYSTEM",
    "Actor",
    "NotAllowed",
    "Outside",
    "Role",
    "SignInNeeded",
    "command",
    "opener",
]

# The scope of whoever is not held to some: people who signed in, and commands.
EVERYTHING = "*"


class Outside(StrEnum):
    """What somebody is who has no account."""

    opener = "opener"  # brought a case: a member, or whoever holds the link of it
    clock = "clock"  # nobody: a time is over


class SignInNeeded(DirectoryError):
    """Nobody is signed in, or no longer."""


class NotAllowed(DirectoryError):
    """The actor may not do this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `account_id` is None for who has none, and for a command; `client_id` for all but HR officers.

    `member_id`: the member who acts. `follows`: the one case of which somebody holds the link.
    """

    account_id: UUID | None
    role: Role | Outside
    client_id: int | None
    name: str
    lang: str
    scopes: frozenset[str] = frozenset((EVERYTHING,))
    of_account: bool = True
    member_id: UUID | None = None
    follows: UUID | None = None

    @property
    def audited_role(self) -> str:
        """The role that the audit names: the actor's, or `system` where a command acts.

        A command may do what an admin may, but no admin is there to be asked about it.
        """
        return self.role.value if self.of_account else "system"

    def has_role(self, *roles: Role | Outside) -> bool:
        """Whether the actor may do what one of `roles` may; an admin may do all that the network team may."""
        return self.role in roles or (self.role is Role.admin and Role.network in roles)

    def has_scope(self, scope: str) -> bool:
        """Whether the actor's token, where it came with one, was given `scope`."""
        return EVERYTHING in self.scopes or scope in self.scopes


# Commands on the server, and what runs by the clock.
SYSTEM = Actor(account_id=None, role=Role.admin, client_id=None, name="system", lang="en", of_account=False)

# What a clock does to a case, and nobody.
CLOCK = Actor(None, Outside.clock, None, "clock", "en", frozenset(), of_account=False)


def opener(lang: str, *, member_id: UUID | None = None, follows: UUID | None = None) -> Actor:
    """Somebody without an account, who may do nothing but bring a case, and go on with the own one.

    Has no name: what is known of the person stands in the case.
    """
    return Actor(None, Outside.opener, None, "", lang, frozenset(), member_id=member_id, follows=follows)


def command(name: str) -> Actor:
    """Who acts by a command: `name` is the one who runs it, or the program that runs by the clock."""
    return replace(SYSTEM, name=name)
