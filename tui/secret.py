"""A password in memory: it shows in no repr, log or traceback, and is asked for by name.

In behaviour, and to type checkers in name, `pydantic.SecretStr`. That one would load the whole
of pydantic for the login screen, before anything is validated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr as SecretStr
else:

    class SecretStr:
        """Holds a text; equal to any other secret with the same one."""

        __slots__ = ("__text",)

        def __init__(self, text):
            self.__text = text

        def get_secret_value(self):
            """The text itself, for whoever has to send it."""
            return self.__text

        def __eq__(self, other):
            """Whether it is a secret with the same text."""
            told = getattr(other, "get_secret_value", None)
            return told() == self.__text if callable(told) else NotImplemented

        def __hash__(self):
            """As its text's."""
            return hash(self.__text)

        def __len__(self):
            """Characters."""
            return len(self.__text)

        def __str__(self):
            """Whether there is one, no more."""
            return "**********" if self.__text else ""

        def __repr__(self):
            """The same."""
            return f"SecretStr({str(self)!r})"

        def __reduce__(self):
            """Neither pickled nor copied."""
            raise TypeError("a secret is not written down")
