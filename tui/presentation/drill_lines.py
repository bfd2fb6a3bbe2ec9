"""Are we inside the target, when will it be over, is anything stuck: in one or two lines."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.drill import DrillView
from tui.analysis.estimate import Outlook
from tui.analysis.rpo import RpoView
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoVerdict, RtoView
from tui.enterprise_manager.resources import FailoverSession
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
    view: DrillView,
    now: datetime,
    width: int,
    glyphs: Glyphs,
    *,
    alone: bool = True,
    session: FailoverSession | None = None,
) -> Line:
    """RTO verdict, what is stuck, estimate, slots: as many parts as fit, whole.

    `alone` when no `evidence_line` follows, which has the estimate in full. `session`
    says whether it is being stopped, and whether its time counts from a declared moment.
    """
    stopping = session is not None and session.state.lower() == "stopping"
    declared = declared_of(view.rto, session)
    parts = [
        rto_spans(view.rto, now, glyphs, stopping=stopping, declared=declared),
        stuck_spans(list(view.motions.values()), glyphs) or still_spans(view, now, glyphs),
        estimate_spans(view.outlook, now, glyphs, brief=True) if alone else [],
        # How many VMs fail over at once is the documented limit, not the server's word.
        [(f"~{view.slots.text} slots", "warning" if view.slots.is_full else "dim")],
    ]
    if view.rto.over:
        parts = parts[:1]
    else:
        parts.append(_stalled_names(view, glyphs))
    return _joined(parts, width, glyphs)


def _stalled_names(view: DrillView, glyphs: Glyphs) -> list[Span]:
    names = [
        glyphs.clean(key.vm_name)
        for key, motion in view.motions.items()
        if motion.movement is Movement.STALLED
    ]
    return [(f"{glyphs.pause} {', '.join(names)}", "warning")] if names else []


def evidence_line(view: DrillView, now: datetime, width: int, glyphs: Glyphs) -> Line:
    """RPO, and in full what estimate and verdict rest on, as far as there is room."""
    rpo = rpo_spans(view.rpo, glyphs)
    reason: list[Span] = [(f"RTO: {view.rto.reason}", "dim")] if view.rto.reason else []
    if view.rto.over:
        return _joined([rpo, reason], width, glyphs)
    full = estimate_spans(view.outlook, now, glyphs, brief=False)
    brief = estimate_spans(view.outlook, now, glyphs, brief=True)
    # When it will be over is shown at any width; of the rest what there is room for.
    for parts in (
        [rpo, full, reason],
        [rpo, brief, reason],
        [rpo, full],
        [rpo, brief],
    ):
        line = _all_of(parts)
        if length(line) <= width:
            return fit_line(line, width, glyphs)
    short = rpo_spans(view.rpo, glyphs, brief=True)
    return fit_line(_all_of([brief, short]), width, glyphs)


def _all_of(parts: list[list[Span]]) -> list[Span]:
    line: list[Span] = [(" ", "")]
    for part in parts:
        if part:
            line += [*([_GAP] if len(line) > 1 else []), *part]
    return line


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


def declared_of(view: RtoView, session: FailoverSession | None) -> datetime | None:
    """The declared moment that the time counts from; None where it is the session's start."""
    if session is None or view.counted_from == session.created:
        return None
    return view.counted_from


def declared_text(declared: datetime | None) -> str:
    """`, from declared 14:00`; nothing where the time counts from the session's start."""
    return f", from declared {times.utc_time(declared)[:5]}" if declared is not None else ""


def rto_spans(
    view: RtoView,
    now: datetime,
    glyphs: Glyphs,
    *,
    stopping: bool = False,
    declared: datetime | None = None,
) -> list[Span]:
    """`RTO 30:00 INSIDE, 17:19 left`, `RTO 10:00 MISSED by 2:10, behind since 14:03`.

    Once over also `NOT MET: 9 of 14 VMs not recovered`: in time is not enough then. Not
    green while it is `stopping`, and not green with failures.
    """
    if view.target is None:
        return [(f"RTO {glyphs.dash} (t sets a target)", "dim")]
    lead: Span = (f"RTO {times.duration(view.target)} ", "title")
    from_declared: Span = (declared_text(declared), "dim")
    style = _VERDICT_TOKENS[view.verdict]
    if view.over and view.not_recovered and view.verdict is not RtoVerdict.MISSED:
        return [lead, (_not_met(view), "failed"), (_took(view), "dim"), from_declared]
    if view.verdict is RtoVerdict.INSIDE and (view.failed or view.not_recovered):
        style = "warning"
    elif view.verdict is RtoVerdict.INSIDE and stopping:
        style = "title"
    spans: list[Span] = [lead, (f"{view.verdict.value.upper()}{_margin(view, now)}", style)]
    since = _since(view)
    if since:
        spans.append((since, "dim"))
    return [*spans, from_declared]


def _since(view: RtoView) -> str:
    if view.since is None or view.verdict not in (RtoVerdict.AT_RISK, RtoVerdict.MISSED):
        return ""
    moment = times.utc_time(view.since)[:5]
    said = f"~since {moment} or earlier" if view.behind_inferred else f"since {moment}"
    return f", behind {said}"


def _not_met(view: RtoView) -> str:
    return f"NOT MET: {_lost(view)}"


def _lost(view: RtoView) -> str:
    of = f" of {view.vms}" if view.vms else ""
    vms = "VM" if (view.vms or view.not_recovered) == 1 else "VMs"
    return f"{view.not_recovered}{of} {vms} not recovered"


def _took(view: RtoView) -> str:
    return f", took {times.duration(view.elapsed)}" if view.elapsed is not None else ""


def _margin(view: RtoView, now: datetime) -> str:
    """What follows the verdict: by how much, how long it took, what is left, who failed."""
    if view.deadline is None:
        return ""
    if view.verdict is RtoVerdict.MISSED:
        return _missed_by(view, now)
    failed = f", {view.failed} failed" if view.failed else ""
    if view.over:
        return f"{_took(view)}{failed}"
    left = view.deadline - now
    if left >= timedelta():
        return f", {times.duration(left)} left"
    return f", {times.duration(-left)} over"


def _missed_by(view: RtoView, now: datetime) -> str:
    """A final overrun of zero is one that the server's end time does not tell."""
    late = view.overrun if view.over else now - view.deadline if view.deadline else None
    by = f" by {times.duration(late)}" if late else ""
    if not view.over:
        return by
    lost = f", {_lost(view)}" if view.not_recovered else ""
    return f"{by}{_took(view)}{lost}"


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


def rpo_spans(view: RpoView, glyphs: Glyphs, *, brief: bool = False) -> list[Span]:
    """`RPO 4:00:00: 2 over, worst 27 h 20 (web02), median 70 min, 3 unknown`.

    Where `brief` without the median; what is unknown is said all the same.
    """
    target = times.duration(view.target) if view.target else glyphs.dash
    spans: list[Span] = [(f"RPO {target} ", "title")]
    if view.target is not None and view.inside is not None:
        said = ("INSIDE", "success") if view.inside else (f"{view.over_target} OVER", "failed")
        spans += [said, ("  ", "")]
    if view.worst is None or view.worst.rpo is None:
        spans.append(("not known yet", "dim"))
        return spans
    worst = times.duration(view.worst.rpo)
    name = glyphs.clean(view.worst.key.vm_name)
    median = "" if brief else f", median {times.duration(view.median)}"
    spans.append((f"worst {worst} ({name}){median}", "dim"))
    if view.unknown:
        spans.append((f", {view.unknown} unknown", "dim"))
    return spans


def stuck_spans(motions: list[Motion], glyphs: Glyphs) -> list[Span]:
    """`~2 stalled  ~1 slow`; nothing when everything moves; said when we cannot tell."""
    spans: list[Span] = []
    if any(motion.movement is Movement.CANNOT_TELL for motion in motions):
        spans.append(("stuck? cannot tell", "unknown"))
    for movement, token in ((Movement.STALLED, "failed"), (Movement.SLOW, "warning")):
        count = sum(motion.movement is movement for motion in motions)
        if count:
            gap = " " if spans else ""
            spans.append((f"{gap}{glyphs.pause} ~{count} {movement.value}", token))
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
        return f"~Stalled{quiet}", "warning"
    if motion.movement is Movement.SLOW:
        return "~Slow", "warning"
    if motion.movement is Movement.QUIET:
        return f"Quiet{quiet}", "dim"
    return None


def motion_sentence(motion: Motion) -> str:
    """For the task's own screen: the movement, for how long, and the basis."""
    if motion.quiet_for is None:
        return "cannot tell: the data is old"
    if motion.movement is Movement.CANNOT_TELL:
        return "cannot tell: the server shows no progress of any VM"
    quiet = times.duration(motion.quiet_for)
    inferred = motion.movement in (Movement.STALLED, Movement.SLOW)
    return (
        f"{'~' if inferred else ''}{motion.movement.value}, no change for {quiet};"
        f" ~stalled after {times.duration(motion.threshold)} ({motion.basis})"
    )


def title_text(view_counts: tuple[int, int, int], progress: int | None, plan: str) -> str:
    """The terminal's title: `FAIL 2/14 42% plan`. Counts are failed, done, total."""
    failed, done, total = view_counts
    lead = f"FAIL {failed}/{total}" if failed else f"{done}/{total}"
    return f"{lead} {progress if progress is not None else '-'}% {plan}"
