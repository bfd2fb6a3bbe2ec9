"""What terminfo says, asked in processes of their own: curses remembers its first terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = "from tui.terminal.capabilities import erases_in_colour; print(erases_in_colour())"


@pytest.mark.parametrize("terminal", ["", "dumb", "vt100", "screen", "no-such-terminal"])
def test_a_terminal_that_is_not_known_to_erase_in_colour_is_not_relied_on(terminal: str) -> None:
    assert _said_with(TERM=terminal) == "False"


def test_a_system_without_a_terminfo_database_says_no() -> None:
    nowhere = {"TERMINFO": "/nonexistent", "TERMINFO_DIRS": "/nonexistent", "HOME": "/nonexistent"}
    assert _said_with(TERM="nothing-built-in", **nowhere) == "False"


def test_xterm_erases_in_colour_where_the_system_knows_it() -> None:
    curses = pytest.importorskip("curses")
    try:
        curses.setupterm("xterm-256color", 2)
    except curses.error:
        pytest.skip("no terminfo entry for xterm-256color here")
    assert _said_with(TERM="xterm-256color") == "True"


def _said_with(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.strip()
