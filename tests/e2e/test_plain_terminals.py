"""Black and white, sixteen colours, no Unicode: the meaning survives."""

from __future__ import annotations

import re

import pytest

from tests.e2e.conftest import SESSION_TITLE, JumpingClock, Start
from tests.support.terminal import Terminal

TRUE_COLOUR = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")
PALETTE = re.compile(rb"\x1b\[(?:\d+;)*[34]8;5;")
SIXTEEN = re.compile(rb"[\[;](?:3[0-7]|4[0-7]|9[0-7]|10[0-7])(?=[;m])")


def _at_a_failure(terminal: Terminal, clock: JumpingClock) -> None:
    clock.skip(30)
    terminal.keys("r")
    terminal.wait_for("1 failed", "RUNNING WITH ERRORS", "Failed", "Working", "Success", "Waiting")
    terminal.wait_for(SESSION_TITLE, "sql02", "Not enough free space", "done", "running", "RO")


def _leave(terminal: Terminal) -> None:
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert terminal.is_restored


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_ascii_only(logged_on: Start, clock: JumpingClock, locale: str) -> None:
    terminal = logged_on("--ascii", env={"LANG": locale, "TERM": "xterm"})
    _at_a_failure(terminal, clock)
    assert terminal.row_with("sql02").split()[0] == "x"
    assert terminal.row_with("dc01").split()[0] == "+"
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)")
    terminal.keys("escape")
    terminal.wait_for("of 14", "STATUS")
    terminal.keys("enter")
    terminal.wait_for("Replica point")
    terminal.keys("escape")
    terminal.wait_for("of 14", "STATUS")
    terminal.keys("escape")
    terminal.wait_for("25 cloud failover sessions", "PLAN")
    terminal.keys("ctrl+p")
    terminal.wait_for("Open the selected row")
    _leave(terminal)
    foreign = {c for c in terminal.output.decode() if not c.isascii()}
    assert foreign == set()


def test_ascii_only_for_names_that_are_not(start: Start) -> None:
    terminal = start("demo", "--scenario", "hostile", "--ascii", columns=120, lines=40)
    terminal.wait_for("RO", "Filter", "Working")
    _leave(terminal)
    assert {c for c in terminal.output.decode() if not c.isascii()} == set()


def test_a_c_locale_breaks_nothing(logged_on: Start) -> None:
    terminal = logged_on(env={"LANG": "C", "LC_ALL": "C", "TERM": "xterm"})
    terminal.wait_for("Working", "Success", "Waiting", "running")
    _leave(terminal)


def test_no_color_sends_no_colours(logged_on: Start, clock: JumpingClock) -> None:
    terminal = logged_on(env={"NO_COLOR": "1"})
    _at_a_failure(terminal, clock)
    assert terminal.row_with("sql02").lstrip().startswith("✘")
    output = bytes(terminal.output)
    coloured = {rgb for rgb in TRUE_COLOUR.findall(output) if len(set(rgb)) > 1}
    assert coloured == set()
    assert not PALETTE.search(output)
    assert not SIXTEEN.search(TRUE_COLOUR.sub(b"", output))
    _leave(terminal)


def test_sixteen_colours(logged_on: Start, clock: JumpingClock) -> None:
    terminal = logged_on(env={"TERM": "xterm", "COLORTERM": ""})
    _at_a_failure(terminal, clock)
    output = bytes(terminal.output)
    assert SIXTEEN.search(output)
    assert not TRUE_COLOUR.search(output)
    assert not PALETTE.search(output)
    failed = terminal.screen.buffer[terminal.rows.index(terminal.row_with("sql02"))]
    done = terminal.screen.buffer[terminal.rows.index(terminal.row_with("dc01"))]
    assert failed[1].data == "✘"
    assert failed[1].fg != done[1].fg
    # The selected row is told from the others by its background.
    table = [number for number, row in enumerate(terminal.rows) if row[1:2] in "✘▶▷·✔⚠"]
    assert len({terminal.background(number) for number in table}) == 2
    _leave(terminal)
