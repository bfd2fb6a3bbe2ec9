"""Are we inside the target, when will it be over, is anything stuck: in one or two lines."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.monitor.drill import DrillView
from tui.monitor.estimate import Outlook
from tui.monitor.stall import Motion, Movement
from tui.monitor.targets import RpoView, RtoVerdict, RtoView
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, Span, fit_line, length

_VERDICT_TOKENS = {
    RtoVerdict.NO_TARGET: "dim",
    RtoVerdict.UNKNOWN: "unknown",
    RtoVerdict.INSIDE: "success",
    RtoVerdict.AT_RISK: "warning",
    RtoVerdict.MISSED: "failed",
}
_GAP: Span = ("   ", "")
_ALL_STILL = timedelta(minutes=2)


def target_line(
    view: DrillView, now: datetime, width: int, glyphs: Glyphs, *, alone: bool = True
) -> Line:
    """RTO verdict, what is stuck, estimate, slots: as many parts as fit, whole.

    `alone` when no `evidence_line` follows, which has the estimate in full.
    """
    parts = [
        rto_spans(view.rto, now, glyphs),
        stuck_spans(list(view.motions.values()), glyphs) or still_spans(view, now, glyphs),
        estimate_spans(view.outlook, now, glyphs, brief=True) if alone else [],
        [(f"{view.slots.text} slots", "warning" if view.slots.is_full else "dim")],
    ]
    if view.rto.over:
        parts = parts[:1]
    return _joined(parts, width, glyphs)


def evidence_line(view: DrillView, now: datetime, width: int, glyphs: Glyphs) -> Line:
    """RPO, and in full what estimate and verdict rest on: for terminals with room."""
    parts = [rpo_spans(view.rpo, glyphs)]
    if not view.rto.over:
        parts.append(estimate_spans(view.outlook, now, glyphs, brief=False))
    if view.rto.reason:
        parts.append([(f"RTO: {view.rto.reason}", "dim")])
    return _joined(parts, width, glyphs)


def _joined(parts: list[list[Span]], width: int, glyphs: Glyphs) -> Line:
    line: list[Span] = [(" ", "")]
    for part in parts:
        if not part:
            continue
        gap = [_GAP] if len(line) > 1 else []
        if len(line) > 1 and length(line) + length(gap) + length(part) > width:
            continue
        line += [*gap, *part]
    return fit_line(line, width, glyphs)


def rto_spans(view: RtoView, now: datetime, glyphs: Glyphs) -> list[Span]:
    """`RTO 30:00 inside, 17:19 left`, `RTO 30:00 missed by 2:10`, `RTO – (t sets it)`."""
    if view.target is None:
        return [(f"RTO {glyphs.dash} (t sets a target)", "dim")]
    token = _VERDICT_TOKENS[view.verdict]
    target = times.duration(view.target)
    spans: list[Span] = [(f"RTO {target} ", "title"), (view.verdict.value.upper(), token)]
    if view.since is not None and view.verdict in (RtoVerdict.AT_RISK, RtoVerdict.MISSED):
        spans.append((f" since {times.utc_time(view.since)}", "dim"))
    spans.append((_margin(view, now), token))
    return spans


def _margin(view: RtoView, now: datetime) -> str:
    if view.deadline is None:
        return ""
    if view.over:
        took = f", took {times.duration(view.elapsed)}" if view.elapsed is not None else ""
        return f"{took}, {view.not_recovered} not recovered" if view.not_recovered else took
    left = view.deadline - now
    if left >= timedelta():
        return f", {times.duration(left)} left"
    return f", {times.duration(-left)} over"


def estimate_spans(outlook: Outlook, now: datetime, glyphs: Glyphs, *, brief: bool) -> list[Span]:
    """`~done 22:15:10-22:17:40, from 3 earlier runs`; in full also how it moved."""
    estimate = outlook.estimate
    if estimate is None:
        none = f"~no estimate: {outlook.why_none}" if outlook.why_none and not brief else ""
        return [(none, "dim")] if none else []
    earliest, latest = max(estimate.earliest, now), max(estimate.latest, now)
    first, last = times.utc_time(earliest)[:5], times.utc_time(latest)[:5]
    span = first if first == last else f"{first}{glyphs.dash}{last}"
    if brief:
        return [(f"~done {span} UTC", "title")]
    changed = f", {estimate.changed}" if estimate.changed else ""
    return [(f"~done {span} UTC, estimated {estimate.basis}{changed}", "dim")]


def rpo_spans(view: RpoView, glyphs: Glyphs) -> list[Span]:
    """`RPO 4:00:00: 2 over, worst 27 h 20 (web02), median 70 min, 3 unknown`."""
    target = times.duration(view.target) if view.target else glyphs.dash
    spans: list[Span] = [(f"RPO {target} ", "title")]
    if view.target is not None and view.inside is not None:
        said = ("INSIDE", "success") if view.inside else (f"{view.over_target} OVER", "failed")
        spans += [said, ("  ", "")]
    if view.worst is None or view.worst.rpo is None:
        spans.append(("not known yet", "dim"))
        return spans
    worst = times.rough(view.worst.rpo)
    name = glyphs.clean(view.worst.key.vm_name)
    spans.append((f"worst {worst} ({name}), median {times.rough(view.median)}", "dim"))
    if view.unknown:
        spans.append((f", {view.unknown} unknown", "dim"))
    return spans


def stuck_spans(motions: list[Motion], glyphs: Glyphs) -> list[Span]:
    """`2 stalled  1 slow`; nothing when everything moves; said when we cannot tell."""
    if any(motion.movement is Movement.CANNOT_TELL for motion in motions):
        return [("stuck? cannot tell", "unknown")]
    spans: list[Span] = []
    for movement, token in ((Movement.STALLED, "failed"), (Movement.SLOW, "warning")):
        count = sum(motion.movement is movement for motion in motions)
        if count:
            gap = " " if spans else ""
            spans.append((f"{gap}{glyphs.pause} {count} {movement.value}", token))
    return spans


def still_spans(view: DrillView, now: datetime, glyphs: Glyphs) -> list[Span]:
    """When everything stands still together: as likely a collection that is due as a stall."""
    since = view.still_since
    if since is None or now - since < _ALL_STILL:
        return []
    return [(f"{glyphs.pause} nothing has changed since {times.utc_time(since)}", "warning")]


def motion_word(motion: Motion) -> tuple[str, str] | None:
    """What a task's status cell says instead of Working, and its token; None while it moves."""
    if motion.quiet_for is None or motion.movement is Movement.MOVING:
        return None
    minutes = int(motion.quiet_for.total_seconds()) // 60
    quiet = f" {minutes}m" if minutes else ""
    if motion.movement is Movement.STALLED:
        return f"Stalled{quiet}", "warning"
    if motion.movement is Movement.SLOW:
        return "Slow", "warning"
    if motion.movement is Movement.QUIET:
        return f"Quiet{quiet}", "dim"
    return None


def motion_sentence(motion: Motion) -> str:
    """For the task's own screen: the movement, for how long, and the basis."""
    if motion.movement is Movement.CANNOT_TELL:
        return "cannot tell: the data is old"
    quiet = times.rough(motion.quiet_for)
    return (
        f"{motion.movement.value}, no change for {quiet};"
        f" ~stalled after {times.rough(motion.threshold)} ({motion.basis})"
    )


def title_text(view_counts: tuple[int, int, int], progress: int | None, plan: str) -> str:
    """The terminal's title: `FAIL 2/14 42% plan`. Counts are failed, done, total."""
    failed, done, total = view_counts
    lead = f"FAIL {failed}/{total}" if failed else f"{done}/{total}"
    return f"{lead} {progress if progress is not None else '-'}% {plan}"
