"""However it ends: within two seconds, logged off, the terminal as it was, no CPU burnt."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import ALTERNATE_SCREEN, Ended, Terminal
from tui.simulator.exchange import Request, Response
from tui.simulator.server import Serving

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


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
@pytest.mark.parametrize("later", [0.0, 0.1, 0.3])
def test_a_signal_while_the_first_screens_open(
    start: Start, number: signal.Signals, code: int, later: float
) -> None:
    terminal = start("demo")
    terminal.until(lambda: ALTERNATE_SCREEN in terminal.screen.private)
    terminal.read_for(later)
    terminal.signal(number)
    assert terminal.wait().code == code
    assert terminal.is_restored
    assert "Error" not in bytes(terminal.output).decode()


_SHELL = """
import os, signal, sys
number, command = int(sys.argv[1]), sys.argv[2:]
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if not child:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, "-m", "tui", *command])
_, status = os.waitpid(child, os.WUNTRACED)
assert os.WIFSTOPPED(status)
os.tcsetpgrp(0, os.getpgrp())
print("BACK AT THE SHELL", flush=True)
sys.stdin.readline()
if number:
    os.kill(child, number)
else:
    os.tcsetpgrp(0, child)
os.kill(child, signal.SIGCONT)
_, status = os.waitpid(child, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
print("THEN", "stopped" if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status), flush=True)
"""


@pytest.fixture
def suspended(
    environment: dict[str, str], server: Serving, service: SimulatedServer
) -> Iterator[Callable[[int], Terminal]]:
    """The monitor under a shell of sorts, stopped with ctrl+z; what comes then is up to it."""
    known = {
        "FAILOVER_MONITOR_SERVER": server.url,
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
    }
    with ExitStack() as stack:

        def begin(then: int) -> Terminal:
            command = ["-c", _SHELL, str(then), service.featured_session]
            terminal = stack.enter_context(Terminal(command, {**environment, **known}))
            terminal.wait_for("of 14", "dc01")
            terminal.until(lambda: terminal.screen.title)
            terminal.keys("ctrl+z")
            terminal.wait_for("BACK AT THE SHELL")
            return terminal

        yield begin


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_suspended_monitor_that_is_told_to_end_logs_off(
    suspended: Callable[[int], Terminal],
    service: SimulatedServer,
    number: signal.Signals,
    code: int,
) -> None:
    terminal = suspended(number)
    assert terminal.is_restored, "title and all"
    terminal.keys("enter")
    terminal.wait_for(f"THEN {code}")
    assert service.open_logons == 0
    assert terminal.wait().code == 0


def test_a_suspended_monitor_comes_back_with_its_title(
    suspended: Callable[[int], Terminal], service: SimulatedServer
) -> None:
    terminal = suspended(0)
    terminal.keys("enter")
    terminal.wait_for("of 14", "dc01", "? Help")
    terminal.until(lambda: terminal.screen.title)
    terminal.keys("ctrl+c")
    terminal.wait_for("THEN 0")
    assert service.open_logons == 0


def test_continued_in_the_background_it_stops_again(
    suspended: Callable[[int], Terminal],
) -> None:
    terminal = suspended(signal.SIGCONT)
    terminal.keys("enter")
    terminal.wait_for("THEN stopped")
    assert ALTERNATE_SCREEN not in terminal.screen.private
