"""How a session stands, for programs: what `status` tells, and `watch` from time to time.

The document is an object with `schema`, its name and version, `server`, and the members of
`Standing`; `tui.report.plain_data` says how moments, durations and the unknown are written.
Nothing is judged here: all of it is in the snapshot.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from tui.analysis.estimate import Outlook
from tui.analysis.rpo import RpoView
from tui.analysis.stall import Movement
from tui.analysis.status import Status
from tui.analysis.targets import RtoView
from tui.light import dataclass
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import UNICODE
from tui.presentation.grounds import basis_text, why_none_text
from tui.presentation.verdict import head_verdict, rpo_text, rto_text
from tui.report.building import vms_of
from tui.report.listing import ListedSession
from tui.report.model import Vm
from tui.report.plain_data import plain

STATUS_SCHEMA: Final = "failover-monitor-status/1"


@dataclass(frozen=True, kw_only=True)
class RtoStanding:
    """The RTO target and what became of it so far."""

    verdict: Annotated[str, "no target, open, on course, at risk, cannot be met, not met, met …"]
    text: Annotated[str | None, "the same with what it rests on, in the words of the screen"] = None
    target: Annotated[timedelta | None, "the target"] = None
    counted_from: Annotated[datetime | None, "start, declared time, or first run"] = None
    deadline: Annotated[datetime | None, "when the target passes or passed"] = None
    elapsed: Annotated[timedelta | None, "from counted_from to the end, or to now"] = None
    left: Annotated[timedelta | None, "what is left until the deadline; never negative"] = None
    overrun: Annotated[timedelta | None, "how far it is over the deadline; never negative"] = None


@dataclass(frozen=True, kw_only=True)
class RpoStanding:
    """The RPO target and what became of it so far."""

    verdict: Annotated[str, "no target, open, not met, met or cannot tell"]
    text: Annotated[str | None, "the same with what it rests on, in the words of the screen"] = None
    target: Annotated[timedelta | None, "the target"] = None
    worst: Annotated[timedelta | None, "the largest RPO of those known"] = None
    worst_vm: Annotated[str | None, "whose it is"] = None
    median: Annotated[timedelta | None, "the median of those known"] = None
    over_target: Annotated[int | None, "how many VMs are over the target"] = None
    known: Annotated[int, "of how many VMs it is known"] = 0
    to_come: Annotated[int, "of how many it may still become known"] = 0


@dataclass(frozen=True, kw_only=True)
class Finish:
    """When it will be over, by estimate."""

    earliest: Annotated[datetime | None, "the earliest end"] = None
    latest: Annotated[datetime | None, "the latest end"] = None
    rests_on: Annotated[str | None, "what the estimate rests on, or why there is none"] = None


@dataclass(frozen=True, kw_only=True)
class Standing(ListedSession):
    """One session at one moment."""

    as_of: Annotated[datetime, "the server's time of the data"]
    seen_at: Annotated[datetime, "this machine's time of the data"]
    stale: Annotated[bool, "whether the data is older than twice the interval"]
    trouble: Annotated[str | None, "why there is no newer data"] = None
    declared: Annotated[datetime | None, "when a person declared the disaster"] = None
    total: Annotated[int, "how many VMs there are, or at least that many"]
    counts: Annotated[tuple[tuple[str, int], ...], "the number of VMs by status"]
    unreadable: Annotated[int, "tasks that could not be read"] = 0
    stalled: Annotated[int, "VMs that have not changed for too long"] = 0
    unacknowledged: Annotated[int, "failed VMs of which nobody has taken note"] = 0
    rto: Annotated[RtoStanding, "the RTO target"]
    rpo: Annotated[RpoStanding, "the RPO target"]
    finish: Annotated[Finish | None, "the estimated end; null where it is over"] = None
    vms: Annotated[tuple[Vm, ...] | None, "the gravest first; null in lines of progress"] = ()

    def listed(self) -> ListedSession:
        """The figures that `list` has too."""
        return ListedSession(
            **{each.name: getattr(self, each.name) for each in fields(ListedSession)}
        )


def standing_of(
    shown: Snapshot, *, now: datetime, seen_at: datetime, stale: bool, with_vms: bool = True
) -> Standing | None:
    """That snapshot as data, None where nothing was ever read of the session.

    `now` is the server's time of what is told; `seen_at` this machine's at the last answer.
    """
    session, assessment, drill = shown.session, shown.assessment, shown.drill
    if session is None or assessment is None:
        return None
    motions = drill.notable.values() if drill is not None else ()
    counted = ((status, assessment.counts.get(status, 0)) for status in Status)
    return Standing(
        session_id=session.id,
        plan=session.plan_name,
        tenant=shown.details.tenant,
        backup_server=session.backup_server,
        status=assessment.status.value,
        verdict=head_verdict(assessment, drill, UNICODE, stale=stale).text,
        over=shown.over,
        state=session.state or None,
        result=session.result or None,
        started=session.created,
        ended=session.ended if shown.over else None,
        duration=shown.elapsed(now),
        progress=assessment.progress,
        progress_inferred=assessment.progress_inferred,
        message=session.failure_message,
        as_of=now,
        seen_at=seen_at,
        stale=stale,
        trouble=shown.trouble.sentence if shown.trouble is not None else None,
        declared=shown.goals.declared,
        total=assessment.total,
        counts=tuple((status.value, count) for status, count in counted if count),
        unreadable=assessment.unreadable,
        stalled=sum(motion.movement is Movement.STALLED for motion in motions),
        unacknowledged=len(shown.unacknowledged),
        rto=_rto(drill.rto, now) if drill is not None else RtoStanding(verdict="no target"),
        rpo=_rpo(drill.rpo) if drill is not None else RpoStanding(verdict="no target"),
        finish=_finish(drill.outlook) if drill is not None and not shown.over else None,
        vms=vms_of(shown, session, assessment) if with_vms else None,
    )


def _rto(view: RtoView, now: datetime) -> RtoStanding:
    return RtoStanding(
        verdict=view.verdict.value,
        text=rto_text(view, now) if view.target is not None else None,
        target=view.target,
        counted_from=view.counted_from,
        deadline=view.deadline,
        elapsed=view.elapsed,
        left=view.left,
        overrun=view.overrun,
    )


def _rpo(view: RpoView) -> RpoStanding:
    return RpoStanding(
        verdict=view.verdict.value,
        text=rpo_text(view) if view.target is not None or view.worst is not None else None,
        target=view.target,
        worst=view.worst.rpo if view.worst is not None else None,
        worst_vm=view.worst.key.vm_name if view.worst is not None else None,
        median=view.median,
        over_target=view.over_target if view.target is not None else None,
        known=view.read,
        to_come=view.to_come + view.to_begin,
    )


def _finish(outlook: Outlook) -> Finish:
    found = outlook.estimate
    if found is None:
        return Finish(rests_on=why_none_text(outlook) or None)
    return Finish(earliest=found.earliest, latest=found.latest, rests_on=basis_text(found.basis))


def status_document(standing: Standing, server: str) -> dict[str, Any]:
    """The whole of it, as JSON values."""
    return {"schema": STATUS_SCHEMA, "server": server, **plain(standing)}
