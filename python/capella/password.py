"""The password of a database user, which is never a command-line argument."""

import getpass
import sys

from capella import settings
from capella.errors import SettingsError

PASSWORD_NAME = "CBC_DATABASE_PASSWORD"  # noqa: S105  # the name of a setting, not a password


def database_password() -> str:
    """Return the password for a database user: CBC_DATABASE_PASSWORD, or the text typed at a prompt.

    Raises:
        SettingsError: the variable is not set, and there is no terminal or nothing was typed.
    """
    if password := settings.environment().get(PASSWORD_NAME):
        return password
    try:
        password = getpass.getpass("password of the database user: ") if sys.stdin.isatty() else ""
    except EOFError:
        password = ""
    if not password:
        raise SettingsError(
            f"{PASSWORD_NAME} not set, and no password typed: set it, or type a password at the prompt",
            missing=(PASSWORD_NAME,),
        )
    return password
