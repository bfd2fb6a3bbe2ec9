"""Are we inside the target, when will it be over, is anything stuck: in one or two lines."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.analysis.assessment import Assessment
from tui.analysis.drill import DrillView
from tui.analysis.estimate import Outlook
from tui.analysis.rpo import RpoView
from tui.analysis.stall import Motion, Movement
from tui.analysis.status import Status
from tui.analysis.targets import RtoView, TargetVerdict
from tui.presentation import times
from tui.presentation.glyphs import Glyphs
from tui.presentation.grounds import (
    basis_text,
    move_text,
    rto_reason,
    slots_text,
    threshold_text,
    why_none_text,
)
from tui.presentation.line import Line, Span, fit_line, length
from tui.presentation.verdict import (
    TARGET_TOKENS,
    HeadVerdict,
    rpo_clauses,
    rpo_figures,
    rto_clauses,
    rto_text,
)

_GAP: Span = ("   ", "")
_ALL_STILL = timedelta(minutes=2)


class TargetLine:
    """RTO verdict, what is stuck, estimate, slots: as many parts as fit, whole.

    `alone` when no evidence follows, which has the estimate in full. For any time; what was
    made for the last one stays where nothing differs.
    """

    def __init__(self, view: DrillView, width: int, glyphs: Glyphs, *, alone: bool = True) -> None:
        self._view = view
        self._width = width
        self._glyphs = glyphs
        self._alone = alone
        self._stuck = stuck_spans(list(view.notable.values()), glyphs)
        # How many VMs fail over at once is the documented limit, not the server's word.
        slots = f"~{slots_text(view.slots)} slots"
        self._slots: list[Span] = [(slots, "warning" if view.slots.is_full else "dim")]
        self._names = [] if view.rto.over else _stalled_names(view, glyphs)
        self._parts: list[list[Span]] = []
        self._line: Line = ()

    def __call__(self, now: datetime) -> Line:
        """The line at that time of the server."""
        view, glyphs = self._view, self._glyphs
        parts = [rto_spans(view.rto, now, glyphs, self._width - 1)]
        if not view.rto.over:
            outlook = estimate_spans(view.outlook, now, glyphs, brief=True) if self._alone else []
            stuck = self._stuck or still_spans(view, now, glyphs)
            parts += [stuck, outlook, self._slots, self._names]
        if parts != self._parts:
            self._parts, self._line = parts, _joined(parts, self._width, glyphs)
        return self._line


def _stalled_names(view: DrillView, glyphs: Glyphs) -> list[Span]:
    names = [
        glyphs.clean(key.vm_name)
        for key, motion in view.notable.items()
        if motion.movement is Movement.STALLED
    ]
    return [(f"{glyphs.pause} {', '.join(names)}", "warning")] if names else []


class EvidenceLine:
    """RPO, and in full what estimate and verdict rest on, as far as there is room.

    For any time; what was made for the last one stays where nothing differs.
    """

    def __init__(self, view: DrillView, width: int, glyphs: Glyphs) -> None:
        self._view = view
        self._width = width
        self._glyphs = glyphs
        self._rpo = [rpo_spans(view.rpo, glyphs, figures=count) for count in (2, 1, 0)]
        self._why = rto_reason(view.rto)
        self._parts: list[list[Span]] | None = None
        self._line: Line = ()

    def __call__(self, now: datetime) -> Line:
        """The line at that time of the server."""
        view, glyphs = self._view, self._glyphs
        full = brief = reason = list[Span]()
        if self._why and self._why not in rto_text(view.rto, now):
            reason = [(f"RTO: {self._why}", "dim")]
        if not view.rto.over:
            full = estimate_spans(view.outlook, now, glyphs, brief=False)
            brief = estimate_spans(view.outlook, now, glyphs, brief=True)
        parts = [full, brief, reason]
        if parts != self._parts:
            self._parts, self._line = parts, self._joined(full, brief, reason)
        return self._line

    def _joined(self, full: list[Span], brief: list[Span], reason: list[Span]) -> Line:
        rpo, worst, short = self._rpo
        # When it will be over is shown at any width; of the rest what there is room for.
        for parts in (
            [rpo, full, reason],
            [rpo, brief, reason],
            [rpo, full],
            [rpo, brief],
            [brief, worst],
        ):
            line = _all_of(parts)
            if length(line) <= self._width:
                return fit_line(line, self._width, self._glyphs)
        return fit_line(_all_of([brief, short]), self._width, self._glyphs)


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


def rto_spans(view: RtoView, now: datetime, glyphs: Glyphs, room: int = 1000) -> list[Span]:
    """`RTO 30 min ON COURSE, 17 min 19 s left`: as many clauses as there is room for.

    What it says and in which words is `rto_clauses`'.
    """
    if view.target is None:
        return [(f"RTO {glyphs.dash} (t sets a target)", "dim")]
    return _clauses(rto_clauses(view, now), TARGET_TOKENS[view.verdict], room)


def _clauses(clauses: list[str], token: str, room: int) -> list[Span]:
    """The target, the verdict in its colour with the first fact, the rest, as there is room."""
    kept = list(clauses)
    while len(kept) > 1 and len(", ".join(kept)) > room:
        kept.pop()
    what, _, said = kept[0].partition(" ")
    verdict = next((each.value.upper() for each in TargetVerdict if _ends(said, each)), "")
    lead = f"{what} {said.removesuffix(verdict)}"
    spans: list[Span] = [(lead, "title"), (", ".join([verdict, *kept[1:2]]), token)]
    if kept[2:]:
        spans.append((f", {', '.join(kept[2:])}", "dim"))
    return spans


def _ends(said: str, verdict: TargetVerdict) -> bool:
    return said.endswith(f" {verdict.value.upper()}")


def estimate_spans(outlook: Outlook, now: datetime, glyphs: Glyphs, *, brief: bool) -> list[Span]:
    """`~done 22:15:10-22:17:40, from 3 earlier runs`; in full also how it moved."""
    estimate = outlook.estimate
    if estimate is None:
        why = why_none_text(outlook)
        none = f"~no estimate: {why}" if why and not brief else ""
        return [(none, "dim")] if none else []
    earliest, latest = max(estimate.earliest, now), max(estimate.latest, now)
    first, last = times.utc_time(earliest)[:5], times.utc_time(latest)[:5]
    span = first if first == last else f"{first}{glyphs.dash}{last}"
    if brief:
        return [(f"~done {span} UTC", "title")]
    changed = f", {move_text(estimate.changed)}" if estimate.changed else ""
    return [(f"~done {span} UTC, estimated {basis_text(estimate.basis)}{changed}", "dim")]


def rpo_spans(view: RpoView, glyphs: Glyphs, *, figures: int = 2) -> list[Span]:
    """`RPO 4 h NOT MET, 2 over of 88 read, 516 to come, worst 1 d 3 h 20 min (web02)`.

    With so many of worst and median; of how many it is the verdict is always said.
    """
    clauses, told = rpo_clauses(view), rpo_figures(view, glyphs)[:figures]
    if view.target is None:
        known = ", ".join([*clauses[1:], *told]) or "not known"
        return [(f"RPO {glyphs.dash} ", "title"), (known, "dim")]
    spans = _clauses(clauses, TARGET_TOKENS[view.verdict], 1000)
    return [*spans, (", " + ", ".join(told), "dim")] if told else spans


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
        f" ~stalled after {times.duration(motion.threshold)} ({threshold_text(motion)})"
    )


def title_text(head: HeadVerdict, assessment: Assessment, plan: str) -> str:
    """The terminal's title: `RTO NOT MET 3 failed 9/14 42% plan`, the worst word first."""
    failed = assessment.count(Status.FAILED)
    done = assessment.count(Status.SUCCESS, Status.WARNING)
    lost = f" {failed} failed" if failed else ""
    percent = assessment.progress if assessment.progress is not None else "-"
    return f"{head.words[0]}{lost} {done}/{assessment.total} {percent}% {plan}"
