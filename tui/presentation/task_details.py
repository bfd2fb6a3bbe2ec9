"""One task in full, as labelled lines."""

from __future__ import annotations

from datetime import datetime

from tui.analysis.assessment import TaskView
from tui.analysis.drill import DrillView
from tui.analysis.identity import folded
from tui.analysis.rpo import rpo_of
from tui.analysis.rto import achieved_rto
from tui.analysis.status import Status
from tui.enterprise_manager.resources import ReplicaPoint
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.drill_lines import motion_sentence
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, Span, bar, fit_line, percent
from tui.presentation.reasons import NO_MESSAGE, reason_text
from tui.presentation.text import wrap

_LABEL_WIDTH = 16
_WIDEST_BAR = 60


def task_lines(
    view: TaskView,
    state: Snapshot,
    as_of: datetime,
    width: int,
    glyphs: Glyphs,
    *,
    stale: bool = False,
) -> list[Line]:
    """Status, message, times in UTC and local, replica point and its age.

    `as_of` is the server's time of the data; of data that is `stale` it is said.
    """
    token = TOKENS[view.status]
    said = glyphs.clean(word(view.status, view.server_word))
    status = f"{glyphs.symbols[view.status]} {said}"
    if view.unlisted:
        status += " (last seen; the server no longer lists this task)"
    if stale:
        status += f", as last seen {times.utc_time(as_of)} UTC"
    done = percent(view.progress, glyphs)
    gauge = bar(view.progress, min(_WIDEST_BAR, max(10, width - _LABEL_WIDTH - 8)), token, glyphs)
    rows: list[tuple[str, list[Span]]] = [
        ("Status", [(status, token)]),
        ("Progress", [*gauge, (f"  {done}", token)]),
        *_acknowledgement_rows(view, state, glyphs),
        *_drill_rows(view, state.drill, glyphs),
        *_time_rows(view, as_of, glyphs),
        *_attempt_rows(view, state, glyphs),
        *_point_rows(view, state, glyphs),
        ("Session", [(state.session_id, "dim")]),
    ]
    lines = [_labelled(label, spans, width, glyphs) for label, spans in rows]
    message = view.message
    if message is None and view.task is not None and token == "failed":  # noqa: S105
        message = NO_MESSAGE
    if message:
        lines += [fit_line([], width, glyphs), fit_line([(" Message", "label")], width, glyphs)]
        wrapped = wrap(glyphs.clean(message), max(10, width - 4))
        lines += [fit_line([("   " + part, token)], width, glyphs) for part in wrapped]
    return lines


def _labelled(label: str, spans: list[Span], width: int, glyphs: Glyphs) -> Line:
    return fit_line([(f" {label:<{_LABEL_WIDTH}}", "label"), *spans], width, glyphs)


def _acknowledgement_rows(
    view: TaskView, state: Snapshot, glyphs: Glyphs
) -> list[tuple[str, list[Span]]]:
    if view.status is not Status.FAILED:
        return []
    found = state.acknowledged.get(view.key)
    if found is None:
        return [("Acknowledged", [("by nobody yet", "warning")])]
    by = f" by {glyphs.clean(found.author)}" if found.author else ""
    return [("Acknowledged", [(f"{times.utc_stamp(found.at)} UTC{by}", "")])]


def _drill_rows(
    view: TaskView, drill: DrillView | None, glyphs: Glyphs
) -> list[tuple[str, list[Span]]]:
    if drill is None:
        return []
    motion = drill.motions.get(view.key)
    if motion is not None:
        return [("Movement", [(motion_sentence(motion), "")])]
    (achieved, *_) = *achieved_rto([view], drill.rto.counted_from), None
    if achieved is None or achieved.own is None:
        return []
    from_start = times.duration(achieved.from_start, glyphs.dash)
    since = "   from the start, or the declaration if that is set"
    return [("Achieved RTO", [(from_start, "title"), (since, "dim")])]


def _time_rows(view: TaskView, as_of: datetime, glyphs: Glyphs) -> list[tuple[str, list[Span]]]:
    task = view.task
    if task is None:
        return [("Started", [("not yet: waiting in the plan", "waiting")])]
    return [
        ("Started", _moment(task.created, glyphs)),
        ("Ended", _moment(task.ended, glyphs)),
        ("Duration", [(times.duration(view.elapsed(as_of), glyphs.dash), "title")]),
    ]


def _attempt_rows(view: TaskView, state: Snapshot, glyphs: Glyphs) -> list[tuple[str, list[Span]]]:
    """The failed attempts at the same VM before this one; that they are is inferred."""
    if view.tries < 2 or state.assessment is None:
        return []
    name = folded(view.vm_name)
    before = [each for each in state.assessment.retried if folded(each.vm_name) == name]
    rows: list[tuple[str, list[Span]]] = [("Attempt", [(f"~{view.tries}", "title")])]
    for number, each in enumerate(before, 1):
        ended = each.task.ended if each.task else None
        when = f" {times.utc_stamp(ended)} UTC" if ended else ""
        why = glyphs.clean(reason_text(each.message))
        rows.append((f"~Attempt {number}", [(f"failed{when}: {why}", "failed")]))
    return rows


def _moment(moment: datetime | None, glyphs: Glyphs) -> list[Span]:
    if moment is None:
        return [(glyphs.dash, "dim")]
    local = glyphs.clean(times.local_stamp(moment))
    return [(f"{times.utc_stamp(moment)} UTC", "title"), (f"   {local} local", "dim")]


def _point_rows(view: TaskView, state: Snapshot, glyphs: Glyphs) -> list[tuple[str, list[Span]]]:
    reference = view.task.replica_point if view.task else None
    if reference is None:
        return [("Replica point", [(glyphs.dash, "dim")])]
    rows: list[tuple[str, list[Span]]] = [
        ("Replica point", [(glyphs.clean(reference.name) or glyphs.dash, "title")])
    ]
    if reference.id is None or reference.id not in state.details.points:
        given_up = reference.id in state.details.unreadable_points
        return [*rows, ("", [("could not be read" if given_up else "not read yet", "dim")])]
    point = state.details.points[reference.id]
    if point is None:
        return [*rows, ("", [("no longer on the server", "warning")])]
    return [*rows, *_known_point_rows(view, point, state, glyphs)]


def _known_point_rows(
    view: TaskView, point: ReplicaPoint, state: Snapshot, glyphs: Glyphs
) -> list[tuple[str, list[Span]]]:
    start = state.session.created if state.session else None
    lost, standing = rpo_of(point, start, view.task.created if view.task else None)
    rpo = times.duration(lost, glyphs.dash)
    told = "age of the point when the failover began" if lost is not None else standing.value
    kind = ", ".join(glyphs.clean(text) for text in (point.point_type, point.state) if text)
    rows: list[tuple[str, list[Span]]] = [
        ("Point created", _moment(point.created, glyphs)),
        ("RPO", [(rpo, "title"), (f"   {told}", "dim")]),
    ]
    if kind:
        rows.append(("Point state", [(kind, "title")]))
    if point.replica_name:
        rows.append(("Replica", [(glyphs.clean(point.replica_name), "title")]))
    return rows
