"""What terminal and locale can do. Terminfo is asked in processes of their own: curses
remembers its first terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.terminal.capabilities import mouse_costs_esc, painted_on, shows_unicode

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


@pytest.mark.parametrize(
    ("environ", "encoding", "able"),
    [
        ({"LANG": "en_US.UTF-8"}, "utf-8", True),
        ({"LANG": "C.UTF-8"}, "utf-8", True),
        ({}, "utf-8", True),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8", True),  # none was set: Python has coerced it
        ({"LC_CTYPE": "UTF-8"}, "utf-8", True),  # as macOS sends it through SSH
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, "utf-8", False),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "POSIX"}, "utf-8", False),
        ({"LC_CTYPE": "de_DE.UTF-8", "LANG": "C"}, "utf-8", True),
        ({"LC_ALL": "C"}, "utf-8", False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "utf-8", False),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "C"}, "utf-8", True),
        ({"LANG": "en_US.ISO-8859-1"}, "iso-8859-1", False),
        ({"LANG": "ja_JP.eucJP"}, "euc_jp", False),
        ({"LANG": "zh_CN.GB18030"}, "gb18030", True),
        ({"LANG": "xx"}, "no-such-encoding", False),
        ({"LANG": "xx"}, None, False),
    ],
)
def test_signs_by_locale(environ: dict[str, str], encoding: str | None, able: bool) -> None:
    assert shows_unicode(encoding, environ, on_screen=True) is able
    assert shows_unicode(encoding, environ, on_screen=False) is able


@pytest.mark.parametrize(
    ("term", "able"),
    [
        *(("xterm-256color", True), ("tmux-256color", True), ("screen", True), ("putty", True)),
        *(("linux", False), ("linux-16color", False), ("vt100", False), ("vt220", False)),
        *(("dumb", False), ("ansi", False), ("", True)),
    ],
)
def test_signs_by_terminal(term: str, able: bool) -> None:
    environ = {"TERM": term, "LANG": "C.UTF-8"}
    assert shows_unicode("utf-8", environ, on_screen=True) is able
    # Lines for a file or a pipe are no matter of the terminal's.
    assert shows_unicode("utf-8", environ, on_screen=False)


def test_what_is_painted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal, Path(os.devnull).open("w") as nowhere:
        for out, err, wanted in [
            (terminal, terminal, terminal),
            (terminal, nowhere, terminal),
            (terminal, None, terminal),
            (nowhere, terminal, terminal),
            (None, terminal, terminal),
            (nowhere, nowhere, None),
            (None, None, None),
        ]:
            monkeypatch.setattr(sys, "__stdout__", out)
            monkeypatch.setattr(sys, "__stderr__", err)
            assert painted_on() is wanted
    os.close(master)
    monkeypatch.setattr(sys, "__stdout__", terminal)  # closed
    assert painted_on() is None


def test_only_gnu_screen_itself_holds_back_esc() -> None:
    assert mouse_costs_esc({"STY": "1234.pts-0.host"})
    assert not mouse_costs_esc({"STY": "1234.pts-0.host", "TMUX": "/run/tmux,1,0"})
    assert not mouse_costs_esc({"TERM": "screen"})
