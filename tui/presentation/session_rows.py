"""The table of sessions in the picker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import span
from tui.analysis.drill import Goals
from tui.analysis.rto import assess_listed
from tui.analysis.targets import RtoView, TargetVerdict
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.line import Line, bar, fit_line, percent
from tui.presentation.session_order import SessionOrder, SessionRow
from tui.presentation.task_body import reason_parts
from tui.presentation.text import cells, fit, shorten_middle
from tui.presentation.verdict import HeadVerdict, listed_verdict
from tui.settings.resolved import Targets

_TWO_LINES: Final = 60
"""Cells below which the plan's name stands under the rest of its row."""


@dataclass(frozen=True)
class SessionNeeds:
    """Cells that the longest verdict, plan, backup server and tenant take; no tenant is 0."""

    status: int = 24
    plan: int = 40
    server: int = 24
    tenant: int = 0


def _wishes(width: int, needs: SessionNeeds) -> tuple[ColumnWish, ...]:
    status = 3 + max(8, needs.status)
    if width < _TWO_LINES:
        return (
            ColumnWish("status", "STATUS", 10, status, share=1),
            ColumnWish("start", "UTC", 11, 11),
            ColumnWish("duration", "TOOK", 9, 9, drop=1, right=True),
        )
    plan, server = max(10, needs.plan), max(len("BACKUP SERVER"), needs.server)
    tenant = max(len("TENANT"), needs.tenant)
    wishes = (
        ColumnWish("status", "STATUS", min(status, 11), status, share=1),
        ColumnWish("plan", "PLAN", min(plan, max(18, width // 3)), plan, share=1),
        ColumnWish("start", "START UTC", 16, 16),
        ColumnWish("tenant", "TENANT", min(tenant, 14), tenant, share=1, drop=4, turn=1),
        ColumnWish("local", "START LOCAL", 24, 26, share=1, drop=6, turn=2),
        ColumnWish("duration", "DURATION", 9, 9, drop=2, right=True),
        ColumnWish("progress", "PROGRESS", 8, 30, share=1, drop=3, turn=2),
        ColumnWish("percent", "%", 6, 6, drop=1, right=True),
        ColumnWish("server", "BACKUP SERVER", min(server, 14), server, share=1, drop=5, turn=1),
        ColumnWish("id", "SESSION ID", 36, 36, drop=7),
    )
    return tuple(wish for wish in wishes if needs.tenant or wish.id != "tenant")


@dataclass(frozen=True)
class _Read:
    """What a row says and how wide it is, with what that was read from."""

    row: SessionRow
    seen: Snapshot | None
    verdict: HeadVerdict
    needs: SessionNeeds


class SessionPainter:
    """Turns session rows into cells. Set `as_of` (server time) and `order` first.

    `seen` gives what is known of a session that was opened, by its ID.
    """

    def __init__(
        self,
        glyphs: Glyphs,
        targets: Targets | None = None,
        seen: Callable[[str], Snapshot | None] = lambda _: None,
    ) -> None:
        self.glyphs = glyphs
        self.needs = SessionNeeds()
        self.targets = targets or Targets()
        self.seen = seen
        self.as_of: datetime | None = None
        self.order = SessionOrder()
        self._over: dict[str, _Read] = {}

    def verdict(self, row: SessionRow) -> HeadVerdict:
        """How the session stands: its status and its target, the worst first.

        Of one that was opened, the targets and the VMs known then count too.
        """
        return self._read(row).verdict

    def _read(self, row: SessionRow) -> _Read:
        """A long list is read again at each of its pages: what is over is not judged again."""
        session, clean = row.session, self.glyphs.clean
        seen, known = self.seen(session.id), self._over.get(session.id)
        if known is not None and known.row is row and known.seen is seen:
            return known
        verdict = self._judged(row, seen)
        needs = SessionNeeds(
            cells(verdict.text),
            cells(clean(session.plan_name)),
            cells(clean(session.backup_server or "")),
            cells(clean(row.tenant or "")),
        )
        read = _Read(row, seen, verdict, needs)
        # What is over without an end is judged by the time at which it was seen.
        if session.ended is not None and not row.is_running:
            self._over[session.id] = read
        return read

    def _judged(self, row: SessionRow, seen: Snapshot | None) -> HeadVerdict:
        session, status = row.session, row.assessment.status
        goals, recovery = Goals(self.targets.for_plan(session.plan_name).rto), None
        if seen is not None and seen.goals_by_person:
            goals = seen.goals
        # What was known of its VMs holds as long as both say that it runs, or is over.
        if seen is not None and seen.drill is not None:
            same = seen.drill.rto.over is not row.is_running
            recovery = seen.drill.rto.recovery if same else None
        now = self.as_of or session.ended or session.created
        rto = RtoView(TargetVerdict.NO_TARGET)
        if now is not None:
            rto = assess_listed(
                session, status, goals.rto, now, declared=goals.declared, recovery=recovery
            )
        return listed_verdict(row.assessment, rto, self.glyphs)

    def arranged(self, rows: Iterable[SessionRow]) -> list[SessionRow]:
        """In this painter's order, by the words that it paints."""
        return self.order.arrange(rows, lambda row: self.verdict(row).text)

    def brief(self, row: SessionRow, room: int) -> str:
        """The verdict with its symbol, in so many cells as far as it can be."""
        head = self.verdict(row)
        said = head.brief(room - 2)
        if said.startswith("Running with") and cells(said) > room - 2:
            said = said.split()[0]  # "Running": the sign and the colour say with what
        return f"{head.symbol} {said}"

    def duration(self, row: SessionRow) -> timedelta | None:
        """Start to end, or to now while it runs."""
        end = row.session.ended or (self.as_of if row.is_running else None)
        return span(row.session.created, end)

    def columns(self, width: int) -> Sequence[Column]:
        """The columns that fit; the bar goes before plans of one tenant look all the same."""
        return lay_out(_wishes(width, self.needs), width)

    def measure(self, rows: Iterable[SessionRow]) -> None:
        """Take the needs of these rows: columns are as wide as their contents."""
        needs = {self._read(row).needs for row in rows}
        self.needs = SessionNeeds(
            max((need.status for need in needs), default=0),
            max((need.plan for need in needs), default=0),
            max((need.server for need in needs), default=0),
            max((need.tenant for need in needs), default=0),
        )

    def header(self, column: Column) -> Line:
        """The title, with an arrow on the column that is sorted by."""
        title = column.title
        if column.id == self.order.sort:
            title += self.glyphs.sorted_down if self.order.reverse else self.glyphs.sorted_up
        return (
            (self._padded("   " + title if column.id == "status" else title, column), "header"),
        )

    def key(self, row: SessionRow) -> str:
        """The session's id."""
        return row.session.id

    def cells(self, row: SessionRow, columns: Sequence[Column]) -> Sequence[Line]:
        """One cell for each column."""
        return [self._cell(row, column) for column in columns]

    def below(self, row: SessionRow, width: int) -> Sequence[Line]:
        """The plan, where it has no column."""
        if width >= _TWO_LINES:
            return ()
        name = self.glyphs.clean(row.session.plan_name) or self.glyphs.dash
        indent = " " * 3
        return [
            fit_line([(indent, ""), (part, "title")], width, self.glyphs)
            for part in reason_parts(name, width - len(indent), self.glyphs.ellipsis)
        ]

    def _cell(self, row: SessionRow, column: Column) -> Line:
        assessment = row.assessment
        token = TOKENS[assessment.status]
        if column.id == "progress":
            spans = bar(assessment.progress, column.room, token, self.glyphs)
            return (*spans, (" " * column.gap, ""))
        if column.id == "status":
            token = self.verdict(row).token
            text = f" {self.brief(row, column.room - 1)}"
        elif column.id == "percent":
            inferred = assessment.progress_inferred
            text = percent(assessment.progress, self.glyphs, inferred=inferred)
        else:
            text = self._text(row, column)
            token = "title" if column.id == "plan" else "dim"
        return ((self._padded(text, column), token),)

    def _text(self, row: SessionRow, column: Column) -> str:
        session, column_id, dash = row.session, column.id, self.glyphs.dash
        if column_id == "plan":
            # The ends tell plans of one tenant apart.
            name = self.glyphs.clean(session.plan_name) or dash
            return shorten_middle(name, column.room, self.glyphs.ellipsis)
        if column_id == "start":
            stamp = times.utc_stamp(session.created, dash)[:16]
            return stamp if column.room >= len(stamp) else stamp[5:]
        if column_id == "local":
            return self.glyphs.clean(times.local_stamp(session.created, dash))
        if column_id == "duration":
            return times.narrow(self.duration(row), dash)
        if column_id == "tenant":
            name = self.glyphs.clean(row.tenant or "") or dash
            return shorten_middle(name, column.room, self.glyphs.ellipsis)
        if column_id == "server":
            return self.glyphs.clean(session.backup_server or "") or dash
        return session.id

    def _padded(self, text: str, column: Column) -> str:
        fitted = fit(text, column.room, right=column.right, ellipsis=self.glyphs.ellipsis)
        return fitted + " " * column.gap
