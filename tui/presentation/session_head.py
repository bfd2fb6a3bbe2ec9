"""The lines above a session's rows, at every size."""

from __future__ import annotations

from datetime import datetime

from tui.monitor.snapshot import Snapshot
from tui.presentation.doubts import doubt_lines
from tui.presentation.drill_lines import evidence_line, target_line
from tui.presentation.glyphs import TOKENS, Glyphs
from tui.presentation.line import Line, Span, bar, fit_line, length, percent, spread
from tui.presentation.outage_lines import gone_on_text, outage_line
from tui.presentation.session_layout import Shape
from tui.presentation.session_lines import LEAST_PLAN, numbers_line, summary_lines, title
from tui.presentation.text import shorten_middle
from tui.presentation.verdict import head_verdict


def head_lines(
    state: Snapshot, server_now: datetime, shape: Shape, glyphs: Glyphs, *, stale: bool = False
) -> list[Line]:
    """Plan, verdict, progress, counts, and how it stands with the target.

    `server_now` is the server's time; `stale` where the data is old.
    """
    lines = _summary(state, server_now, shape, glyphs, stale=stale)
    drill = state.drill
    if drill is None:
        return lines
    width, roomy = shape.width, shape.is_roomy and not shape.is_phone
    if state.gone_on_by is not None and not shape.is_phone:
        told = gone_on_text(state.gone_on_by, server_now)
        lines.append(fit_line([(f" {told}", "warning")], width, glyphs))
    if drill.outage is not None:
        lines.append(outage_line(drill.outage, server_now, drill.rto.target, width, glyphs))
    lines.append(target_line(drill, server_now, width, glyphs, alone=not roomy))
    if roomy:
        lines.append(evidence_line(drill, server_now, width, glyphs))
    return lines


def _summary(
    state: Snapshot, server_now: datetime, shape: Shape, glyphs: Glyphs, *, stale: bool
) -> list[Line]:
    session, assessment, width = state.session, state.assessment, shape.width
    plain = not shape.is_compact and not shape.is_phone
    if session is None or assessment is None or plain:
        return summary_lines(state, server_now, width, glyphs, stale=stale)
    token = TOKENS[assessment.status]
    head = head_verdict(assessment, state.drill, glyphs, stale=stale)
    done = percent(assessment.progress, glyphs, inferred=assessment.progress_inferred)
    right: list[Span] = [(f"  {done} ", token)]
    plan = glyphs.clean(session.plan_name) or glyphs.dash
    lines: list[Line] = []
    if not shape.is_phone:
        status = head.spans(width - length(right) - LEAST_PLAN)
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
        numbers_line(state, assessment, server_now, width, glyphs),
        *doubt_lines(assessment, width, glyphs, state.details.ambiguous),
    ]
