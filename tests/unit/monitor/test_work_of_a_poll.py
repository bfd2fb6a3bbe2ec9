"""What a poll costs follows from what changed, not from how many tasks there are.

Counted is work, not time: how often each stage of a poll does what it does for one task. All
stages at once, as a poll goes through them: bytes, session, snapshot, journal, rows, cells.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.support import bodies
from tests.support.fake_clock import START
from tests.support.making import done, session
from tui.analysis import assessing, events, moved_on, running
from tui.analysis.outage import Outages
from tui.analysis.work_left import WorkLeft
from tui.enterprise_manager import tasks
from tui.enterprise_manager.sessions import LastReading
from tui.journal import records
from tui.journal.records import Recorder, Watcher
from tui.monitor.follower import SessionFollower
from tui.monitor.observations import Opened, Reading, RunsRead
from tui.presentation import task_order
from tui.presentation.glyphs import UNICODE
from tui.presentation.session_layout import Look, Shape, lay_out_session
from tui.presentation.task_order import SORTS, TaskContext, TaskOrder
from tui.presentation.task_rows import TaskPainter

SIZES = (60, 600, 3_000)
CHANGING = 5
BY_NEED = TaskOrder()
COUNTED: dict[str, tuple[Any, str]] = {
    "decoded": (tasks, "_object"),
    "copied": (tasks, "with_progress"),
    "read": (tasks, "task_of"),
    "judged": (moved_on, "moves_on"),
    "judged anew": (moved_on, "view_of"),
    "judged wholly": (assessing, "view_of"),
    "told": (events, "_task"),
    "felt": (running, "next_pulse"),
    "measured": (running, "motion_of"),
    "kept": (records, "_task_change"),
    "matched": (task_order, "matches"),
    "to be done": (WorkLeft, "_note"),
    "queued": (WorkLeft, "_queued"),
    "chained": (Outages, "_chain"),
}


@dataclass
class Poll:
    """One session, polled every five seconds by all that a poll goes through."""

    size: int
    order: TaskOrder = field(default_factory=TaskOrder)
    runs: int = 0
    """Earlier runs, in which all VMs failed, so that this one goes on with them."""

    def __post_init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.listed = [
            bodies.task(f"vm{n}", Progress=n % 50, CreationTimeUTC=START.isoformat())
            for n in range(self.size)
        ]
        self.reading = LastReading(bodies.SESSION_ID)
        self.follower = SessionFollower(bodies.SESSION_ID)
        self.recorder = Recorder(Watcher(user="u", host="h", version="0", fingerprint=None))
        self.painter = TaskPainter(UNICODE)
        self.seconds = 0.0
        self._take(Opened, session_id=bodies.SESSION_ID, interval=5.0,
                   stall_after=timedelta(minutes=9), run="one")  # fmt: skip

        if self.runs:
            failed = [done(f"vm{n}", "Failed") for n in range(self.size)]
            up = [done(f"vm{n}") for n in range(self.size)]
            begun = START - timedelta(hours=2)
            read = [session(*tasks, state="Stopped", result="Failed", created=begun,
                            ended=START - timedelta(minutes=5), session_id=str(number))
                    for number, tasks in enumerate((failed, up)[: self.runs])]  # fmt: skip
            self._take(RunsRead, runs=tuple(read))

    def _take(self, kind: Callable[..., Any], **what: Any) -> None:
        now = START + timedelta(seconds=self.seconds)
        observation = kind(seen_at=now, monotonic=self.seconds, server_time=now, **what)
        self.follower.take(observation)
        self.recorder.records(observation)

    def change(self, first: int, **changes: Any) -> None:
        """So many tasks from that one on."""
        for place in range(first, first + CHANGING):
            self.listed[place] = self.listed[place] | changes

    def poll(self) -> None:
        """Ask, judge, keep, lay out, paint."""
        begun = START.isoformat()
        tree = bodies.session(bodies.wrapped(*self.listed), CreationTimeUTC=begun)
        body = json.dumps(tree, separators=(",", ":")).encode()
        self.seconds += 5
        session = self.reading.quickly(body) or self.reading.read(body)
        self._take(Reading, session=session, asked_at=self.seconds)
        snapshot, painter = self.follower.snapshot, self.painter
        drill = snapshot.drill
        painter.context = TaskContext(as_of=START, motions=drill.motions if drill else {})
        layout = lay_out_session(snapshot, Look(self.order), Shape(200, 60), 5, painter, UNICODE)
        painter.body = layout.body
        columns = painter.columns(199)
        for row in layout.body.rows[:60]:
            painter.cells(row, columns)


def _counting(poll: Poll, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def worked(*arguments: Any, **named: Any) -> Any:
            poll.counts[name] += 1
            return work(*arguments, **named)

        return worked

    for name, (module, function) in COUNTED.items():
        monkeypatch.setattr(module, function, counted(name, getattr(module, function)))
    monkeypatch.setattr(TaskPainter, "_cell", counted("painted", TaskPainter._cell))


def work_of_a_poll(
    size: int,
    monkeypatch: pytest.MonkeyPatch,
    order: TaskOrder = BY_NEED,
    runs: int = 0,
    **changes: Any,
) -> Counter[str]:
    """What is done in a poll in which `CHANGING` tasks do, the others having been seen before."""
    poll = Poll(size, order, runs)
    for progress in (60, 61):
        poll.change(10, Progress=progress)
        poll.poll()
    poll.change(10, Progress=62)
    _counting(poll, monkeypatch)
    placed = poll.painter.kept.placed
    poll.change(10, **changes)
    poll.poll()
    monkeypatch.undo()
    poll.counts["placed"] = poll.painter.kept.placed - placed
    return +poll.counts


def test_tasks_that_move_on_are_all_that_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    few, more, many = (work_of_a_poll(size, monkeypatch, Progress=63) for size in SIZES)
    assert few == more == many
    assert set(many) == {"copied", "judged", "painted"}
    assert {many[name] for name in set(many) - {"painted"}} == {CHANGING}


def test_messages_that_change_are_all_that_is_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    few, more, many = (work_of_a_poll(size, monkeypatch, FailureMessage="slow") for size in SIZES)
    del few["painted"], more["painted"], many["painted"]
    assert few == more == many
    assert max(many.values()) <= 2 * CHANGING


@pytest.mark.parametrize("sort", SORTS)
def test_whatever_the_order_what_moves_on_alone_is_put_elsewhere(
    sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for changes in ({"Progress": 63}, {"FailureMessage": "slow"}):
        few, many = (
            work_of_a_poll(size, monkeypatch, TaskOrder(sort), **changes) for size in SIZES[1:]
        )
        assert few["placed"] == many["placed"] <= CHANGING
        assert many["felt"] <= CHANGING


def test_a_filter_matches_what_says_something_new(monkeypatch: pytest.MonkeyPatch) -> None:
    order = TaskOrder(filter="slow")
    for size in SIZES:
        assert work_of_a_poll(size, monkeypatch, order, Progress=63)["matched"] == 0
        assert (
            work_of_a_poll(size, monkeypatch, order, FailureMessage="slow")["matched"] == CHANGING
        )


def test_a_list_that_grows_costs_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for size in SIZES:
        poll = Poll(size)
        poll.poll()
        poll.poll()
        poll.listed += [bodies.task(f"new{n}", Progress=1) for n in range(CHANGING)]
        _counting(poll, monkeypatch)
        placed = poll.painter.kept.placed
        poll.poll()
        monkeypatch.undo()
        assert poll.painter.kept.placed - placed == CHANGING
        del poll.counts["painted"]
        found.append(+poll.counts)
    assert found[0] == found[1] == found[2]
    # One more is decoded: behind the text of what was last another task follows.
    assert max(found[0].values()) <= CHANGING + 1
    assert not found[0]["judged wholly"]


def test_estimate_and_outage_go_by_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in SIZES:
        moved = work_of_a_poll(size, monkeypatch, runs=2, Progress=63)
        assert not set(moved) & {"to be done", "queued", "chained"}
        told = work_of_a_poll(size, monkeypatch, runs=2, FailureMessage="slow")
        assert [told[name] for name in ("to be done", "queued", "chained")] == [CHANGING, 1, 1]


def test_an_answer_that_says_the_same_in_other_bytes_is_no_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = work_of_a_poll(SIZES[-1], monkeypatch, Progress=61, Unknown="x")
    assert many["decoded"] <= 2 * CHANGING
    assert many["judged wholly"] == 0
