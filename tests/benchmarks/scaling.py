"""What a poll costs from 10 to 10,000 tasks, from outside: CPU, memory, bytes.

Run: `python -m tests.benchmarks.scaling [--quick] [--json FILE]`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from tests.benchmarks.recorder import Recorder, monitor, wait_for
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import Load, Server
from tests.benchmarks.stages import SIZES, slope

INTERVAL = 1.0


@dataclass(frozen=True)
class Point:
    """CPU seconds and terminal bytes for each poll, resident bytes at the end."""

    cpu: float
    written: float
    rss: int


def measure(vms: int, polls: int) -> Point:
    """That many polls, not counting the first ones.

    Replica points are still being read, at most four a second whatever the size.
    """
    with Server(Load(vms=vms)) as server:
        command, environ = monitor(server, interval=INTERVAL)
        with Recorder(command, environ) as recorder:
            wait_for(partial(server.has_answered, "session", 5), 60, "polls")
            time.sleep(INTERVAL / 2)
            seen, before = len(server.of_kind("session")), recorder.usage()
            wait_for(partial(server.has_answered, "session", seen + polls), 120, "polls")
            time.sleep(INTERVAL / 2)
            after = recorder.usage()
    done = len(server.of_kind("session", before.at, after.at))
    return Point(
        (after.cpu - before.cpu) / done, (after.written - before.written) / done, after.rss
    )


def run(quick: bool = False) -> list[Figure]:
    """Two minutes."""
    polls = 8 if quick else 25
    points = {}
    for vms in SIZES:
        say(f"{vms:,} tasks: {polls} polls")
        points[vms] = measure(vms, polls)
    figures = [
        Figure(f"{vms:,} tasks: CPU for each poll", point.cpu * 1000, "ms", None,
               f"{point.written:.0f} bytes to the terminal, {point.rss / 1e6:.0f} MB resident")
        for vms, point in points.items()
    ]  # fmt: skip
    above = [max(1e-4, points[vms].cpu - points[SIZES[0]].cpu) for vms in SIZES[2:]]
    figures.append(
        Figure("slope from 1,000 to 10,000, on top of that of 10", slope(SIZES[2:], above), "",
               1.15, "1 is linear")
    )  # fmt: skip
    return figures


if __name__ == "__main__":
    main("Cost of a poll", run, __doc__)
