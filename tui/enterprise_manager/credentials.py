"""A user name and a password that shows nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

from tui.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Credentials:
    r"""Who logs on: `DOMAIN\user`, `HOST\user` or `user@domain`, and the password.

    Raises `InvalidInput` for a user name that HTTP Basic cannot carry.
    """

    user: str
    password: SecretStr

    def __post_init__(self) -> None:
        """Refuse what RFC 7617 forbids: a colon or a control character in the user name."""
        if not self.user.strip():
            raise InvalidInput("No user given.", r"Type DOMAIN\user or user@domain.")
        if ":" in self.user or not self.user.isprintable():
            raise InvalidInput(
                "The user name holds a colon or a control character.",
                r"Type DOMAIN\user or user@domain; the password goes into its own field.",
            )
        if not (_encodable(self.user) and _encodable(self.password.get_secret_value())):
            raise InvalidInput("The user name or password holds half a character.")


def _encodable(text: str) -> bool:
    """Whether it can be sent; undecodable bytes from the environment can, as they were."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
