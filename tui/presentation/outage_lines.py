"""One outage over several runs: since when, how long in all, who is up, who is still down."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.assessment import lasted
from tui.analysis.outage import Outage, OutageRun
from tui.enterprise_manager.resources import FailoverSession
from tui.presentation import times
from tui.presentation.glyphs import ASCII, Glyphs
from tui.presentation.line import Line, Span, fit_line


def outage_clauses(
    outage: Outage, now: datetime, target: timedelta | None, glyphs: Glyphs = ASCII
) -> list[str]:
    """`~Outage since 11:38:00 (declared), 2 runs`, `25 min 41 s of 30 min`, `13 of 14 up`, …

    What makes several runs one outage is inferred; `now` is the server's time.
    """
    declared = " (declared)" if outage.declared else ""
    since = times.utc_clock(outage.began, now)
    took = outage.took
    if not outage.over:
        took = max(now.replace(microsecond=0) - outage.began.replace(microsecond=0), timedelta())
    goal = f" of {times.duration(target)}" if target is not None else ""
    so_far = ""
    if not goal and (outage.down or not outage.over):
        so_far = f" to the end of run {len(outage.runs)}" if outage.over else " so far"
    clauses = [
        f"~Outage since {since}{declared}, {len(outage.runs)} runs",
        f"{times.duration(took, glyphs.dash)}{goal}{so_far}",
        f"{outage.up} of {outage.total} up",
    ]
    if outage.down:
        names = [glyphs.clean(name).strip() or glyphs.dash for name in outage.down]
        clauses.append(f"down: {', '.join(names)}")
    return clauses


def gone_on_text(newer: FailoverSession, now: datetime) -> str:
    """Of a run that is over: where to look on. Nobody knows here whether that one still runs."""
    began = times.utc_clock(newer.created, now) if newer.created is not None else ""
    return f"~Gone on with: a newer session of this plan began {began}, {newer.id[:8]}"


def outage_line(
    outage: Outage, now: datetime, target: timedelta | None, width: int, glyphs: Glyphs
) -> Line:
    """One line for the head of the screen, cut at its end: the names come last."""
    lead, *rest = outage_clauses(outage, now, target, glyphs)
    token = "failed" if outage.down else "title"
    spans: list[Span] = [(f" {lead}", "title"), (f", {', '.join(rest[:2])}", "title")]
    if rest[2:]:
        spans.append((f", {rest[2]}", token))
    return fit_line(spans, width, glyphs)


def outage_texts(outage: Outage, now: datetime, target: timedelta | None) -> list[str]:
    """For scrollback, watch and report: the outage in one line, then a line for each run."""
    return [
        ", ".join(outage_clauses(outage, now, target)),
        *(f"  run {number}: {_run(run)}" for number, run in enumerate(outage.runs, 1)),
    ]


def _run(run: OutageRun) -> str:
    until = f"to {times.iso(run.ended)}" if run.ended is not None else "still going on"
    span = lasted(run.began, run.ended)
    took = f", {times.duration(span)}" if span is not None else ""
    return f"{times.iso(run.began)} {until}{took}, {run.failed} of {run.vms} VMs failed"
