"""What became of the targets, and how it stands with the session: each said in one way.

The head line, the picker, the scrollback, `watch`, the title and the report take their
words from here; where there is less room, they leave out clauses at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from tui.analysis.assessment import Assessment
from tui.analysis.drill import DrillView
from tui.analysis.rpo import RpoView
from tui.analysis.stall import Movement
from tui.analysis.status import Status
from tui.analysis.targets import RtoView, TargetVerdict
from tui.light import dataclass
from tui.presentation import times
from tui.presentation.glyphs import ASCII, TOKENS, Glyphs, word
from tui.presentation.grounds import SESSION_FAILED, SESSION_HAS_FAILED, lost_text, rto_reason
from tui.presentation.line import Span, length
from tui.presentation.text import cells

TARGET_TOKENS: Final = {
    TargetVerdict.NO_TARGET: "dim",
    TargetVerdict.UNKNOWN: "unknown",
    TargetVerdict.OPEN: "title",
    TargetVerdict.ON_COURSE: "success",
    TargetVerdict.AT_RISK: "warning",
    TargetVerdict.CANNOT_BE_MET: "failed",
    TargetVerdict.NOT_MET: "failed",
    TargetVerdict.MET: "success",
}
"""The style token of each verdict."""

_GRAVITY: Final = {"failed": 3, "warning": 2, "unknown": 1}


def rto_text(view: RtoView, now: datetime) -> str:
    """`RTO 5 min CANNOT BE MET, 3 of 14 failed, since 12:08:01, 1 min 27 s left`."""
    return ", ".join(rto_clauses(view, now))


def rto_clauses(view: RtoView, now: datetime) -> list[str]:
    """The same in clauses, the most important first. `now` is the server's time."""
    if view.target is None:
        return ["RTO without a target"]
    clauses = [f"RTO {times.duration(view.target)} {view.verdict.value.upper()}"]
    clauses += [clause for clause in _rto_facts(view, now) if clause]
    if view.declared is not None:
        clauses.append(f"from declared {times.utc_clock(view.declared, now)}")
    elif view.outage_began is not None:
        clauses.append(f"from ~the first run {times.utc_clock(view.outage_began, now)}")
    return clauses


def _rto_facts(view: RtoView, now: datetime) -> Iterator[str]:
    took = f"took {times.duration(view.elapsed)}" if view.elapsed is not None else ""
    match view.verdict:
        case TargetVerdict.MET:
            yield took
        case TargetVerdict.NOT_MET:
            yield _over_by(view, now)
            yield _who(view)
            yield took if view.over else ""
            yield _behind(view, now)
        case TargetVerdict.CANNOT_BE_MET:
            yield _who(view)
            yield _since(view.doomed_since, now, inferred=view.doomed_inferred)
            yield _margin(view, now)
        case TargetVerdict.UNKNOWN if view.over or view.deadline is None:
            yield rto_reason(view)
            yield took if view.over else ""
        case _:
            yield _margin(view, now)
            yield _behind(view, now)


def _who(view: RtoView) -> str:
    """Whom it is about: who failed, who is not up."""
    vms = view.recovery
    if view.over:
        return lost_text(vms) if vms.not_up else SESSION_FAILED if vms.session_failed else ""
    if vms.failed:
        return f"{vms.failed} of {vms.total} failed"
    if vms.stopping and vms.not_up:
        return f"it is being stopped with {vms.not_up} of {vms.total} not up"
    return SESSION_HAS_FAILED if vms.session_failed else ""


def _left(view: RtoView, now: datetime) -> timedelta | None:
    """Of the whole seconds that are shown, so that it and the time gone by add up."""
    return None if view.deadline is None else view.deadline - now.replace(microsecond=0)


def _margin(view: RtoView, now: datetime) -> str:
    left = _left(view, now)
    if left is None:
        return ""
    late = left < timedelta()
    return f"{times.duration(abs(left))} {'over' if late else 'left'}"


def _over_by(view: RtoView, now: datetime) -> str:
    """A final overrun of zero is one that the server's end time does not tell."""
    left = _left(view, now)
    late = view.overrun if view.over else -left if left is not None else None
    return f"{times.duration(late)} over" if late else ""


def _behind(view: RtoView, now: datetime) -> str:
    """Since when it was in doubt, where that was before the target passed."""
    behind = view.verdict in (TargetVerdict.AT_RISK, TargetVerdict.NOT_MET)
    if not behind or view.in_time or view.since is None or view.since == view.deadline:
        return ""
    return f"behind {_since(view.since, now, inferred=view.behind_inferred)}"


def _since(moment: datetime | None, now: datetime, *, inferred: bool) -> str:
    if moment is None:
        return ""
    said = f"since {times.utc_clock(moment, now)}"
    return f"~{said} or earlier" if inferred else said


def rpo_text(view: RpoView) -> str:
    """`RPO 4 h NOT MET, 2 over of 88 read, 516 to come, worst 1 d 3 h 20 min (web02), …`."""
    return ", ".join((*rpo_clauses(view), *rpo_figures(view, ASCII)))


def rpo_clauses(view: RpoView) -> list[str]:
    """The verdict and of how many VMs it is one: what must not be left out."""
    if view.target is None:
        clauses = ["RPO without a target"]
    else:
        clauses = [f"RPO {times.duration(view.target)} {view.verdict.value.upper()}"]
    to_come = view.to_come + view.to_begin
    lost = view.never_known
    if view.target is not None and view.read and (to_come or lost or view.over_target):
        read = f"{view.read} read" if to_come or lost else str(view.read)
        clauses.append(f"{view.over_target} over of {read}")
    elif to_come or lost:
        clauses.append(f"{view.read} read" if view.read else "no replica point read")
    if to_come:
        clauses.append(f"{to_come} to come")
    clauses += [f"{count} {standing.value}" for standing, count in lost.items()]
    return clauses


def rpo_figures(view: RpoView, glyphs: Glyphs) -> list[str]:
    """The worst and the median of those that are known; empty where none is."""
    if view.worst is None or view.worst.rpo is None:
        return []
    name = glyphs.clean(view.worst.key.vm_name).strip() or glyphs.dash
    return [
        f"worst {times.duration(view.worst.rpo)} ({name})",
        f"median {times.duration(view.median, glyphs.dash)}",
    ]


@dataclass(frozen=True)
class HeadVerdict:
    """How it stands: the words, the worst truth first, with its symbol and style token.

    The first `gravest` words are equally grave.
    """

    symbol: str
    token: str
    words: tuple[str, ...]
    gravest: int = 1

    @property
    def text(self) -> str:
        """`RTO CANNOT BE MET, RUNNING WITH ERRORS`."""
        return ", ".join(self.words)

    def spans(self, room: int) -> list[Span]:
        """With its symbol, as many words as there is room for, at least the first."""
        kept = list(self.words)
        while len(kept) > 1 and length([self._span(kept)]) > room:
            kept.pop()
        return [self._span(kept)]

    def brief(self, room: int) -> str:
        """For a narrow column: as many words as fit, else one of the gravest that does.

        In a list of sessions nothing but the RTO is said of, so its name may go.
        """
        for count in range(len(self.words), 0, -1):
            text = ", ".join(self.words[:count])
            if cells(text) <= room:
                return text
        gravest = self.words[: self.gravest]
        short = [text.removeprefix("RTO ") for text in gravest]
        return next((text for text in (*gravest, *short) if cells(text) <= room), short[0])

    def _span(self, words: list[str]) -> Span:
        return f"{self.symbol} {', '.join(words)}", self.token


def head_verdict(
    assessment: Assessment, drill: DrillView | None, glyphs: Glyphs, *, stale: bool = False
) -> HeadVerdict:
    """Status, targets, what is stuck and how old that is, joined.

    `stale` where the data is old: then it is what was last seen, but for a target that
    has passed meanwhile.
    """
    said = word(assessment.status, assessment.server_word)
    if stale and not assessment.status.is_finished:
        said = f"Last seen {said}"
    if drill is None:
        return _joined(assessment.status, [(said.upper(), TOKENS[assessment.status])], glyphs)
    stalled = sum(m.movement is Movement.STALLED for m in drill.notable.values())
    met = drill.rto.verdict is TargetVerdict.MET
    rto = _target_part("RTO", drill.rto.verdict)
    parts = [
        *([] if met else rto),
        *([(f"~{stalled} stalled", "warning")] if stalled else []),
        (said, TOKENS[assessment.status]),
        *(rto if met else []),
        *_target_part("RPO", drill.rpo.verdict),
    ]
    parts = [(text.upper(), token) for text, token in parts]
    return _joined(assessment.status, parts, glyphs)


def listed_verdict(assessment: Assessment, rto: RtoView, glyphs: Glyphs) -> HeadVerdict:
    """The same for a row of a list, in small letters: many in capitals say nothing."""
    parts = [(word(assessment.status, assessment.server_word), TOKENS[assessment.status])]
    if rto.verdict is not TargetVerdict.MET:
        parts = [*_target_part("RTO", rto.verdict), *parts]
    return _joined(assessment.status, parts, glyphs)


def _joined(status: Status, parts: list[Span], glyphs: Glyphs) -> HeadVerdict:
    parts = sorted(parts, key=lambda part: -_GRAVITY.get(part[1], 0))
    token = parts[0][1] if parts[0][1] in _GRAVITY else TOKENS[status]
    words = tuple(glyphs.clean(text) for text, _ in parts)
    gravest = sum(each == parts[0][1] for _, each in parts)
    return HeadVerdict(_symbol(token, status, glyphs), token, words, gravest)


_SAID_IN_HEAD: Final = (
    TargetVerdict.AT_RISK,
    TargetVerdict.CANNOT_BE_MET,
    TargetVerdict.NOT_MET,
    TargetVerdict.MET,
)


def _target_part(name: str, verdict: TargetVerdict) -> list[Span]:
    """While nothing is decided, the target's own line says so; an RPO met is no news."""
    if verdict not in _SAID_IN_HEAD or (name == "RPO" and verdict is TargetVerdict.MET):
        return []
    return [(f"{name} {verdict.value}", TARGET_TOKENS[verdict])]


def _symbol(token: str, status: Status, glyphs: Glyphs) -> str:
    if token == TOKENS[status]:
        return glyphs.symbols[status]
    return glyphs.symbols[{"failed": Status.FAILED, "warning": Status.WARNING}.get(token, status)]
