"""The list of 10,000 sessions: its first page, and scrolling through it.

Run: `python -m tests.benchmarks.picker [--quick] [--json FILE]`.
"""

from __future__ import annotations

import time
from functools import partial
from statistics import median

from tests.benchmarks.latency import cursor_moves, worst
from tests.benchmarks.recorder import Recorder, monitor, wait, wait_for
from tests.benchmarks.replay import Replay, grouped
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import Load, Server

SESSIONS = 10_000
_PAGE_UP, _PAGE_DOWN = "\x1b[5~", "\x1b[6~"


def first_page(recorder: Recorder, answered: float) -> float:
    """Seconds from the first page's answer until its sessions are painted."""
    replay = Replay(recorder.size)
    for _, ended, data in grouped(recorder.between(0.0, float("inf"))):
        replay.feed(data)
        if ended >= answered and replay.shows("Harbour Logistics"):
            return ended - answered
    raise SystemExit("benchmark: the list of sessions was never painted")


def reactions(recorder: Recorder, presses: int) -> list[float]:
    """Seconds from each of so many Page Down and Page Up to what they show."""
    found = []
    for number in range(presses):
        seen = len(recorder.chunks)
        at = recorder.press(_PAGE_DOWN if number % 20 < 10 else _PAGE_UP)
        if wait(partial(recorder.has_written_since, seen), 3.0):
            found.append(recorder.chunks[seen][0] - at)
        time.sleep(0.05)
    return found


def run(quick: bool = False) -> list[Figure]:
    """A minute."""
    presses = 20 if quick else 100
    with Server(Load(vms=14, sessions=SESSIONS)) as server:
        command, environ = monitor(server, interval=5.0, session=False)
        with Recorder(command, environ) as recorder:
            wait_for(partial(server.has_answered, "list", 1), 20, "the first page")
            answered = server.of_kind("list")[0].answered
            time.sleep(1.0)
            say("keys while the other pages come in")
            begun = time.monotonic()
            meanwhile = reactions(recorder, presses)
            while_loading = len(server.of_kind("list", begun))
            pages = SESSIONS // 100
            wait_for(partial(server.has_answered, "list", pages), 300, "all pages")
            complete = server.of_kind("list")[-1].answered - answered
            time.sleep(2.0)
            say("keys at rest")
            settled = reactions(recorder, presses)
            usage = recorder.usage()
        painted = first_page(recorder, answered)
        moved = len(cursor_moves(recorder))
    return [
        Figure("first page painted after its answer", painted, "s", 0.3, f"of {SESSIONS:,}"),
        Figure("Page Down, all pages read", median(settled) * 1000, "ms", None,
               f"95 %: {worst(settled):.0f} ms, longest {max(settled) * 1000:.0f};"
               f" {moved} moves seen", len(settled)),
        Figure("Page Down while pages come in", median(meanwhile) * 1000, "ms", None,
               f"95 %: {worst(meanwhile):.0f} ms, longest {max(meanwhile) * 1000:.0f};"
               f" {while_loading} pages came", len(meanwhile)),
        Figure("all pages read after", complete, "s", None, "100 sessions each"),
        Figure("resident memory with all of them", usage.rss / 1e6, "MB"),
    ]  # fmt: skip


if __name__ == "__main__":
    main("The list of sessions", run, __doc__)
