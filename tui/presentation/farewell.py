"""Plain lines: what stays in the scrollback, and what `watch` ends with."""

from __future__ import annotations

from datetime import datetime

from tui.monitor.polled import Freshness
from tui.monitor.state import MonitorState
from tui.monitor.status import Status
from tui.presentation import times
from tui.presentation.glyphs import ASCII, word
from tui.presentation.line import percent
from tui.presentation.text import clean


def farewell_lines(state: MonitorState, server_now: datetime, freshness: Freshness) -> list[str]:
    """The plan, the status, the counts and every failure with its message; ASCII signs only."""
    session, assessment = state.session, state.assessment
    if session is None or assessment is None:
        why = f" {clean(state.trouble.sentence)}" if state.trouble else ""
        return [f"Session {state.session_id}: no data was received.{why}"]
    said = word(assessment.status, assessment.server_word)
    done = percent(assessment.progress, ASCII, inferred=assessment.progress_inferred)
    running = assessment.count(Status.RUNNING, Status.STARTING, Status.STOPPING)
    parts = [
        f"{assessment.count(Status.SUCCESS)} done",
        f"{assessment.count(Status.FAILED)} failed",
        f"{assessment.count(Status.WARNING)} with warnings",
        f"{running} running",
        f"{assessment.count(Status.WAITING)} waiting",
        f"{assessment.count(Status.UNKNOWN)} unknown",
    ]
    kept = [part for part in parts if not part.startswith("0 ") or part.endswith("failed")]
    ended = f", ended {times.iso(session.ended)}" if session.ended else ""
    started = f"started {times.iso(session.created)}" if session.created else "start unknown"
    lines = [
        f"{clean(session.plan_name)}: {said}, {done}",
        f"  {', '.join(kept)}, of {assessment.total}"
        if assessment.total
        else "  the server lists no tasks for this session",
        f"  {started}{ended}, elapsed {times.duration(state.elapsed(server_now), '-')}",
        f"  session {session.id}",
    ]
    if freshness.age is not None and not assessment.status.is_finished:
        lines.append(f"  as of {times.age(freshness.age)} ago")
    if session.failure_message:
        lines.append(f"  {clean(session.failure_message)}")
    for view in assessment.failures:
        message = view.message or "the server gave no message"
        when = f" {times.iso(view.task.ended)}" if view.task and view.task.ended else ""
        name = clean(view.vm_name)
        lines.append(f"  {name} failed{when}: {clean(message)}")
    return lines
