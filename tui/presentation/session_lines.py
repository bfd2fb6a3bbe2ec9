"""The lines above and below the task table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.assessment import Assessment
from tui.monitor.causes import Cause, Origin, session_reason
from tui.monitor.polled import Freshness
from tui.monitor.state import MonitorState
from tui.monitor.status import Status
from tui.presentation import times
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, Span, bar, dimmed, fit_line, length, percent, spread
from tui.presentation.text import cells, cut, wrap

_MOST_MESSAGE_LINES = 6


def summary_lines(
    state: MonitorState, server_now: datetime, width: int, glyphs: Glyphs
) -> list[Line]:
    """Plan and status, the bar, the counts."""
    session, assessment = state.session, state.assessment
    if session is None or assessment is None:
        waiting = f" Session {state.session_id}"
        return [fit_line([(waiting, "title")], width, glyphs)]
    token = TOKENS[assessment.status]
    said = glyphs.clean(word(assessment.status, assessment.server_word)).upper()
    left: list[Span] = [(" " + glyphs.clean(session.plan_name), "title")]
    status: list[Span] = [(f"  {glyphs.symbols[assessment.status]} {said} ", token)]
    room = width - length(left) - length(status)
    left += _where_and_when(session, room, glyphs)
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    done = f"{done:>6} "
    gauge = [(" ", ""), *bar(assessment.progress, width - len(done) - 2, token, glyphs)]
    elapsed = f"  elapsed {times.duration(state.elapsed(server_now), glyphs.dash)} "
    return [
        spread(left, status, width, glyphs),
        spread(gauge, [(done, token)], width, glyphs),
        spread(
            counts(assessment, glyphs, width - len(elapsed)), [(elapsed, "title")], width, glyphs
        ),
    ]


def _where_and_when(session: FailoverSession, room: int, glyphs: Glyphs) -> list[Span]:
    """As much of the start and the backup server as there is room for, whole."""
    stamp = times.utc_stamp(session.created, glyphs.dash)
    server = f"  on {glyphs.clean(session.backup_server)}" if session.backup_server else ""
    for text in (f"{server}  started {stamp} UTC", f"  started {stamp} UTC", f"  {stamp[-8:]} UTC"):
        if cells(text) <= room:
            return [(text, "dim")]
    return []


def counts(assessment: Assessment, glyphs: Glyphs, room: int = 1000) -> list[Span]:
    """`✘ 1 failed  ⚠ 0  ✔ 6 done  ▶ 3 running  · 4 waiting  of 14`; without zeros where narrow.

    No tasks at all are not `of 0`: the server leaves them out of finished sessions.
    """
    if not assessment.total:
        return [(f" {glyphs.dash} the server lists no tasks for this session", "dim")]
    running = assessment.count(Status.RUNNING, Status.STARTING, Status.STOPPING)
    waiting = " not started" if assessment.status.is_finished else " waiting"
    groups = [
        (Status.FAILED, assessment.count(Status.FAILED), " failed"),
        (Status.WARNING, assessment.count(Status.WARNING), ""),
        (Status.SUCCESS, assessment.count(Status.SUCCESS), " done"),
        (Status.RUNNING, running, " running"),
        (Status.WAITING, assessment.count(Status.WAITING), waiting),
    ]
    for status, name in ((Status.ALREADY, " before"), (Status.UNKNOWN, " unknown")):
        if assessment.count(status):
            groups.append((status, assessment.count(status), name))
    spans = _count_spans(groups, assessment.total, glyphs)
    if length(spans) > room:
        needed = [group for group in groups if group[1] or group[0] is Status.FAILED]
        spans = _count_spans(needed, assessment.total, glyphs)
    return spans


def _count_spans(
    groups: Sequence[tuple[Status, int, str]], total: int, glyphs: Glyphs
) -> list[Span]:
    spans: list[Span] = [(" ", "")]
    for status, number, name in groups:
        token = TOKENS[status] if number else "dim"
        spans += [(f"{glyphs.symbols[status]} {number}{name}", token), ("  ", "")]
    spans.append((f"of {total}", "title"))
    return spans


def failure_lines(
    state: MonitorState, causes: Sequence[Cause], width: int, most: int, glyphs: Glyphs
) -> list[Line]:
    """The session's own message in full, then what failed by cause, the first one first."""
    if state.session is None or state.assessment is None:
        return []
    lines: list[Line] = []
    reason = session_reason(state.session, state.assessment)
    # A reason that is a task's own stands in the lines by cause anyway.
    if (
        reason is not None
        and reason.origin is not Origin.TASK
        and (reason.origin is Origin.SESSION or not causes)
    ):
        message = f"{glyphs.cross} {glyphs.clean(reason.text)}"
        wrapped = wrap(message, max(10, width - 2))
        if len(wrapped) > _MOST_MESSAGE_LINES:
            wrapped = [*wrapped[: _MOST_MESSAGE_LINES - 1], f"{glyphs.ellipsis} (Y copies all)"]
        lines += [fit_line([(f" {part}", "failed")], width, glyphs) for part in wrapped]
    in_time = sorted(causes, key=_first_at)
    shown = in_time[:most]
    lines += [fit_line(_cause(cause, width, glyphs), width, glyphs) for cause in shown]
    hidden = sum(cause.count for cause in in_time[most:])
    if hidden:
        more = [(f" {hidden} more, f shows them ", "failed")]
        lines[-1] = spread(list(lines[-1]), more, width, glyphs)
    return lines


def _first_at(cause: Cause) -> tuple[bool, float]:
    return (cause.first_at is None, cause.first_at.timestamp() if cause.first_at else 0.0)


def _cause(cause: Cause, width: int, glyphs: Glyphs) -> list[Span]:
    when = f"{times.utc_time(cause.first_at)} UTC" if cause.first_at else ""
    names = [glyphs.clean(name) for name in cause.vm_names]
    if cause.count == 1:
        lead = f" {glyphs.cross} {names[0]} failed{' ' if when else ''}{when}: "
        return [(lead, "failed"), (glyphs.clean(cause.text), "")]
    since = f" since {when}" if when else ""
    listed = ", ".join(names)
    who = cut(f" {glyphs.cross} {cause.count}x{since} ({listed})", width // 2, glyphs.ellipsis)
    return [(f"{who}: ", "failed"), (glyphs.clean(cause.text), "")]


def tiny_lines(
    state: MonitorState,
    server_now: datetime,
    size: tuple[int, int],
    glyphs: Glyphs,
    freshness: Freshness,
    *,
    plain_http: bool = False,
) -> list[Line]:
    """For a terminal below 50x12: one line of totals, old data said first, and who failed."""
    width, height = size
    if state.assessment is None:
        return [fit_line([("waiting for the first data", "")], width, glyphs)]
    assessment = state.assessment
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    totals: list[Span] = [(f"{glyphs.symbols[assessment.status]} {done} ", "title")]
    for status in (Status.FAILED, Status.WARNING, Status.SUCCESS, Status.RUNNING):
        token = TOKENS[status] if assessment.count(status) else "dim"
        totals.append((f"{glyphs.symbols[status]}{assessment.count(status)} ", token))
    totals.append((f"of {assessment.total} ", "title"))
    totals.append((times.duration(state.elapsed(server_now), glyphs.dash), ""))
    totals.append((" RO", "note"))
    if plain_http:
        totals.append((" HTTP", "warning"))
    lines = [fit_line(totals, width, glyphs)]
    if freshness.stale and freshness.age is not None:
        old = [(f"{glyphs.cross} STALE {times.age(freshness.age)} old", "failed")]
        lines = [fit_line(old, width, glyphs), *dimmed(lines)]
    names = [glyphs.clean(view.vm_name) for view in assessment.failures]
    lines += [
        fit_line([(f"{glyphs.cross} {name}", "failed")], width, glyphs)
        for name in _fold(names, max(1, height - 3))
    ]
    return lines


def _fold(names: Sequence[str], rows: int) -> Sequence[str]:
    if len(names) <= rows:
        return names
    return [*names[: rows - 1], ", ".join(names[rows - 1 :])]
