"""The line of the start, and the keyboard that is held since, on a real pseudo-terminal."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator
from select import select

import pytest

from tui.terminal import modes, opening
from tui.terminal.as_found import TerminalAsFound

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


class Pair:
    """A pseudo-terminal: what the program has, and what a person has."""

    def __init__(self) -> None:
        self.master, self.slave = os.openpty()
        self.before = termios.tcgetattr(self.slave)

    @property
    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    @property
    def is_as_found(self) -> bool:
        return termios.tcgetattr(self.slave) == self.before

    def written(self) -> bytes:
        said = b""
        while select([self.master], [], [], 0)[0]:
            said += os.read(self.master, 4096)
        return said


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    found = Pair()
    with os.fdopen(found.slave, "w", closefd=False) as stream:
        monkeypatch.setattr(opening, "painted_on", lambda: stream)
        monkeypatch.setattr(opening, "in_foreground", lambda: True)
        monkeypatch.setattr(modes, "KEYBOARD", found.slave)
        yield found
    opening.end()
    os.close(found.master)
    os.close(found.slave)


def test_it_is_removed_and_everything_is_as_it_was(pair: Pair) -> None:
    with opening.shown("starting", "utf-8"):
        assert pair.written() == b"\x1b7\x1b[?7lstarting"
        assert not pair.echoes
        assert opening.found() == pair.before
    assert pair.written() == b"\x1b8\x1b[K\x1b[?7h"
    assert pair.is_as_found
    assert opening.found() is None


def test_the_driver_takes_over_what_was_before(pair: Pair) -> None:
    with opening.shown("starting", "utf-8"):
        pair.written()
        keyboard, removes, shows_again = opening.taken_over()
        keyboard.make_raw()
        assert (removes, shows_again) == ("\x1b8\x1b[K\x1b[?7h", "\x1b[Hstarting")
        assert opening.found() is None
    # The driver gives it back, not the end of the block.
    assert not pair.written()
    assert not pair.echoes
    keyboard.restore()
    assert pair.is_as_found


def test_a_driver_without_it_takes_a_terminal_of_its_own() -> None:
    keyboard, removes, shows_again = opening.taken_over()
    assert keyboard.before is None
    assert (removes, shows_again) == ("", "")


def test_the_last_resort_gives_back_what_was_before_the_line(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.terminal.as_found.KEYBOARD", pair.slave)
    with opening.shown("starting", "utf-8"):
        as_found = TerminalAsFound()
        opening.taken_over()
        assert not pair.echoes
        as_found.give_back()
    assert pair.is_as_found


def test_whatever_is_raised_it_is_removed(pair: Pair) -> None:
    with pytest.raises(KeyboardInterrupt), opening.shown("starting", "utf-8"):
        raise KeyboardInterrupt
    assert pair.written().endswith(b"\x1b8\x1b[K\x1b[?7h")
    assert pair.is_as_found


def test_it_ends_once(pair: Pair) -> None:
    with opening.shown("starting", "utf-8"):
        opening.end()
        pair.written()
    assert not pair.written()


def test_ctrl_c_interrupts_and_no_other_key_does(pair: Pair) -> None:
    with opening.shown("starting", "utf-8"):
        now = termios.tcgetattr(pair.slave)
        disabled = bytes([os.fpathconf(pair.slave, "PC_VDISABLE") & 0xFF])
        assert now[3] & termios.ISIG
        assert now[6][termios.VINTR] == pair.before[6][termios.VINTR]
        assert now[6][termios.VSUSP] == now[6][termios.VQUIT] == disabled
        opening.taken_over()[0].make_raw()
        assert not termios.tcgetattr(pair.slave)[3] & termios.ISIG


def test_a_terminal_that_takes_nothing_holds_nothing_up(pair: Pair) -> None:
    termios.tcflow(pair.slave, termios.TCOOFF)  # as after Ctrl+S
    with opening.shown("starting", "utf-8"):
        assert not pair.echoes
    assert pair.is_as_found
    termios.tcflow(pair.slave, termios.TCOON)
    assert not pair.written()


@pytest.mark.parametrize("why", ["no text", "background", "no terminal", "another driver"])
def test_where_it_must_not_be_nothing_is_touched(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "background":
        monkeypatch.setattr(opening, "in_foreground", lambda: False)
    elif why == "no terminal":
        monkeypatch.setattr(opening, "painted_on", lambda: None)
    elif why == "another driver":
        monkeypatch.setattr(opening, "has_own_driver", lambda: False)
    with opening.shown("" if why == "no text" else "starting", "utf-8"):
        assert pair.is_as_found
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert not pair.written()


def test_signals_are_heard_as_long_as_it_stands(pair: Pair) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with opening.shown("starting", "utf-8"):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_the_encoding_lacks_is_replaced(pair: Pair) -> None:
    with opening.shown("für", "ascii"):
        assert pair.written().endswith(b"f?r")


def test_the_width_is_the_terminal_s_own(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "13")
    assert opening.width() == 80  # it says nothing: 0
    termios.tcsetwinsize(pair.slave, (24, 61))
    assert opening.width() == 61
