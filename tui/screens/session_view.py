"""What the session screen shows, and how it follows its session."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen

from tui.analysis.assessment import TaskView
from tui.analysis.drill import DrillView
from tui.messages import StatePublished, TitleChanged
from tui.monitor.snapshot import Snapshot
from tui.presentation.drill_lines import evidence_line, target_line, title_text
from tui.presentation.header_lines import PollStatus, header_line, safety_spans, trouble_lines
from tui.presentation.line import Line, dimmed, fit_line, spread
from tui.presentation.outage_lines import outage_line
from tui.presentation.session_lines import failure_lines, summary_lines, tiny_lines
from tui.presentation.task_rows import TaskContext, TaskOrder, TaskPainter
from tui.presentation.time_axis import TimeFrame
from tui.presentation.timeline import TimelinePainter
from tui.presentation.verdict import head_verdict
from tui.screens import session_keys
from tui.screens.shared import Shared
from tui.widgets.filter_bar import FilterBar
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted
from tui.widgets.task_table import TaskTable

_TINY_WIDTH = 50
_TINY_HEIGHT = 12
_ROOMY = 22
_TALL = 28
_VERY_LARGE = 2_000
_ROW_CLOCKS = timedelta(seconds=4.5)


class SessionView(Screen[None]):
    """Follows one session until it is popped; the keys are `SessionScreen`'s."""

    def __init__(self, shared: Shared, session_id: str) -> None:
        super().__init__()
        self._shared = shared
        self._followed = shared.site.followed.of(session_id)
        self._state = self._followed.snapshot
        self._order = TaskOrder()
        self._table_painter = TaskPainter(shared.glyphs)
        self._timeline_painter = TimelinePainter(shared.glyphs)
        self._painter = self._table_painter
        self._bell = shared.bell
        self._title = ""

    @property
    def state(self) -> Snapshot:
        """What is shown."""
        return self._state

    @property
    def _view(self) -> DrillView | None:
        return self._state.drill

    def compose(self) -> ComposeResult:
        """Summary, filter, table, failures, keys."""
        yield Painted(id="summary")
        yield FilterBar()
        yield TaskTable(self._painter, id="tasks")
        yield Painted(id="failures")
        yield KeyHints(session_keys.HINTS)

    def on_mount(self) -> None:
        """Start polling; the screen is painted before the first request."""
        self._table.focus()
        self.run_worker(
            self._followed.run(self._publish),
            name="session monitor",
            group="session monitor",
            description="follows one session",
        )
        self.set_interval(1.0, self._tick)

    @property
    def _table(self) -> TaskTable:
        return self.query_one("#tasks", TaskTable)

    def _publish(self, state: Snapshot) -> None:
        self.post_message(StatePublished(state))

    @on(StatePublished)
    async def show_state(self, message: StatePublished) -> None:
        """Take the newest state in."""
        message.stop()
        before, self._state = self._state, message.state
        if self._bell and self._state.alarms > before.alarms:
            self.app.bell()
        await self._let_keys_through()
        self.show_all()

    async def _let_keys_through(self) -> None:
        """Between the stages of a very large answer, each of which takes some 20 ms."""
        assessment = self._state.assessment
        if assessment is not None and assessment.total > _VERY_LARGE:
            await asyncio.sleep(0)

    def _server_now(self) -> datetime:
        clock = self._shared.site.clock
        return self._state.server_now(clock.monotonic(), clock.now())

    def _as_of(self) -> datetime:
        """The server's time of the data shown."""
        clock = self._shared.site.clock
        return self._state.data_from(clock.monotonic(), clock.now())

    def _rows_as_of(self) -> datetime:
        """The same for the clocks of the rows, which move every few seconds only.

        Forty of them moving at each of a fast series of polls would cost more bytes
        than all that changes; at the usual interval they move with each poll.
        """
        as_of = self._as_of()
        shown = self._painter.context.as_of
        if shown is None or not timedelta() <= as_of - shown < _ROW_CLOCKS:
            return as_of
        return shown

    @on(events.Resize)
    def lay_out(self) -> None:
        """Widths changed: every line is made anew, selection and scroll stay."""
        tiny = self.size.width < _TINY_WIDTH or self.size.height < _TINY_HEIGHT
        self.set_class(tiny, "-tiny")
        self.show_all()

    def show_all(self) -> None:
        """Bring every part up to date; each repaints only what differs."""
        if not self.is_mounted or not self.size.width:
            return
        self._show_summary()
        if self.has_class("-tiny"):
            return
        state, view = self._state, self._view
        self._painter.context = TaskContext(
            as_of=self._rows_as_of(),
            session_start=state.session.created if state.session else None,
            points=state.details.points,
            motions=view.motions if view else {},
            new_failures=frozenset(state.new_failures),
        )
        self._painter.order = self._order
        if self._painter is self._timeline_painter:
            self._timeline_painter.usual = state.usual
            self._timeline_painter.frame = TimeFrame.of(state, view, self._as_of())
        self._table.show(self._arranged())
        self._show_failures()

    def _show_failures(self) -> None:
        most = 1 if self.size.height < _TALL else 6
        causes = self._view.causes if self._view else ()
        failures, table = self.query_one("#failures", Painted), self._table
        # A short table, such as that of the failures only, leaves lines for their reasons.
        free = table.size.height + failures.size.height - 1 - table.row_count
        lines = failure_lines(self._state, causes, self.size.width, most, self._shared.glyphs, free)
        failures.show(dimmed(lines) if self.has_class("-stale") else lines)

    def _arranged(self) -> list[TaskView]:
        assessment = self._state.assessment
        views = assessment.tasks if assessment else ()
        return self._order.arrange(views, self._painter.context)

    def _show_summary(self) -> None:
        now = self._shared.site.clock.monotonic()
        poll = PollStatus.of(self._state, now, paused=self._state.paused)
        stale = poll.freshness.stale and self._state.session is not None
        if stale is not self.has_class("-stale"):
            self.set_class(stale, "-stale")
            self._show_failures()
        self.query_one("#summary", Painted).show(self._summary(poll, stale=stale))
        self._show_title()

    def safety_line(self, width: int) -> Line:
        """The line on top, here and over every pane and dialog that covers this screen."""
        poll = PollStatus.of(
            self._state, self._shared.site.clock.monotonic(), paused=self._state.paused
        )
        return header_line(self._shared.place, self._server_now(), poll, width, self._shared.glyphs)

    def _summary(self, poll: PollStatus, *, stale: bool) -> list[Line]:
        glyphs, (width, height) = self._shared.glyphs, self.size
        state, server_now = self._state, self._server_now()
        if self.has_class("-tiny"):
            marks = safety_spans(self._shared.place)
            return tiny_lines(state, server_now, (width, height), glyphs, poll.freshness, marks)
        lines = summary_lines(state, server_now, width, glyphs, stale=stale)
        if self._view is not None:
            roomy, outage = height >= _ROOMY, self._view.outage
            if outage is not None:
                target = self._view.rto.target
                lines.append(outage_line(outage, server_now, target, width, glyphs))
            lines.append(target_line(self._view, server_now, width, glyphs, alone=not roomy))
            if roomy:
                lines.append(evidence_line(self._view, server_now, width, glyphs))
        return [
            self.safety_line(width),
            *trouble_lines(poll, width, glyphs),
            *(dimmed(lines) if stale else lines),
            self._rule(width),
        ]

    def _rule(self, width: int) -> Line:
        glyphs, order = self._shared.glyphs, self._order
        said = ["failures only"] if order.failures_only else []
        if order.filter:
            said.append(f"filter {glyphs.clean(order.filter)}")
        if not said:
            return ((glyphs.rule * width, "rule"),)
        total = self._state.assessment.total if self._state.assessment else 0
        text = f" {', '.join(said)}: {len(self._arranged())} of {total} shown, Esc clears "
        tail = [(glyphs.rule * 2, "rule")]
        line = spread([(glyphs.rule * 2, "rule"), (text, "note")], tail, width, glyphs)
        return fit_line(line, width, glyphs)

    def _show_title(self) -> None:
        session, assessment = self._state.session, self._state.assessment
        if session is None or assessment is None:
            return
        glyphs = self._shared.glyphs
        head = head_verdict(assessment, self._view, glyphs, stale=self.has_class("-stale"))
        title = title_text(head, assessment, glyphs.clean(session.plan_name))
        if title != self._title:
            self._title = title
            self.post_message(TitleChanged(title))

    def _tick(self) -> None:
        before, self._state = self._state, self._followed.look()
        if self._state is not before:
            self.show_all()
        else:
            self._show_summary()
