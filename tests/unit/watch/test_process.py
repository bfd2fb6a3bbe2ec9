"""The real command in a process of its own, against a simulator on a socket."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import IO

import pytest

from tests.support.certificates import self_signed
from tests.support.rehearsing import lines_in
from tests.support.simulated import serve
from tests.support.watch_process import (
    PASSWORD,
    PROGRAM,
    ended,
    first_line,
    service_of,
    started,
    watching,
)
from tui.exit_codes import ExitCode

PROMPTLY = 8.0
"""Seconds: a fraction of any wait that could hold it up (a minute's interval, half a minute
for an answer), and still what a busy machine needs."""

HANGING_LOOK_UP = """
import socket, threading

def look_up(*_arguments, **_options):
    print("looking up", flush=True)
    threading.Event().wait()
socket.getaddrinfo = look_up
"""


def waiting_in(pipe: IO[str]) -> int:
    """How many bytes nobody has read yet."""
    answer = fcntl.ioctl(pipe.fileno(), termios.FIONREAD, bytes(4))
    return int.from_bytes(answer, sys.byteorder)


def test_the_demo_in_a_pipe(environment: dict[str, str]) -> None:
    with started(environment, "demo", "--speed", "200", "--interval", "2") as process:
        code, out, err = ended(process)
    assert code == 1
    told = lines_in(out)
    assert next(line.vm for line in told if line.what == "task failed") == "sql02"
    assert sum(line.what == "task started" for line in told) == 14
    assert told[-1].what == "summary"
    # At this speed 25 ms of a busy machine are five seconds of the server's clock.
    said = [line for line in lines_in(err) if "clock is off" not in line.message]
    assert [line.what for line in said] == ["logon", "tenant"]


def test_a_missed_target_is_told_by_the_code(environment: dict[str, str]) -> None:
    arguments = ("demo", "--scenario", "clean", "--speed", "200", "--interval", "2")
    with started(environment, *arguments, "--rto", "1m") as process:
        code, out, _ = ended(process)
    assert code == ExitCode.TARGET_MISSED
    assert "RTO 1 min NOT MET" in lines_in(out)[-2].message + lines_in(out)[-1].message


def test_json_lines_are_there_at_once_and_end_with_the_code(environment: dict[str, str]) -> None:
    service = service_of("stall")
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "2", "--output", "json"]
        with started(environment, *arguments) as process:
            first = first_line(process)
            while "session started" not in first:
                first += first_line(process)
            process.send_signal(signal.SIGTERM)
            code, out, err = ended(process)
    assert code == 143
    objects = [json.loads(line) for line in (first + out).splitlines()]
    kinds = [each["kind"] for each in objects]
    assert kinds[-2:] == ["summary", "end"]
    assert objects[-1]["exit_code"] == 143
    assert {line.what for line in lines_in(err)} <= set(kinds)
    assert PASSWORD not in first + out + err
    assert "RestSvcSessionId" not in first + out + err
    assert service.open_logons == 0


def test_the_time_out_on_a_real_clock(environment: dict[str, str]) -> None:
    service = service_of("stall")
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--timeout", "1s", "--quiet"]
        with started(environment, *arguments) as process:
            code, out, err = ended(process)
    assert code == ExitCode.TIMED_OUT
    assert {line.what for line in lines_in(out)} == {"summary"}
    assert [line.what for line in lines_in(err)] == ["timed out"]
    assert service.open_logons == 0


def test_a_pipe_that_closes_ends_it_quietly(environment: dict[str, str]) -> None:
    service = service_of("stall")
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "2"]
        with started(environment, *arguments) as process:
            first_line(process)
            assert process.stdout is not None
            process.stdout.close()
            process.stdout = None
            code, _, err = ended(process)
    assert code == 141
    assert "Traceback" not in err
    assert "Broken" not in err
    assert service.open_logons == 0


def test_a_pipe_that_closes_is_noticed_between_polls(environment: dict[str, str]) -> None:
    service = service_of("stall")
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "60"]
        with started(environment, *arguments) as process:
            first_line(process)
            assert process.stdout is not None
            begun = time.monotonic()
            process.stdout.close()
            process.stdout = None
            code, _, _ = ended(process)
            took = time.monotonic() - begun
    assert code == 141
    assert took < PROMPTLY
    assert (service.open_logons, service.logoffs) == (0, 1)


def test_a_pipe_that_closes_is_noticed_while_the_server_is_silent(
    environment: dict[str, str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with started(environment, "watch", "--server", url, "--user", "demo") as process:
            silent.settimeout(15)
            connection, _ = silent.accept()
            with connection:
                assert process.stdout is not None
                begun = time.monotonic()
                process.stdout.close()
                process.stdout = None
                code, _, err = ended(process)
                took = time.monotonic() - begun
    assert code == 141
    assert took < PROMPTLY
    assert "Traceback" not in err


def test_a_closed_terminal_is_noticed_even_under_nohup(environment: dict[str, str]) -> None:
    service = service_of("stall")
    master, slave = os.openpty()
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "60"]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "nohup", "", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
        )
        os.close(slave)
        ready, _, _ = select.select([master], [], [], 15)
        assert ready
        while service.open_logons == 0 or b"session started" not in os.read(master, 65536):
            pass
        begun = time.monotonic()
        os.close(master)
        try:
            code = process.wait(10)
        finally:
            process.kill()
            process.wait()
        took = time.monotonic() - begun
    assert code == 141
    assert took < PROMPTLY
    assert (service.open_logons, service.logoffs) == (0, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_logs_off_and_waits_for_nothing(
    environment: dict[str, str], number: signal.Signals
) -> None:
    service = service_of("stall")
    with serve(service) as serving, started(environment, *watching(serving.url, service)) as it:
        first = first_line(it)
        assert service.open_logons == 1
        begun = time.monotonic()
        it.send_signal(number)
        code, out, err = ended(it)
        took = time.monotonic() - begun
    assert code == 128 + number
    assert took < PROMPTLY
    assert (service.open_logons, service.logoffs) == (0, 1)
    assert lines_in(first + out)[-1].what == "summary"
    assert PASSWORD not in first + out + err
    assert "Traceback" not in err


def test_a_signal_ends_it_though_the_reader_has_stopped(environment: dict[str, str]) -> None:
    """More lines than a pipe takes, and nobody reads on."""
    service = service_of("large", vms=2500)
    with serve(service) as serving, started(environment, *watching(serving.url, service)) as it:
        assert it.stdout is not None
        begun = time.monotonic()
        while waiting_in(it.stdout) < 60_000:
            assert time.monotonic() - begun < 60
            time.sleep(0.01)
        begun = time.monotonic()
        it.send_signal(signal.SIGTERM)
        assert it.wait(10) == 128 + signal.SIGTERM
        assert time.monotonic() - begun < PROMPTLY
    assert service.open_logons == 0


def test_under_nohup_a_lost_terminal_does_not_end_it(environment: dict[str, str]) -> None:
    service = service_of("stall")
    with (
        serve(service) as serving,
        started(environment, *watching(serving.url, service), nohup=True) as it,
    ):
        first_line(it)
        it.send_signal(signal.SIGHUP)
        it.send_signal(signal.SIGTERM)
        assert ended(it)[0] == 128 + signal.SIGTERM
    assert service.open_logons == 0


def test_an_unknown_certificate_stops_it_before_the_password(
    environment: dict[str, str], tmp_path: Path
) -> None:
    own = self_signed(tmp_path, "em01.example")
    pem, fingerprint = own.file, own.fingerprint
    service = service_of("clean")
    over = next(run for run in service.world.past if run.end < 0)
    with serve(service, cert=pem) as serving:
        arguments = ["watch", over.uid, "--server", serving.url, "--user", "demo"]
        with started(environment, *arguments) as process:
            code, out, err = ended(process)
        assert (code, out) == (4, "")
        assert not service.log
        assert f"--trust-fingerprint {fingerprint}" in err
        assert "--ca-file" in err
        assert "CN=em01.example" in err
        other = "ab" * 32
        with started(environment, *arguments, "--trust-fingerprint", other) as process:
            code, out, err = ended(process)
        assert (code, out) == (4, "")
        assert not service.log
        assert fingerprint in err.replace(":", "").lower()
        with started(environment, *arguments, "--trust-fingerprint", fingerprint) as process:
            code, out, err = ended(process)
        assert code in (0, 1, 3)
        assert lines_in(out)[0].what == "session started"
    assert service.open_logons == 0


def test_a_resolver_without_an_answer_does_not_hold_up_the_end(
    environment: dict[str, str],
) -> None:
    """The look-up stands for one that hangs: it says so, then waits for ever."""
    arguments = ["watch", "--server", "em01.invalid", "--user", "u"]
    with started(environment, *arguments, before=HANGING_LOOK_UP) as process:
        assert first_line(process).startswith("looking up")
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code, _, err = ended(process)
        took = time.monotonic() - begun
    assert code == 128 + signal.SIGTERM
    assert took < PROMPTLY
    assert err == ""


def test_what_is_written_down_and_what_is_not(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "requests.log"
    service = service_of("stall")
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--log-file", str(log)]
        with started(environment, *arguments) as process:
            first_line(process)
            process.send_signal(signal.SIGTERM)
            ended(process)
    written = log.read_text()
    assert "POST /api/sessionMngr/" in written
    assert "GET /api/cloud/failoverSessions/" in written
    assert "DELETE /api/logonSessions/" in written
    assert PASSWORD not in written


def test_it_loads_no_screen(environment: dict[str, str]) -> None:
    program = "import sys, tui.watch; sys.exit('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    assert done.returncode == 0


STUCK = """
import re
from tui.watch.output import Output
plain = Output.talk
def held(self, line):
    plain(self, line)
    if line.what == "logon":
        re.match(r"(a+)+$", "a" * 60 + "b")
Output.talk = held
"""


def test_a_signal_ends_a_watch_that_does_not_come_back(environment: dict[str, str]) -> None:
    service = service_of("failures")
    with (
        serve(service) as serving,
        started(environment, *watching(serving.url, service), before=STUCK) as process,
    ):
        assert process.stderr is not None
        while "\tlogon\t" not in (said := process.stderr.readline()):
            assert said
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 143
    assert service.open_logons == 0
    assert service.logons == 1
