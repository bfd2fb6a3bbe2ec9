"""Reads what is typed, and notices when nobody can type any more."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress

_CHUNK = 4096

_TICKS_AFTER_INPUT = 20
"""Ticks after the last input in which a half-read sequence may still have to be given up."""


class TerminalLost(Exception):
    """The terminal is closed: it will never send anything again."""


def typed(
    descriptor: int,
    stopped: Callable[[], bool],
    tick_seconds: float = 0.1,
    wake: int | None = None,
    encoding: str = "utf-8",
) -> Iterator[str]:
    """Yield what is typed at a terminal as it comes, and "" at each tick without input.

    Ends when `stopped` says so, which is asked at each tick. With `wake`, a descriptor
    that becomes readable when it is time to ask, the ticks end soon after the last
    input, so that a terminal at which nobody types costs nothing. Raises TerminalLost at
    the end of file or an error: a hung-up terminal is readable for ever, with nothing in
    it (end of file, or EIO on a pseudo-terminal).

    Bytes that are nothing in `encoding` come as lone surrogates, one each: in a sequence
    they may be controls of eight bits, or numbers.
    """
    decode = getincrementaldecoder(decodable(encoding))("surrogateescape").decode
    watched = (descriptor,) if wake is None else (descriptor, wake)
    ticks = 0
    while not stopped():
        patience = tick_seconds if wake is None or ticks < _TICKS_AFTER_INPUT else None
        try:
            ready, _, _ = select.select(watched, (), (), patience)
            data = os.read(descriptor, _CHUNK) if descriptor in ready else None
        except BlockingIOError:
            data = None
        except (OSError, ValueError) as error:
            raise TerminalLost(str(error)) from error
        if data == b"":
            raise TerminalLost("end of file")
        ticks = 0 if data else ticks + 1
        yield decode(data) if data else ""


def decodable(encoding: str) -> str:
    """`encoding`, or UTF-8 where that one is unknown or would eat sequences itself."""
    sequence = "\x1b[200~"
    with suppress(LookupError, ValueError):
        if sequence.encode("ascii").decode(encoding) == sequence:
            return encoding
    return "utf-8"
