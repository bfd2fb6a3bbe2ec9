"""The lines above and below the task table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from tui.analysis.assessment import Assessment
from tui.analysis.causes import Cause, Origin, session_reason
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.doubts import doubt_lines
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.journal_lines import journal_lines
from tui.presentation.line import Line, Span, bar, dimmed, fit_line, length, percent, spread
from tui.presentation.reasons import cause_text, common_text, reason_text
from tui.presentation.text import cells, shorten_middle, wrap
from tui.presentation.verdict import head_verdict

_MOST_MESSAGE_LINES = 6
_ROOM_FOR_TARGET = 4
LEAST_PLAN: Final = 16
"""Cells that the plan's name keeps beside the verdict."""

_LEAST_TENANT: Final = 10
_OF: Final = "  of "


def summary_lines(
    state: Snapshot, server_now: datetime, width: int, glyphs: Glyphs, *, stale: bool = False
) -> list[Line]:
    """Plan and status, the bar, the counts."""
    session, assessment = state.session, state.assessment
    if session is None or assessment is None:
        waiting = f" Session {state.session_id}"
        return [fit_line([(waiting, "title")], width, glyphs)]
    token = TOKENS[assessment.status]
    head = head_verdict(assessment, state.drill, glyphs, stale=stale)
    plan = cells(glyphs.clean(session.plan_name))
    status: list[Span] = [("  ", ""), *head.spans(width - plan - 4), (" ", "")]
    left = title(session, state.details.tenant, width - length(status), glyphs)
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    done = f"{done:>6} "
    gauge = [(" ", ""), *bar(assessment.progress, width - len(done) - 2, token, glyphs)]
    return [
        spread(left, status, width, glyphs),
        spread(gauge, [(done, token)], width, glyphs),
        numbers_line(state, assessment, server_now, width, glyphs),
        *doubt_lines(assessment, width, glyphs, state.details.ambiguous),
        *_plan_note(state, width, glyphs),
        *journal_lines(state.journal_trouble, width, glyphs),
    ]


def numbers_line(
    state: Snapshot, assessment: Assessment, server_now: datetime, width: int, glyphs: Glyphs
) -> Line:
    """The counts and the elapsed time; how many of how many is never cut."""
    took = state.elapsed(server_now)
    full, narrow = times.duration(took, glyphs.dash), times.narrow(took, glyphs.dash)
    known = knows_all(state)
    worded = _worded_length(assessment, glyphs, all_known=known)
    for elapsed in (f"  elapsed {full} ", f"  {full} ", f" {narrow} "):
        if worded + cells(elapsed) <= width:
            break
    spans = counts(assessment, glyphs, width - cells(elapsed), all_known=known)
    if length(spans) + cells(elapsed) > width:
        return fit_line(spans, width, glyphs)
    return spread(spans, [(elapsed, "title")], width, glyphs)


def knows_all(state: Snapshot) -> bool:
    """Whether the VMs that have no task yet are known: by the plan, or because it is over."""
    session = state.session
    over = session is not None and is_done(session.state, session.ended)
    return over or state.details.plan is not None


def _plan_note(state: Snapshot, width: int, glyphs: Glyphs) -> list[Line]:
    """Why nobody knows which VMs are still to come; nothing once none are."""
    note = state.details.plan_note
    if not note or knows_all(state):
        return []
    said = f" {glyphs.symbols[Status.UNKNOWN]} VMs still waiting are not known: "
    return [fit_line([(said, "unknown"), (glyphs.clean(note), "unknown")], width, glyphs)]


def title(session: FailoverSession, tenant: str | None, room: int, glyphs: Glyphs) -> list[Span]:
    """The plan, whose it is, since when and where, as there is room.

    Whose it is, a provider asks first: the plan's name gives way to it, down to
    `LEAST_PLAN`, unless it holds the tenant's.
    """
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    whose = glyphs.clean(tenant) if tenant else ""
    told = _where_and_when(session, tenant, room - cells(plan) - 1, glyphs)
    is_told = any(whose in text for text, _ in told) or whose.casefold() in plan.casefold()
    left_for_tenant = min(cells(whose), max(_LEAST_TENANT, room - cells(plan) - 1 - len(_OF)))
    left_for_plan = room - 1 - len(_OF) - left_for_tenant
    if is_told or left_for_plan < min(LEAST_PLAN, cells(plan)):
        return [(f" {shorten_middle(plan, max(1, room - 1), glyphs.ellipsis)}", "title"), *told]
    return [
        (f" {shorten_middle(plan, left_for_plan, glyphs.ellipsis)}", "title"),
        (f"{_OF}{shorten_middle(whose, left_for_tenant, glyphs.ellipsis)}", "dim"),
    ]


def _where_and_when(
    session: FailoverSession, tenant: str | None, room: int, glyphs: Glyphs
) -> list[Span]:
    """As much of tenant, start and backup server as there is room for, whole."""
    stamp = times.utc_stamp(session.created, glyphs.dash)
    server = f"  on {glyphs.clean(session.backup_server)}" if session.backup_server else ""
    started, brief = f"  started {stamp} UTC", f"  {stamp[-8:]} UTC"
    whose = f"  tenant {glyphs.clean(tenant)}" if tenant else ""
    for text in (
        f"{whose}{server}{started}", f"{whose}{started}", f"{whose}{brief}", whose,
        f"{server}{started}", started, brief,
    ):  # fmt: skip
        if text and cells(text) <= room:
            return [(text, "dim")]
    return []


def counts(
    assessment: Assessment, glyphs: Glyphs, room: int = 1000, *, all_known: bool = True
) -> list[Span]:
    """`✘ 1 failed  ⚠ 0  ✔ 6 done  ▶ 3 running  · 4 waiting  of 14`, shorter where narrow.

    First the zeros go, then the words, then all but the failed and `10 of 14 VMs`.
    Unless `all_known`, nobody knows how many VMs wait: `· ? waiting  of 10+`. No tasks at
    all are not `of 0`: the server leaves them out of finished sessions.
    """
    if not assessment.total:
        return [(f" {glyphs.dash} the server lists no tasks for this session", "dim")]
    total = f"{assessment.total}{'' if all_known else '+'}"
    groups = _groups(assessment, all_known=all_known)
    needed = [group for group in groups if group[1] != 0 or group[0] is Status.FAILED]
    for choice, words in ((groups, True), (needed, True), (needed, False)):
        spans = _count_spans(choice, total, glyphs, words=words)
        if length(spans) <= room:
            return spans
    failed, finished = assessment.count(Status.FAILED), _finished(assessment)
    lead = f" {glyphs.symbols[Status.FAILED]}{failed}" if failed else ""
    return [(lead, TOKENS[Status.FAILED]), (f" {finished} of {total} VMs", "title")]


def _worded_length(assessment: Assessment, glyphs: Glyphs, *, all_known: bool) -> int:
    """Cells that the counts take with their words, without zeros."""
    spans = counts(assessment, glyphs, all_known=all_known)
    zeros = [span for span in spans if span[1] == "dim"]
    return length(spans) - length(zeros) - 2 * len(zeros)


_Group = tuple[Status, int | None, str]


def _groups(assessment: Assessment, *, all_known: bool) -> list[_Group]:
    running = assessment.count(Status.RUNNING, Status.STARTING, Status.STOPPING)
    waiting = " not started" if assessment.status.is_finished else " waiting"
    groups: list[_Group] = [
        (Status.FAILED, assessment.count(Status.FAILED), " failed"),
        (Status.WARNING, assessment.count(Status.WARNING), ""),
        (Status.SUCCESS, assessment.count(Status.SUCCESS), " done"),
        (Status.RUNNING, running, " running"),
        (Status.WAITING, assessment.count(Status.WAITING) if all_known else None, waiting),
    ]
    for status, name in ((Status.ALREADY, " before"), (Status.UNKNOWN, " unknown")):
        if assessment.count(status):
            groups.append((status, assessment.count(status), name))
    if assessment.unreadable:
        groups.append((Status.UNKNOWN, assessment.unreadable, " unreadable"))
    # None stands for a number that is not known, which is no zero and stays.
    return groups


def _finished(assessment: Assessment) -> int:
    return sum(number for status, number in assessment.counts.items() if status.is_finished)


def _count_spans(
    groups: Sequence[_Group], total: str, glyphs: Glyphs, *, words: bool = True
) -> list[Span]:
    spans: list[Span] = [(" ", "")]
    for status, number, name in groups:
        token = "unknown" if number is None else TOKENS[status] if number else "dim"
        shown = "?" if number is None else str(number)
        text = f" {shown}{name}" if words else shown
        spans += [(f"{glyphs.symbols[status]}{text}", token), ("  " if words else " ", "")]
    spans.append((f"of {total}", "title"))
    return spans


def reason_lines(state: Snapshot, width: int, glyphs: Glyphs) -> list[Line]:
    """The session's own message in full, or that it failed without one and without a VM's."""
    if state.session is None or state.assessment is None:
        return []
    reason = session_reason(state.session, state.assessment)
    # A reason that is a task's own stands with the tasks.
    if reason is None or reason.origin is Origin.TASK:
        return []
    if reason.origin is Origin.NOWHERE and state.assessment.failures:
        return []
    message = f"{glyphs.cross} {glyphs.clean(reason_text(reason.message))}"
    wrapped = wrap(message, max(10, width - 2))
    if len(wrapped) > _MOST_MESSAGE_LINES:
        wrapped = [*wrapped[: _MOST_MESSAGE_LINES - 1], f"{glyphs.ellipsis} (Y copies all)"]
    return [fit_line([(f" {part}", "failed")], width, glyphs) for part in wrapped]


def failure_lines(
    causes: Sequence[Cause], width: int, room: int, glyphs: Glyphs, *, cut: bool = True
) -> list[Line]:
    """What failed by cause, the first one first: in full where `room` lines are enough.

    Else without the names, else if they may be `cut` one line each, and how many more
    there are. None without room.
    """
    in_time = sorted(causes, key=_first_at)
    for text in (cause_text, partial(cause_text, brief=True), partial(common_text, brief=True)):
        lines = [line for each in in_time for line in _cause_in_full(each, text, width, glyphs)]
        if len(lines) <= room:
            return lines
    shown = in_time[: max(0, room)] if cut else []
    brief = partial(cause_text, brief=True)
    lines = [fit_line(_cause(each, brief, glyphs), width, glyphs) for each in shown]
    hidden = sum(cause.count for cause in in_time[len(shown) :])
    if hidden and lines:
        more = [(f" {hidden} more, f shows them ", "failed")]
        lines[-1] = spread(list(lines[-1]), more, width, glyphs)
    return lines


def _first_at(cause: Cause) -> tuple[bool, float]:
    return (cause.first_at is None, cause.first_at.timestamp() if cause.first_at else 0.0)


_Wording = Callable[[Cause, Glyphs], str]


def _cause(cause: Cause, wording: _Wording, glyphs: Glyphs) -> list[Span]:
    when = f"{times.utc_time(cause.first_at)} UTC" if cause.first_at else ""
    if cause.count == 1:
        name = glyphs.clean(cause.vm_names[0])
        lead = f" {glyphs.cross} {name} failed{' ' if when else ''}{when}: "
    else:
        lead = f" {glyphs.cross} {cause.count}x{' since ' if when else ''}{when}: "
    return [(lead, "failed"), (wording(cause, glyphs), "")]


def _cause_in_full(cause: Cause, wording: _Wording, width: int, glyphs: Glyphs) -> list[Line]:
    """The reason over as many lines as it takes, below each other."""
    lead, (text, token) = _cause(cause, wording, glyphs)
    indent = length([lead])
    first, *others = wrap(text, max(10, width - indent - 1)) or [""]
    lines = [fit_line([lead, (first, token)], width, glyphs)]
    return lines + [fit_line([(" " * indent + part, token)], width, glyphs) for part in others]


def tiny_lines(
    state: Snapshot,
    server_now: datetime,
    size: tuple[int, int],
    glyphs: Glyphs,
    freshness: Freshness,
    marks: Sequence[Span] = (),
) -> list[Line]:
    """For a terminal below 50x12: one line of totals, old data said first, and who failed.

    Where there is a target and room for a second line, how it stands with it.

    `marks` end the first line: read-only, and in what way the connection is unsafe.
    """
    width, height = size
    room = max(0, width - length(marks))
    if state.assessment is None:
        waiting: list[Span] = [("waiting for the first data", "")]
        return [spread(waiting, list(marks), width, glyphs)]
    assessment = state.assessment
    lines: list[Line] = [(*_totals(state, assessment, server_now, room, glyphs), *marks)]
    drill = state.drill
    if drill is not None and drill.rto.target is not None and height > _ROOM_FOR_TARGET:
        head = head_verdict(assessment, drill, glyphs, stale=freshness.stale)
        lines.append(fit_line(head.spans(width), width, glyphs))
    if freshness.stale and freshness.age is not None:
        old = [(f"{glyphs.cross} STALE {times.age(freshness.age)} old", "failed")]
        lines = [fit_line(old, width, glyphs), *dimmed(lines)]
    names = [glyphs.clean(view.vm_name) for view in assessment.failures]
    lines += [
        fit_line([(f"{glyphs.cross} {name}", "failed")], width, glyphs)
        for name in _fold(names, max(1, height - 2 - len(lines)))
    ]
    return lines


def _totals(
    state: Snapshot, assessment: Assessment, server_now: datetime, width: int, glyphs: Glyphs
) -> Line:
    """`✘ 46 % ✘1 ⚠0 ✔6 ▶3 of 14 12m41s`; without what is zero, then without time, where narrow."""
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    lead: Span = (f"{glyphs.symbols[assessment.status]} {done} ", "title")
    groups = [
        (status, assessment.count(status))
        for status in (Status.FAILED, Status.WARNING, Status.SUCCESS, Status.RUNNING)
    ]
    total = f"of {assessment.total}{'' if knows_all(state) else '+'}"
    took = f" {times.narrow(state.elapsed(server_now), glyphs.dash)}"
    unknown = assessment.count(Status.UNKNOWN) + assessment.unreadable
    groups += [(Status.UNKNOWN, unknown)] if assessment.unreadable else []
    needed = [group for group in groups if group[1]]
    for choice, time in ((groups, took), (needed, took), (needed, ""), (needed[:1], ""), ([], "")):
        numbers: list[Span] = [
            (f"{glyphs.symbols[status]}{count} ", TOKENS[status] if count else "dim")
            for status, count in choice
        ]
        totals = [lead, *numbers, (total, "title"), (time, "")]
        if length(totals) <= width:
            break
    return fit_line(totals, width, glyphs)


def _fold(names: Sequence[str], rows: int) -> Sequence[str]:
    if len(names) <= rows:
        return names
    return [*names[: rows - 1], ", ".join(names[rows - 1 :])]
