"""A snapshot and what is known beside it, as a report: nothing is judged here, only arranged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.analysis.assessment import Assessment, TaskKey, TaskView, lasted
from tui.analysis.events import Event, EventKind
from tui.analysis.rpo import VmRpo
from tui.analysis.rto import achieved_rto
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.light import dataclass
from tui.monitor.snapshot import Acknowledgement, Snapshot
from tui.presentation import event_lines, times
from tui.presentation.comparison_lines import comparison_lines
from tui.presentation.doubts import doubts
from tui.presentation.glyphs import UNICODE, word
from tui.presentation.line import plain_text
from tui.presentation.outage_lines import outage_texts
from tui.presentation.reasons import common_text, reason_text
from tui.presentation.verdict import head_verdict, rpo_clauses, rto_clauses
from tui.report.model import Cause, Entry, Gap, Report, Run, Target, Vm, Watch

_UP = (Status.SUCCESS, Status.WARNING)
_UNSEEN_IN_GAP = (
    "What the server dates has its own time; anything else was seen only at the end of the gap.",
)
_COMPARISON_WIDTH = 200


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a report tells besides the session: where it comes from and who watched.

    `server` as shown to people. `unseen` are sentences on what nobody can know.
    """

    server: str
    watches: tuple[Watch, ...] = ()
    fingerprint: str | None = None
    utc_offset: timedelta | None = None
    journal: str | None = None
    journal_hash: str | None = None
    journal_state: str | None = None
    unseen: tuple[str, ...] = ()


def report_of(shown: Snapshot, now: datetime, around: Circumstances) -> Report:
    """The report of a session at `now`, the server's time of the data shown.

    Raises ValueError for a session of which nothing was ever read.
    """
    session, assessment = shown.session, shown.assessment
    if session is None or assessment is None:
        raise ValueError("nothing was ever read of this session")
    clock, offset = shown.server_clock, around.utc_offset
    bare = Report(
        as_of=now,
        plan=session.plan_name,
        session_id=session.id,
        server=around.server,
        tenant=shown.details.tenant,
        backup_server=session.backup_server,
        status=assessment.status.value,
        headline=head_verdict(assessment, shown.drill, UNICODE).text,
        over=shown.over,
        message=session.failure_message,
        declared=shown.goals.declared,
        declared_by=shown.goals_author if shown.goals.declared else None,
        started=session.created,
        ended=session.ended if shown.over else None,
        duration=shown.elapsed(now),
        rto=_rto(shown, now),
        rpo=_rpo(shown),
        counts=tuple((word(status), count) for status, count in _counted(assessment.counts)),
        total=assessment.total,
        unreadable=assessment.unreadable,
        clock_offset=clock.skew if clock is not None else None,
        utc_offset=offset,
    )
    whole = _with_outage(_with_vms(bare, shown, session), shown, now)
    return _with_what_was_observed(whole, shown, around)


def _with_outage(report: Report, shown: Snapshot, now: datetime) -> Report:
    """Several runs as one outage, as the screen tells it, and each run in its figures."""
    outage = shown.drill.outage if shown.drill is not None else None
    if outage is None or shown.session is None:
        return report
    known = {run.id: run for run in (*shown.runs, shown.session)}
    chain = tuple(run_of(known[each.session_id]) for each in outage.runs)
    return replace(report, outage=tuple(outage_texts(outage, now, shown.goals.rto)), chain=chain)


def _counted(counts: Mapping[Status, int]) -> Iterator[tuple[Status, int]]:
    for status in Status:
        if counts.get(status):
            yield status, counts[status]


def _rto(shown: Snapshot, now: datetime) -> Target:
    if shown.drill is None:
        return Target(target=shown.goals.rto)
    view = shown.drill.rto
    return Target(
        target=view.target,
        actual=view.elapsed if view.over else None,
        verdict=view.verdict.value.upper() if view.target is not None else None,
        rests_on=tuple(rto_clauses(view, now)[1:]) if view.target is not None else (),
    )


def _rpo(shown: Snapshot) -> Target:
    if shown.drill is None:
        return Target(target=shown.goals.rpo)
    view = shown.drill.rpo
    worst = (f"worst: {view.worst.key.vm_name}",) if view.worst is not None else ()
    return Target(
        target=view.target,
        actual=view.worst.rpo if view.worst is not None else None,
        verdict=view.verdict.value.upper() if view.target is not None else None,
        rests_on=(*rpo_clauses(view)[1:], *worst),
    )


def _with_vms(report: Report, shown: Snapshot, session: FailoverSession) -> Report:
    assessment = shown.assessment
    if assessment is None:
        return report
    failures = assessment.failures
    first = failures[0] if failures else None
    return replace(
        report,
        vms=vms_of(shown, session, assessment),
        first_failure=_failure(first, shown.failed_seen_at) if first is not None else None,
        causes=tuple(_causes(shown)),
    )


def vms_of(shown: Snapshot, session: FailoverSession, assessment: Assessment) -> tuple[Vm, ...]:
    """Each VM of the session, what needs attention first."""
    declared, started = shown.goals.declared, session.created
    since_start = {vm.key: vm.from_start for vm in achieved_rto(assessment.tasks, started)}
    since_declared = {vm.key: vm.from_start for vm in achieved_rto(assessment.tasks, declared)}
    points = {each.key: each for each in shown.drill.rpo.vms} if shown.drill is not None else {}
    return tuple(
        _vm(
            view,
            since_declared.get(view.key) if declared is not None else None,
            since_start.get(view.key),
            points.get(view.key),
            shown.acknowledged.get(view.key),
        )
        for view in sorted(assessment.tasks, key=_worst_first)
    )


def _worst_first(view: TaskView) -> tuple[int, int]:
    return (list(Status).index(view.status), view.position)


def _vm(
    view: TaskView,
    since_declaration: timedelta | None,
    since_start: timedelta | None,
    rpo: VmRpo | None,
    acknowledgement: Acknowledgement | None,
) -> Vm:
    task = view.task
    point = task.replica_point if task is not None else None
    ended = task.ended if task is not None else None
    return Vm(
        name=view.vm_name,
        status=view.status.value,
        result=word(view.status, view.server_word),
        started=task.created if task is not None else None,
        ended=ended,
        up_at=ended if view.status in _UP else None,
        duration=lasted(task.created, ended) if task is not None else None,
        since_declaration=since_declaration,
        since_start=since_start,
        replica_point=point.name if point is not None else None,
        point_created=rpo.point_created if rpo is not None else None,
        rpo=rpo.rpo if rpo is not None else None,
        attempts=view.tries,
        message=view.message,
        acknowledged=_acknowledged(acknowledgement),
    )


def _acknowledged(found: Acknowledgement | None) -> str | None:
    if found is None:
        return None
    by = f" by {found.author}" if found.author else ""
    return f"{times.utc_stamp(found.at)}{by}"


def _failure(view: TaskView, seen: Mapping[TaskKey, datetime]) -> Entry | None:
    ended = view.task.ended if view.task is not None else None
    at = ended or seen.get(view.key)
    if at is None:
        return None
    return Entry(at=at, what="failed", inferred=ended is None, vm=view.vm_name, text=view.message)


def _causes(shown: Snapshot) -> Iterator[Cause]:
    """What is common in the words of the screen; what differs, VM by VM."""
    for cause in shown.drill.causes if shown.drill is not None else ():
        differing = cause.differing or ((),) * len(cause.keys)
        vms = zip(cause.keys, differing, strict=True)
        own = tuple((key.vm_name, ", ".join(parts) or None) for key, parts in vms)
        one = cause.count == 1
        text = reason_text(cause.example) if one else common_text(cause, UNICODE)
        yield Cause(text=text, vms=own)


def _with_what_was_observed(report: Report, shown: Snapshot, around: Circumstances) -> Report:
    comparison = shown.comparison
    earlier = next((run for run in shown.runs if run.tasks), None)
    lines: Sequence[str] = ()
    if comparison is not None:
        painted = comparison_lines(comparison, _COMPARISON_WIDTH, UNICODE)
        lines = [" ".join(plain_text(line).split()) for line in painted[1:]]
    doubted = doubts(shown.assessment) if shown.assessment is not None else []
    return replace(
        report,
        entries=tuple(_entry(event) for event in shown.events.events),
        dropped_entries=shown.events.dropped,
        comparison=tuple(lines),
        compared_with=run_of(earlier) if comparison is not None and earlier is not None else None,
        gaps=tuple(
            Gap(begin=gap.begin, end=gap.end, inferred=_UNSEEN_IN_GAP) for gap in shown.gaps
        ),
        watches=around.watches,
        fingerprint=around.fingerprint,
        journal=around.journal,
        journal_hash=around.journal_hash,
        journal_state=around.journal_state,
        unseen=(*around.unseen, *doubted),
    )


def run_of(session: FailoverSession) -> Run:
    """A finished run in a few figures."""
    from tui.analysis.assessing import assess

    seen = assess(session)
    known = bool(seen.tasks)
    return Run(
        session_id=session.id,
        started=session.created,
        ended=session.ended,
        result=word(seen.status, seen.server_word),
        up=seen.count(*_UP) if known else None,
        failed=seen.count(Status.FAILED) if known else None,
        total=seen.total if known else None,
    )


def _entry(event: Event) -> Entry:
    about = event_lines.subject(event, UNICODE)
    text = event_lines.said(event, UNICODE) if event.kind in _WORDED else event.text
    return Entry(
        at=event.at,
        what=_what(event, about),
        inferred=event.inferred and event.kind not in _TYPED,
        vm=event.vm_name,
        text=text or None,
        author=event.author,
    )


_WORDED = (EventKind.CONNECTION_BACK, EventKind.UNWATCHED)
_TYPED = (EventKind.NOTE, EventKind.ACKNOWLEDGED)


def _what(event: Event, about: str) -> str:
    said = event_lines.what(event, UNICODE)
    return f"session: {said}" if event.kind is EventKind.SESSION else said
