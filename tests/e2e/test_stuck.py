"""Signals are obeyed while the event loop does not come back, whatever holds it."""

from __future__ import annotations

import signal
import time

import pytest

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER
from tests.support.simulated import SimulatedServer
from tests.support.terminal import Terminal
from tui.simulator.server import Serving

LONGEST = 5.0
"""Seconds that a noisy machine is granted; the promise is two."""

RUN = "import runpy\nrunpy.run_module('tui', run_name='__main__', alter_sys=True)\n"
HOLD = """
import re, sys, time
from tui.screens.session import SessionScreen
def held(self, *_):
    {work}
SessionScreen.action_poll = held
"""
WORKS = {
    "python": "\n    while True: pass",
    "pattern": "re.match(r'(a+)+$', 'a' * 60 + 'b')",
    "waiting": "time.sleep(600)",
    "catching": "\n    while True:\n        try: time.sleep(9)\n        except Exception: pass",
}


@pytest.mark.parametrize("work", WORKS)
def test_a_signal_ends_what_does_not_come_back(
    environment: dict[str, str], server: Serving, service: SimulatedServer, work: str
) -> None:
    given = {
        "FAILOVER_MONITOR_SERVER": server.url,
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
    }
    program = HOLD.format(work=WORKS[work]) + RUN
    with Terminal(["-c", program, service.featured_session], {**environment, **given}) as terminal:
        terminal.wait_for("of 14", "Filter", "dc01")
        terminal.keys("r")
        terminal.read_for(0.3)
        begun = time.monotonic()
        terminal.signal(signal.SIGTERM)
        ended = terminal.wait(LONGEST)
        print(f"{work}: ended after {time.monotonic() - begun:.2f} s")
        assert ended.code == 143
        assert terminal.is_restored
        assert "Traceback" not in terminal.text
    assert service.open_logons == 0
    assert service.logons == service.logoffs == 1


def test_where_cleaning_up_hangs_too_the_process_ends(
    environment: dict[str, str], server: Serving, service: SimulatedServer
) -> None:
    given = {
        "FAILOVER_MONITOR_SERVER": server.url,
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
    }
    work = "\n    while True:\n        try: time.sleep(600)\n        except BaseException: pass"
    with Terminal(
        ["-c", HOLD.format(work=work) + RUN, service.featured_session], {**environment, **given}
    ) as terminal:
        terminal.wait_for("of 14", "Filter", "dc01")
        terminal.keys("r")
        terminal.read_for(0.3)
        terminal.signal(signal.SIGTERM)
        ended = terminal.wait(LONGEST)
        assert ended.code == 143
        assert terminal.is_restored
        assert SESSION_TITLE not in terminal.text
