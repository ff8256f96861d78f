"""Who reads the cases of a kind: those who brought them, and the desks that its policy names. Nobody else.

A kind that names no desk is read by who brought the case alone. An admin looks after the service: that somebody is one
opens no case, unless the kind says so.
"""

from dataclasses import dataclass

from directory.actors import Actor, Outside, Role
from directory.models import CaseFile


@dataclass(frozen=True, slots=True)
class Reads:
    """The policy of one kind. `clients`: an officer reads all cases of the own client, whoever of it brought them.

    `admins`: an admin may do what the desks may.
    """

    desks: frozenset[Role]
    clients: bool = False
    admins: bool = False

    def is_desk(self, actor: Actor) -> bool:
        """Whether the actor works on these cases: reads all of them, with the notes that the desks write."""
        return actor.role in self.desks or (self.admins and actor.role is Role.admin)

    def may_see(self, actor: Actor, case: CaseFile) -> bool:
        """Whether the actor may know that there is this case."""
        return self.is_desk(actor) or _brought(actor, case) or (self.clients and _of_client(actor, case))

    def may_take(self, actor: Actor, role: Role | Outside) -> bool:
        """Whether the actor may take an action that is for `role`."""
        return actor.role is role or (self.admins and actor.role is Role.admin and role in self.desks)


def _of_client(actor: Actor, case: CaseFile) -> bool:
    return actor.client_id is not None and actor.client_id == case.client_id


def _brought(actor: Actor, case: CaseFile) -> bool:
    """By the own account, as a member, or by the secret link of this very case."""
    by_account = actor.account_id is not None and actor.account_id == case.opened_by
    by_member = actor.member_id is not None and actor.member_id == case.member_id
    return by_account or by_member or actor.follows == case.id
