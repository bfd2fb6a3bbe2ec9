"""From a change on the server to the cell, and from a key to its effect, meanwhile.

Run: `python -m tests.benchmarks.latency [--quick] [--json FILE]`.

A change that comes right after one poll waits for the next one. "Beyond the interval" is
what such an unlucky change waits on top: from the moment the server had looked at the
poll before, to the moment its successor's answer is on the screen, less the interval.
So it counts the server's own time and the way of the bytes, twice.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from statistics import median, quantiles

from tests.benchmarks.recorder import Recorder, monitor, wait_for
from tests.benchmarks.replay import Replay, grouped
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import Exchange, Load, Server

INTERVAL = 1.0


@dataclass(frozen=True)
class Painted:
    """A percentage that appeared on the screen, at that `time.monotonic`."""

    vm: str
    percent: int
    at: float


def percentages(rows: Sequence[str], names: set[str]) -> dict[str, int]:
    """The percentage of each VM on the screen."""
    found = {}
    for row in rows:
        words = row[1:].split()
        if len(words) < 4 or words[1] not in names:
            continue
        numbers = [word for word in words[3:6] if word.isdecimal()]
        if numbers:
            found[words[1]] = int(numbers[0])
    return found


def painted_changes(recorder: Recorder, names: set[str], since: float) -> list[Painted]:
    """Every percentage that changed on the screen after `since`."""
    replay = Replay(recorder.size)
    shown: dict[str, int] = {}
    changes = []
    for _, ended, data in grouped(recorder.between(0.0, float("inf"))):
        replay.feed(data)
        if ended < since:
            continue
        now = percentages(replay.rows, names)
        if shown:
            changes += [
                Painted(vm, percent, ended)
                for vm, percent in now.items()
                if vm in shown and shown[vm] != percent
            ]
        shown |= now
    return changes


@dataclass(frozen=True)
class Waits:
    """Seconds, one value for each poll that changed something on the screen."""

    beyond: list[float]
    after_answer: list[float]
    server: list[float]
    from_change: list[float]


def waits(polls: Sequence[Exchange], changes: Sequence[Painted], server: Server) -> Waits:
    """Puts polls and what they painted together."""
    begins = server.change_times()
    found = Waits([], [], [], [])
    for before, poll in pairwise(polls):
        mine = [each for each in changes if poll.answered <= each.at < poll.answered + INTERVAL]
        if not mine:
            continue
        at = max(each.at for each in mine)
        found.beyond.append(at - before.asked - INTERVAL)
        found.after_answer.append(at - poll.answered)
        found.server.append(poll.answered - poll.asked)
        for each in mine:
            zero, each_percent = begins[each.vm]
            found.from_change.append(each.at - (zero + each.percent * each_percent))
    return found


def measure_changes(vms: int, seconds: float) -> Waits:
    """A monitor at one poll a second; what it painted, and when the server changed."""
    with Server(Load(vms=vms)) as server:
        command, environ = monitor(server, interval=INTERVAL)
        with Recorder(command, environ) as recorder:
            wait_for(partial(server.has_answered, "session", 3), 30, "polls")
            # By name: of 10,000 tasks a screenful has failed, and none of those changes.
            recorder.press("s")
            wait_for(partial(server.has_answered, "session", 5), 30, "polls")
            since = time.monotonic()
            time.sleep(seconds)
            until = time.monotonic()
        polls = server.of_kind("session", since, until - INTERVAL)
        return waits(polls, painted_changes(recorder, set(server.change_times()), since), server)


def measure_keys(vms: int, presses: int) -> tuple[list[float], list[float]]:
    """Seconds from a key to the moved cursor: while an answer is decoded, and at rest."""
    chance = random.Random(4)
    with Server(Load(vms=vms)) as server:
        command, environ = monitor(server, interval=INTERVAL)
        pressed: list[tuple[float, bool]] = []
        with Recorder(command, environ) as recorder:
            wait_for(partial(server.has_answered, "session", 4), 30, "polls")
            time.sleep(1.0)
            for number in range(presses):
                busy = number % 4 != 3
                seen = len(server.of_kind("session"))
                wait_for(
                    partial(server.has_answered, "session", seen + 1),
                    20,
                    "a poll",
                )
                time.sleep(chance.uniform(0.0, 0.25) if busy else 0.7)
                pressed.append((recorder.press("jk"[number // 8 % 2]), busy))
                time.sleep(0.25)
        moves = cursor_moves(recorder)
    reactions = [
        (min((at - when for at in moves if at > when), default=9.0), busy) for when, busy in pressed
    ]
    return [r for r, busy in reactions if busy], [r for r, busy in reactions if not busy]


def cursor_moves(recorder: Recorder) -> list[float]:
    """When the cursor bar was seen on another line, in `time.monotonic` seconds."""
    replay = Replay(recorder.size)
    row, moves = None, []
    for at, data in recorder.between(0.0, float("inf")):
        replay.feed(data)
        selected = replay.selected_row()
        if selected is not None and selected != row:
            moves.append(at)
            row = selected
    return moves


def worst(values: Sequence[float]) -> float:
    """The 95th percentile in milliseconds."""
    return (
        quantiles(values, n=20, method="inclusive")[-1] * 1000
        if len(values) > 1
        else values[0] * 1000
    )


def _changes(vms: int, found: Waits, most: float) -> list[Figure]:
    count = len(found.beyond)
    beyond, after = median(found.beyond) * 1000, median(found.after_answer) * 1000
    note = f"95 %: {worst(found.beyond):.0f} ms; the server takes {median(found.server) * 1000:.0f}"
    return [
        Figure(f"{vms:,} tasks: change to cell, beyond the interval", beyond, "ms", most, note,
               count),
        Figure(f"{vms:,} tasks: answer to cell", after, "ms", None,
               f"95 %: {worst(found.after_answer):.0f} ms", count),
        Figure(f"{vms:,} tasks: change to cell, all in", median(found.from_change), "s", None,
               f"longest {max(found.from_change):.2f} s", len(found.from_change)),
    ]  # fmt: skip


def run(quick: bool = False) -> list[Figure]:
    """Four minutes."""
    seconds = 10.0 if quick else 30.0
    figures = []
    for vms, most in ((1000, 50.0), (10_000, 250.0)):
        say(f"{vms:,} tasks: changes, {seconds:.0f} s")
        figures += _changes(vms, measure_changes(vms, seconds), most)
    presses = 12 if quick else 48
    say(f"10,000 tasks: {presses} keys")
    busy, rest = measure_keys(10_000, presses)
    figures.append(
        Figure("key to reaction while 10,000 tasks are decoded", median(busy) * 1000, "ms", 50.0,
               f"95 %: {worst(busy):.0f} ms, longest {max(busy) * 1000:.0f}", len(busy))
    )  # fmt: skip
    figures.append(
        Figure("key to reaction at rest", median(rest) * 1000, "ms", None,
               f"longest {max(rest) * 1000:.0f}", len(rest))
    )  # fmt: skip
    return figures


if __name__ == "__main__":
    main("Latency", run, __doc__)
