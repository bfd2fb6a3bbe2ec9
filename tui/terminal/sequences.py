"""Cuts what comes from a terminal into keys, sequences and pastes. Pure; knows no meaning.

A terminal sends more than keys: answers to questions, reports, whatever an attached client
adds, at any time and in any pieces. All of it follows ECMA-48 and xterm's control
sequences, so that its end is known without knowing what it means. What has begun as a
sequence never becomes keys, however long its rest takes.

One thing only depends on time: an ESC by itself is the Esc key, once nothing has followed
for a moment. If a sequence was cut just there, its rest looks like typed characters. So
what comes next is taken for that rest if it came in one piece that nobody types so, and
for `GRACE` seconds, in which hardly anybody gets from Esc to one of `[ ] O P X ^ _`, also
if it only begins like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto

ESCAPE_SECONDS = 0.3
"""How long an ESC waits for the rest of a sequence before it is the Esc key.

Long enough for most sequences that a slow line cuts in two there.
"""

_TOGETHER = 0.05
"""Seconds within which an ESC and the character after it are one key, Alt and that one."""

GRACE = 1.0
"""Seconds after such an Esc in which an introducer still counts as cut off from it."""

_LONGEST = 4096
"""Characters of a sequence that are kept; the rest is swallowed with it."""

MOST_PASTED = 4 << 20
"""Characters of a paste that are kept."""

_PASTE_BEGINS, _PASTE_ENDS = "200~", "\x1b[201~"
_INTERRUPT = "\x03"

_STRINGS = ("P", "X", "^", "_", "]")
_INTRODUCERS = ("[", "O", *_STRINGS)
_C1 = {"\x9b": "[", "\x8f": "O", "\x9d": "]", "\x90": "P", "\x98": "X", "\x9e": "^", "\x9f": "_"}
_IN_NUMBERS = re.compile("[0-9][0-9;]{2}")

_REST = re.compile(
    r"\[(?:[ -?]+[@-~]?|[@-~])"
    r"|O[0-?]*[@-~]"
    r"|\][0-9]"
    r"|P[0-9>=!+$|{]"
    r"|_[A-Za-z]"
    r"|[PX^_\]][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
)
"""What can only be the rest of a sequence, when it came in one piece after an ESC alone."""


class Heard(Enum):
    """What a piece of input is. The text beside it is what the comment says."""

    CHARACTER = auto()
    """A character or C0 control, as a key sends it."""
    ESCAPE = auto()
    """The Esc key; "\\x1b"."""
    ALT = auto()
    """The character that came together with an ESC before it."""
    CSI = auto()
    """Parameters, intermediates and final of a control sequence."""
    SS3 = auto()
    """Parameters, if any, and final after `ESC O`."""
    COMMAND = auto()
    """The body of an operating system command."""
    PASTE = auto()
    """What was pasted."""


Piece = tuple[Heard, str]


class Sequences:
    """The state machine. `feed` it decoded input; surrogates are bytes that did not decode.

    `tick` has to be called while `waits`, so that time can pass. Times are seconds of a
    monotonic clock.
    """

    def __init__(self, escape_seconds: float = ESCAPE_SECONDS) -> None:
        self._escape_seconds = escape_seconds
        self._state: Callable[[str], None] = self._ground
        self._out: list[Piece] = []
        self._body: list[str] = []
        self._is_command = False
        self._pasted: list[str] = []
        self._pasted_length = 0
        self._owed = 0
        """Bytes of an old mouse report still to come."""
        self._escape_at: float | None = None
        self._was_escape_at: float | None = None
        """When an ESC by itself became the Esc key, if nothing has come since."""
        self._cut_until: float | None = None
        """Until when the rest of a sequence is waited for that may be none."""
        self._late = False
        self._now = 0.0

    @property
    def waits(self) -> bool:
        """Whether something is to happen without input."""
        return self._escape_at is not None or self._cut_until is not None

    def feed(self, text: str, now: float) -> Iterator[Piece]:
        """Take in what has come; yields what is complete."""
        self._now = now
        cut, self._was_escape_at = self._was_escape_at, None
        if self._cut_until is not None:
            self._cut_until = now + GRACE
        if cut is not None:
            text = self._begin_late(text, now - cut)
        if self._state == self._paste and text == _INTERRUPT:
            # A paste whose end was lost must not keep the keyboard for ever.
            self._end_paste()
        position = 0
        while position < len(text):
            if self._state == self._paste:
                position = self._take_pasted(text, position)
            else:
                self._state(_as_c1(text[position]))
                position += 1
            if self._out:
                yield from self._taken()

    def tick(self, now: float) -> Iterator[Piece]:
        """Time has passed: an ESC by itself becomes a key."""
        self._now = now
        if self._escape_at is not None and now >= self._escape_at + self._escape_seconds:
            self._escape_at = None
            if self._state != self._string_escape:
                self._begin(self._ground)
                self._out.append((Heard.ESCAPE, "\x1b"))
                self._was_escape_at = now
        if self._cut_until is not None and now >= self._cut_until:
            self._begin(self._ground)
        yield from self._taken()

    def _taken(self) -> list[Piece]:
        taken, self._out = self._out, []
        return taken

    def _begin_late(self, text: str, since: float) -> str:
        """Take up a sequence whose ESC has been a key already, if `text` is its rest.

        Returns what is left to read.
        """
        sure = _REST.match(text) is not None
        if not sure and not (since < GRACE and text[:1] in _INTRODUCERS):
            return text
        self._introduce(text[0])
        self._late = True
        if not sure:
            self._cut_until = self._now + GRACE
        return text[1:]

    def _begin(self, state: Callable[[str], None]) -> None:
        self._state = state
        self._body.clear()
        self._escape_at = self._cut_until = None
        self._late = False

    def _tell(self, kind: Heard, text: str) -> None:
        """A sequence is complete. The rest of a late one is no key any more."""
        late = self._late
        self._begin(self._ground)
        if not late or kind is Heard.COMMAND:
            self._out.append((kind, text))

    def _ground(self, character: str) -> None:
        if character == "\x1b":
            self._escape()
        elif character in _C1:
            self._introduce(_C1[character])
        elif "\x80" <= character <= "\x9f":
            return
        else:
            self._out.append((Heard.CHARACTER, _shown(character)))

    def _escape(self) -> None:
        self._begin(self._after_escape)
        self._escape_at = self._now

    def _introduce(self, introducer: str) -> None:
        self._begin({"[": self._csi, "O": self._ss3}.get(introducer, self._string))
        self._is_command = introducer == "]"

    def _after_escape(self, character: str) -> None:
        if character == "\x1b":
            self._out.append((Heard.ESCAPE, "\x1b"))
            self._escape()
        elif character in _INTRODUCERS:
            self._introduce(character)
        elif character == "/":
            # Esc and then / is how a person filters anew; no terminal sends this by itself.
            self._begin(self._ground)
            self._out += [(Heard.ESCAPE, "\x1b"), (Heard.CHARACTER, "/")]
        elif " " <= character < "/":
            self._begin(self._intermediate)
        elif character == "\\":
            self._begin(self._ground)
        elif self._is_together() and (character in "\t\x7f" or character > " "):
            self._tell(Heard.ALT, _shown(character))
        else:
            self._begin(self._ground)
            self._out.append((Heard.ESCAPE, "\x1b"))
            self._ground(character)

    def _is_together(self) -> bool:
        return self._escape_at is not None and self._now <= self._escape_at + _TOGETHER

    def _intermediate(self, character: str) -> None:
        """An escape sequence with intermediates, as none of a key has."""
        if not self._is_aborted(character) and not " " <= character <= "/":
            self._begin(self._ground)

    def _is_aborted(self, character: str) -> bool:
        """Whether a control character has ended the sequence, being something by itself."""
        if " " <= character <= "~" or character >= "\xa0":
            return False
        self._begin(self._ground)
        self._ground(character)
        return True

    def _csi(self, character: str) -> None:
        if self._is_aborted(character):
            return
        if character == "$" and "".join(self._body).isdigit():
            # rxvt ends shifted keys with it, although it is no final of a sequence.
            self._tell(Heard.CSI, "".join(self._body) + character)
        elif " " <= character <= "?":
            self._keep(character)
        elif character > "~":
            self._begin(self._ground)
        elif not self._body and character in "[M":
            # A function key of the Linux console; an old mouse report.
            self._owed = 3
            self._state = self._linux_key if character == "[" else self._old_mouse
        elif (text := "".join(self._body) + character) == _PASTE_BEGINS:
            self._begin(self._paste)
        else:
            self._tell(Heard.CSI, text)

    def _linux_key(self, character: str) -> None:
        if not self._is_aborted(character):
            self._tell(Heard.CSI, f"[{character}")

    def _old_mouse(self, character: str) -> None:
        """Three bytes from 32 up, which may have been decoded as fewer characters."""
        if character in "\x1b\x03":
            self._is_aborted(character)
            return
        self._keep(character)
        self._owed -= len(character.encode("utf-8", "surrogateescape"))
        if self._owed <= 0 and _IN_NUMBERS.fullmatch("".join(self._body)):
            self._state = self._mouse_in_numbers
        elif self._owed <= 0:
            self._begin(self._ground)

    def _mouse_in_numbers(self, character: str) -> None:
        """GNU screen, attached anew, sends the decimal form behind the letter of the old one."""
        if character in "Mm":
            self._tell(Heard.CSI, f"<{''.join(self._body)}{character}")
        elif character in "0123456789;":
            self._keep(character)
        else:
            self._begin(self._ground)
            self._ground(character)

    def _ss3(self, character: str) -> None:
        if self._is_aborted(character):
            return
        if "0" <= character <= "?":
            self._keep(character)
        else:
            self._tell(Heard.SS3, "".join(self._body) + character)

    def _keep(self, character: str) -> None:
        if len(self._body) < _LONGEST:
            self._body.append(character)

    def _string(self, character: str) -> None:
        """A control string: up to BEL or ST, or a control character that it cannot hold."""
        if character in "\x07\x9c":
            self._end_string()
        elif character == "\x1b":
            self._state = self._string_escape
            self._escape_at = self._now
        elif "\x08" <= character <= "\x0c" or not self._is_aborted(character):
            self._keep(character)

    def _end_string(self) -> None:
        if self._is_command:
            self._tell(Heard.COMMAND, "".join(self._body))
        else:
            self._begin(self._ground)

    def _string_escape(self, character: str) -> None:
        """After an ESC inside a string: its end, or the beginning of something else."""
        together = self._escape_at is not None
        if character == "\\":
            self._end_string()
        elif together:
            self._escape()
            self._after_escape(character)
        else:
            self._begin(self._ground)
            self._ground(character)

    def _paste(self, _: str) -> None:
        """The state itself; `_take_pasted` reads more than a character at a time."""

    def _take_pasted(self, text: str, start: int) -> int:
        """Take what is pasted from `start` on. Returns where the rest of `text` begins."""
        held = self._body.pop() if self._body else ""
        data = held + text[start:]
        end = data.find(_PASTE_ENDS)
        if end < 0:
            # The mark of the end may be cut in two.
            last = data.rfind("\x1b", -len(_PASTE_ENDS) + 1)
            cut = last if last >= 0 and _PASTE_ENDS.startswith(data[last:]) else len(data)
            self._keep_pasted(data[:cut])
            self._body.append(data[cut:])
            return len(text)
        self._keep_pasted(data[:end])
        self._end_paste()
        return start + end + len(_PASTE_ENDS) - len(held)

    def _keep_pasted(self, text: str) -> None:
        self._pasted.append(text[: MOST_PASTED - self._pasted_length])
        self._pasted_length += len(self._pasted[-1])

    def _end_paste(self) -> None:
        text = "".join(self._pasted)
        self._pasted.clear()
        self._pasted_length = 0
        self._begin(self._ground)
        self._out.append((Heard.PASTE, text.encode("utf-8", "replace").decode()))


def _as_c1(character: str) -> str:
    """A byte that did not decode is a C1 control if it could be one."""
    return chr(ord(character) - 0xDC00) if "\udc80" <= character <= "\udc9f" else character


def _shown(character: str) -> str:
    """No lone surrogate reaches a key or a field."""
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character
