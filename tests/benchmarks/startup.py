"""From Enter to the first picture, `--version`, and the first full screen.

Run: `python -m tests.benchmarks.startup [--quick] [--json FILE]`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from statistics import median

from tests.benchmarks.recorder import Recorder, environment, monitor, wait_for
from tests.benchmarks.replay import Replay, grouped
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import ROOT, Load, Server


def version_seconds() -> float:
    """Wall time of `--version`."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tui", "--version"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - begun


def bare_seconds() -> float:
    """Wall time of the same interpreter doing nothing: no program can be faster."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], cwd=ROOT, env=environment(), check=True)
    return time.perf_counter() - begun


@dataclass(frozen=True)
class Start:
    """One start. Seconds from the start of the process; bytes to the terminal.

    `readable` is the first screen's text (which server is being logged on to), `painted` the
    whole of it in its colours, `tasks` the screen of tasks; `written` is everything up to there.
    """

    readable: float
    painted: float
    tasks: float
    written: int


def milestones(recorder: Recorder) -> Start | None:
    """When which of them was on the screen; None if one never was."""
    replay = Replay(recorder.size)
    readable = painted = None
    written = 0
    for _, ended, data in grouped(recorder.between(0.0, float("inf"))):
        replay.feed(data)
        written += len(data)
        at = ended - recorder.started
        if readable is None and replay.shows("Logging on"):
            readable = at
        if painted is None and replay.coloured() > 0.9:
            painted = at
        if readable is not None and painted is not None and replay.shows("exch01"):
            return Start(readable, painted, at, written)
    return None


def one_start(server: Server) -> Start:
    """Start the command on a session, up to its tasks."""
    command, environ = monitor(server, interval=5.0)
    asked = len(server.of_kind("session"))
    with Recorder(command, environ) as recorder:
        wait_for(partial(server.has_answered, "session", asked + 1), 20, "a poll of the session")
        wait_for(lambda: time.monotonic() - recorder.chunks[-1][0] > 0.4, 20, "a screen that rests")
        found = milestones(recorder)
    if found is None:
        raise SystemExit("benchmark: the start showed no first screen or no tasks")
    return found


def run(quick: bool = False) -> list[Figure]:
    """Half a minute."""
    times = 5 if quick else 20
    version_seconds()
    say(f"--version, {times} times")
    versions = [version_seconds() for _ in range(times)]
    bare = [bare_seconds() for _ in range(times)]
    say(f"starts, {times // 2} times")
    with Server(Load()) as server:
        starts = [one_start(server) for _ in range(times // 2 + 1)][1:]
    first = [start.readable for start in starts]
    count = len(starts)
    written = median(start.written for start in starts) / 1000
    return [
        Figure("--version", median(versions), "s", 0.12,
               f"fastest {min(versions):.3f}; the bare interpreter {median(bare):.3f}", times),
        Figure("first paint", median(first), "s", 0.35,
               f"it can be read; fastest {min(first):.2f}, slowest {max(first):.2f}", count),
        Figure("the first screen in its colours", median(start.painted for start in starts), "s",
               None, "", count),
        Figure("logged on, 1,000 tasks on screen", median(start.tasks for start in starts), "s",
               None, "", count),
        Figure("bytes up to the full screen of tasks", written, "kB", 25.0,
               "what is being logged on to, then the tasks", count),
    ]  # fmt: skip


if __name__ == "__main__":
    main("Start", run, __doc__)
