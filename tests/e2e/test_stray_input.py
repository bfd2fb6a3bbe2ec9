"""Answers of the terminal, late and in pieces, and keys of other encodings: a real terminal."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import PASSWORD, USER, Start
from tests.support.simulated import SimulatedServer, build_service, serve
from tests.support.terminal import Terminal
from tui.simulator.clock import system_clock
from tui.simulator.logons import Account
from tui.simulator.server import Serving

ANSWERS = [
    "\x1b[>0;276;0c",
    "\x1b[?1;2c",
    "\x1b[?0u",
    "\x1b[8;24;80t",
    "\x1b[?997;1n",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1bP>|tmux 3.4\x1b\\",
    "\x1b[<35;70;22M",
    "\x1b[<0;70;22m",
    "\x1b[I",
]
_LONGER_THAN_ESC = 0.25
"""Seconds; a piece that comes later than this would have been a key by itself."""


def in_pieces(terminal: Terminal, text: str, *places: int) -> None:
    for start, end in zip((0, *places), (*places, len(text)), strict=True):
        terminal.keys(text[start:end])
        terminal.read_for(_LONGER_THAN_ESC)


def test_answers_whole_and_in_pieces_press_nothing_on_a_session(logged_on: Start) -> None:
    terminal = logged_on()
    for answer in ANSWERS:
        terminal.keys(answer)
        in_pieces(terminal, answer, 2)
    in_pieces(terminal, ANSWERS[0], 3, 5, 8)
    terminal.keys("?")
    terminal.wait_for("KEYS (Esc closes this help)", "Show failed VMs only")
    terminal.keys("\x1b")
    terminal.wait_for("of 14", "dc01", "STATUS")
    terminal.until(lambda: not terminal.shows("Comparison"))


def test_a_key_in_two_pieces_is_that_key(logged_on: Start) -> None:
    terminal = logged_on()
    first = terminal.background(terminal.rows.index(terminal.row_with("dns-dhcp01")))
    in_pieces(terminal, "\x1b[6~", 2, 3)
    terminal.until(
        lambda: terminal.background(terminal.rows.index(terminal.row_with("dns-dhcp01"))) != first
    )
    in_pieces(terminal, "\x1bOP", 2)
    terminal.wait_for("KEYS (Esc closes this help)")


def test_an_answer_to_who_are_you_types_nothing_into_the_login(
    start: Start, server: Serving, service: SimulatedServer
) -> None:
    terminal = start("--server", server.url, "--user", USER)
    terminal.wait_for("Password", USER)
    for answer in ANSWERS[:8]:
        terminal.keys(answer)
        in_pieces(terminal, answer, 2, len(answer) - 1)
    terminal.keys(PASSWORD, "enter")
    terminal.wait_for("25 cloud failover sessions")
    assert [entry.status for entry in service.log if entry.method == "POST"] == [201]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_what_is_typed_is_read_in_the_encoding_that_is_written_in(
    start: Start, encoding: str
) -> None:
    user, password = "Jürgen", "Pässwörd-zebra"
    service = build_service(clock=system_clock, users={user: Account(password)})
    with serve(service) as server:
        terminal = start("--server", server.url, "--ascii", env={"PYTHONIOENCODING": encoding})
        terminal.wait_for("Server", "User")
        terminal.raw(user.encode(encoding))
        terminal.keys("enter")
        terminal.wait_for("No password was typed.")
        terminal.raw(password.encode(encoding))
        terminal.keys("enter")
        terminal.wait_for("25 cloud failover sessions")
        assert [entry.status for entry in service.log if entry.method == "POST"] == [201]
