"""No verdict, count or time differs between the screen, the scrollback and `watch`."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from tests.support.observed import everything
from tests.support.rehearsing import Streams
from tests.support.stage import SERVER, Stage
from tests.ui.conftest import OnStage
from tui.analysis.events import EventKind
from tui.analysis.status import Status
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.messages import SessionRequested
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.session_names import plan_name
from tui.presentation.text import clean
from tui.screens.session import SessionScreen
from tui.settings.durations import parse_duration
from tui.settings.resolved import PlanTarget, Targets
from tui.simulator.scenario import SCENARIOS
from tui.watch.following import Following

TARGETS = Targets(default=PlanTarget(rto=timedelta(minutes=5), rpo=timedelta(hours=4)))
ENDLESS = ("stall",)
COUNTED = re.compile(
    r"(\d+) (failed|with warnings|running|waiting|not started|unknown|unreadable)"
    r"|(\d+) (?:already up )?(before)|⚠ (\d+)"
)
DONE = re.compile(r"(\d+) done .*of (\d+)|(\d+) of (\d+) VMs done")
KINDS = {
    EventKind.TASK_STARTED: "task started",
    EventKind.TASK_FAILED: "task failed",
    EventKind.TASK_FINISHED: "task ended",
}
"""What both the screen's events and the lines of `watch` tell of each task."""


@asynccontextmanager
async def watched(stage: Stage, streams: Streams) -> AsyncIterator[Following]:
    """A `watch` of the same session, on the same server, by the same clock."""
    client = EnterpriseManager(SERVER, Credentials("demo", SecretStr("demo")), transport=stage.wire)
    await client.log_on()
    following = Following(
        client,
        stage.service.featured_session,
        streams.output,
        stage.clock,
        interval=5.0,
        give_up_at=1e9,
        random_source=lambda: 0.5,
        targets=TARGETS,
    )
    work = asyncio.create_task(following.run())
    try:
        yield following
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        await client.aclose()


def numbers(text: str) -> dict[str, int]:
    """What the line of counts says is done, failed, running; what is not said is none."""
    (line,) = (line for line in text.splitlines() if DONE.search(line))
    done = DONE.search(line)
    assert done is not None
    found = {}
    for one, name, before, earlier, warned in COUNTED.findall(line):
        if number := int(one or before or warned):
            found[name or earlier or "with warnings"] = number
    found["done"], found["VMs"] = (int(each) for each in done.groups() if each)
    return found


def counted(snapshot: Snapshot) -> dict[str, int]:
    """The same by the rows themselves."""
    assessment = snapshot.assessment
    assert assessment is not None
    of = Counter(view.status for view in assessment.tasks)
    counts = {
        "failed": of[Status.FAILED],
        "with warnings": of[Status.WARNING],
        "running": of[Status.RUNNING] + of[Status.STARTING] + of[Status.STOPPING],
        "not started" if snapshot.over else "waiting": of[Status.WAITING],
        "before": of[Status.ALREADY],
        "unknown": of[Status.UNKNOWN],
        "unreadable": assessment.unreadable,
    }
    found = {name: number for name, number in counts.items() if number}
    return found | {"done": of[Status.SUCCESS], "VMs": assessment.total}


Told = Counter[tuple[str, str, datetime]]


def told_by_events(snapshot: Snapshot) -> Told:
    """What the screen's events tell of tasks, to the second, as `watch` prints it."""
    told: Told = Counter()
    for event in snapshot.events.events:
        if event.kind in KINDS:
            vm = clean(event.vm_name or "").strip() or "-"
            told[KINDS[event.kind], vm, event.at.replace(microsecond=0)] += 1
    return told


def told_by_lines(streams: Streams) -> Told:
    """What `watch` printed of the same."""
    ends = dict.fromkeys(("task success", "task warning"), "task ended")
    told = ((ends.get(line.what, line.what), line) for line in streams.data)
    return Counter((what, line.vm, line.at) for what, line in told if what in KINDS.values())


def rows_agree(stage: Stage, streams: Streams) -> int:
    """Of how many VMs in view that ended the row says what was printed of them."""
    rows = {row.split()[1]: row for row in stage.rows[1:] if len(row.split()) > 1}
    ended = [line for line in streams.data if line.what in ("task failed", "task success")]
    seen = [line for line in ended if line.vm in rows and line.lasted != "-"]
    for line in seen:
        assert line.what.removeprefix("task ").capitalize() in rows[line.vm], line
        lasted = times.narrow(parse_duration(line.lasted))
        assert f" {lasted} " in rows[line.vm], (line, rows[line.vm])
    return len(seen)


HOW_IT_GOES_ON = dict.fromkeys(("followed", "polls", "interval", "next_poll_at"))
"""A watch asks once more when the session is over, and leaves; the screen stays."""


def agree(stage: Stage, following: Following, streams: Streams, *, over: bool = False) -> None:
    """What the three say of this moment."""
    screen = stage.showing(SessionScreen)
    snapshot = screen.state
    but = HOW_IT_GOES_ON if over else {}
    assert everything(snapshot) | but == everything(following.live.look()) | but
    assert snapshot.session is not None
    assert snapshot.assessment is not None
    summary, farewell = stage.painted("#summary"), screen.farewell()
    head, left = "\n".join(summary), "\n".join(farewell)
    verdict = farewell[0].removeprefix(f"{plan_name(snapshot.session)}: ")
    assert re.sub(r", ~?\d+ %$", "", verdict) in head, (head, left)
    assert numbers(head) == numbers(left) == counted(snapshot), (head, left)
    assert told_by_events(snapshot) == told_by_lines(streams)
    assert rows_agree(stage, streams) or not over
    took = times.duration(snapshot.elapsed(following.live.server_now()), "-")
    assert took in head
    assert f"elapsed {took}" in left
    of_targets = [line.strip() for line in farewell if line.startswith(("  RTO", "  RPO"))]
    assert of_targets
    assert all(line in head for line in of_targets), (head, left)


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_screen_scrollback_and_watch_say_the_same(on_stage: OnStage, scenario: str) -> None:
    server = {"vms": 40} if scenario == "large" else None
    async with on_stage(
        scenario, at="picker", server=server, targets=TARGETS, size=(200, 60)
    ) as stage:
        if scenario == "drill":
            await stage.advance(30)
        streams = Streams()
        stage.app.post_message(SessionRequested(stage.service.featured_session))
        async with watched(stage, streams) as following:
            await stage.advance(43)
            agree(stage, following, streams)
            screen = stage.showing(SessionScreen)
            if scenario in ENDLESS:
                await stage.advance(600)
            else:
                await stage.advance_until(lambda: screen.state.over, 1200)
            agree(stage, following, streams, over=scenario not in ENDLESS)
            left_behind = [line.strip() for line in screen.farewell()]
        assert [line.message for line in streams.of("summary")] == left_behind
