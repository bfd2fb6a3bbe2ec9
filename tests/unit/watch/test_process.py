"""The real command in a process of its own, against a simulator on a socket."""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

import pytest

from tests.support.certificates import self_signed
from tests.support.rehearsing import lines_in
from tests.support.simulated import SimulatedServer, build_service, serve
from tui.exit_codes import ExitCode
from tui.simulator.logons import Account

PASSWORD = "correct-horse-battery"

PROMPTLY = 8.0
"""Seconds: a fraction of any wait that could hold it up (a minute's interval, half a minute
for an answer), and still what a busy machine needs."""

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

HANGING_LOOK_UP = """
import socket, threading

def look_up(*_arguments, **_options):
    print("looking up", flush=True)
    threading.Event().wait()
socket.getaddrinfo = look_up
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FAILOVER_MONITOR_")}
    kept = {k: v for k, v in kept.items() if not k.lower().endswith("_proxy")}
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(tmp_path))
    return {**kept, **folders, "FAILOVER_MONITOR_PASSWORD": PASSWORD, "PYTHONUTF8": "1"}


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


KEEP_EVENTS = """
import json, os, sys
event = json.load(sys.stdin)
with open(sys.argv[1], "a") as kept:
    kept.write(json.dumps({"event": event, "environment": dict(os.environ)}) + "\\n")
"""


def test_a_command_is_told_each_event_and_no_secret(
    environment: dict[str, str], tmp_path: Path
) -> None:
    kept, program = tmp_path / "kept.jsonl", tmp_path / "keep.py"
    program.write_text(KEEP_EVENTS)
    service = build_service("failures", speed=30, users={"demo": Account(PASSWORD)})
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "2"]
        hook = f"{sys.executable} {program} {kept}"
        with started(environment, *arguments, "--on-event", hook) as process:
            code, _, err = ended(process)
    told = [json.loads(line) for line in kept.read_text().splitlines()]
    kinds = [each["event"]["kind"] for each in told]
    assert (code, kinds.count("session failed")) == (1, 1), err
    assert {each["event"]["schema"] for each in told} == {"failover-monitor-event/1"}
    assert {each["event"]["server"] for each in told} == {serving.url.removeprefix("http://")}
    assert {each["event"]["rehearsal"] for each in told} == {False}
    assert PASSWORD not in kept.read_text()
    for each in told:
        assert each["environment"]["FAILOVER_EVENT_KIND"] == each["event"]["kind"]
        assert not [name for name in each["environment"] if name.startswith("FAILOVER_MONITOR_")]


def test_the_end_is_told_before_the_watch_ends(environment: dict[str, str], tmp_path: Path) -> None:
    """Posted to a real HTTP server, by a program that takes its time."""
    posted: list[dict[str, object]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            posted.append(json.loads(self.rfile.read(size)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        post = (
            "import sys, time, urllib.request as u; time.sleep(1);"
            f"u.urlopen('http://127.0.0.1:{server.server_port}/', sys.stdin.buffer.read())"
        )
        hook = shlex.join([sys.executable, "-c", post])
        demo = ("demo", "--speed", "200", "--interval", "2", "--on-event", hook)
        with started(environment, *demo) as process:
            code, _, err = ended(process)
        server.shutdown()
    assert code == 1
    assert "note" not in {line.what for line in lines_in(err) if "clock" not in line.message}
    kinds = [each["kind"] for each in posted]
    assert kinds.count("session failed") == 1
    assert {each["rehearsal"] for each in posted} == {True}


def test_what_goes_wrong_with_a_command_is_said(environment: dict[str, str]) -> None:
    hook = shlex.join([sys.executable, "-c", "import sys; sys.exit('no route to the pager')"])
    demo = ("demo", "--speed", "200", "--interval", "2", "--on-event", hook)
    with started(environment, *demo) as process:
        code, out, err = ended(process)
    assert code == 1
    said = [line.message for line in lines_in(err) if "no route to the pager" in line.message]
    assert len(said) == 1
    assert "failed with exit code 1: no route to the pager" in said[0]
    assert "pager" not in out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/at-all x", "there is no program '/nowhere/at-all' to run"),
        ("say 'it", "no closing quotation"),
        ("", "no command named"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused_at_once(
    environment: dict[str, str], command: str, said: str
) -> None:
    with started(environment, "demo", "--on-event", command) as process:
        code, _, err = ended(process)
    assert code == 2
    assert said in err


def test_a_journal_that_lacks_something_is_said_at_the_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "journals"
    folder.write_text("in the way")
    demo = ("demo", "--speed", "200", "--interval", "2")
    # Named in the settings file: an option would be refused at once.
    config = tmp_path / "settings.toml"
    config.write_text(f"[journal]\nfolder = '{folder}'\n")
    config.chmod(0o600)
    with started(environment, *demo, "--config", str(config)) as process:
        code, _, err = ended(process)
    assert code == 1
    last = lines_in(err)[-1]
    assert re.fullmatch(
        r"\d+ records are missing in the journal: they could not be written\.", last.message
    )
