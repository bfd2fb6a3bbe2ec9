r"""Texts that TOML has changed: `"NOC\tom"` between double quotes holds a tab."""

from __future__ import annotations

from typing import Final

SINGLE_QUOTES: Final = (
    r"Between double quotes TOML takes \t, \b and the like for one character:"
    r" write it between single quotes, as in user = 'DOMAIN\user'."
)
NO_ESCAPE: Final = (
    r"Between double quotes a backslash begins an escape such as \t: write a text with a"
    r" backslash between single quotes, as in user = 'DOMAIN\user'."
)
_ESCAPED: Final = "\b\t\n\f\r\x1b"


def holds_escaped(text: str) -> bool:
    """Whether a character stands in it that a backslash and a letter have made."""
    return any(escaped in text.strip() for escaped in _ESCAPED)
