"""Processes of tests and benchmarks end, whatever they think of it, and leave nothing open."""

from __future__ import annotations

import signal
import subprocess
import sys
from threading import Thread

import pytest

from tests.support.ending import end


def started(work: str) -> subprocess.Popen[str]:
    """Python at that work, once it has said so."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"import signal, time\n{work}"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def test_it_is_asked_to_end_and_what_it_said_last_is_read() -> None:
    process = started(
        "def last(*_): print('last', flush=True); raise SystemExit(7)\n"
        "signal.signal(signal.SIGTERM, last)\n"
        "print('begun', flush=True)\n"
        "time.sleep(600)"
    )
    assert process.stdout is not None
    said: list[str] = []
    reader = Thread(target=lambda lines: said.extend(lines), args=(process.stdout,), daemon=True)
    reader.start()
    assert end(process, 30, reader) == 7
    assert said == ["last\n"]
    assert process.stdout.closed


def test_one_that_does_not_listen_is_killed_and_that_is_a_failure() -> None:
    process = started(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('begun', flush=True)\ntime.sleep(600)"
    )
    with pytest.raises(subprocess.TimeoutExpired):
        end(process, 0.1)
    assert process.returncode == -signal.SIGKILL
    assert process.stdout is not None
    assert process.stdout.closed
