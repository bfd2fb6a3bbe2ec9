"""Sessions, plans and a start check for programs: what `list`, `plans` and `check` tell.

Each document is an object with `schema`, its name and version: the number is raised when a
member goes or changes its meaning, not when one is added. `tui.report.plain_data` says how
moments, durations and the unknown are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from tui.enterprise_manager.resources import FailoverPlan
from tui.light import dataclass
from tui.monitor.readiness import Finding
from tui.monitor.start_check import StartCheck
from tui.presentation import check_rows
from tui.presentation.session_order import SessionRow
from tui.presentation.session_rows import SessionPainter
from tui.report.plain_data import plain
from tui.settings.resolved import Targets

LIST_SCHEMA: Final = "failover-monitor-list/1"
PLANS_SCHEMA: Final = "failover-monitor-plans/1"
CHECK_SCHEMA: Final = "failover-monitor-check/1"


@dataclass(frozen=True, kw_only=True)
class ListedSession:
    """A session in a few figures: a row of `list`, and the beginning of `status`."""

    session_id: Annotated[str, "the session's ID, a GUID in lower case"]
    plan: Annotated[str, "the cloud failover plan's name"]
    tenant: Annotated[str | None, "whose plan it is, where the plans tell that"] = None
    backup_server: Annotated[str | None, "the backup server's name"] = None
    status: Annotated[str, "one word for scripts: running, running with errors, success, failed …"]
    verdict: Annotated[str, "status and targets in the words of the screen, the worst first"]
    over: Annotated[bool, "whether the session has ended"]
    state: Annotated[str | None, "the state as the server spells it"] = None
    result: Annotated[str | None, "the result as the server spells it"] = None
    started: Annotated[datetime | None, "its start, by the server's clock"] = None
    ended: Annotated[datetime | None, "its end, by the server's clock"] = None
    duration: Annotated[timedelta | None, "start to end, or to now while it runs"] = None
    progress: Annotated[int | None, "0 to 100"] = None
    progress_inferred: Annotated[bool, "whether the progress is reckoned here from the VMs"] = False
    message: Annotated[str | None, "the session's own failure message"] = None


@dataclass(frozen=True, kw_only=True)
class ListedPlan:
    """A cloud failover plan: a row of `plans`."""

    plan_id: Annotated[str, "the plan's ID"]
    plan: Annotated[str, "its name"]
    tenant: Annotated[str | None, "whose plan it is"] = None
    backup_server: Annotated[str | None, "the backup server's name"] = None
    vms: Annotated[int | None, "how many VMs it has, where the list tells that"] = None
    rto_target: Annotated[timedelta | None, "the RTO target that the settings have for it"] = None
    rpo_target: Annotated[timedelta | None, "the RPO target that the settings have for it"] = None


@dataclass(frozen=True, kw_only=True)
class CheckFinding:
    """One finding of a start check: a row of `check`."""

    level: Annotated[str, "ok, not told, warning or not ready"]
    subject: Annotated[str, "what it is about: the plan, a VM, gateways, backup servers"]
    text: Annotated[str, "what was found"]


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """A start check."""

    plan: Annotated[str, "the plan's name"]
    tenant: Annotated[str | None, "whose plan it is"] = None
    backup_server: Annotated[str | None, "the backup server asked about"] = None
    verdict: Annotated[str, "READY, READY WITH WARNINGS, NOT READY or NOT CHECKED"]
    ready: Annotated[bool, "whether the verdict is READY, with warnings or without"]
    rpo_target: Annotated[timedelta | None, "how old replica points may be"] = None
    checked_at: Annotated[datetime | None, "when, by the server's clock where it is known"] = None
    counts: Annotated[tuple[tuple[str, int], ...], "the number of findings of each level"]
    findings: Annotated[tuple[CheckFinding, ...], "the gravest first"]


def listed_session(row: SessionRow, painter: SessionPainter) -> ListedSession:
    """That row as data; `painter` words it, and has the time that it is as of."""
    session, assessment = row.session, row.assessment
    return ListedSession(
        session_id=session.id,
        plan=session.plan_name,
        tenant=row.tenant,
        backup_server=session.backup_server,
        status=assessment.status.value,
        verdict=painter.verdict(row).text,
        over=not row.is_running,
        state=session.state or None,
        result=session.result or None,
        started=session.created,
        ended=None if row.is_running else session.ended,
        duration=painter.duration(row),
        progress=assessment.progress,
        progress_inferred=assessment.progress_inferred,
        message=session.failure_message,
    )


def listed_plan(plan: FailoverPlan, targets: Targets) -> ListedPlan:
    """That plan as data; lists may leave its VMs out."""
    target = targets.for_plan(plan.name)
    vms = len(plan.vms) + plan.unreadable_vms
    return ListedPlan(
        plan_id=plan.id,
        plan=plan.name,
        tenant=plan.tenant,
        backup_server=plan.backup_server,
        vms=vms or None,
        rto_target=target.rto,
        rpo_target=target.rpo,
    )


def check_result(
    check: StartCheck, *, rpo_target: timedelta | None, checked_at: datetime
) -> CheckResult:
    """A check that is over, as data; its words are the screen's."""
    levels = check_rows.levels(check)
    return CheckResult(
        plan=check.plan_name,
        tenant=check.tenant,
        backup_server=check.backup_server,
        verdict=check_rows.verdict(check),
        ready=check_rows.is_ready(check),
        rpo_target=rpo_target,
        checked_at=checked_at,
        counts=tuple((level.value, count) for level, count in levels),
        findings=tuple(_finding(row.finding) for row in check_rows.arranged(check)),
    )


def _finding(finding: Finding) -> CheckFinding:
    return CheckFinding(level=finding.level.value, subject=finding.subject, text=finding.sentence)


def document(schema: str, what: str, rows: Sequence[object], **more: Any) -> dict[str, Any]:
    """Rows under their name, and what is to be known beside them."""
    return {"schema": schema, **more, what: [plain(row) for row in rows]}
