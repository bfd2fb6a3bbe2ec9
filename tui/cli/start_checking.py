"""`check PLAN`: the start check without a screen."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from tui.cli.asking import Asked, logged_on, run_once
from tui.cli.launch import headless_settings
from tui.cli.listing import glyphs_of
from tui.cli.tables import Field, Output, chosen, room, show, table_lines, wrapped
from tui.errors import FailoverMonitorError, InvalidInput
from tui.exit_codes import ExitCode
from tui.monitor.clock import ServerClock
from tui.monitor.plan_check import PlanCheck
from tui.monitor.readiness import Finding, Level
from tui.monitor.start_check import StartCheck
from tui.presentation import check_rows
from tui.presentation.glyphs import Glyphs
from tui.presentation.text import wrap
from tui.report.listing import CHECK_SCHEMA, CheckFinding, CheckResult, check_result
from tui.report.plain_data import plain
from tui.settings import ResolvedSettings

_CODES = {
    Level.OK: ExitCode.SUCCESS,
    Level.UNKNOWN: ExitCode.SUCCESS,
    Level.WARNING: ExitCode.WARNING,
    Level.FAILED: ExitCode.FAILED,
}


def check_plan(
    plan: str,
    *,
    output: Output | None,
    backup_server: str | None,
    tenant: str | None,
    **typed: Any,
) -> int:
    """What is ready and what is not; the exit code says it in one word."""
    name = plan.strip()
    if not name:
        raise InvalidInput("PLAN: no plan named.", "failover-monitor plans lists them.")
    settings = headless_settings(**typed)
    return run_once(_check(settings, chosen(output), name, backup_server, tenant))


async def _check(
    settings: ResolvedSettings,
    output: Output,
    name: str,
    backup_server: str | None,
    tenant: str | None,
) -> int:
    async with logged_on(settings) as asked:
        plan_check = PlanCheck(
            asked.client,
            name,
            asked.connection.clock,
            rpo_target=settings.targets.for_plan(name).rpo,
            backup_server=backup_server,
            tenant=tenant,
            server_clock=await _server_clock(asked, name),
        )
        check = await plan_check.run(lambda _: None)
        result = check_result(check, rpo_target=plan_check.rpo_target, checked_at=plan_check.now())
    _print(result, check, output, glyphs_of(settings))
    return _CODES[check.worst] if check.findings else ExitCode.NO_DATA


async def _server_clock(asked: Asked, plan_name: str) -> ServerClock | None:
    """By any session of the plan: lists do not carry the server's time. Not needed to go on."""
    with suppress(FailoverMonitorError):
        for session in await asked.client.failover_sessions_named(plan_name, 1):
            reading = await asked.client.failover_session(session.id)
            return ServerClock.read(None, reading.server_time, asked.connection.clock)
    return None


def _print(result: CheckResult, check: StartCheck, output: Output, glyphs: Glyphs) -> None:
    def lines() -> list[str]:
        title = f"{glyphs.clean(result.plan)}: {result.verdict}, {check_rows.counts(check)}"
        rows = [row.finding for row in check_rows.arranged(check)]
        fields: list[Field[Finding]] = [
            Field("STATUS", lambda finding: check_rows.level_text(finding, glyphs)),
            Field("WHAT", lambda finding: glyphs.clean(finding.subject) or glyphs.dash, least=12),
            Field("FINDING", lambda finding: glyphs.clean(finding.sentence)),
        ]
        table = _in_full(table_lines(fields, rows, None, glyphs), room(output))
        return [*wrapped([title], room(output)), "", *table]

    document = {"schema": CHECK_SCHEMA, **plain(result)}
    show(output, document, CheckFinding, result.findings, lines, plan=result.plan)


def _in_full(lines: list[str], width: int | None) -> list[str]:
    """A finding is told in full: what has no room goes on below its column."""
    if width is None or not lines:
        return lines
    indent = lines[0].index("FINDING")
    told = max(20, width - indent)
    found = []
    for line in lines:
        first, *rest = wrap(line[indent:], told)
        found += [line[:indent] + first, *(" " * indent + part for part in rest)]
    return found
