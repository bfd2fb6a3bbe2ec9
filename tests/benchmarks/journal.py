"""A journal of a month: a failover of 1,000 VMs, then nothing; and the report made of it.

Run: `python -m tests.benchmarks.journal [--quick] [--json FILE]`.

The failover runs ten VMs at a time and is polled every five seconds, then once a minute, as
the monitor does once a session has stopped. Observations are made here, not asked for; they
go through the real recorder and onto a real disk. Bytes are exact on any machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.report import Figure, main, say
from tests.support.fake_clock import START
from tests.support.making import SESSION_ID, point
from tui.enterprise_manager.resources import FailoverSession, ReplicaPointReference, TaskSession
from tui.journal.file import Journal
from tui.journal.records import Recorder, Watcher, header
from tui.monitor.observations import DetailsRead, Observation, Opened, Reading

VMS, SLOTS, SECONDS_EACH, POLL, POLL_STOPPED = 1_000, 10, 75, 5, 60
DAY = 24 * 3600
_RUNNING = VMS // SLOTS * SECONDS_EACH

_REPORT = """
import json, resource, sys, time
from pathlib import Path
from typing import Any
begun = time.perf_counter()
from tui.report.gathering import report_of_journal
from tui.report.html import as_html
text = as_html(report_of_journal(Path(sys.argv[1])))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([time.perf_counter() - begun, peak, len(text)]))
"""


def run(quick: bool = False) -> list[Figure]:
    """Some seconds."""
    days = 3 if quick else 30
    with tempfile.TemporaryDirectory() as folder:
        once, failover, a_day = _kept(Path(folder) / "once.jsonl", days, runs=1)
        daily, _, _ = _kept(Path(folder) / "daily.jsonl", days, runs=days)
        made = subprocess.run(
            [sys.executable, "-c", _REPORT, str(Path(folder) / "once.jsonl")],
            capture_output=True,
            text=True,
            check=True,
        )
    seconds, peak, size = json.loads(made.stdout)
    return [
        Figure("journal of the failover itself, 1,000 VMs", failover / 1e6, "MB"),
        Figure("a quiet day", a_day / 1e3, "kB", 100),
        Figure(f"{days} days, the monitor open all the time", once / 1e6, "MB", 20),
        Figure(f"{days} days, the monitor begun anew each day", daily / 1e6, "MB", 20),
        Figure("report of it, HTML: time, program start included", seconds, "s", 2),
        Figure("report of it, HTML: peak memory", peak / 1024, "MB", 150),
        Figure("report of it, HTML: size", size / 1e6, "MB"),
    ]


def _kept(path: Path, days: int, *, runs: int) -> tuple[int, int, int]:
    """Bytes in all, of the failover, of the second day."""
    journal = Journal(path)
    journal.append([header("em01:9398", SESSION_ID)])
    sizes = {0: path.stat().st_size}
    recorder = Recorder(Watcher(user="jdoe", host="noc1", version="0", fingerprint=None))
    for seconds, observation in _observations(days, runs):
        if isinstance(observation, Opened):
            say(f"{path.stem}: day {seconds // DAY}")
        records = recorder.records(observation)
        if records:
            journal.append(records)
        for mark in (_RUNNING, DAY, 2 * DAY):
            if mark not in sizes and seconds >= mark:
                sizes[mark] = path.stat().st_size
    journal.close()
    return path.stat().st_size, sizes[_RUNNING], sizes[2 * DAY] - sizes[DAY]


def _observations(days: int, runs: int) -> Iterator[tuple[int, Observation]]:
    each = days * DAY // runs
    seconds, opened = 0, -1
    last: FailoverSession | None = None
    while seconds < days * DAY:
        if seconds // each != opened:
            opened = seconds // each
            yield seconds, _opened(seconds, opened)
            if opened == 0:
                yield seconds, _details(seconds)
        if last is None or seconds <= _RUNNING:
            last = _session(seconds)
        yield seconds, Reading(**_seen(seconds), session=last, asked_at=float(seconds))
        seconds += POLL if seconds <= _RUNNING else POLL_STOPPED


def _seen(seconds: int) -> dict[str, Any]:
    at = START + timedelta(seconds=seconds)
    return {"seen_at": at, "monotonic": float(seconds), "server_time": at}


def _opened(seconds: int, number: int) -> Opened:
    bare = Opened(
        seen_at=START,
        monotonic=0.0,
        session_id=SESSION_ID,
        interval=float(POLL),
        stall_after=timedelta(minutes=10),
        run=f"run-{number}",
    )
    return replace(bare, seen_at=START + timedelta(seconds=seconds), monotonic=float(seconds))


def _details(seconds: int) -> DetailsRead:
    points = {f"point-{number}": point(f"point-{number}") for number in range(VMS)}
    at = START + timedelta(seconds=seconds)
    return DetailsRead(
        seen_at=at, monotonic=float(seconds), server_time=at, points=points, complete=True
    )


def _session(seconds: int) -> FailoverSession:
    tasks = tuple(_task(number, seconds) for number in range(VMS) if seconds >= _begin(number))
    over = seconds >= _RUNNING
    return FailoverSession(
        id=SESSION_ID,
        name="ABC Company Failover Plan",
        plan_name="ABC Company Failover Plan",
        backup_server="vbr01",
        created=START,
        ended=START + timedelta(seconds=_RUNNING) if over else None,
        state="Stopped" if over else "Working",
        result="Failed" if over else "None",
        progress=min(100, 100 * seconds // _RUNNING),
        tasks=tasks,
    )


def _begin(number: int) -> int:
    return number // SLOTS * SECONDS_EACH


def _task(number: int, seconds: int) -> TaskSession:
    begun = _begin(number)
    over = seconds >= begun + SECONDS_EACH
    failed = number % 50 == 7
    text = f"Not enough free space on datastore DS-{number % 7:02}: 534 GB needed, 62 GB free"
    return TaskSession(
        vm_name=f"server-accounting-{number:04}",
        replica_point=ReplicaPointReference(
            id=f"point-{number}", name=f"server-accounting-{number:04}@2026-11-23 13:00:00"
        ),
        created=START + timedelta(seconds=begun),
        ended=START + timedelta(seconds=begun + SECONDS_EACH) if over else None,
        state="Stopped" if over else "Working",
        result=("Failed" if failed else "Success") if over else "None",
        progress=100 if over else 100 * (seconds - begun) // SECONDS_EACH,
        failure_message=text if over and failed else None,
    )


if __name__ == "__main__":
    main("A journal of a month", run, __doc__)
