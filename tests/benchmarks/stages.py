"""Where the time of a poll goes, stage by stage, from 10 to 10,000 tasks.

Run: `python -m tests.benchmarks.stages [--quick] [--json FILE]`.

Inside this process, since a stage cannot be told from outside: each stage is given the
simulator's own bodies, a tenth of the tasks changing from one to the next, and the best of
several rounds counts. The slope is that of the straight line through the logarithms from
1,000 tasks up: 1 is linear, 0 is independent of the number of tasks.
"""

from __future__ import annotations

import base64
import gc
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from tests.benchmarks.report import Figure, main, say
from tests.benchmarks.serving import PASSWORD, USER
from tests.support.simulated import SteppedClock, build_service
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskView
from tui.analysis.moved_on import moved_on
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.sessions import LastReading
from tui.monitor.clock import SystemClock
from tui.monitor.follower import SessionFollower
from tui.monitor.observations import Reading
from tui.presentation.columns import Column
from tui.presentation.glyphs import UNICODE
from tui.presentation.task_order import TaskContext, TaskOrder
from tui.presentation.task_rows import TaskPainter
from tui.simulator.exchange import Request

SIZES = (10, 100, 1000, 10_000)
VISIBLE = (20, 50, 100)


def bodies(vms: int, count: int) -> tuple[str, list[bytes]]:
    """The session's id and `count` answers, one second apart."""
    clock = SteppedClock(datetime(2026, 3, 14, 13, 50, tzinfo=UTC))
    service = build_service("large", vms=vms, changing_fraction=0.1, clock=clock)
    basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    logon = {"content-length": "0", "authorization": f"Basic {basic}"}
    answer = service.handle(Request("POST", "/api/sessionMngr/", "v=latest", logon, b""))
    token = answer.headers["X-RestSvcSessionId"]
    headers = {"accept": "application/json", "x-restsvcsessionid": token}
    path = f"/api/cloud/failoverSessions/{service.featured_session}"
    found = []
    for _ in range(count):
        clock.advance(1.0)
        found.append(service.handle(Request("GET", path, "format=Entity", headers, b"")).body)
    return service.featured_session, found


@dataclass
class Timings:
    """The best seconds of each stage."""

    best: dict[str, float] = field(default_factory=dict)

    def take(self, stage: str, work: Callable[..., object], *arguments: object) -> None:
        """Do it and note how long it took, unless it was faster before."""
        begun = perf_counter()
        work(*arguments)
        took = perf_counter() - begun
        self.best[stage] = min(took, self.best.get(stage, math.inf))


def stages(vms: int, rounds: int) -> dict[str, float]:
    """Best seconds of decoding, judging, ordering and painting at that size."""
    session_id, answers = bodies(vms, rounds)
    last = LastReading(session_id)
    follower, clock = SessionFollower(session_id), SystemClock()
    judged: Assessment | None = None
    painter, order = TaskPainter(UNICODE), TaskOrder()
    columns = painter.columns(200)
    timings = Timings()
    for body in answers:
        gc.collect()
        timings.take("decode", _decode, last, body)
        session = last.same(body)
        assert session is not None
        now, at = datetime.now(UTC), clock.monotonic()
        reading = Reading(seen_at=now, monotonic=at, server_time=now, session=session, asked_at=at)
        timings.take("judge", _judge, session, judged)
        timings.take("take in", follower.take, reading)
        timings.take("unchanged", last.same, body)
        judged = follower.snapshot.assessment
        assert judged is not None
        painter.context = TaskContext(as_of=now)
        timings.take("order", painter.arrange, order, judged.tasks)
        rows = painter.arrange(order, judged.tasks)
        for visible in VISIBLE:
            timings.take(f"cells of {visible} rows", _paint, painter, rows[-visible:], columns)
    return timings.best


def _decode(last: LastReading, body: bytes) -> FailoverSession:
    return last.quickly(body) or last.read(body)


def _judge(session: FailoverSession, before: Assessment | None) -> Assessment:
    return (before and moved_on(before, session)) or assess(session, before=before)


def _paint(painter: TaskPainter, rows: Sequence[TaskView], columns: Sequence[Column]) -> None:
    for row in rows:
        painter.cells(row, columns)


def slope(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Of the straight line through the logarithms of both."""
    xs, ys = [math.log(size) for size in sizes], [math.log(value) for value in values]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - middle_x) ** 2 for x in xs)


def run(quick: bool = False) -> list[Figure]:
    """Half a minute."""
    found = {}
    for vms in SIZES:
        say(f"stages of a poll: {vms:,} tasks")
        found[vms] = stages(vms, 4 if quick else 10)
    figures = []
    for stage, most in (("decode", 1.15), ("judge", 1.15), ("take in", None), ("order", 1.15)):
        times = [found[vms][stage] for vms in SIZES]
        note = ", ".join(f"{vms:,}: {t * 1000:.2f} ms" for vms, t in zip(SIZES, times, strict=True))
        value = slope(SIZES[2:], times[2:])
        figures.append(Figure(f"{stage}: slope", value, "", most, note))
    same = found[SIZES[-1]]["unchanged"] * 1000
    figures.append(Figure("10,000 tasks, the same bytes again", same, "ms", None, "not decoded"))
    for vms in (1000, 10_000):
        times = [found[vms][f"cells of {visible} rows"] for visible in VISIBLE]
        note = ", ".join(
            f"{n} rows: {t * 1000:.2f} ms" for n, t in zip(VISIBLE, times, strict=True)
        )
        figures.append(
            Figure(f"cells of the visible rows, {vms:,} tasks", times[1] * 1000, "ms", None, note)
        )
    return figures


if __name__ == "__main__":
    main("Stages of a poll", run, __doc__)
