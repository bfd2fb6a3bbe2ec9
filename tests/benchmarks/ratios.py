"""What a poll costs beside what a user would pick instead, as ratios of one run.

Run: `python -m tests.benchmarks.ratios [--quick] [--json FILE] [--other FOLDER] [CASE ...]`.

Everybody runs at the same time, on the same server, each in a terminal of 200x60 of its own,
and is looked at over the same windows, so that whatever else the machine does meets them all.
What counts is the processor time that a process took, by the kernel's clock, with that of its
children. A figure is the median of the windows' ratios, its spread the least and the greatest.
`--other` adds the monitor of another checkout, to compare before and after.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.plain_server import Place, PlainServer
from tests.benchmarks.recorder import Recorder, environment, wait_for
from tests.benchmarks.report import Figure, as_json, say, shown, table
from tests.benchmarks.report import Machine as ThisMachine
from tests.benchmarks.serving import ROOT, USER, Load, Server
from tests.benchmarks.side_by_side import watch_line
from tui.connecting import TEST_INTERVAL

MONITOR, OTHER, WATCH, BARE, FLOOR, CLOCK = "monitor", "other", "watch", "bare", "floor", "clock"
_WARM_UP: Final = 8.0
"""Seconds in which everybody fills caches, and the monitor asks what it asks only once."""

_SETTLED: Final = 400.0
_POLLED: Final = 10.0
"""Seconds between polls up to which each window has some."""


@dataclass(frozen=True)
class Case:
    """One load, one interval. `most_of_watch` and the like are targets."""

    name: str
    vms: int
    interval: float = 1.0
    tls: bool = False
    simulator: bool = False
    most_of_watch: float | None = None
    most_of_bare: float | None = None
    most_of_clock: float | None = None

    @property
    def title(self) -> str:
        """For people."""
        where = "simulator" if self.simulator else "TLS" if self.tls else "plain"
        return f"{self.vms:,} tasks, every {self.interval:g} s, {where}"


CASES: Final = (
    Case("10", 10, most_of_watch=0.10),
    Case("100", 100),
    Case("1000", 1_000, most_of_watch=0.18, most_of_bare=1.25),
    Case("1000-tls", 1_000, tls=True, most_of_watch=0.18),
    Case("1000-5s", 1_000, interval=5.0, most_of_watch=0.35),
    Case("1000-simulator", 1_000, simulator=True, most_of_watch=0.18),
    Case("10000", 10_000, most_of_watch=0.30),
)
QUICK: Final = ("1000",)
IDLE: Final = Case("idle", 1_000, interval=60.0, most_of_clock=0.5)


@dataclass(frozen=True)
class Window:
    """What one process took in one window, or up to a moment. `cpu` in seconds, sizes in bytes."""

    seconds: float
    cpu: float
    written: int
    switches: int

    def since(self, before: Window) -> Window:
        """What it took from there to here."""
        return Window(
            self.seconds - before.seconds,
            self.cpu - before.cpu,
            self.written - before.written,
            self.switches - before.switches,
        )


Windows = dict[str, list[Window]]


def cpu_of(pid: int) -> float:
    """Seconds of processor time, to the nanosecond; those of ended children to the tick."""
    own = time.clock_gettime((~pid << 3) | 2)
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return own + sum(map(int, fields[13:15])) / 100


def switches_of(pid: int) -> int:
    """How often it gave the processor away by itself, in all its threads: its wake-ups."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        total += int(status.read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return total


@contextmanager
def served(case: Case) -> Iterator[tuple[Place, Callable[[], bool]]]:
    """The server of a case, and whether what is asked only once has been asked."""
    if not case.simulator:
        with PlainServer(case.vms, tls=case.tls) as plain:
            yield plain.place, lambda: True
        return
    with Server(Load(vms=case.vms)) as simulator:
        yield Place(simulator.url, simulator.session), simulator.is_settled


def contestants(
    case: Case, place: Place, other: Path | None
) -> Iterator[tuple[str, Sequence[str], dict[str, str], Path]]:
    """Name, command, environment and folder of each."""
    product = [sys.executable, "-m", "tui", place.session, "--server", place.url, "--user", USER]
    if place.fingerprint:
        product += ["--trust-fingerprint", place.fingerprint]
    environ = environment(**{TEST_INTERVAL: f"{case.interval:g}"})
    yield MONITOR, product, environ, ROOT
    if other is not None:
        yield OTHER, product, environ, other
    line = watch_line(place.url, place.session, case.interval, trust=place.fingerprint is None)
    if line is not None:
        yield WATCH, line, environment(), ROOT
    rival = [sys.executable, "-m", "tests.benchmarks.rivals"]
    interval = f"{case.interval:g}"
    if not case.simulator:
        for kind in (BARE, FLOOR):
            yield kind, [*rival, kind, interval, place.url, place.path], environment(), ROOT
    yield CLOCK, [*rival, CLOCK, "1"], environment(), ROOT


def measured(case: Case, windows: int, seconds: float, other: Path | None = None) -> Windows:
    """Everybody at once, so many windows of about so many seconds."""
    with ExitStack() as stack:
        place, settled = stack.enter_context(served(case))
        running = {
            name: stack.enter_context(Recorder(command, environ, folder=folder))
            for name, command, environ, folder in contestants(case, place, other)
        }
        time.sleep(_WARM_UP + 2 * case.interval)
        wait_for(settled, _SETTLED, "the end of the replica points")
        found: Windows = {name: [] for name in running}
        for number in range(windows):
            say(f"{case.title}: window {number + 1} of {windows}")
            before = {name: _seen(recorder) for name, recorder in running.items()}
            time.sleep(seconds)
            for name, recorder in running.items():
                after = _seen(recorder)
                found[name].append(after.since(before[name]))
        return found


def _seen(recorder: Recorder) -> Window:
    written = sum(len(data) for _, data in list(recorder.chunks))
    return Window(time.monotonic(), cpu_of(recorder.pid), written, switches_of(recorder.pid))


def ratio(found: Windows, name: str, against: str) -> list[float]:
    """CPU of one over that of another, of each window."""
    pairs = zip(found[name], found[against], strict=True)
    return [mine.cpu / theirs.cpu for mine, theirs in pairs if theirs.cpu > 0]


def spread(values: Sequence[float]) -> str:
    """The least and the greatest."""
    return f"{shown(min(values))} to {shown(max(values))}"


def figures_of(case: Case, found: Windows) -> list[Figure]:
    """A case as figures."""
    figures = []
    wanted = [(WATCH, case.most_of_watch, "watch + curl + jq"), (BARE, case.most_of_bare,
              "httpx + json.loads"), (FLOOR, None, "the floor"), (CLOCK, case.most_of_clock,
              "Textual with one clock"), (OTHER, None, "the other checkout")]  # fmt: skip
    for against, most, named in wanted:
        # In a window in which nobody asks there is nothing to compare those with that only ask.
        if against not in found or (case.interval > _POLLED and against in (WATCH, BARE, FLOOR)):
            continue
        values = ratio(found, MONITOR, against)
        figures.append(Figure(f"{case.title}: CPU against {named}", median(values), "", most,
                              spread(values), len(values)))  # fmt: skip
    for name, windows in found.items():
        per_second = [window.cpu / window.seconds * 1000 for window in windows]
        written = median(window.written / window.seconds for window in windows)
        switches = median(window.switches / window.seconds for window in windows)
        note = f"{spread(per_second)}; {written:,.0f} bytes/s, {switches:.1f} wake-ups/s"
        figures.append(Figure(f"{case.title}: {name}", median(per_second), "ms/s", None, note))
    return figures


def slope_of(cpu: dict[str, float]) -> float:
    """Cost from 1,000 to 10,000 tasks, on top of that of 10; 1 is linear."""
    from math import log10

    return log10((cpu["10000"] - cpu["10"]) / max(1e-9, cpu["1000"] - cpu["10"]))


def run(quick: bool = False, names: Sequence[str] = (), other: Path | None = None) -> list[Figure]:
    """About fifteen minutes; quick half a one."""
    chosen = names or (QUICK if quick else [case.name for case in CASES])
    figures: list[Figure] = []
    cpu: dict[str, float] = {}
    for case in (*CASES, IDLE):
        if case.name not in chosen:
            continue
        windows, seconds = (3, 6.0) if quick else (5, 10.0)
        found = measured(case, windows, max(seconds, 4 * min(case.interval, 5.0)), other)
        figures += figures_of(case, found)
        cpu[case.name] = median(window.cpu / window.seconds for window in found[MONITOR])
    if {"10", "1000", "10000"} <= cpu.keys():
        figures.append(Figure("slope from 1,000 to 10,000 tasks over the cost of 10",
                              slope_of(cpu), "", 1.05, "1 is linear"))  # fmt: skip
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ", ".join(case.name for case in (*CASES, IDLE))
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {names}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write JSON there too")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--other", type=Path, metavar="FOLDER", help="another checkout")
    options = parser.parse_args(arguments)
    figures = run(options.quick, options.cases, options.other)
    print(table(figures))
    if options.json:
        options.json.write_text(as_json({"Ratios": figures}, ThisMachine.this()) + "\n")


if __name__ == "__main__":
    main()
