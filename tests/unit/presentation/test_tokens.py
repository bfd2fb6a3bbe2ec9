"""Every style that a line asks for is one that the screens have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.heads import head_lines
from tests.support.making import at, done, plan, session, stopped, task
from tests.support.states import EMPTY, judged, state
from tui.analysis.comparison import Comparison, Presence, VmComparison
from tui.analysis.drill import Goals
from tui.analysis.events import Event, EventKind, EventLog
from tui.analysis.stall import Motion, Movement
from tui.analysis.status import Status
from tui.monitor.clock import Freshness
from tui.monitor.readiness import Finding, Level
from tui.monitor.replay_marks import Marks
from tui.monitor.replayed_session import Playback
from tui.monitor.session_list import SessionListState
from tui.monitor.snapshot import Acknowledgement, Snapshot
from tui.monitor.standby import StandbyState
from tui.monitor.start_check import StartCheck
from tui.monitor.trouble import Trouble
from tui.presentation.check_rows import CheckPainter, arranged, check_lines, finding_lines
from tui.presentation.comparison_lines import comparison_lines
from tui.presentation.comparison_rows import ComparisonPainter
from tui.presentation.event_lines import EventPainter, event_lines, event_rows
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.header_lines import Place, PollStatus, header_line, trouble_lines
from tui.presentation.line import Line, dimmed
from tui.presentation.phone_rows import PhonePainter
from tui.presentation.replay_lines import replay_bar
from tui.presentation.room import too_small_line
from tui.presentation.session_layout import Look, Shape, lay_out_session, reason_lines, tiny_lines
from tui.presentation.session_order import SessionOrder, SessionRows, list_title
from tui.presentation.session_rows import SessionPainter
from tui.presentation.standby_lines import standby_lines
from tui.presentation.task_details import task_lines
from tui.presentation.task_order import TaskContext
from tui.presentation.task_rows import TaskPainter
from tui.presentation.time_axis import TimeFrame
from tui.presentation.timeline import TimelinePainter, axis_line
from tui.widgets.painted import TOKENS

KNOWN = {"", *TOKENS}
MINUTE = timedelta(minutes=1)
TROUBLE = Trouble("x", "Too slow.", "Look at the line.")
FINE, OLD = Freshness(3.0, stale=False), Freshness(92.0, stale=True)
TASKS = (
    done("up"),
    done("lost", "Failed", "No space"),
    done("mute", "Failed"),
    done("odd", "Warning", "Slow"),
    task("copies", progress=40),
    task("begins", "Starting", progress=None),
    task("stops", "Stopping"),
    task("who", "Resuming"),
)


def _snapshots() -> Iterator[Snapshot]:
    yield EMPTY
    whole = plan(*(each.vm_name for each in TASKS), "waits")
    doubtful = session(*TASKS, message="Aborted").model_copy(update={"unreadable_tasks": 1})
    for of in (session(*TASKS), doubtful, session(), session(done("up")), stopped(*TASKS)):
        yield state(of)
        yield state(of, note="2 plans have that name", trouble=TROUBLE)
        shown = state(of, plan=whole)
        yield replace(shown, journal_trouble="No space left on device")
        for rto in (None, timedelta(seconds=1), timedelta(minutes=6), timedelta(hours=1)):
            goals = Goals(rto=rto, rpo=MINUTE if rto else None)
            yield replace(shown, drill=judged(shown, at(5), goals))


SNAPSHOTS = tuple(_snapshots())
WIDTHS = (36, 60, 80, 140)


def _rows(painter: Any, rows: Iterable[Any], width: int) -> Iterator[Line]:
    """All that a table paints of these rows."""
    columns = painter.columns(width)
    yield from (painter.header(column) for column in columns)
    for row in rows:
        yield from painter.cells(row, columns)
        yield from painter.below(row, width)


def _of_a_session(of: Snapshot, width: int, glyphs: Glyphs) -> Iterator[Line]:
    for height in (12, 20, 40):
        shape = Shape(width, height)
        for stale in (False, True):
            yield from head_lines(of, at(5), shape, glyphs, stale=stale)
        views = of.assessment.tasks if of.assessment else ()
        keys = [view.key for view in views]
        moving = zip(keys, Movement, strict=False)
        motions = {key: Motion(each, MINUTE, MINUTE, MINUTE) for key, each in moving}
        painter = PhonePainter(glyphs) if shape.is_phone else TaskPainter(glyphs)
        painter.context = TaskContext(
            at(5),
            motions=motions,
            new_failures=frozenset(keys[:2]),
            acknowledged=frozenset(keys[2:3]),
        )
        laid = lay_out_session(of, Look(), shape, 8, painter, glyphs)
        painter.body = laid.body
        yield from laid.pane
        yield from _rows(painter, laid.body.rows, width)
    yield from reason_lines(of, width, glyphs)
    for freshness in (FINE, OLD):
        yield from tiny_lines(of, at(5), (width, 9), glyphs, freshness)
    for view in views:
        told = replace(of, acknowledged={view.key: Acknowledgement(at(4), "jdoe")})
        yield from task_lines(view, told, at(5), width, glyphs)


def _of_the_connection(width: int, glyphs: Glyphs) -> Iterator[Line]:
    place = Place("em01", "jdoe", plain_http=True, profile="PRODUCTION")
    for freshness in (FINE, OLD, Freshness(None, stale=True)):
        for trouble in (None, TROUBLE, replace(TROUBLE, needs_logon=True, about_certificate=True)):
            live = PollStatus(freshness, 5.0, trouble=trouble, skew=MINUTE, next_try=3.0)
            for poll in (
                live,
                replace(live, paused=True),
                replace(live, waiting=9.0),
                replace(live, replay="60x"),
                replace(live, replay="60x", paused=True),
            ):
                yield header_line(place, at(5), poll, width, glyphs)
                yield from trouble_lines(poll, width, glyphs)
    yield too_small_line(width, 3)
    marks = Marks((60.0, 120.0), (60.0,), ((200.0, 400.0),), complete=True)
    yield replay_bar(Playback(9.0, 9.0, 600.0, 60, True, marks), at(0), at(10), width, glyphs)


def _of_lists(width: int, glyphs: Glyphs) -> Iterator[Line]:
    rows = SessionRows().of([each.session for each in SNAPSHOTS if each.session is not None])
    painter = SessionPainter(glyphs)
    painter.as_of = at(5)
    yield from _rows(painter, [replace(row, tenant="Oak") for row in rows], width)
    for listed in (SessionListState(), SessionListState(pages=9, pages_read=1)):
        yield list_title(listed, SessionOrder(filter="x"), 0, width, glyphs)
    vms = [
        VmComparison("a", presence, then, now, failed_then, failed_now)
        for presence in Presence
        for then, now in (
            (MINUTE, 3 * MINUTE),
            (3 * MINUTE, MINUTE),
            (None, MINUTE),
            (MINUTE, None),
        )
        for failed_then in (False, True)
        for failed_now in (False, True)
    ]
    for tasks_then, over in ((True, True), (False, False)):
        compared = Comparison("id", at(-9), tuple(vms), MINUTE, None, tasks_then, True, over)
        yield from comparison_lines(compared, width, glyphs)
    yield from _rows(ComparisonPainter(glyphs), vms, width)
    findings = tuple(Finding(level, "web01", "newest point 20 min old") for level in Level)
    for over in (False, True):
        check = StartCheck("ABC", findings, 3, 5, over)
        yield from check_lines(check, MINUTE, "web01", at(1), width, glyphs)
        yield from check_lines(check, None, None, None, width, glyphs, low=True)
        yield from _rows(CheckPainter(glyphs), arranged(check), width)
    for finding in findings:
        yield from finding_lines(finding, width, glyphs)


def _of_events(width: int, glyphs: Glyphs) -> Iterator[Line]:
    events = [
        Event(at(1), kind, inferred, status=status, text="Text", lasted=MINUTE)
        for kind in EventKind
        for inferred in (False, True)
        for status in (None, *Status)
    ]
    yield from _rows(EventPainter(glyphs), event_rows(EventLog(tuple(events))), width)
    for event in events:
        yield from event_lines(event, width, glyphs)


def _of_the_timeline(width: int, glyphs: Glyphs) -> Iterator[Line]:
    for of in SNAPSHOTS:
        painter = TimelinePainter(glyphs)
        painter.frame = TimeFrame.of(of, at(5))
        painter.context = TaskContext(at(5))
        views = of.assessment.tasks if of.assessment else ()
        painter.usual = {view.vm_name: 9 * MINUTE for view in views}
        yield from _rows(painter, views, width)
        yield axis_line(painter.frame, painter.axis, width, glyphs)


def _of_standing_by(width: int, glyphs: Glyphs) -> Iterator[Line]:
    waiting = StandbyState("ABC", at(0), "vbr01", fetched_at=1.0, close=("ABD",))
    for of in (
        waiting,
        replace(waiting, trouble=TROUBLE, fetched_at=None),
        *(replace(waiting, last=each.session) for each in SNAPSHOTS[1:]),
    ):
        for checked in (None, at(2)):
            yield from standby_lines(of, checked, at(3), width, glyphs)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_no_line_asks_for_a_style_that_no_screen_has(width: int, glyphs: Glyphs) -> None:
    lines: Sequence[Line] = [
        *(line for of in SNAPSHOTS for line in _of_a_session(of, width, glyphs)),
        *_of_the_connection(width, glyphs),
        *_of_lists(width, glyphs),
        *_of_events(width, glyphs),
        *_of_the_timeline(width, glyphs),
        *_of_standing_by(width, glyphs),
    ]
    asked = {token for line in [*lines, *dimmed(lines)] for _, token in line}
    assert asked <= KNOWN
    # What a line says in a colour of its own is said at every size.
    assert {"failed", "warning", "success", "running", "unknown", "dim", "title"} <= asked
