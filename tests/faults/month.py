"""A month of watching in minutes: every layer but the screen and the socket, clock injected.

Half a million polls by the real client and the real monitor, of a failover that takes all
month, with outages, restarts, idle expiries and wrong answers mixed in by a fixed seed.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from tests.faults import answers
from tests.support.fake_clock import START, FakeClock, running
from tests.support.simulated import SimulatedServer, SteppedClock, build_service
from tests.support.wire import Wire
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.monitor.live_session import LiveSession
from tui.monitor.session_list import SessionList
from tui.monitor.snapshot import Snapshot

INTERVAL = 5.0
MONTH_OF_POLLS = 30 * 86400 // 5
HOUR = 3600.0
MOST_TASKS = 14
"""At one moment: this function's; one each for the session and the list, with one each for
their two loops, the plan's details, what time alone changes and the tenants; and two more for
each of the three (both loops and the passing time) that waits for a moment or a sign."""

_SLOW = 0.00002
"""Of all VMs, the part that gains one per cent in a second: the failover outlasts the month."""
_WRONG = (
    answers.error_json(500, "Object reference"),
    answers.error_xml(503, "Starting"),
    answers.page(502, "Bad Gateway"),
    answers.truncated_json(),
    answers.error_json(403, "Access denied"),
    answers.GARBAGE,
    answers.EMPTY,
)


class Line(Wire):
    """Every tenth answer differs in its bytes, and so is decoded anew."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answered = await super().handle_async_request(request)
        if self.tries % 10 or not answered.content:
            return answered
        headers = {**answered.headers, "Content-Length": str(len(answered.content) + 1)}
        return httpx.Response(
            answered.status_code, headers=headers, content=answered.content + b"\n"
        )


@dataclass(frozen=True)
class Sample:
    """What is held at one moment, after a collection."""

    polls: int
    resident: int
    blocks: int
    objects: int
    tasks: int
    files: int

    @classmethod
    def now(cls, polls: int) -> Sample:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            polls,
            pages * os.sysconf("SC_PAGE_SIZE"),
            sys.getallocatedblocks(),
            len(gc.get_objects()),
            len(asyncio.all_tasks()),
            sum(1 for _ in Path("/proc/self/fd").iterdir()),
        )


@dataclass
class Month:
    """What came of it."""

    samples: list[Sample] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    logons: int = 0
    most_open: int = 0
    left_open: int = 0
    events: int = 0
    seconds: float = 0.0
    healthy_at_the_end: bool = False

    @property
    def grown(self) -> Sample:
        """The last sample less the first."""
        first, last = self.samples[0], self.samples[-1]
        return replace(
            last,
            **{
                name: getattr(last, name) - getattr(first, name)
                for name in Sample.__dataclass_fields__
            },
        )

    @property
    def most_tasks(self) -> int:
        """Of all samples: a loop has one or two more while it waits than while it asks."""
        return max(sample.tasks for sample in self.samples)

    @property
    def text(self) -> str:
        """The figures, for people."""
        last, grown = self.samples[-1], self.grown
        return (
            f"{last.polls:,} polls in {self.seconds:.0f} s, {self.logons} logons, at most"
            f" {self.most_open} open, {self.left_open} left open; {self.events} events;"
            f" trouble: {dict(self.met)}; resident {last.resident / 1e6:.1f} MB"
            f" ({grown.resident / 1e6:+.2f} MB over {grown.polls:,} polls),"
            f" {grown.blocks:+,} blocks, {grown.objects:+,} objects,"
            f" at most {self.most_tasks} tasks, files {grown.files:+}"
        )


class _Watch:
    """What the screens do with the states, without the screens."""

    def __init__(self, month: Month) -> None:
        self.polls = 0
        self.state: Snapshot | None = None
        self._month = month

    def take(self, state: Snapshot) -> None:
        if self.state is None or state.polls != self.state.polls:
            self.polls += 1
            if state.trouble is not None:
                self._month.met[state.trouble.kind] += 1
        self.state = state


async def live(polls: int, seed: int = 7, samples: int = 6) -> Month:
    """That many polls and a few more; the first sample comes after a warm-up of a tenth."""
    chance, month, began = random.Random(seed), Month(), time.monotonic()
    server = SteppedClock(START)
    service = build_service("large", vms=14, clock=server, changing_fraction=_SLOW)
    # Its memory of the last 10,000 requests is not what is measured here.
    service.log = deque(maxlen=100)
    line, clock = Line(service, at_once=True), FakeClock(server=server)
    client = EnterpriseManager(
        parse_server("em01.test"), Credentials("demo", SecretStr("demo")), transport=line
    )
    monitor = LiveSession(client, service.featured_session, clock=clock, interval=INTERVAL)
    history = SessionList(client, clock=clock)
    watch = _Watch(month)
    history.pause()
    goals = [polls // 10 + number * (polls - polls // 10) // samples for number in range(samples)]
    async with running(monitor.run(watch.take)), running(history.run(lambda _: None)):
        for goal in [*goals, polls]:
            while watch.polls < goal:
                await clock.run_for(chance.uniform(0.2, 2.0) * HOUR)
                month.most_open = max(month.most_open, service.open_logons)
                await _mishap(chance, line, service, clock, monitor, history)
            month.samples.append(Sample.now(watch.polls))
        await clock.run_for(120.0)
        month.healthy_at_the_end = watch.state is not None and watch.state.trouble is None
    await client.aclose()
    month.logons, month.left_open = service.logons, service.open_logons
    month.events = len(monitor.snapshot.events.events)
    month.seconds = time.monotonic() - began
    return month


async def _mishap(
    chance: random.Random,
    line: Line,
    service: SimulatedServer,
    clock: FakeClock,
    monitor: LiveSession,
    history: SessionList,
) -> None:
    what = chance.choice(("outage", "wrong", "restart", "pause", "picker", "clock"))
    if what == "outage":
        trouble = chance.choice((httpx.ConnectError("x"), httpx.ReadTimeout("x")))
        line.down = lambda _: trouble.with_traceback(None)
        await clock.run_for(chance.uniform(10.0, 900.0))
        line.mend()
    elif what == "wrong":
        wrong = chance.choice(_WRONG)
        service.fault = lambda request: wrong if request.method == "GET" else None
        await clock.run_for(chance.uniform(10.0, 300.0))
        service.fault = None
    elif what == "restart":
        service.unavailable = True
        await clock.run_for(chance.uniform(30.0, 120.0))
        service.forget_logons()
        service.unavailable = False
    elif what == "pause":
        monitor.toggle_pause()
        await clock.run_for(chance.uniform(1000.0, 1500.0))
        monitor.toggle_pause()
    elif what == "picker":
        history.resume()
        await clock.run_for(chance.uniform(60.0, 300.0))
        history.pause()
    else:
        clock.jump_wall_clock(chance.uniform(-7200.0, 7200.0))
