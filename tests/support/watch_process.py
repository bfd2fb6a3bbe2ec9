"""A watch in a process of its own, with signals as a person's shell would give them."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.home import environment_of
from tests.support.simulated import SimulatedServer, build_service
from tui.simulator.logons import Account

PASSWORD = "correct-horse-battery"

PROGRAM = """
import runpy, signal, sys
# Whatever runs the tests may ignore signals, and its children inherit that.
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.argv.pop(1) == "nohup":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
exec(sys.argv.pop(1))
runpy.run_module("tui", run_name="__main__", alter_sys=True)
"""
"""`python -m tui` with signals as a person's shell, or `nohup`, would give them."""


def environment_with_password(folder: Path) -> dict[str, str]:
    """All that the process inherits, the password among it; its files are under `folder`."""
    return {**environment_of(folder), "FAILOVER_MONITOR_PASSWORD": PASSWORD, "PYTHONUTF8": "1"}


def service_of(scenario: str, vms: int | None = None) -> SimulatedServer:
    return build_service(scenario, vms=vms, users={"demo": Account(PASSWORD)})


@contextmanager
def started(
    environment: dict[str, str], *arguments: str, nohup: bool = False, before: str = ""
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "nohup" if nohup else "", before, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=15)
    return process.returncode, out, err


def watching(url: str, service: SimulatedServer) -> list[str]:
    return ["watch", service.featured_session, "--server", url, "--user", "demo"]


def first_line(process: subprocess.Popen[str]) -> str:
    """What is there first; read past the buffer, so that the rest is still to come."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 15)
    assert ready
    return os.read(process.stdout.fileno(), 65536).decode()
