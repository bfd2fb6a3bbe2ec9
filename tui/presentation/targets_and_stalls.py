"""Whether the targets hold and whether anything is stuck, as lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tui.analysis.assessment import TaskKey
from tui.analysis.drill import DrillView
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoView, TargetVerdict
from tui.monitor.snapshot import Snapshot
from tui.presentation import times
from tui.presentation.grounds import rto_reason, threshold_text
from tui.presentation.happening import Dated, Happening, dated
from tui.presentation.verdict import rto_text

_STUCK = (Movement.STALLED, Movement.SLOW)

MOST_TOLD: Final = 1_000
"""Things said that are remembered of VMs that do not run any more."""


class TargetsAndStalls:
    """Says each verdict once. Give it every snapshot, in order."""

    def __init__(self) -> None:
        self._verdict: TargetVerdict | None = None
        self._told: set[tuple[TaskKey, Movement]] = set()

    def lines(self, snapshot: Snapshot, server_now: datetime) -> list[Happening]:
        """What is new: another RTO verdict, a VM that is stalled or slow for the first time."""
        view = snapshot.drill
        if view is None:
            return []
        return [*self._of_rto(view.rto, server_now), *self._of_motions(view, server_now)]

    def _of_rto(self, rto: RtoView, now: datetime) -> Iterator[Happening]:
        told, self._verdict = self._verdict, rto.verdict
        if rto.target is None or rto.verdict is told:
            return
        if told is None and (rto.over or rto.verdict is TargetVerdict.UNKNOWN):
            return  # the summary that follows at once says it, or there is nothing to say
        at = _since(rto)
        whose = Dated.SEEN if rto.doomed_inferred else dated(at)
        reason = rto_reason(rto)
        said = f"{rto_text(rto, now)}: {reason}" if reason else rto_text(rto, now)
        yield Happening(at or now, f"rto {rto.verdict.value}", None, said, whose, rto.elapsed)

    def _of_motions(self, view: DrillView, now: datetime) -> Iterator[Happening]:
        for key, motion in view.notable.items():
            movement = motion.movement
            if movement not in _STUCK or (key, movement) in self._told:
                continue
            self._told.add((key, movement))
            said = _stuck(motion)
            still = view.still_since
            if (
                movement is Movement.STALLED
                and still is not None
                and still + motion.threshold <= now
            ):
                said += "; nothing else changes either, so it may be the collection that is late"
            lasted = motion.quiet_for if movement is Movement.STALLED else motion.running_for
            yield Happening(now, f"task {movement.value}", key.vm_name, said, lasted=lasted)
        # A server that names its tasks anew with each poll must not fill the memory.
        if len(self._told) > MOST_TOLD + len(_STUCK) * len(view.motions):
            self._told = {told for told in self._told if told[0] in view.motions}


def _since(rto: RtoView) -> datetime | None:
    """The moment that decided it, where that is known; later readings only see it."""
    if rto.verdict is TargetVerdict.CANNOT_BE_MET:
        return rto.doomed_since
    late = rto.verdict is TargetVerdict.NOT_MET and rto.in_time is not True
    return rto.deadline if late else None


def _stuck(motion: Motion) -> str:
    if motion.movement is Movement.STALLED:
        return f"no change for {times.duration(motion.quiet_for)} ({threshold_text(motion)})"
    return f"runs for {times.duration(motion.running_for)} ({threshold_text(motion)})"
