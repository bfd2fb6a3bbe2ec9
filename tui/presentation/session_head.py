"""The lines above a session's rows, at every size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tui.analysis.assessment import Assessment
from tui.analysis.status import Status
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.doubts import doubt_lines
from tui.presentation.drill_lines import EvidenceLine, TargetLine
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.journal_lines import journal_trouble_text
from tui.presentation.line import (
    Line,
    Piece,
    Span,
    bar,
    fit_line,
    length,
    percent,
    spread,
)
from tui.presentation.outage_lines import gone_on_text, outage_line
from tui.presentation.session_layout import Shape
from tui.presentation.text import cells, shorten_middle
from tui.presentation.verdict import head_verdict

_LEAST_PLAN: Final = 16
"""Cells that the plan's name keeps beside the verdict."""

_LEAST_TENANT: Final = 10
_OF: Final = "  of "


def head_pieces(
    state: Snapshot, shape: Shape, glyphs: Glyphs, *, stale: bool = False
) -> list[Piece]:
    """Plan, verdict, progress, counts, and how it stands with the target, for any time.

    From second to second only what has a clock in it is made anew. `stale` where the data
    is old.
    """
    pieces = _summary(state, shape, glyphs, stale=stale)
    drill = state.drill
    if drill is None:
        return pieces
    width, roomy = shape.width, shape.is_roomy and not shape.is_phone
    gone_on_by, outage = state.gone_on_by, drill.outage
    if gone_on_by is not None and not shape.is_phone:
        pieces.append(
            lambda now: fit_line([(f" {gone_on_text(gone_on_by, now)}", "warning")], width, glyphs)
        )
    if outage is not None:
        pieces.append(lambda now: outage_line(outage, now, drill.rto.target, width, glyphs))
    pieces.append(TargetLine(drill, width, glyphs, alone=not roomy))
    if roomy:
        pieces.append(EvidenceLine(drill, width, glyphs))
    return pieces


def _summary(state: Snapshot, shape: Shape, glyphs: Glyphs, *, stale: bool) -> list[Piece]:
    session, assessment, width = state.session, state.assessment, shape.width
    plain = not shape.is_compact and not shape.is_phone
    if session is None or assessment is None or plain:
        return summary_pieces(state, width, glyphs, stale=stale)
    token = TOKENS[assessment.status]
    head = head_verdict(assessment, state.drill, glyphs, stale=stale)
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    right: list[Span] = [(f"  {done} ", token)]
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    lines: list[Line] = []
    if not shape.is_phone:
        status = head.spans(width - length(right) - _LEAST_PLAN)
        room = width - length(status) - length(right) - 2
        left = title(session, state.details.tenant, room, glyphs)
        lines.append(spread(left, [("  ", ""), *status, *right], width, glyphs))
    else:
        status = head.spans(width - length(right) - 1)
        lines.append(spread([(" ", ""), *status], right, width, glyphs))
        if not shape.is_compact:
            name = shorten_middle(plan, width - 2, glyphs.ellipsis)
            gauge = [(" ", ""), *bar(assessment.progress, width - 2, token, glyphs)]
            lines += [
                fit_line([(f" {name}", "title")], width, glyphs),
                fit_line(gauge, width, glyphs),
            ]
    return [
        *lines,
        NumbersLine(state, assessment, width, glyphs),
        *doubt_lines(assessment, width, glyphs, state.details.ambiguous),
    ]


def summary_pieces(
    state: Snapshot, width: int, glyphs: Glyphs, *, stale: bool = False
) -> list[Piece]:
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
        NumbersLine(state, assessment, width, glyphs),
        *doubt_lines(assessment, width, glyphs, state.details.ambiguous),
        *_plan_note(state, width, glyphs),
        *journal_lines(state.journal_trouble, width, glyphs),
    ]


class NumbersLine:
    """The counts and the elapsed time; how many of how many is never cut."""

    def __init__(self, state: Snapshot, assessment: Assessment, width: int, glyphs: Glyphs) -> None:
        self._state = state
        self._assessment = assessment
        self._width = width
        self._glyphs = glyphs
        self._known = state.knows_all_vms
        self._worded = _worded_length(assessment, glyphs, all_known=self._known)
        self._counts: dict[int, list[Span]] = {}

    def __call__(self, server_now: datetime) -> Line:
        """The line at that time of the server."""
        dash, width = self._glyphs.dash, self._width
        took = self._state.elapsed(server_now)
        full, narrow = times.duration(took, dash), times.narrow(took, dash)
        for elapsed in (f"  elapsed {full} ", f"  {full} ", f" {narrow} "):
            if self._worded + cells(elapsed) <= width:
                break
        spans = self._counts_in(width - cells(elapsed))
        if length(spans) + cells(elapsed) > width:
            return fit_line(spans, width, self._glyphs)
        return spread(spans, [(elapsed, "title")], width, self._glyphs)

    def _counts_in(self, room: int) -> list[Span]:
        if room not in self._counts:
            self._counts[room] = counts(self._assessment, self._glyphs, room, all_known=self._known)
        return self._counts[room]


def _plan_note(state: Snapshot, width: int, glyphs: Glyphs) -> list[Line]:
    """Why nobody knows which VMs are still to come; nothing once none are."""
    note = state.details.plan_note
    if not note or state.knows_all_vms:
        return []
    said = f" {glyphs.symbols[Status.UNKNOWN]} VMs still waiting are not known: "
    return [fit_line([(said, "unknown"), (glyphs.clean(note), "unknown")], width, glyphs)]


def journal_lines(reason: str | None, width: int, glyphs: Glyphs) -> list[Line]:
    """Why what is observed cannot be kept; no line where it can."""
    if reason is None:
        return []
    said = f" {glyphs.symbols[Status.WARNING]} {glyphs.clean(journal_trouble_text(reason))}"
    return [fit_line([(said, "warning")], width, glyphs)]


def title(session: FailoverSession, tenant: str | None, room: int, glyphs: Glyphs) -> list[Span]:
    """The plan, whose it is, since when and where, as there is room.

    Whose it is, a provider asks first: the plan's name gives way to it, down to
    `_LEAST_PLAN`, unless it holds the tenant's.
    """
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    whose = glyphs.clean(tenant) if tenant else ""
    told = _where_and_when(session, tenant, room - cells(plan) - 1, glyphs)
    is_told = any(whose in text for text, _ in told) or whose.casefold() in plan.casefold()
    left_for_tenant = min(cells(whose), max(_LEAST_TENANT, room - cells(plan) - 1 - len(_OF)))
    left_for_plan = room - 1 - len(_OF) - left_for_tenant
    if is_told or left_for_plan < min(_LEAST_PLAN, cells(plan)):
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
    total = _total(assessment, all_known=all_known)
    groups = _groups(assessment, all_known=all_known)
    needed = _needed(groups)
    for choice, words in ((groups, True), (needed, True), (needed, False)):
        spans = _count_spans(choice, total, glyphs, words=words)
        if length(spans) <= room:
            return spans
    failed, finished = assessment.count(Status.FAILED), _finished(assessment)
    lead = f" {glyphs.symbols[Status.FAILED]}{failed}" if failed else ""
    return [(lead, TOKENS[Status.FAILED]), (f" {finished} of {total} VMs", "title")]


def _worded_length(assessment: Assessment, glyphs: Glyphs, *, all_known: bool) -> int:
    """Cells that the counts take with their words, without the zeros that may go."""
    if not assessment.total:
        return length(counts(assessment, glyphs))
    needed = _needed(_groups(assessment, all_known=all_known))
    return length(_count_spans(needed, _total(assessment, all_known=all_known), glyphs))


_Group = tuple[Status, int | None, str]


def _total(assessment: Assessment, *, all_known: bool) -> str:
    return f"{assessment.total}{'' if all_known else '+'}"


def _needed(groups: Sequence[_Group]) -> list[_Group]:
    """Without what there is none of, but for failures: that there are none is said."""
    return [group for group in groups if group[1] != 0 or group[0] is Status.FAILED]


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
