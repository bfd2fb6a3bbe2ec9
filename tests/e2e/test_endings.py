"""However it ends: within two seconds, logged off, the terminal as it was, no CPU burnt."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.e2e.conftest import SESSION_TITLE, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import Ended, Terminal
from tui.simulator.exchange import Request, Response

LONGEST = 5.0
"""Seconds that a noisy machine is granted; the promise is two, and the figure is printed."""


def _ends(terminal: Terminal, cause: Callable[[], object], what: str) -> Ended:
    """How the process ends after `cause`, which must take neither long nor much CPU."""
    used = terminal.cpu_seconds()
    begun = time.monotonic()
    cause()
    ended = terminal.wait(LONGEST)
    seconds, cpu = time.monotonic() - begun, ended.cpu - used
    print(f"{what}: ended after {seconds:.2f} s, {cpu:.2f} s of CPU, code {ended.code}")
    assert seconds < LONGEST
    assert cpu < 1.0
    with pytest.raises(ProcessLookupError):
        os.killpg(terminal.pid, 0)
    return ended


def _is_logged_off(service: SimulatedServer) -> bool:
    return service.open_logons == 0 and service.logons == service.logoffs == 1


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal(
    logged_on: Start, service: SimulatedServer, number: signal.Signals, code: int
) -> None:
    terminal = logged_on()
    assert service.open_logons == 1
    ended = _ends(terminal, lambda: terminal.signal(number), number.name)
    assert ended.code == code
    assert _is_logged_off(service)
    assert terminal.is_restored
    assert terminal.rows[0].startswith(SESSION_TITLE)
    assert terminal.shows("of 14", service.featured_session)


def test_ctrl_c_as_a_key(logged_on: Start, service: SimulatedServer) -> None:
    terminal = logged_on()
    ended = _ends(terminal, lambda: terminal.keys("ctrl+c"), "ctrl+c")
    assert ended.code == 0
    assert _is_logged_off(service)
    assert terminal.is_restored
    assert terminal.rows[0].startswith(SESSION_TITLE)


@pytest.mark.parametrize("ignored", [False, True], ids=["usual", "SIGHUP-ignored"])
def test_a_closed_terminal(logged_on: Start, service: SimulatedServer, *, ignored: bool) -> None:
    terminal = logged_on(ignore_hangup=ignored)
    ended = _ends(terminal, terminal.hang_up, f"terminal closed, SIGHUP ignored: {ignored}")
    assert ended.code == 129
    assert _is_logged_off(service)


def test_a_closed_terminal_at_the_login(start: Start) -> None:
    terminal = start("--server", "127.0.0.1:9", ignore_hangup=True)
    terminal.wait_for("Password")
    assert _ends(terminal, terminal.hang_up, "terminal closed at the login").code == 129


def test_a_server_that_does_not_answer_the_logoff(
    logged_on: Start, service: SimulatedServer
) -> None:
    over = threading.Event()

    def stuck(request: Request) -> Response | None:
        if request.method == "DELETE":
            over.wait(30)
        return None

    service.fault = stuck
    terminal = logged_on()
    try:
        ended = _ends(terminal, lambda: terminal.signal(signal.SIGTERM), "stuck logoff")
    finally:
        over.set()
    assert ended.code == 143
    assert terminal.is_restored


def test_a_terminal_that_takes_no_more_output(logged_on: Start, service: SimulatedServer) -> None:
    terminal = logged_on(columns=200, lines=60)
    terminal.stop_reading()
    seen = len(service.log)
    terminal.resize(190, 60)
    terminal.keys("r")
    terminal.until(lambda: len(service.log) > seen)
    ended = _ends(terminal, lambda: terminal.signal(signal.SIGTERM), "stuck terminal")
    assert ended.code == 143
    assert _is_logged_off(service)
