"""Plain lines: what stays in the scrollback, and what `watch` ends with."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.assessment import Assessment, TaskView
from tui.analysis.drill import DrillView
from tui.analysis.rpo import RpoView
from tui.analysis.status import Status, is_done
from tui.analysis.targets import RtoVerdict, RtoView
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.poll_state import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.doubts import doubts
from tui.presentation.glyphs import ASCII, word
from tui.presentation.line import percent
from tui.presentation.reasons import reason_text
from tui.presentation.text import clean


def farewell_lines(
    state: Snapshot,
    server_now: datetime,
    freshness: Freshness,
    drill: DrillView | None = None,
) -> list[str]:
    """The evidence: plan, status, counts, times, session, every failure with its message and
    what became of the targets; ASCII signs only."""
    session, assessment = state.session, state.assessment
    if session is None or assessment is None:
        why = f" {clean(state.trouble.sentence)}" if state.trouble else ""
        return [f"Session {state.session_id}: no data was received.{why}"]
    said = word(assessment.status, assessment.server_word)
    over = is_done(session.state, session.ended)
    # `Failed, 100 %` would read like a success.
    done = percent(assessment.progress, ASCII, inferred=assessment.progress_inferred)
    so_far = "" if over else f", {done}"
    ended = f", ended {times.iso(session.ended)}" if session.ended else ""
    started = f"started {times.iso(session.created)}" if session.created else "start unknown"
    server = f" on {clean(session.backup_server)}" if session.backup_server else ""
    lines = [
        f"{plan_name(session)}: {clean(said)}{so_far}",
        f"  {_counts(assessment, over=over)}",
        *(f"  {text}" for text in doubts(assessment)),
        f"  {started}{ended}, elapsed {times.duration(state.elapsed(server_now), '-')}",
        f"  session {session.id}{server}",
        *_how_old(state, assessment, server_now, freshness),
    ]
    if session.failure_message:
        lines.append(f"  {clean(session.failure_message)}")
    lines += [f"  {_failure(view)}" for view in assessment.failures]
    return [*lines, *(f"  {line}" for line in verdict_lines(drill, server_now))]


def plan_name(session: FailoverSession) -> str:
    """The plan's name as visible text; the dash for one that has none."""
    return clean(session.plan_name).strip() or ASCII.dash


def verdict_lines(drill: DrillView | None, server_now: datetime) -> list[str]:
    """One line for the RTO, where there is a target; one for the RPO, where it is known."""
    if drill is None:
        return []
    lines = []
    if drill.rto.target is not None:
        lines.append(rto_text(drill.rto, server_now))
    if drill.rpo.worst is not None or drill.rpo.target is not None:
        lines.append(_rpo(drill.rpo))
    return lines


def rto_text(view: RtoView, server_now: datetime) -> str:
    """`RTO 30:00 MISSED by 2:10, took 32:10, 1 not recovered, behind since 14:20:05 UTC`.

    It was missed since the target's moment, and often behind, at risk, for longer.
    """
    parts = [f"RTO {times.duration(view.target)} {view.verdict.value.upper()}"]
    left = None if view.deadline is None else view.deadline - server_now
    if view.verdict is RtoVerdict.MISSED:
        parts[0] += f" by {times.duration(view.overrun, ASCII.dash)}"
    elif left is not None and not view.over:
        late = left < timedelta()
        parts.append(f"{times.duration(abs(left))} {'over' if late else 'left'}")
    if view.over and view.elapsed is not None:
        parts.append(f"took {times.duration(view.elapsed)}")
    if view.over and view.not_recovered:
        parts.append(f"{view.not_recovered} not recovered")
    behind = view.verdict in (RtoVerdict.MISSED, RtoVerdict.AT_RISK)
    if behind and view.since is not None and view.since not in (view.deadline, server_now):
        parts.append(f"behind since {times.utc_time(view.since)} UTC")
    if view.over and view.verdict is RtoVerdict.INSIDE and not view.is_achieved:
        parts[-1] += ": in time, but not achieved"
    return ", ".join(parts)


def _rpo(view: RpoView) -> str:
    """`RPO 4:00:00 MISSED by 2 VMs, worst 27 h 20 (web02), median 70 min, 3 unknown`."""
    lead = "RPO" if view.target is None else f"RPO {times.duration(view.target)}"
    if view.worst is None or view.worst.rpo is None:
        return f"{lead}: no VM's replica point is known"
    if view.inside is not None:
        missed = f"MISSED by {view.over_target} VM{'' if view.over_target == 1 else 's'}"
        lead += f" {'INSIDE' if view.inside else missed}"
    name = clean(view.worst.key.vm_name).strip() or ASCII.dash
    worst, median = times.duration(view.worst.rpo), times.duration(view.median, ASCII.dash)
    unknown = f", {view.unknown} unknown" if view.unknown else ""
    return f"{lead}, worst {worst} ({name}), median {median}{unknown}"


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
