"""What the session screen shows, and how it follows its session."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult

from tui.analysis.assessment import TaskKey, TaskView
from tui.messages import StatePublished, TitleChanged
from tui.monitor.snapshot import Snapshot
from tui.presentation.drill_lines import title_text
from tui.presentation.header_lines import PollStatus, header_line, safety_spans, trouble_lines
from tui.presentation.line import Line, Piece, at_time, dimmed, fit_line, spread
from tui.presentation.phone_rows import PhonePainter
from tui.presentation.session_head import head_pieces
from tui.presentation.session_layout import Look, Shape, lay_out_session, tiny_lines
from tui.presentation.task_layout import Group
from tui.presentation.task_order import TaskContext, TaskOrder
from tui.presentation.task_rows import TaskPainter
from tui.presentation.text import cells
from tui.presentation.time_axis import TimeFrame
from tui.presentation.timeline import TimelinePainter
from tui.presentation.verdict import head_verdict
from tui.screens import session_keys
from tui.screens.frame import TooSmall, poll_shown
from tui.screens.shared import Followed, MayLogOnAgain, Showing
from tui.widgets.filter_bar import FilterBar
from tui.widgets.key_hints import KeyHints
from tui.widgets.painted import Painted
from tui.widgets.task_table import TaskTable

_ESC_CLEARS = len("shown, Esc clears ") + 4
_VERY_LARGE = 2_000
_ROW_CLOCKS = timedelta(seconds=4.5)


class SessionView(MayLogOnAgain):
    """Follows one session until it is popped; the keys are its subclasses'."""

    HINTS: ClassVar[Sequence[str]] = session_keys.HINTS

    def __init__(self, shared: Showing, followed: Followed) -> None:
        super().__init__()
        self._shared = shared
        self._clock = shared.clock
        self._followed = followed
        self._state = self._followed.snapshot
        self._order = TaskOrder()
        self._table_painter = TaskPainter(shared.glyphs)
        self._timeline_painter = TimelinePainter(shared.glyphs)
        self._phone_painter = PhonePainter(shared.glyphs)
        self._painter: TaskPainter = self._table_painter
        self._as_timeline = False
        self._unfolded: frozenset[Group] = frozenset()
        self._head = 0
        self._bell = shared.bell
        self._title = ""
        self._title_is_of: tuple[Snapshot | None, bool] = (None, False)
        self._pieces: list[Piece] = []
        self._pieces_are_of: tuple[Snapshot | None, Shape | None, bool] = (None, None, False)
        self._said: tuple[datetime, PollStatus] | None = None

    @property
    def state(self) -> Snapshot:
        """What is shown."""
        return self._state

    def compose(self) -> ComposeResult:
        """Summary, filter, table, failures, keys."""
        yield Painted(id="summary")
        yield FilterBar()
        yield TaskTable(self._painter, id="tasks")
        yield Painted(id="failures")
        yield KeyHints(self.HINTS)
        yield TooSmall(self._few_lines)

    def on_mount(self) -> None:
        """Start polling; the screen is painted before the first request."""
        self._table.focus()
        self.run_worker(
            self._followed.run(self._publish),
            name="session monitor",
            group="session monitor",
            description="follows one session",
        )

    @cached_property
    def _table(self) -> TaskTable:
        return self.query_one("#tasks", TaskTable)

    @cached_property
    def _top(self) -> Painted:
        return self.query_one("#summary", Painted)

    @cached_property
    def _too_small(self) -> TooSmall:
        return self.query_one(TooSmall)

    def _publish(self, state: Snapshot) -> None:
        self.post_message(StatePublished(state))

    @on(StatePublished)
    async def show_state(self, message: StatePublished) -> None:
        """Take the newest state in."""
        message.stop()
        before, self._state = self._state, message.state
        if self._bell and self._state.alarms > before.alarms:
            self.app.bell()
        if self.is_current:
            await self._let_keys_through()
        self.show_all()
        if self._state.fetched_at != before.fetched_at and self.is_current:
            poll_shown(self.app)

    async def _let_keys_through(self) -> None:
        """Between the stages of a very large answer, each of which takes some 20 ms."""
        assessment = self._state.assessment
        if assessment is not None and assessment.total > _VERY_LARGE:
            await asyncio.sleep(0)

    def _server_now(self) -> datetime:
        clock = self._clock
        return self._state.server_now(clock.monotonic(), clock.now())

    def _as_of(self) -> datetime:
        """The server's time of the data shown."""
        clock = self._clock
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
    @on(events.ScreenResume)
    def lay_out(self) -> None:
        """Another size, or in front again: everything is made anew, selection and filter stay."""
        if self.is_mounted and self.size.width:
            self._too_small.fit_screen()
        self.show_all()

    @property
    def _shape(self) -> Shape:
        return Shape(*self.size)

    def show_all(self) -> None:
        """Bring every part up to date; each repaints only what differs.

        While another screen covers this one, nothing of it is seen but the title.
        """
        if not self.is_mounted or not self.size.width:
            return
        if not self.is_current:
            self._show_title()
            return
        if self._state.trouble is not None or self._logon_needed:
            self.take_in(self._state.trouble)
        self._show_summary()
        if self._too_small.is_needed:
            self._too_small.fit_screen()
        else:
            self._show_body()

    def _show_body(self) -> None:
        """Rows and reasons, in the lines that the summary leaves."""
        shape, table, glyphs = self._shape, self._table, self._shared.glyphs
        painter = self._painter_for(shape)
        look = Look(
            self._order,
            self._unfolded,
            key if isinstance(key := table.chosen_key, TaskKey) else None,
            filtering=self.query_one(FilterBar).has_class("-open"),
        )
        layout = lay_out_session(self._state, look, shape, self._head, painter, glyphs)
        painter.body = layout.body
        table.titled = not shape.is_phone
        if painter is not self._painter:
            self._painter = painter
            table.set_painter(painter)
        table.show(layout.body.rows)
        pane = dimmed(layout.pane) if self.has_class("-stale") else layout.pane
        self.query_one("#failures", Painted).show(pane)

    def _painter_for(self, shape: Shape) -> TaskPainter:
        """Bars over time, columns, or names and reasons that run on; up to date."""
        state, view = self._state, self._state.drill
        painter: TaskPainter = self._table_painter
        if self._as_timeline:
            painter = self._timeline_painter
            self._timeline_painter.usual = state.usual
            self._timeline_painter.frame = TimeFrame.of(state, self._as_of())
        elif shape.is_phone:
            painter = self._phone_painter
        painter.context = TaskContext(
            as_of=self._rows_as_of(),
            session_start=state.session.created if state.session else None,
            points=state.details.points,
            motions=view.motions if view else {},
            new_failures=frozenset(state.new_failures),
            acknowledged=frozenset(state.acknowledged),
        )
        painter.order = self._order
        return painter

    def _arranged(self) -> Sequence[TaskView]:
        assessment = self._state.assessment
        return self._painter.arrange(self._order, assessment.tasks if assessment else ())

    def _show_summary(self) -> None:
        """The lines above the rows; what is below anew where they need more or less room."""
        self._said = server_now, poll = self._moment()
        stale = self._is_stale(poll)
        turned = stale is not self.has_class("-stale")
        if turned:
            self.set_class(stale, "-stale")
        lines = self._summary(server_now, poll, stale=stale)
        before, self._head = self._head, len(lines)
        self._top.show(lines)
        if turned or before != self._head:
            self._show_body()
        self._show_title(poll)

    def _moment(self) -> tuple[datetime, PollStatus]:
        """The server's time and how fresh the data is, to the second, as they are shown."""
        poll = self._poll_status(self._clock.monotonic())
        return self._server_now().replace(microsecond=0), poll.in_seconds

    def _is_stale(self, poll: PollStatus) -> bool:
        return poll.freshness.stale and self._state.session is not None

    def safety_line(self, width: int) -> Line:
        """The line on top, here and over every pane and dialog that covers this screen."""
        return self._safety_line(*self._moment(), width)

    def _safety_line(self, server_now: datetime, poll: PollStatus, width: int) -> Line:
        return header_line(self._shared.place, server_now, poll, width, self._shared.glyphs)

    def _poll_status(self, now: float) -> PollStatus:
        """How fresh the data is, at that moment of the clock."""
        return PollStatus.of(self._state, now, paused=self._state.paused)

    def _more_lines(self, width: int) -> Sequence[Line]:
        """What a subclass says under the line on top."""
        return ()

    def _summary(self, server_now: datetime, poll: PollStatus, *, stale: bool) -> list[Line]:
        glyphs, shape = self._shared.glyphs, self._shape
        width = shape.width
        of = self._state, shape, stale
        if of[0] is not self._pieces_are_of[0] or of[1:] != self._pieces_are_of[1:]:
            self._pieces_are_of = of
            self._pieces = head_pieces(self._state, shape, glyphs, stale=stale)
        lines = at_time(self._pieces, server_now)
        trouble = trouble_lines(poll, width, glyphs)
        if shape.is_compact:
            trouble = trouble[:2]
        return [
            self._safety_line(server_now, poll, width),
            *self._more_lines(width),
            *trouble,
            *(dimmed(lines) if stale else lines),
            *self._rule(width),
        ]

    def _few_lines(self, width: int, height: int) -> list[Line]:
        """What fits where nothing does."""
        state, shared = self._state, self._shared
        freshness = state.freshness(shared.clock.monotonic())
        marks = safety_spans(shared.place)
        return tiny_lines(
            state, self._server_now(), (width, height), shared.glyphs, freshness, marks
        )

    def _rule(self, width: int) -> list[Line]:
        """The line between; what the rows are narrowed to stands in it at every size."""
        glyphs, order = self._shared.glyphs, self._order
        said = [order.narrowed] if order.narrowed else []
        if order.filter:
            said.append(f"filter {glyphs.clean(order.filter)}")
        if not said:
            return [] if self._shape.is_compact else [((glyphs.rule * width, "rule"),)]
        total = self._state.assessment.total if self._state.assessment else 0
        text = f" {', '.join(said)}: {len(self._arranged())} of {total} "
        text += "shown, Esc clears " if width >= cells(text) + _ESC_CLEARS else ""
        tail = [(glyphs.rule * 2, "rule")]
        line = spread([(glyphs.rule * 2, "rule"), (text, "note")], tail, width, glyphs)
        return [fit_line(line, width, glyphs)]

    def _show_title(self, poll: PollStatus | None = None) -> None:
        session, assessment = self._state.session, self._state.assessment
        if session is None or assessment is None:
            return
        glyphs = self._shared.glyphs
        prefix = self._title_prefix()
        if prefix is None:
            return
        stale = self._is_stale(poll or self._moment()[1])
        titled, titled_stale = self._title_is_of
        if titled is self._state and titled_stale is stale:
            return
        self._title_is_of = self._state, stale
        head = head_verdict(assessment, self._state.drill, glyphs, stale=stale)
        title = prefix + title_text(head, assessment, glyphs.clean(session.plan_name))
        if title != self._title:
            self._title = title
            self.post_message(TitleChanged(title))

    def _title_prefix(self) -> str | None:
        """What the terminal's title begins with; None where it is another screen's."""
        return ""

    def beat_unseen(self) -> None:
        """The state for the screens over this one, and the title for other windows."""
        self._state = self._followed.look()
        self._show_title()

    def beat(self) -> None:
        """The clocks go on, and what time alone changes is shown."""
        if not self.is_mounted or not self.size.width:
            return
        before, self._state = self._state, self._followed.look()
        if self._state is not before:
            self.show_all()
            return
        if self._moment() != self._said:
            self._show_summary()
            if self._too_small.is_needed:
                self._too_small.fit_screen()
