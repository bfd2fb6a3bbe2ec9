"""Cuts what is written to a terminal into tokens. Pure; knows no screen.

Source of the grammar: ECMA-48 (control sequences, control strings) and xterm's
"Control Sequences" document (OSC ended by BEL or ST).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum


class Kind(IntEnum):
    """What a token is, and what the second half of its pair holds.

    The numbers are the groups of `_TOKEN`, so that a match names its kind without a look-up.
    """

    TEXT = 1
    """Printable characters."""
    SGR = 2
    """The parameters between `ESC [` and `m`."""
    CUP = 3
    """The parameters between `ESC [` and `H` or `f`."""
    CSI = 4
    """Any other control sequence, whole."""
    OSC = 5
    """An operating system command, whole."""
    STRING = 6
    """A DCS, SOS, PM or APC string, whole."""
    ESCAPE = 7
    """An escape sequence of two or more characters, whole."""
    BROKEN = 8
    """An ESC that begins nothing known."""
    CONTROL = 9
    """One C0 or C1 character or DEL."""


Token = tuple[int, str]

_TOKEN = re.compile(
    r"([^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[([\d;:]*)m"
    r"|\x1b\[(\d*(?:;\d*)?)[Hf]"
    r"|(\x1b\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e])"
    r"|(\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))"
    r"|(\x1b[PX^_](?:[^\x1b]|\x1b[^\\])*\x1b\\)"
    r"|(\x1b(?:[\x20-\x2f]+[\x30-\x7e]|[\x30-\x4f\x51-\x57\x59\x5a\x5c\x60-\x7e]))"
    r"|(\x1b)"
    r"|([\x00-\x1f\x7f-\x9f])",
    re.DOTALL,
)

_UNFINISHED = re.compile(
    r"\x1b(?:\[[\x30-\x3f]*[\x20-\x2f]*"
    r"|\][^\x07\x1b]*\x1b?"
    r"|[PX^_](?:[^\x1b]|\x1b[^\\])*\x1b?"
    r"|[\x20-\x2f]*)",
    re.DOTALL,
)

MAX_UNFINISHED = 1 << 20
"""Characters of a sequence without an end after which it counts as broken."""


class Tokeniser:
    """Yields tokens; a sequence cut in two by a write is kept until its rest comes."""

    def __init__(self) -> None:
        self._rest = ""

    @property
    def unfinished(self) -> str:
        """The beginning of a sequence whose end has not come yet, "" if there is none."""
        return self._rest

    def feed(self, data: str) -> Iterator[Token]:
        """Yield a pair `(Kind, text)` for each token of `data`, in order.

        The iterator must be exhausted before the next call.
        """
        if self._rest:
            data, self._rest = self._rest + data, ""
        for match in _TOKEN.finditer(data):
            kind = match.lastindex or Kind.BROKEN
            if kind == Kind.BROKEN:
                start = match.start()
                if len(data) - start <= MAX_UNFINISHED and _UNFINISHED.fullmatch(data, start):
                    self._rest = data[start:]
                    return
            yield kind, match[kind]

    def drop(self) -> str:
        """Forget the unfinished sequence and return it."""
        rest, self._rest = self._rest, ""
        return rest
