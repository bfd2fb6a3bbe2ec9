"""What a start costs, and a screen in front, as ratios of one run.

Run: `python -m tests.benchmarks.starting [--quick] [--json FILE]`.

One after the other, again and again, so that whatever else the machine does meets them all:
the bare interpreter and `--version`; an empty Textual app and the monitor up to its first
picture and up to 1,000 tasks; then the session screen and each screen over it, by turns.
Processor time is the kernel's, of the process alone, at the moment that the bytes came.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.ratios import cpu_of, spread
from tests.benchmarks.recorder import Recorder, environment, monitor, wait_for
from tests.benchmarks.replay import Replay
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import ROOT, Load, Server

EMPTY: Final = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready")
"""
LIBRARIES: Final = "import httpx, pydantic\nclass Model(pydantic.BaseModel):\n    a: int = 0\n"
"""What a program of this kind loads besides."""

FRONTS: Final = {
    "help": ("?", "\x1b"),
    "a note": ("m", "\x1b"),
    "the events": ("e", "\x1b"),
    "the comparison": ("c", "\x1b"),
    "one VM": ("\r", "\x1b"),
    "a filter": ("/o", "\x1b"),
}
"""What is typed to have it in front, and to leave it again."""


@dataclass(frozen=True)
class Moment:
    """Up to when something was on the screen. Seconds, of the wall and of the processor."""

    wall: float
    cpu: float


def of_children(command: Sequence[str]) -> Moment:
    """A command that ends by itself."""
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return Moment(time.perf_counter() - begun, used)


def moments(recorder: Recorder, marks: Sequence[str]) -> dict[str, Moment]:
    """When each of these texts was first on the screen."""
    replay, found = Replay(recorder.size), dict[str, Moment]()
    for (at, data), cpu in zip(recorder.chunks, recorder.cpu_at, strict=False):
        replay.feed(data)
        for mark in marks:
            if mark not in found and replay.shows(mark):
                found[mark] = Moment(at - recorder.started, cpu)
    return found


def started(command: Sequence[str], environ: dict[str, str], *marks: str) -> dict[str, Moment]:
    """One start, up to the last of these texts, in a home where nobody has been before."""
    last = marks[-1].encode()
    with TemporaryDirectory() as home, Recorder(command, environ | {"HOME": home}) as recorder:
        wait_for(lambda: last in recorder.output(), 30, marks[-1])
        time.sleep(0.1)  # the reader notes the bytes first, then what they cost
        return moments(recorder, marks)


def _figure(
    what: str, ours: Sequence[float], theirs: Sequence[float], most: float | None = None
) -> Figure:
    values = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return Figure(what, median(values), "", most, spread(values), len(values))


def commands(times: int) -> list[Figure]:
    """`--version` and `--help` beside the interpreter."""
    names = {"bare": ["-c", ""], "version": ["-m", "tui", "--version"],
             "help": ["-m", "tui", "--help"]}  # fmt: skip
    took: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(times):
        for name, arguments in names.items():
            took[name].append(of_children([sys.executable, *arguments]).wall)
    return [
        _figure("--version against a bare interpreter", took["version"], took["bare"], 2.5),
        _figure("--help against the same", took["help"], took["bare"]),
    ]


def pictures(times: int) -> list[Figure]:
    """The first picture and 1,000 tasks beside an empty Textual app."""
    cpu, wall = dict[str, list[float]](), dict[str, list[float]]()
    with Server(Load()) as server:
        command, environ = monitor(server, interval=5.0)
        for number in range(times + 1):
            say(f"start {number} of {times}")
            empty = started([sys.executable, "-c", f"{EMPTY}Empty().run()"], environ, "ready")
            ours = started(command, environ, "is starting", "Logging on", "exch01")
            if number:  # the first one reads the files from the disk
                for mark, moment in (empty | ours).items():
                    cpu.setdefault(mark, []).append(moment.cpu)
                    wall.setdefault(mark, []).append(moment.wall)
    return [
        _figure("first legible line, CPU against an empty Textual app", cpu["is starting"],
                cpu["ready"], 0.35),
        _figure("first legible line, wall against the same", wall["is starting"],
                wall["ready"], 0.35),
        _figure("first picture, CPU against an empty Textual app", cpu["Logging on"],
                cpu["ready"], 1.35),
        _figure("1,000 tasks on the screen, CPU against the same", cpu["exch01"],
                cpu["ready"], 2.2),
    ]  # fmt: skip


def memory(sizes: Sequence[tuple[int, float]]) -> list[Figure]:
    """Resident, beside an empty Textual app with httpx and pydantic."""
    with Recorder([sys.executable, "-c", f"{LIBRARIES}{EMPTY}Empty().run()"], environment()) as it:
        wait_for(lambda: b"ready" in it.output(), 30, "an empty app")
        time.sleep(2)
        empty = it.usage().rss
    figures = []
    for tasks, most in sizes:
        with Server(Load(vms=tasks)) as server:
            command, environ = monitor(server, interval=2.0)
            with Recorder(command, environ) as recorder:
                wait_for(lambda of=recorder: b"exch01" in of.output(), 60, "tasks")  # type: ignore[misc]
                time.sleep(20)
                value = recorder.usage().rss / empty
        figures.append(Figure(f"memory at {tasks:,} tasks, against an empty Textual app with"
                              " httpx and pydantic", value, "", most))  # fmt: skip
    return figures


def fronts(times: int, seconds: float) -> list[Figure]:
    """Each screen over the session screen, polled every second, beside that screen itself."""
    took: dict[str, list[float]] = {"": []}
    with Server(Load()) as server:
        command, environ = monitor(server, interval=1.0)
        with Recorder(command, environ) as recorder:
            wait_for(lambda: b"exch01" in recorder.output(), 30, "tasks")
            say("the monitor reads the replica points, four a second")
            wait_for(partial(server.is_settled), 400, "the end of the replica points")
            for number in range(times):
                say(f"screens in front: turn {number + 1} of {times}")
                for name, keys in {"": ("", ""), **FRONTS}.items():
                    recorder.press(keys[0])
                    time.sleep(1.5)
                    before = cpu_of(recorder.pid)
                    time.sleep(seconds)
                    took.setdefault(name, []).append(cpu_of(recorder.pid) - before)
                    recorder.press(keys[1])
                    time.sleep(1.0)
    alone = took.pop("")
    return [
        _figure(f"CPU with {name} in front, against the session screen", cpu, alone, 1.1)
        for name, cpu in took.items()
    ]


def run(quick: bool = False) -> list[Figure]:
    """Twelve minutes; quick three quarters of a minute, without memory and screens in front."""
    figures = [*commands(5 if quick else 15), *pictures(3 if quick else 10)]
    if not quick:
        figures += [*memory([(1_000, 1.15), (10_000, 2.0)]), *fronts(3, 8.0)]
    return figures


if __name__ == "__main__":
    main("Start and screens in front, as ratios", run, __doc__)
