"""The monitor, a plain DataTable, and watch + curl + jq: same server, data and interval.

Run: `python -m tests.benchmarks.side_by_side [--quick] [--json FILE]`.

A terminal of 200x60, 1,000 tasks, a tenth of them changing every second, polled every
second. Each is measured alone for half a minute after its first full screen. The monitor
is then measured at its default interval, and with nothing changing at all.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tests.benchmarks.recorder import COLUMNS, LINES, Recorder, environment, monitor, wait_for
from tests.benchmarks.replay import Replay, frames
from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import PASSWORD, STANDING_STILL, USER, Load, Server

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What a stretch of time cost. Rates per second; sizes in bytes; polls as the server saw."""

    seconds: float
    bytes_per_second: float
    cells_per_second: float
    cpu: float
    rss: int
    pss: int
    polls: int
    requests: int

    @property
    def bytes_per_cell(self) -> float:
        """Bytes for each cell that looks different afterwards."""
        return self.bytes_per_second / self.cells_per_second if self.cells_per_second else 0.0


def measured(recorder: Recorder, server: Server, seconds: float) -> Cost:
    """Watch it for that long; what came before is only played."""
    before = recorder.usage()
    time.sleep(seconds)
    after = recorder.usage()
    replay = Replay(recorder.size)
    frames(replay, recorder.between(0.0, before.at))
    seen = frames(replay, recorder.between(before.at, after.at))
    took = after.at - before.at
    asked = [each for each in server.exchanges if before.at <= each.asked < after.at]
    return Cost(
        took,
        sum(frame.size for frame in seen) / took,
        sum(frame.cells for frame in seen) / took,
        (after.cpu - before.cpu) / took * 100,
        after.rss,
        after.pss,
        len(server.of_kind("session", before.at, after.at)),
        len(asked),
    )


def watch_command(server: Server) -> list[str] | None:
    """`watch`, `curl` and `jq` as a person would put them together; None without them."""
    return watch_line(server.url, server.session, 1.0)


def watch_line(url: str, session: str, interval: float, *, trust: bool = True) -> list[str] | None:
    """The same for any server; with `trust` its certificate is looked at."""
    if not all(map(shutil.which, ("watch", "curl", "jq"))):
        return None
    logon = httpx.post(f"{url}/api/sessionMngr/?v=latest", auth=(USER, PASSWORD), verify=trust)
    token = logon.headers["X-RestSvcSessionId"]
    url = f"{url}/api/cloud/failoverSessions/{session}?format=Entity"
    wanted = "[.VmName,.State,.Result,.Progress,.FailureMessage]"
    shown = f".CloudFailoverTasks.CloudFailoverTasks[]|{wanted}|@tsv"
    flags = "-s" if trust else "-sk"
    curl = f"curl {flags} -H 'Accept: application/json' -H 'X-RestSvcSessionId: {token}' '{url}'"
    return ["watch", f"-n{interval:g}", f"{curl} | jq -r '{shown}'"]


def _filled(recorder: Recorder) -> None:
    """Wait until tasks are on screen: nothing but a full screen takes that many bytes."""

    def shows_tasks() -> bool:
        replay = Replay(recorder.size)
        replay.feed(recorder.output())
        return replay.shows("report-server") or replay.shows("exch01")

    wait_for(shows_tasks, 20, "tasks on the screen")


def other(name: str, command: Sequence[str], server: Server, seconds: float) -> tuple[str, Cost]:
    """One of those that are compared with."""
    say(f"{name}: {seconds:.0f} s")
    with Recorder(command, environment()) as recorder:
        _filled(recorder)
        time.sleep(2.0)
        return name, measured(recorder, server, seconds)


def compared(quick: bool) -> tuple[list[tuple[str, Cost]], Cost, Cost]:
    """All three; the monitor while it still reads replica points, and at five seconds."""
    seconds = 10.0 if quick else 30.0
    with Server(Load()) as server:
        command, environ = monitor(server, interval=1.0)
        with Recorder(command, environ) as recorder:
            _filled(recorder)
            say("the monitor while it reads replica points")
            time.sleep(2.0)
            early = measured(recorder, server, seconds)
            say("the monitor reads the rest of the replica points, four a second")
            wait_for(server.is_settled, 400, "the end of the replica points")
            say(f"the monitor: {seconds:.0f} s")
            ours = measured(recorder, server, seconds)
            say("the monitor at its default interval")
            recorder.press("++")  # From 1 to 2 to 5 seconds.
            time.sleep(3.0)
            relaxed = measured(recorder, server, seconds * 2)
        # One after the other: nobody's figures contain the others' load on the server.
        results = [("monitor", ours)]
        naive = [sys.executable, "-m", "tests.benchmarks.naive_table"]
        naive += [server.url, server.session, "1"]
        results.append(other("DataTable", naive, server, seconds))
        shell = watch_command(server)
        if shell is None:
            say("watch, curl or jq is not installed: that comparison is left out")
        else:
            results.append(other("watch + curl + jq", shell, server, seconds))
        return results, early, relaxed


def standing_still(quick: bool) -> tuple[Cost, Cost]:
    """A failover in which no task moves; then one that is over."""
    seconds = 10.0 if quick else 30.0
    with Server(Load(vms=30, changing=STANDING_STILL, sessions=5)) as server:
        command, environ = monitor(server, interval=1.0)
        with Recorder(command, environ) as recorder:
            _filled(recorder)
            wait_for(server.is_settled, 60, "the end of the replica points")
            say("nothing changes but clocks")
            running = measured(recorder, server, seconds)
        server.session = server.finished[0]
        command, environ = monitor(server, interval=1.0)
        with Recorder(command, environ) as recorder:
            _filled(recorder)
            wait_for(server.is_settled, 60, "the end of the replica points")
            say("a failover that is over")
            return running, measured(recorder, server, seconds)


def _figures(name: str, cost: Cost, *, ours: bool) -> list[Figure]:
    note = f"{cost.cells_per_second:.0f} cells/s really change"
    return [
        Figure(f"{name}: to the terminal", cost.bytes_per_second / 1000, "kB/s",
               0.6 if ours else None, note),
        Figure(f"{name}: for each changed cell", cost.bytes_per_cell, "bytes",
               30.0 if ours else None),
        Figure(f"{name}: CPU", cost.cpu, "% of a core"),
        Figure(f"{name}: resident memory", cost.rss / MEGABYTE, "MB", None,
               f"{cost.pss / MEGABYTE:.1f} MB not shared with others"),
    ]  # fmt: skip


def run(quick: bool = False) -> list[Figure]:
    """All of it: about eight minutes, half of them waiting for replica points."""
    results, early, relaxed = compared(quick)
    figures: list[Figure] = []
    for name, cost in results:
        figures += _figures(name, cost, ours=name == "monitor")
    ours = results[0][1]
    figures.append(
        Figure("requests for each poll", ours.requests / max(1, ours.polls), "", 1.0,
               f"{ours.polls} polls")
    )  # fmt: skip
    figures.append(
        Figure("monitor, reading replica points: CPU", early.cpu, "% of a core", None,
               f"{early.bytes_per_second / 1000:.2f} kB/s, {early.requests} requests"
               f" in {early.polls} polls")
    )  # fmt: skip
    figures.append(
        Figure("default interval of 5 s: CPU", relaxed.cpu, "% of a core", None,
               f"{relaxed.bytes_per_second:.0f} bytes/s, {relaxed.polls} polls")
    )  # fmt: skip
    still, over = standing_still(quick)
    figures.append(
        Figure("nothing changes, tasks run, a poll a second", still.bytes_per_second, "bytes/s",
               None, f"the clock of every running task: {still.cells_per_second:.0f} cells/s")
    )  # fmt: skip
    figures.append(
        Figure("nothing changes but the clocks of the head", over.bytes_per_second, "bytes/s",
               40.0, f"{over.cells_per_second:.1f} cells/s, CPU {over.cpu:.2f} %")
    )  # fmt: skip
    return figures


if __name__ == "__main__":
    main(f"Side by side, {COLUMNS}x{LINES}", run, __doc__)
