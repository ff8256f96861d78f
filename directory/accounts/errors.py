"""What can go wrong with an account, told without telling more than the asker may know."""

from directory.errors import DirectoryError


class AccountExists(DirectoryError):
    """Another account has this e-mail address."""


class NoSuchAccount(DirectoryError):
    """No account has this e-mail address. For commands only: a page never says so."""


class InvalidAccount(DirectoryError):
    """What an account cannot be: a role without its client, an address that is none."""


class SignInFailed(DirectoryError):
    """Address and password, or the code, are not right. It never says which."""


class LinkNotGood(DirectoryError):
    """A one-time link that never was, was used, or is too old."""


class PasswordNotGood(DirectoryError):
    """A new password is too short, too long, or too easy to guess; `reason` is a key of the pages' wording."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchToken(DirectoryError):
    """No token has this id, or it is another account's."""


class UnknownScope(DirectoryError):
    """A scope that no token can have."""
