"""`list`, `status`, `plans` and `check`: what a screen shows, once, for people and programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tui.analysis.identity import folded
from tui.cli.asking import logged_on, run_once
from tui.cli.launch import Surroundings, headless_settings
from tui.cli.printing import say
from tui.cli.tables import Field, Output, chosen, room, show, table_lines
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.light import dataclass
from tui.monitor.session_list import SessionList, SessionListState, all_plans
from tui.presentation import times
from tui.presentation.glyphs import ASCII, TOKENS, UNICODE, Glyphs
from tui.presentation.line import percent
from tui.presentation.session_order import SessionRow, SessionRows
from tui.presentation.session_rows import SessionPainter
from tui.presentation.text import shorten_middle
from tui.report.listing import (
    LIST_SCHEMA,
    PLANS_SCHEMA,
    ListedPlan,
    ListedSession,
    document,
    listed_plan,
    listed_session,
)
from tui.report.plain_data import moment
from tui.settings import ResolvedSettings
from tui.settings.durations import parse_duration

Which = Literal["running", "failed", "finished"]


def glyphs_of(settings: ResolvedSettings) -> Glyphs:
    """Those that standard output can show."""
    drawn = Surroundings.of_this_process().drawn(settings, headless=True)
    return ASCII if drawn.ascii else UNICODE


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which sessions are listed; None and the like for all."""

    which: Which | None = None
    plan: str | None = None
    tenant: str | None = None
    since: datetime | None = None
    limit: int

    def fits(self, row: SessionRow) -> bool:
        """Whether this one is."""
        started = row.session.created
        return (
            (self.since is None or (started is not None and started >= self.since))
            and (self.plan is None or folded(self.plan) == folded(row.session.plan_name))
            and (self.tenant is None or folded(self.tenant) == folded(row.tenant or ""))
            and (self.which is None or self._is_so(row))
        )

    def _is_so(self, row: SessionRow) -> bool:
        if self.which == "failed":
            return TOKENS[row.assessment.status] == "failed"
        return row.is_running is (self.which == "running")

    def is_past(self, sessions: Sequence[FailoverSession]) -> bool:
        """Whether those that follow are too old: lists begin with the newest."""
        dated = [each.created for each in sessions if each.created is not None]
        return self.since is not None and bool(dated) and min(dated) < self.since


def parse_since(text: str, now: datetime) -> datetime:
    """`2026-11-20`, `2026-11-20T14:00` (UTC), `…+01:00`, or a duration before now: `7d`, `90m`.

    Raises InvalidInput.
    """
    try:
        return now - parse_duration(text)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(
            "that is no time.", "Write 2026-11-20, 2026-11-20T14:00 (UTC), or 7d for a week ago."
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def list_sessions(
    *,
    output: Output | None,
    running: bool,
    failed: bool,
    finished: bool,
    plan: str | None,
    tenant: str | None,
    since: datetime | None,
    limit: int,
    **typed: Any,
) -> int:
    """The sessions, newest first but for the running ones on top."""
    said = {"running": running, "failed": failed, "finished": finished}
    which = [name for name, asked in said.items() if asked]
    if len(which) > 1:
        raise InvalidInput(f"{' and '.join(f'--{name}' for name in which)} exclude each other.")
    wanted = Wanted(
        which=which[0] if which else None,  # type: ignore[arg-type]
        plan=plan,
        tenant=tenant,
        since=since,
        limit=limit,
    )
    return run_once(_list(headless_settings(**typed), wanted, chosen(output)))


async def _list(settings: ResolvedSettings, wanted: Wanted, output: Output) -> int:
    rows = SessionRows()

    def fitting(state: SessionListState) -> list[SessionRow]:
        return [row for row in rows.of(state.sessions, state.tenants) if wanted.fits(row)]

    def enough(state: SessionListState) -> bool:
        return len(fitting(state)) > wanted.limit or wanted.is_past(state.sessions)

    async with logged_on(settings) as asked:
        clock = asked.connection.clock
        listed = SessionList(asked.client, clock=clock, plan_name=wanted.plan)
        state = await listed.read(enough)
        now = state.server_now(clock.monotonic(), clock.now())
    found = fitting(state)
    painter = SessionPainter(glyphs_of(settings), settings.targets)
    painter.as_of = now
    shown = painter.arranged(found)[: wanted.limit]
    _print_sessions(shown, painter, output, server=asked.target.server.label, as_of=now)
    more = len(found) > len(shown)
    if more:
        say(f"The newest {len(shown)}; --limit lists more.", err=True)
    elif not found:
        anything = wanted == Wanted(limit=wanted.limit)
        say(_empty(state) if anything else "No cloud failover session fits.", err=True)
    if state.unreadable:
        say(f"{state.unreadable} sessions of the list cannot be read.", err=True)
    return ExitCode.SUCCESS


def _empty(state: SessionListState) -> str:
    why = "; it names no Cloud Connect service" if state.cloud_connect is False else ""
    return f"This Enterprise Manager shows no cloud failover session to this account{why}."


def _print_sessions(
    rows: Sequence[SessionRow],
    painter: SessionPainter,
    output: Output,
    *,
    server: str,
    as_of: datetime,
) -> None:
    data = [listed_session(row, painter) for row in rows]
    told = document(LIST_SCHEMA, "sessions", data, server=server, as_of=moment(as_of))

    def lines() -> list[str]:
        fields = _session_fields(rows, painter, wide=output == "wide")
        return table_lines(fields, rows, room(output), painter.glyphs)

    show(output, told, ListedSession, data, lines)


def _session_fields(
    rows: Sequence[SessionRow], painter: SessionPainter, *, wide: bool
) -> list[Field[SessionRow]]:
    glyphs = painter.glyphs
    digits = 36 if wide else _telling([row.session.id for row in rows])

    def named(text: str | None) -> str:
        return glyphs.clean(text or "").strip() or glyphs.dash

    def status(row: SessionRow) -> str:
        head = painter.verdict(row)
        return f"{head.symbol} {head.text}"

    return [
        Field("ID", lambda row: row.session.id[:digits]),
        Field("STATUS", status, least=12, turn=1, cut=painter.brief),
        _middle("PLAN", lambda row: named(row.session.plan_name), glyphs, least=18),
        Field("START UTC", lambda row: times.utc_stamp(row.session.created, glyphs.dash)[:16]),
        Field("DURATION", lambda row: times.narrow(painter.duration(row), glyphs.dash),
              drop=2, right=True),
        Field("%", lambda row: percent(row.assessment.progress, glyphs,
              inferred=row.assessment.progress_inferred).strip(), drop=1, right=True),
        _middle("TENANT", lambda row: named(row.tenant), glyphs, least=12, drop=3),
        _middle("BACKUP SERVER", lambda row: named(row.session.backup_server), glyphs,
                least=14, drop=4),
    ]  # fmt: skip


def _middle(
    title: str,
    text: Callable[[Any], str],
    glyphs: Glyphs,
    *,
    least: int,
    drop: int = 0,
) -> Field[Any]:
    """The ends of names tell them apart."""

    def cut(row: Any, width: int) -> str:
        return shorten_middle(text(row), width, glyphs.ellipsis)

    return Field(title, text, least=least, drop=drop, cut=cut)


def _telling(ids: Sequence[str]) -> int:
    """As many digits as tell these IDs apart, eight at least: they are enough for SESSION."""
    digits = 8
    while digits < 36 and len({each[:digits] for each in ids}) < len(set(ids)):
        digits += 1
    return digits


def list_plans(*, output: Output | None, **typed: Any) -> int:
    """The cloud failover plans that the account may see."""
    return run_once(_plans(headless_settings(**typed), chosen(output)))


async def _plans(settings: ResolvedSettings, output: Output) -> int:
    async with logged_on(settings) as asked:
        plans = await all_plans(asked.client)
    readable = sorted((plan for plan in plans if plan.id), key=_by_name)
    data = [listed_plan(plan, settings.targets) for plan in readable]
    told = document(PLANS_SCHEMA, "plans", data, server=asked.target.server.label)
    glyphs = glyphs_of(settings)

    def lines() -> list[str]:
        fields = _plan_fields(glyphs, wide=output == "wide")
        return table_lines(fields, data, room(output), glyphs)

    show(output, told, ListedPlan, data, lines)
    if not plans:
        say("This Enterprise Manager shows no cloud failover plan to this account.", err=True)
    if len(readable) < len(plans):
        say(f"{len(plans) - len(readable)} plans of the list cannot be read.", err=True)
    return ExitCode.SUCCESS


def _by_name(plan: FailoverPlan) -> tuple[str, str]:
    return folded(plan.name), plan.tenant or ""


def _plan_fields(glyphs: Glyphs, *, wide: bool) -> list[Field[ListedPlan]]:
    def named(text: str | None) -> str:
        return glyphs.clean(text or "").strip() or glyphs.dash

    def target(span: timedelta | None) -> str:
        return times.narrow(span, glyphs.dash)

    fields: list[Field[ListedPlan]] = [
        _middle("PLAN", lambda plan: named(plan.plan), glyphs, least=18),
        _middle("TENANT", lambda plan: named(plan.tenant), glyphs, least=12),
        Field("VMs", lambda plan: glyphs.dash if plan.vms is None else str(plan.vms), right=True),
        Field("RTO", lambda plan: target(plan.rto_target), right=True),
        Field("RPO", lambda plan: target(plan.rpo_target), right=True),
        _middle("BACKUP SERVER", lambda plan: named(plan.backup_server), glyphs, least=14, drop=1),
    ]
    return [*fields, Field("PLAN ID", lambda plan: plan.plan_id)] if wide else fields
