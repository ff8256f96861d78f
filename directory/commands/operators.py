"""Who runs a command: the user of the operating system, for the audit."""

import os
import pwd

from directory.actors import Actor, command


def operator() -> Actor:
    """Whoever runs this command: by the system's word, not that of the environment, in which anybody may say anything.

    Somebody who came by sudo is named too, as far as sudo says so: `root (sudo by amina)`.
    """
    user, behind = _user(os.getuid()), os.environ.get("SUDO_USER")
    return command(f"{user} (sudo by {behind})" if behind and behind != user else user)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container's user need have no name
        return f"uid {number}"
