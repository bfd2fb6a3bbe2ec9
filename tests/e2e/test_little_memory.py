"""A machine with little memory, and a server whose answer takes more than there is."""

from __future__ import annotations

import signal

import pytest

from tests.e2e.conftest import PASSWORD, USER
from tests.support.simulated import build_service, serve
from tests.support.terminal import Terminal
from tui.enterprise_manager.decoding import MOST_PARTS
from tui.simulator.exchange import Response
from tui.simulator.logons import Account

LIMITED = """
import resource, runpy, sys
size = int(sys.argv.pop(1)) * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (size, size))
runpy.run_module("tui", run_name="__main__", alter_sys=True)
"""
"""As after `ulimit -v`."""

JSON, XML = "application/json", "application/xml"
BODIES = {
    "empty objects, 15 MB": (JSON, b"[" + b"{}," * 5_000_000 + b"{}]"),
    "members, as many as may be": (
        JSON,
        b"{" + b",".join(b'"%020d":0' % n for n in range(MOST_PARTS - 1)) + b"}",
    ),
    "tags, as many as may be": (XML, b"<a>" + b'<b c="d"/>' * (MOST_PARTS - 2) + b"</a>"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_the_answer_is_dropped_and_the_monitor_lives_on(
    environment: dict[str, str], kind: str
) -> None:
    service = build_service(users={USER: Account(PASSWORD)})
    content_type, body = BODIES[kind]
    with serve(service) as serving:
        env = {
            **environment,
            "FAILOVER_MONITOR_PASSWORD": PASSWORD,
            "FAILOVER_MONITOR_TEST_INTERVAL": "0.5",
            # Else each thread reserves 64 MB, on as many cores as the machine has.
            "MALLOC_ARENA_MAX": "2",
        }
        arguments = ["--server", serving.url, "--user", USER, service.featured_session]
        with Terminal(["-c", LIMITED, "900", *arguments], env, columns=120, lines=40) as terminal:
            terminal.wait_for("of 14", "● live")
            service.fault = lambda request: (
                Response(200, {"Content-Type": content_type}, body)
                if request.method == "GET"
                else None
            )
            # Millions of parts take a busy machine their time, the test's server too.
            terminal.wait_for("STALE", "next try in", timeout=120)
            assert terminal.shows("of 14"), "the last good data"
            service.fault = None
            terminal.keys("r")
            terminal.wait_for("● live", timeout=60)
            terminal.signal(signal.SIGTERM)
            assert terminal.wait().code == 143
            assert terminal.is_restored
            assert b"panicked" not in terminal.output
            assert b"Traceback" not in terminal.output
    assert service.open_logons == 0
