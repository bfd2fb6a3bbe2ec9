"""Streams that lead elsewhere, sizes in the environment, terminals without a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Start
from tests.support.terminal import Terminal

_CHANGED = """
import os, sys
for change in sys.argv[1].split():
    descriptor, _, target = change.partition(">")
    if target == "-":
        os.close(int(descriptor))
    else:
        os.dup2(os.open(target, os.O_RDWR | os.O_CREAT), int(descriptor))
os.execv(sys.executable, [sys.executable, "-m", "tui", *sys.argv[2:]])
"""


def works(terminal: Terminal) -> None:
    terminal.wait_for("of 14", "dc01", "STATUS")
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)")
    terminal.keys("escape")
    terminal.wait_for("dc01", "STATUS")
    terminal.resize(100, 30)
    terminal.until(lambda: any(len(row) > 90 for row in terminal.rows), what="the new size")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert terminal.is_restored


@pytest.mark.parametrize("change", ["2>/dev/null", "2>log", "2>-", "0>-", "0>- 2>-", "0>/dev/null"])
def test_it_is_painted_on_the_terminal_that_is_there(
    environment: dict[str, str], tmp_path: Path, change: str
) -> None:
    change = change.replace("log", str(tmp_path / "log"))
    with Terminal(["-c", _CHANGED, change, "demo"], environment) as terminal:
        works(terminal)
    if "log" in change:
        assert (tmp_path / "log").read_bytes() == b""


def test_the_terminals_own_size_beats_columns_and_lines(start: Start) -> None:
    terminal = start("demo", env={"COLUMNS": "200", "LINES": "60"})
    terminal.wait_for("of 14", "? Help")
    assert "? Help" in terminal.rows[-1]
    works(terminal)


def test_a_dumb_terminal_gets_plain_lines(start: Start) -> None:
    terminal = start("demo", "--speed", "60", env={"TERM": "dumb"})
    terminal.wait_for("TERM=dumb names a terminal without a screen")
    assert terminal.wait().code in (0, 1, 3)
    assert b"\x1b" not in bytes(terminal.output)


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LANG": "C"},
        {"LANG": "POSIX"},
        {"PYTHONIOENCODING": "iso-8859-1"},
        {"TERM": "linux", "COLORTERM": ""},
        {"TERM": "vt100", "COLORTERM": ""},
    ],
    ids=lambda env: "-".join(env.values()),
)
def test_ascii_by_itself(start: Start, env: dict[str, str]) -> None:
    terminal = start("demo", env=env)
    terminal.wait_for("of 14", "dc01", "STATUS", "> ")
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert {c for c in bytes(terminal.output).decode() if not c.isascii()} == set()


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"TERM": "linux"}], ids=lambda env: "-".join(env.values())
)
def test_unicode_where_a_person_wants_it(start: Start, env: dict[str, str]) -> None:
    terminal = start("demo", "--unicode", env=env)
    terminal.wait_for("of 14", "dc01", "STATUS", "▶", "━")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
