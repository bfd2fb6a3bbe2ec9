"""A user name and a password that shows nowhere."""

from __future__ import annotations

from tui.errors import InvalidInput
from tui.light import dataclass
from tui.secret import SecretStr
from tui.user_names import parse_user_name


@dataclass(frozen=True, slots=True)
class Credentials:
    r"""Who logs on: `DOMAIN\user`, `HOST\user` or `user@domain`, and the password.

    Blanks around the user name go. Raises `InvalidInput` for what HTTP Basic cannot carry.
    """

    user: str
    password: SecretStr

    def __post_init__(self) -> None:
        """Bring the user name into its one form, and refuse what cannot be sent."""
        object.__setattr__(self, "user", parse_user_name(self.user))
        if not _encodable(self.password.get_secret_value()):
            raise InvalidInput("The password holds half a character.")


def _encodable(text: str) -> bool:
    """Whether it can be sent; undecodable bytes from the environment can, as they were."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
