"""The commands that ask once, in a terminal, in a pipe, and ended from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from tests.e2e.conftest import PASSWORD, USER, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import PATIENCE, ROOT
from tui.exit_codes import ExitCode
from tui.simulator.exchange import Request, Response
from tui.simulator.server import Serving


@pytest.fixture
def known(server: Serving) -> dict[str, str]:
    return {
        "FAILOVER_MONITOR_SERVER": server.url,
        "FAILOVER_MONITOR_USER": USER,
        "FAILOVER_MONITOR_PASSWORD": PASSWORD,
    }


@contextmanager
def in_a_pipe(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "shows"),
    [
        (("list",), ("ID        STATUS", "Harbour Logi", "Alpine Dental DR", "6m0")),
        (("status", "latest"), ("Harbour Logistics full site: WORKING", "2 of 14 VMs done")),
        (("plans",), ("PLAN", "TENANT", "Kestrel Media archive")),
        (("check", "Kestrel Media archive"), ("Kestrel Media archive: READY", "STATUS", "✔ OK")),
    ],
)
def test_a_table_on_a_terminal_of_80_columns(
    start: Start, known: dict[str, str], arguments: tuple[str, ...], shows: tuple[str, ...]
) -> None:
    terminal = start(*arguments, env=known, lines=60)
    ended = terminal.wait()
    assert ended.code == ExitCode.SUCCESS
    terminal.wait_for(*shows)
    assert b"\t" not in terminal.output


def test_tabs_in_a_pipe(
    environment: dict[str, str], known: dict[str, str], service: SimulatedServer
) -> None:
    with in_a_pipe("list", "--running", env={**environment, **known}) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert out.split("\t")[0] == service.featured_session
    assert PASSWORD not in out + err
    assert service.open_logons == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("arguments", [("list",), ("report", "latest", "--no-journal")])
def test_ended_from_outside_it_logs_off_first(
    environment: dict[str, str],
    known: dict[str, str],
    service: SimulatedServer,
    number: signal.Signals,
    arguments: tuple[str, ...],
) -> None:
    asked, released = Event(), Event()

    def slow(request: Request) -> Response | None:
        if "query" in request.path:
            asked.set()
            service.fault = None
            released.wait(PATIENCE)
        return None

    service.fault = slow

    def as_a_shell_does() -> None:
        for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)

    options: dict[str, Any] = {"env": {**environment, **known}, "preexec_fn": as_a_shell_does}
    with in_a_pipe(*arguments, **options) as process:
        assert asked.wait(PATIENCE)
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            released.set()
    assert process.returncode == 128 + number
    assert out == ""
    assert "Traceback" not in err
    assert (service.logons, service.open_logons) == (1, 0)


def test_a_reader_who_has_left_is_no_traceback(
    environment: dict[str, str], known: dict[str, str], service: SimulatedServer
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "list", "--output", "json"],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**environment, **known},
            check=False,
        )
    finally:
        os.close(writing)
    assert done.returncode == ExitCode.NOBODY_READS
    assert b"Traceback" not in done.stderr
    assert service.open_logons == 0


def test_a_c_locale_gets_json_all_the_same(
    environment: dict[str, str], known: dict[str, str]
) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with in_a_pipe(
        "status", "latest", "--output", "json", env={**environment, **known, **plain}
    ) as process:
        out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert json.loads(out)["plan"] == "Harbour Logistics full site"
    assert out.isascii()
