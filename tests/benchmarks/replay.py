"""What a recorded stream shows, by pyte: which cells changed, when, and what was seen."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyte

# pyte takes the letters of these for text; none of them changes what is seen.
_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[(?:[<=>][\d;]*[@-~]|\?[\d;]*\$[@-~]|\?[\d;]*u)|\x1b[P_^].*?\x1b\\", re.DOTALL
)
_UNFINISHED = re.compile(r"\x1b(?:\[[\d;:<=>?$ !]*)?\Z")

TOGETHER = 0.02
"""Seconds without output that part one frame from the next."""


@dataclass(frozen=True)
class Frame:
    """Output that came in one go; times in `time.monotonic` seconds."""

    begun: float
    ended: float
    size: int
    cells: int


class Replay:
    """A screen that recorded output is played to."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._before = self._cells(range(size[1]))
        self.screen.dirty.clear()

    def feed(self, data: bytes) -> int:
        """Show it; returns how many cells look different from before."""
        text = self._rest + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        self._rest = unfinished[0] if unfinished else ""
        text = text[: len(text) - len(self._rest)]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))
        touched = {y for y in self.screen.dirty if y < self.screen.lines}
        self.screen.dirty.clear()
        changed = 0
        for y, cells in self._cells(touched).items():
            before = self._before[y]
            if before != cells:
                changed += sum(map(tuple.__ne__, before, cells))
                self._before[y] = cells
        return changed

    def _cells(self, rows: Iterable[int]) -> dict[int, list[tuple[object, ...]]]:
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        return {y: [tuple(buffer[y][x]) for x in columns] for y in rows}

    @property
    def rows(self) -> list[str]:
        """The screen's lines."""
        return [line.rstrip() for line in self.screen.display]

    def shows(self, text: str) -> bool:
        """Whether a line holds the text."""
        return any(text in row for row in self.rows)

    def coloured(self) -> float:
        """The share of cells that have a background of their own."""
        buffer, columns = self.screen.buffer, range(self.screen.columns)
        own = sum(buffer[y][x].bg != "default" for y in range(self.screen.lines) for x in columns)
        return own / (self.screen.columns * self.screen.lines)

    def selected_row(self) -> int | None:
        """The line whose background is its own all the way: where the cursor bar is."""
        by_ground: dict[str, list[int]] = {}
        for y in range(self.screen.lines):
            grounds = {self.screen.buffer[y][x].bg for x in range(1, self.screen.columns - 4)}
            if len(grounds) == 1:
                by_ground.setdefault(grounds.pop(), []).append(y)
        single = [rows[0] for rows in by_ground.values() if len(rows) == 1]
        return single[0] if len(single) == 1 else None


def grouped(chunks: Iterable[tuple[float, bytes]]) -> Iterator[tuple[float, float, bytes]]:
    """Chunks that came in one go, put together: begun, ended, bytes."""
    begun, ended, parts = 0.0, 0.0, list[bytes]()
    for at, data in chunks:
        if parts and at - ended > TOGETHER:
            yield begun, ended, b"".join(parts)
            parts = []
        if not parts:
            begun = at
        ended = at
        parts.append(data)
    if parts:
        yield begun, ended, b"".join(parts)


def frames(replay: Replay, chunks: Iterable[tuple[float, bytes]]) -> list[Frame]:
    """Play the chunks; one frame for each burst of output."""
    return [
        Frame(begun, ended, len(data), replay.feed(data)) for begun, ended, data in grouped(chunks)
    ]
