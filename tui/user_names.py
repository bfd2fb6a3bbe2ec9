"""What a user name may be, wherever one is given: flag, environment, file or form."""

from __future__ import annotations

from typing import Final

from tui.errors import InvalidInput
from tui.escapes import SINGLE_QUOTES, holds_escaped

FORMS: Final = r"Type DOMAIN\user or user@domain."


def parse_user_name(text: str) -> str:
    r"""A user name that can be sent: `DOMAIN\user`, `HOST\user`, `user@domain` or `user`.

    Blanks around it go: they come with what is pasted, and no account begins or ends with
    one. Raises `InvalidInput` for none, and for a colon or a control character, which
    RFC 7617 (HTTP Basic) cannot carry in a user name.
    """
    name = text.strip()
    if not name:
        raise InvalidInput("No user name given.", FORMS)
    if ":" in name or not name.isprintable():
        raise InvalidInput(
            "The user name holds a colon or a control character.",
            rf"{FORMS[:-1]}; the password is asked for separately.",
        )
    return name


def parse_user_name_of_file(text: str) -> str:
    r"""`parse_user_name` for a TOML file, where `"NOC\tom"` in double quotes holds a tab."""
    try:
        return parse_user_name(text)
    except InvalidInput as error:
        if not holds_escaped(text):
            raise
        sentence = error.sentence
    raise InvalidInput(sentence, SINGLE_QUOTES)
