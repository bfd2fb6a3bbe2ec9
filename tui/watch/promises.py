"""What became of the targets, as lines of the summary."""

from __future__ import annotations

from datetime import datetime

from tui.monitor.state import MonitorState
from tui.monitor.status import Status, is_done
from tui.monitor.targets import assess_rpo, assess_rto
from tui.presentation import times
from tui.presentation.drill_lines import rpo_spans, rto_spans
from tui.presentation.glyphs import ASCII
from tui.presentation.line import Span
from tui.settings.resolved import Target


def promise_lines(state: MonitorState, target: Target, now: datetime) -> list[str]:
    """One line for RTO and for RPO, where there is a target. `now` is the server's time."""
    session, assessment = state.session, state.assessment
    if session is None or assessment is None:
        return []
    lines = []
    if target.rto is not None:
        rto = assess_rto(
            target.rto,
            session.created,
            now=now,
            over=is_done(session.state, session.ended),
            ended=session.ended,
            not_recovered=assessment.count(Status.FAILED),
        )
        lines.append(_text(rto_spans(rto, now, ASCII)))
    if target.rpo is not None:
        rpo = assess_rpo(target.rpo, session.created, assessment.tasks, state.details.points)
        known = rpo.worst is not None
        unknown = f"RPO {times.duration(target.rpo)}: no VM's replica point is known"
        lines.append(_text(rpo_spans(rpo, ASCII)) if known else unknown)
    return lines


def _text(spans: list[Span]) -> str:
    return "".join(text for text, _ in spans)
