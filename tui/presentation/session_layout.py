"""What a session's screen shows at which size: the lines on top, the rows, the reasons.

A pure function of what is known, how it is looked at, and the size; nothing of an
earlier size enters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime
from functools import partial
from typing import Final

from tui.analysis.assessment import Assessment, TaskKey
from tui.analysis.causes import Cause, Origin, session_reason
from tui.analysis.status import Status
from tui.light import dataclass
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.line import Line, Span, dimmed, fit_line, length, percent, spread
from tui.presentation.reasons import cause_text, common_text, reason_text
from tui.presentation.task_body import MOST_REASON_LINES, Body, lay_out_body
from tui.presentation.task_layout import Group
from tui.presentation.task_order import TaskOrder
from tui.presentation.task_rows import TaskPainter
from tui.presentation.text import wrap
from tui.presentation.verdict import head_verdict

PHONE_WIDTH: Final = 50
"""Cells below which there are no columns."""
_COMPACT_HEIGHT: Final = 18
_ROOMY_HEIGHT: Final = 22
_HINTS: Final = 1
_MOST_MESSAGE_LINES: Final = 6
_ROOM_FOR_TARGET: Final = 4


@dataclass(frozen=True)
class Shape:
    """What the size alone decides; cells."""

    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        """Whether rows have no columns, and the table no header."""
        return self.width < PHONE_WIDTH

    @property
    def is_compact(self) -> bool:
        """Whether bar and rule give their lines to the rows."""
        return self.height < _COMPACT_HEIGHT

    @property
    def is_roomy(self) -> bool:
        """Whether there is a line for what the verdict rests on."""
        return self.height >= _ROOMY_HEIGHT

    @property
    def table_width(self) -> int:
        """Cells beside the scrollbar."""
        return max(1, self.width - 1)


@dataclass(frozen=True)
class Look:
    """How a person looks at the session: order and filter, what is unfolded, what is chosen."""

    order: TaskOrder = field(default_factory=TaskOrder)
    unfolded: frozenset[Group] = frozenset()
    chosen: TaskKey | None = None
    filtering: bool = False

    @property
    def folds(self) -> bool:
        """Rows are folded by status: what is sorted or filtered otherwise is a list to scroll."""
        order = self.order
        plain = order.sort == "status" and not order.reverse
        return plain and not order.filter and not order.failures_only


@dataclass(frozen=True)
class SessionLayout:
    """The rows of the table, and the lines below it."""

    body: Body
    pane: tuple[Line, ...]


def lay_out_session(
    state: Snapshot, look: Look, shape: Shape, head: int, painter: TaskPainter, glyphs: Glyphs
) -> SessionLayout:
    """Rows and reasons in the lines that a `head` of so many lines leaves.

    The session's own message gives way where a VM's reason would else be cut.
    """
    views = state.assessment.tasks if state.assessment else ()
    arranged = painter.arrange(look.order, views)
    title = 0 if shape.is_phone else 1
    room = shape.height - head - title - _HINTS - (1 if look.filtering else 0)
    own = reason_lines(state, shape.width, glyphs)
    own = own if len(own) <= room // 3 else []

    def body(lines: int) -> Body:
        return lay_out_body(
            arranged,
            painter,
            width=shape.table_width,
            lines=max(1, lines),
            folding=look.folds,
            reasons=look.order.failures_only,
            column=look.order.sort == "message",
            unfolded=look.unfolded,
            chosen=look.chosen,
        )

    laid = body(room - len(own))
    if own and (laid.cut or laid.most < MOST_REASON_LINES):
        alone = body(room)
        if not alone.cut and (laid.cut or alone.most > laid.most):
            return SessionLayout(alone, ())
    causes = state.drill.causes if state.drill else ()
    if laid.below or not causes:
        return SessionLayout(laid, tuple(own))
    free = room - len(own) - len(laid.rows)
    if laid.cut:
        free = max(free, (room - len(own)) * 2 // 5)
    # A phone's rows begin with their reasons: the beginnings of the same say no more.
    lines = failure_lines(causes, shape.width, free, glyphs, cut=not shape.is_phone)
    return SessionLayout(body(room - len(own) - len(lines)), (*own, *lines))


def reason_lines(state: Snapshot, width: int, glyphs: Glyphs) -> list[Line]:
    """The session's own message in full, or that it failed without one and without a VM's."""
    if state.session is None or state.assessment is None:
        return []
    reason = session_reason(state.session, state.assessment)
    # A reason that is a task's own stands with the tasks.
    if reason is None or reason.origin is Origin.TASK:
        return []
    if reason.origin is Origin.NOWHERE and state.assessment.failures:
        return []
    message = f"{glyphs.cross} {glyphs.clean(reason_text(reason.message))}"
    wrapped = wrap(message, max(10, width - 2))
    if len(wrapped) > _MOST_MESSAGE_LINES:
        wrapped = [*wrapped[: _MOST_MESSAGE_LINES - 1], f"{glyphs.ellipsis} (Y copies all)"]
    return [fit_line([(f" {part}", "failed")], width, glyphs) for part in wrapped]


def failure_lines(
    causes: Sequence[Cause], width: int, room: int, glyphs: Glyphs, *, cut: bool = True
) -> list[Line]:
    """What failed by cause, the first one first: in full where `room` lines are enough.

    Else without the names, else if they may be `cut` one line each, and how many more
    there are. None without room.
    """
    in_time = sorted(causes, key=_first_at)
    for text in (cause_text, partial(cause_text, brief=True), partial(common_text, brief=True)):
        lines = [line for each in in_time for line in _cause_in_full(each, text, width, glyphs)]
        if len(lines) <= room:
            return lines
    shown = in_time[: max(0, room)] if cut else []
    brief = partial(cause_text, brief=True)
    lines = [fit_line(_cause(each, brief, glyphs), width, glyphs) for each in shown]
    hidden = sum(cause.count for cause in in_time[len(shown) :])
    if hidden and lines:
        more = [(f" {hidden} more, f shows them ", "failed")]
        lines[-1] = spread(list(lines[-1]), more, width, glyphs)
    return lines


def _first_at(cause: Cause) -> tuple[bool, float]:
    return (cause.first_at is None, cause.first_at.timestamp() if cause.first_at else 0.0)


_Wording = Callable[[Cause, Glyphs], str]


def _cause(cause: Cause, wording: _Wording, glyphs: Glyphs) -> list[Span]:
    when = f"{times.utc_time(cause.first_at)} UTC" if cause.first_at else ""
    if cause.count == 1:
        name = glyphs.clean(cause.vm_names[0])
        lead = f" {glyphs.cross} {name} failed{' ' if when else ''}{when}: "
    else:
        lead = f" {glyphs.cross} {cause.count}x{' since ' if when else ''}{when}: "
    return [(lead, "failed"), (wording(cause, glyphs), "")]


def _cause_in_full(cause: Cause, wording: _Wording, width: int, glyphs: Glyphs) -> list[Line]:
    """The reason over as many lines as it takes, below each other."""
    lead, (text, token) = _cause(cause, wording, glyphs)
    indent = length([lead])
    first, *others = wrap(text, max(10, width - indent - 1)) or [""]
    lines = [fit_line([lead, (first, token)], width, glyphs)]
    return lines + [fit_line([(" " * indent + part, token)], width, glyphs) for part in others]


def tiny_lines(
    state: Snapshot,
    server_now: datetime,
    size: tuple[int, int],
    glyphs: Glyphs,
    freshness: Freshness,
    marks: Sequence[Span] = (),
) -> list[Line]:
    """For a terminal below 50x12: one line of totals, old data said first, and who failed.

    Where there is a target and room for a second line, how it stands with it.

    `marks` end the first line: read-only, and in what way the connection is unsafe.
    """
    width, height = size
    room = max(0, width - length(marks))
    if state.assessment is None:
        waiting: list[Span] = [("waiting for the first data", "")]
        return [spread(waiting, list(marks), width, glyphs)]
    assessment = state.assessment
    lines: list[Line] = [(*_totals(state, assessment, server_now, room, glyphs), *marks)]
    drill = state.drill
    if drill is not None and drill.rto.target is not None and height > _ROOM_FOR_TARGET:
        head = head_verdict(assessment, drill, glyphs, stale=freshness.stale)
        lines.append(fit_line(head.spans(width), width, glyphs))
    if freshness.stale and freshness.age is not None:
        old = [(f"{glyphs.cross} STALE {times.age(freshness.age)} old", "failed")]
        lines = [fit_line(old, width, glyphs), *dimmed(lines)]
    names = [glyphs.clean(view.vm_name) for view in assessment.failures]
    lines += [
        fit_line([(f"{glyphs.cross} {name}", "failed")], width, glyphs)
        for name in _fold(names, max(1, height - 2 - len(lines)))
    ]
    return lines


def _totals(
    state: Snapshot, assessment: Assessment, server_now: datetime, width: int, glyphs: Glyphs
) -> Line:
    """`✘ 46 % ✘1 ⚠0 ✔6 ▶3 of 14 12m41s`; without what is zero, then without time, where narrow."""
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    lead: Span = (f"{glyphs.symbols[assessment.status]} {done} ", "title")
    groups = [
        (status, assessment.count(status))
        for status in (Status.FAILED, Status.WARNING, Status.SUCCESS, Status.RUNNING)
    ]
    total = f"of {assessment.total}{'' if state.knows_all_vms else '+'}"
    took = f" {times.narrow(state.elapsed(server_now), glyphs.dash)}"
    unknown = assessment.count(Status.UNKNOWN) + assessment.unreadable
    groups += [(Status.UNKNOWN, unknown)] if assessment.unreadable else []
    needed = [group for group in groups if group[1]]
    for choice, time in ((groups, took), (needed, took), (needed, ""), (needed[:1], ""), ([], "")):
        numbers: list[Span] = [
            (f"{glyphs.symbols[status]}{count} ", TOKENS[status] if count else "dim")
            for status, count in choice
        ]
        totals = [lead, *numbers, (total, "title"), (time, "")]
        if length(totals) <= width:
            break
    return fit_line(totals, width, glyphs)


def _fold(names: Sequence[str], rows: int) -> Sequence[str]:
    if len(names) <= rows:
        return names
    return [*names[: rows - 1], ", ".join(names[rows - 1 :])]
