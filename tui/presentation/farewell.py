"""Plain lines: what stays in the scrollback, and what `watch` ends with."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.assessment import Assessment, TaskView
from tui.analysis.drill import DrillView
from tui.analysis.status import Status, is_done
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.doubts import doubts
from tui.presentation.glyphs import ASCII
from tui.presentation.line import percent
from tui.presentation.outage_lines import gone_on_text, outage_texts
from tui.presentation.reasons import reason_text
from tui.presentation.session_names import plan_name
from tui.presentation.text import clean
from tui.presentation.verdict import head_verdict, rpo_text, rto_text


def farewell_lines(
    state: Snapshot,
    server_now: datetime,
    freshness: Freshness,
) -> list[str]:
    """The evidence: plan, status, counts, times, session, every failure with its message and
    what became of the targets; ASCII signs only."""
    session, assessment, drill = state.session, state.assessment, state.drill
    if session is None or assessment is None:
        why = f" {clean(state.trouble.sentence)}" if state.trouble else ""
        return [f"Session {state.session_id}: no data was received.{why}"]
    said = head_verdict(assessment, drill, ASCII, stale=freshness.stale).text
    over = is_done(session.state, session.ended)
    # `Failed, 100 %` would read like a success.
    done = percent(assessment.progress, ASCII, inferred=assessment.progress_inferred)
    so_far = "" if over else f", {done}"
    ended = f", ended {times.iso(session.ended)}" if session.ended else ""
    started = f"started {times.iso(session.created)}" if session.created else "start unknown"
    server = f" on {clean(session.backup_server)}" if session.backup_server else ""
    tenant = state.details.tenant
    whose = f", tenant {clean(tenant)}" if tenant else ""
    lines = [
        f"{plan_name(session)}: {said}{so_far}",
        f"  {_counts(assessment, over=over)}",
        *(f"  {text}" for text in doubts(assessment, state.details.ambiguous)),
        f"  {started}{ended}, elapsed {times.duration(state.elapsed(server_now), '-')}",
        f"  session {session.id}{server}{whose}",
        *_how_old(state, assessment, server_now, freshness),
    ]
    if state.gone_on_by is not None:
        lines.append(f"  {gone_on_text(state.gone_on_by, server_now)}")
    if session.failure_message:
        lines.append(f"  {clean(session.failure_message)}")
    lines += [f"  {_failure(view)}" for view in assessment.failures]
    return [*lines, *(f"  {line}" for line in verdict_lines(drill, server_now))]


def progress_text(state: Snapshot, server_now: datetime, freshness: Freshness) -> str:
    """How far it is, in one line: status, counts, RTO; of when, where that is not now."""
    assessment, drill = state.assessment, state.drill
    if assessment is None:
        return "no data yet"
    # Without the targets, which are told in full below.
    said = [head_verdict(assessment, None, ASCII, stale=freshness.stale).text]
    said.append(percent(assessment.progress, ASCII, inferred=assessment.progress_inferred).strip())
    said.append(_counts(assessment, over=state.over))
    if drill is not None and drill.rto.target is not None:
        said.append(rto_text(drill.rto, server_now))
    if freshness.stale and freshness.age is not None:
        said.append(f"as of {times.age(freshness.age)} ago")
    return "; ".join(said)


def verdict_lines(drill: DrillView | None, server_now: datetime) -> list[str]:
    """The outage of several runs; RTO, where there is a target; RPO, where it is known."""
    if drill is None:
        return []
    lines = []
    if drill.outage is not None:
        lines += outage_texts(drill.outage, server_now, drill.rto.target)
    if drill.rto.target is not None:
        lines.append(rto_text(drill.rto, server_now))
    if drill.rpo.worst is not None or drill.rpo.target is not None:
        lines.append(rpo_text(drill.rpo))
    return lines


def _counts(assessment: Assessment, *, over: bool) -> str:
    """`6 of 14 VMs done, 1 failed, 3 running`; but for failures, what there is none of is left."""
    if not assessment.total:
        return "the server lists no tasks for this session"
    count = assessment.count
    running = count(Status.RUNNING, Status.STARTING, Status.STOPPING)
    parts = [f"{count(Status.SUCCESS)} of {assessment.total} VMs done"]
    parts.append(f"{count(Status.FAILED)} failed")
    for number, what in (
        (count(Status.WARNING), "with warnings"),
        (running, "running"),
        (count(Status.WAITING), "not started" if over else "waiting"),
        # Not "10 failed over before": a tired reader sees "10 failed".
        (count(Status.ALREADY), "already up before"),
        (count(Status.UNKNOWN), "unknown"),
        (assessment.unreadable, "unreadable"),
    ):
        if number:
            parts.append(f"{number} {what}")
    return ", ".join(parts)


def _how_old(
    state: Snapshot, assessment: Assessment, server_now: datetime, freshness: Freshness
) -> list[str]:
    """As of when, while it may have gone on unseen, and why nothing newer is known."""
    if freshness.age is None or assessment.status.is_finished:
        return []
    at = times.iso(server_now - timedelta(seconds=freshness.age))
    why = f": {clean(state.trouble.sentence)}" if state.trouble else ""
    return [f"  as of {at}, {times.age(freshness.age)} ago{why}"]


def _failure(view: TaskView) -> str:
    when = f" {times.iso(view.task.ended)}" if view.task and view.task.ended else ""
    who = clean(view.vm_name).strip() or ASCII.dash
    return f"{who} failed{when}: {clean(reason_text(view.message))}"
