"""From decoded input to Textual's messages: keys, mouse, focus, pastes, answers.

In place of Textual's own parser, which presses the letters of a sequence that it does not
know, or whose rest is late, as keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual import events, messages
from textual.message import Message

from tui.terminal import keys
from tui.terminal.background import colour_told, is_light
from tui.terminal.messages import BackgroundTold
from tui.terminal.sequences import Heard, Sequences

_MOUSE = re.compile(r"<(\d{1,5});(-?\d{1,5});(-?\d{1,5})([Mm])")
_MODE_ANSWER = re.compile(r"\?(\d{1,5});(\d)\$y")
_SYNCHRONIZED_OUTPUT = "2026"
_KNOWN_MODE = "123"
"""What a terminal answers about a mode that it has: set, reset, always set (DECRPM)."""

_MOVED, _WHEEL, _RELEASE = 32, 64, "m"
_SHIFT, _META, _CTRL = 4, 8, 16
_WHEELS = (
    events.MouseScrollUp,
    events.MouseScrollDown,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)


class InputReader:
    """Keeps what has come in part. Not thread-safe: it belongs to the input thread."""

    def __init__(self, escape_seconds: float) -> None:
        self._sequences = Sequences(escape_seconds)
        self._mouse_at = (0.0, 0.0)

    @property
    def waits(self) -> bool:
        """Whether `tick` is to be called although nothing comes."""
        return self._sequences.waits

    def feed(self, text: str, now: float) -> Iterator[Message]:
        """The messages that decoded input completes; `now` in seconds of a monotonic clock."""
        for kind, piece in self._sequences.feed(text, now):
            yield from self._messages(kind, piece)

    def tick(self, now: float) -> Iterator[Message]:
        """The messages that time alone completes."""
        for kind, piece in self._sequences.tick(now):
            yield from self._messages(kind, piece)

    def _messages(self, kind: Heard, piece: str) -> Iterator[Message]:
        if kind is Heard.CSI:
            yield from self._control_sequence(piece)
        elif kind is Heard.PASTE:
            yield events.Paste(piece.replace("\0", ""))
        elif kind is Heard.COMMAND:
            colour = colour_told(piece)
            if colour is not None:
                yield BackgroundTold(light=is_light(colour))
        else:
            key = _key(kind, piece)
            if key is not None:
                yield events.Key(key.name, key.character)

    def _control_sequence(self, text: str) -> Iterator[Message]:
        if text == "I":
            yield events.AppFocus()
        elif text == "O":
            yield events.AppBlur()
        elif mouse := _MOUSE.fullmatch(text):
            event = self._mouse(int(mouse[1]), int(mouse[2]) - 1, int(mouse[3]) - 1, mouse[4])
            if event is not None:
                yield event
        elif mode := _MODE_ANSWER.fullmatch(text):
            if mode[1] == _SYNCHRONIZED_OUTPUT and mode[2] in _KNOWN_MODE:
                yield messages.TerminalSupportsSynchronizedOutput()
        else:
            for key in keys.of_csi(text):
                yield events.Key(key.name, key.character)

    def _mouse(self, code: int, column: int, row: int, final: str) -> events.MouseEvent | None:
        """A report in the SGR form; None where a terminal counts from below zero."""
        if column < 0 or row < 0:
            return None
        x, y = float(column), float(row)
        moved_x, moved_y = column - int(self._mouse_at[0]), row - int(self._mouse_at[1])
        self._mouse_at = x, y
        kind, button = _mouse_kind(code, final)
        return kind(
            None,
            x,
            y,
            moved_x,
            moved_y,
            button,
            bool(code & _SHIFT),
            bool(code & _META),
            bool(code & _CTRL),
            screen_x=x,
            screen_y=y,
        )


def _mouse_kind(code: int, final: str) -> tuple[type[events.MouseEvent], int]:
    """The event of an SGR mouse report, and its button: 1 to 3, 0 for none."""
    if code & _WHEEL:
        return _WHEELS[code & 3], 0
    button = (code + 1) & 3
    if code & _MOVED or button == 0:
        return events.MouseMove, button
    return (events.MouseUp if final == _RELEASE else events.MouseDown), button


def _key(kind: Heard, piece: str) -> keys.Key | None:
    if kind is Heard.ESCAPE:
        return keys.Key("escape", "\x1b")
    if kind is Heard.ALT:
        return keys.of_alt(piece)
    if kind is Heard.SS3:
        return keys.of_ss3(piece)
    return keys.of_character(piece)
