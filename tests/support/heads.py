"""The lines above a session's rows at one time."""

from __future__ import annotations

from datetime import datetime

from tui.analysis.drill import DrillView
from tui.monitor.snapshot import Snapshot
from tui.presentation import session_head
from tui.presentation.drill_lines import EvidenceLine, TargetLine
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, at_time
from tui.presentation.session_layout import Shape


def head_lines(
    state: Snapshot, now: datetime, shape: Shape, glyphs: Glyphs, *, stale: bool = False
) -> list[Line]:
    """All of them."""
    return at_time(session_head.head_pieces(state, shape, glyphs, stale=stale), now)


def summary_lines(
    state: Snapshot, now: datetime, width: int, glyphs: Glyphs, *, stale: bool = False
) -> list[Line]:
    """Without the target's."""
    return at_time(session_head.summary_pieces(state, width, glyphs, stale=stale), now)


def target_line(
    view: DrillView, now: datetime, width: int, glyphs: Glyphs, *, alone: bool = True
) -> Line:
    """How it stands with the RTO."""
    return TargetLine(view, width, glyphs, alone=alone)(now)


def evidence_line(view: DrillView, now: datetime, width: int, glyphs: Glyphs) -> Line:
    """The RPO, and what the verdicts rest on."""
    return EvidenceLine(view, width, glyphs)(now)
