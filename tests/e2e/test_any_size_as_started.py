"""Through the real driver, a terminal that changed its size shows what a start at it shows.

In characters and colours, blanks and the last column included: what an earlier size left
behind would be as wrong as a cell that is missing.
"""

from __future__ import annotations

from contextlib import ExitStack

from tests.e2e.conftest import PASSWORD, USER, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import Terminal
from tui.simulator.server import Serving

SIZES = ((120, 40), (45, 10), (80, 24), (200, 20), (30, 6), (100, 30))
Look = tuple[str, str, str, bool, bool, bool, bool]


def look(terminal: Terminal) -> list[list[Look]]:
    """All cells but those of the first line, whose clocks go on; a blank has no foreground."""
    screen = terminal.screen
    rows = []
    for y in range(1, screen.lines):
        row = []
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            blank = cell.data == " " and not cell.underscore and not cell.strikethrough
            fg, bg = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
            row.append(
                (
                    cell.data,
                    "" if blank else fg,
                    bg,
                    cell.bold and not blank,
                    cell.italics and not blank,
                    cell.underscore,
                    cell.strikethrough,
                )
            )
        rows.append(row)
    return rows


def test_after_a_resize_it_looks_as_if_it_had_been_started_so(
    start: Start, server: Serving, service: SimulatedServer
) -> None:
    ended = service.world.past[0].uid
    arguments = ("--server", server.url, "--user", USER, "--no-journal", ended)
    env = {"FAILOVER_MONITOR_PASSWORD": PASSWORD}
    moved = start(*arguments, env=env)
    moved.wait_for("of 14")
    for columns, lines in SIZES:
        moved.resize(columns, lines)
        with ExitStack() as stack:
            fresh = stack.enter_context(start(*arguments, env=env, columns=columns, lines=lines))

            def are_alike(fresh: Terminal = fresh) -> bool:
                fresh.read_for(0.05)
                return "of 14" in fresh.text and look(moved) == look(fresh)

            moved.until(are_alike, what=f"the look of a start at {columns}x{lines}")
