"""Reads what is typed, and notices when nobody can type any more."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator

_CHUNK = 4096


class TerminalLost(Exception):
    """The terminal is closed: it will never send anything again."""


def typed(descriptor: int, stopped: Callable[[], bool], tick_seconds: float = 0.1) -> Iterator[str]:
    """Yield what is typed at a terminal as it comes, and "" at each tick without input.

    Ends when `stopped` says so, which is asked at least once per tick. Raises
    TerminalLost at the end of file or an error: a hung-up terminal is readable
    for ever, with nothing in it (end of file, or EIO on a pseudo-terminal).
    """
    decode = getincrementaldecoder("utf-8")("replace").decode
    while not stopped():
        try:
            ready, _, _ = select.select((descriptor,), (), (), tick_seconds)
            data = os.read(descriptor, _CHUNK) if ready else None
        except BlockingIOError:
            data = None
        except (OSError, ValueError) as error:
            raise TerminalLost(str(error)) from error
        if data == b"":
            raise TerminalLost("end of file")
        yield decode(data) if data else ""
