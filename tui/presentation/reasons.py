"""Why something failed, in the server's words, and that it gave none."""

from __future__ import annotations

from typing import Final

NO_MESSAGE: Final = "the server gave no message"


def reason_text(message: str | None) -> str:
    """The server's message as it is, or that there is none. Not yet fit for a terminal."""
    return message or NO_MESSAGE
