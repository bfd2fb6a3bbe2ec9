"""Memory over thousands of polls of the real command.

Run: `python -m tests.benchmarks.endurance [--quick] [--json FILE]`.

A month at the default interval is half a million polls, which cannot be waited for: the
command polls a failover of 14 VMs as fast as it can instead, and its resident memory is read
as it goes. What it grew by after a warm-up is given as it is, and, where the last third
still grew, carried forward to a month.
"""

from __future__ import annotations

import time
from functools import partial

from tests.benchmarks.recorder import Recorder, monitor, wait_for
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import Load, Server

MONTH_OF_POLLS = 30 * 86400 // 5
_INTERVAL = 0.002


def grown(samples: list[tuple[int, int]]) -> tuple[int, float]:
    """Bytes grown since the first sample, and bytes for each poll over the last two thirds.

    Each sample is the number of polls and the resident bytes.
    """
    third = len(samples) // 3
    tail = samples[third:]
    polls = tail[-1][0] - tail[0][0]
    each = (tail[-1][1] - tail[0][1]) / polls if polls else 0.0
    return samples[-1][1] - samples[0][1], max(0.0, each)


def run(quick: bool = False) -> list[Figure]:
    """Four minutes."""
    warm, most = (300, 2000) if quick else (3000, 20_000)
    samples: list[tuple[int, int]] = []
    with Server(Load(vms=14)) as server:
        command, environ = monitor(server, interval=_INTERVAL)
        with Recorder(command, environ) as recorder:
            wait_for(partial(server.has_answered, "session", warm), 300, "the warm-up")
            begun = time.monotonic()
            step = (most - warm) // 12
            for number in range(13):
                goal = warm + number * step
                wait_for(partial(server.has_answered, "session", goal), 600, "polls")
                samples.append((len(server.of_kind("session")), recorder.usage().rss))
                say(f"{samples[-1][0]} polls, {samples[-1][1] / 1e6:.2f} MB")
            rate = (samples[-1][0] - samples[0][0]) / (time.monotonic() - begun)
    growth, each = grown(samples)
    return [
        Figure("resident memory after the warm-up", samples[0][1] / 1e6, "MB"),
        Figure("growth since", growth / 1e6, "MB", 3.0,
               f"{samples[-1][0] - samples[0][0]:,} polls, {rate:.0f} a second"),
        Figure("carried forward to a month of polls", each * MONTH_OF_POLLS / 1e6, "MB", None,
               f"{each:.1f} bytes for each of {MONTH_OF_POLLS:,}"),
    ]  # fmt: skip


if __name__ == "__main__":
    main("Endurance", run, __doc__)
