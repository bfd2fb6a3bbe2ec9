"""What is written goes in; what the terminal needs to show the same comes out.

written --> Tokeniser --> Screen (as it should look)
                             |
                          Painter (knows what is shown) --> to the terminal
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from tui.terminal.painter import Painter
from tui.terminal.parser import Kind, Tokeniser
from tui.terminal.runs import Run
from tui.terminal.screen import Screen
from tui.terminal.styles import DEFAULT, StyleTable
from tui.terminal.widths import UNKNOWN

_SYNC, _CURSOR = "2026", "25"
_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_WORTH_SYNC = 512
"""Characters of a frame from which on it is worth 16 more to show it in one go."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What is no text to a terminal."""

_OTHER_SCREEN = {"47", "1047", "1048", "1049"}
# Insert mode, line feed mode, 132 columns, VT52, origin mode, margins left and right.
_CHANGES_WRITING = {"4", "20"}
_PRIVATE_CHANGES_WRITING = {"2", "3", "6", "69"}


class _Effect(Enum):
    """What a sequence that is passed on as it is does to what is known."""

    NONE = auto()
    READS = auto()
    """It depends on cursor or style, so those have to be true when it comes."""
    PLACES = auto()
    """The cursor and the style are not known any more."""
    CHANGES = auto()
    """Nothing is known any more."""
    REWRITES = auto()
    """What is written from now on means something else: step aside."""


_CSI_FINALS = {
    **dict.fromkeys("ctqi", _Effect.NONE),
    **dict.fromkeys("ns", _Effect.READS),
    "u": _Effect.PLACES,
    **dict.fromkeys("rg", _Effect.REWRITES),
}
_ESCAPES = {
    **dict.fromkeys(("=", ">", "\\", "(B", "%G"), _Effect.NONE),
    "7": _Effect.READS,
    "8": _Effect.PLACES,
    **dict.fromkeys(("H", "N", "O", "n", "o", "|", "}", "~"), _Effect.REWRITES),
}
_SAVES, _RESTORES, _RESETS = ("\x1b7", "\x1b[s"), ("\x1b8", "\x1b[u"), ("\x1bc", "\x1b[!p")
_HARMLESS_STRINGS = (
    *("\x1bP$q", "\x1bP+q", "\x1bPtmux;\x1b\x1b]52;"),
    # Notifications, wrapped for tmux and for GNU screen.
    *(f"\x1bPtmux;\x1b\x1b]{number};" for number in (9, 99, 777)),
    *(f"\x1bP\x1b]{number};" for number in (9, 99, 777)),
)


def _mode_effect(private: bool, modes: list[str]) -> _Effect:
    changing = _PRIVATE_CHANGES_WRITING if private else _CHANGES_WRITING
    if not changing.isdisjoint(modes):
        return _Effect.REWRITES
    if private and not _OTHER_SCREEN.isdisjoint(modes):
        return _Effect.CHANGES
    return _Effect.NONE


def _csi_effect(sequence: str) -> _Effect:
    body, final = sequence[2:-1], sequence[-1]
    private = body[:1] in ("<", "=", ">", "?")
    if final in "hl" and body[:1] not in ("<", "=", ">"):
        return _mode_effect(private, body.lstrip("?").split(";"))
    if private:
        return _Effect.READS if final == "n" else _private_effect(body, final)
    if not body[-1:].isdigit() and body[-1:] not in ("", ";", ":"):
        return _Effect.NONE if (body[-1], final) in ((" ", "q"), ("$", "p")) else _Effect.CHANGES
    if final == "r" and not body:
        return _Effect.PLACES
    return _CSI_FINALS.get(final, _Effect.CHANGES)


def _private_effect(body: str, final: str) -> _Effect:
    if body[0] == "?" and final in "JKrs":
        return _Effect.CHANGES
    return _Effect.NONE


def _escape_effect(sequence: str) -> _Effect:
    rest = sequence[1:]
    if rest[0] in "()*+-./":
        return _ESCAPES.get(rest, _Effect.REWRITES)
    return _ESCAPES.get(rest, _Effect.CHANGES)


class CellFilter:
    """Lets through only what changes a cell.

    `feed` takes what is written and returns what has to be passed on at once;
    `paint` returns what brings the terminal up to date. `erases_in_colour` says that
    the terminal fills what it erases with the background in use. Not thread-safe.
    """

    def __init__(self, width: int, height: int, *, erases_in_colour: bool = False) -> None:
        self.styles = StyleTable()
        self.screen = Screen(width, height, self.styles)
        self.painter = Painter(width, height, self.styles, erases_in_colour=erases_in_colour)
        self._tokeniser = Tokeniser()
        self._sync_known = False
        self._aside = False
        self._hidden = False
        self._saved_pen = DEFAULT
        self._out: list[str] = []
        self.in_frame = False
        """True between the marks of a synchronized update: not the time to paint."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells."""
        return self.screen.picture.width, self.screen.picture.height

    def resize(self, width: int, height: int) -> None:
        """The terminal has a new size: keep what is wanted, forget what is shown."""
        self.screen.resize(width, height)
        self.painter.resize(width, height)

    def redraw(self) -> None:
        """Forget what is shown, so that the next `paint` sends every known cell."""
        self.painter.forget()
        self.screen.touched.update(range(self.screen.picture.height))

    def reset(self) -> str:
        """Begin anew: nothing is known, nothing wanted. Returns what was still held back."""
        rest = self._tokeniser.drop()
        self._forget()
        self.screen.pen = DEFAULT
        # Nor where the cursor is: the terminal keeps that for when the app has left.
        self.screen.placed = False
        self.in_frame = self._sync_known = self._aside = self._hidden = False
        return rest

    def _forget(self) -> None:
        self.screen.picture.forget()
        self.screen.touched.clear()
        self.painter.forget()

    def feed(self, data: str) -> str:
        """Take in what is written; return what cannot wait for `paint`, in order."""
        if self._aside:
            return data
        out = self._out = []
        screen = self.screen
        styles = self.styles
        if styles.crowded:
            self._drop_unused_styles()
        for kind, text in self._tokeniser.feed(data):
            if self._aside:
                out.append(_whole(kind, text))
            elif kind == Kind.SGR:
                screen.pen = styles.after_sgr(screen.pen, text)
            elif kind == Kind.CUP:
                screen.cursor_position(text)
            elif kind == Kind.TEXT and screen.placed:
                screen.write(text)
            else:
                self._rare(kind, text)
        if self._aside:
            out.append(self._tokeniser.drop())
        return "".join(out)

    def lay(self, runs: Sequence[Run]) -> bool:
        """Take in cells as if they had been written, without reading them from a stream.

        Returns False, and takes nothing in, where that would not be the same.
        """
        screen = self.screen
        width, height = self.size
        if self._aside or self.in_frame or self._tokeniser.unfinished or screen.pen != DEFAULT:
            return False
        if any(not (x < width and y < height) or _CONTROL.search(text) for x, y, text, _ in runs):
            return False
        if self.styles.crowded:
            self._drop_unused_styles()
        after_sgr = self.styles.after_sgr
        for x, y, text, sgr in runs:
            screen.move_to(x, y)
            screen.pen = after_sgr(DEFAULT, sgr) if sgr else DEFAULT
            if text:  # else a wide character that begins before the cell would be cut
                screen.write(text)
        screen.pen = DEFAULT
        return True

    def paint(self) -> str:
        """What brings the terminal from what it shows to what was fed.

        A cursor that is hidden, and that the writer left behind its text, stays where
        painting ends: nobody sees it, and bringing it elsewhere and back costs more than
        the digit of a clock. Where it is placed (a field that is typed into, for input
        methods), it goes there.
        """
        if self._aside:
            return ""
        rests = self._hidden and self.screen.behind_text
        painted = self.painter.paint(self.screen, places_cursor=not rests)
        if self._sync_known and len(painted) >= _WORTH_SYNC:
            return f"{_SYNC_START}{painted}{_SYNC_END}"
        return painted

    def _rare(self, kind: int, text: str) -> None:
        if kind == Kind.TEXT:
            self._text_somewhere(text)
        elif kind == Kind.CONTROL:
            self._control(text)
        elif kind == Kind.OSC:
            self._command(text)
        elif kind == Kind.CSI:
            self._sequence(text)
        elif kind == Kind.ESCAPE:
            self._pass(text, _escape_effect(text))
        elif kind == Kind.STRING and text.startswith(_HARMLESS_STRINGS):
            self._pass(text, _Effect.NONE)
        else:
            self._pass(text, _Effect.CHANGES)

    def _text_somewhere(self, text: str) -> None:
        """Text while nobody knows where the cursor is: the terminal will."""
        self._out.append(self.painter.take_up(self.screen.pen) + text)
        self._forget_but_pen()

    def _forget_but_pen(self) -> None:
        pen = self.painter.pen
        self._forget()
        self.painter.pen = pen

    def _control(self, character: str) -> None:
        if character == "\a":
            self._pass(character, _Effect.NONE)
        elif character in "\0\x7f":
            return
        elif character in "\x0e\x0f":
            self._pass(character, _Effect.REWRITES)
        elif self._only_terminal_can(character) or not self.screen.control(character):
            self._pass(character, _Effect.CHANGES)

    def _only_terminal_can(self, character: str) -> bool:
        """Whether it depends on a cursor, or scrolls rows, that only the terminal knows."""
        screen = self.screen
        scrolls = character == "\n" and screen.y == screen.picture.height - 1
        unknown = scrolls and any(UNKNOWN in row for row in screen.picture.texts)
        return unknown or not screen.placed

    def _command(self, text: str) -> None:
        if not text.startswith("\x1b]8;"):
            self._pass(text, _Effect.NONE)
            return
        parameters, _, uri = text[4:].rstrip("\x07").removesuffix("\x1b\\").partition(";")
        self.screen.pen = self.styles.after_link(self.screen.pen, parameters, uri)

    def _sequence(self, text: str) -> None:
        body, final = text[2:-1], text[-1]
        screen = self.screen
        if body.startswith("?") and final in "hl" and self._private_modes(body[1:], final):
            return
        if screen.placed and screen.relative(final, body):
            return
        if screen.placed and final in "JK" and body in ("", "0", "1", "2"):
            erase = screen.erase_in_display if final == "J" else screen.erase_in_line
            erase(int(body or 0))
            return
        if final == "J" and body == "3":
            self._pass(text, _Effect.NONE)
            return
        self._pass(text, _csi_effect(text))

    def _private_modes(self, modes: str, final: str) -> bool:
        """Note the modes that matter here. Returns True if the sequence goes no further."""
        if modes == _SYNC:
            self._sync_known = True
            self.in_frame = final == "h"
            return True
        several = modes.split(";")
        if "7" in several:
            self.screen.wraps = final == "h"
        if _CURSOR in several:
            self._hidden = final == "l"
        return False

    def _pass(self, text: str, effect: _Effect) -> None:
        """Pass `text` on untouched, and forget what it makes untrue."""
        if effect is not _Effect.NONE:
            self._catch_up()
        self._out.append(text)
        if text in _SAVES:
            self._saved_pen = self.screen.pen
        elif text in _RESTORES:
            self.screen.pen = self._saved_pen
        elif text in _RESETS:
            self.screen.pen = self._saved_pen = DEFAULT
            self.screen.wraps = True
            self._hidden = False
        if effect is _Effect.CHANGES:
            self._forget()
        elif effect is _Effect.REWRITES:
            self._aside = True
        if effect in (_Effect.PLACES, _Effect.CHANGES):
            self.screen.placed = False
            self.painter.cursor = self.painter.pen = None

    def _catch_up(self) -> None:
        """Have the terminal in the very state that the writer believes it to be in."""
        if self.screen.placed:
            self._out.append(self.painter.paint(self.screen))
        self._out.append(self.painter.take_up(self.screen.pen))

    def _drop_unused_styles(self) -> None:
        pictures = (self.screen.picture, self.painter.shown)
        pens = {self.screen.pen, *filter(None, [self.painter.pen])}
        numbers = self.styles.keep(pens.union(*(p.used_styles() for p in pictures)))
        for picture in pictures:
            picture.renumber(numbers)
        self.screen.pen = numbers[self.screen.pen]
        if self.painter.pen is not None:
            self.painter.pen = numbers[self.painter.pen]


def _whole(kind: int, text: str) -> str:
    """The sequence that a token was cut from."""
    if kind == Kind.SGR:
        return f"\x1b[{text}m"
    if kind == Kind.CUP:
        return f"\x1b[{text}H"
    return text
