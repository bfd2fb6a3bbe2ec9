"""When will it be finished? A range, with the evidence that it rests on, and how it moves.

`tui.analysis.work_left` says how it is made.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from tui.light import dataclass

NOTEWORTHY: Final = timedelta(minutes=1)
"""An end of the range that moves by more is told, and taken over at once."""

NOTEWORTHY_SHARE: Final = 0.1
"""The same as a share of the time left, for long failovers; the larger of the two holds."""

EASING: Final = timedelta(seconds=20)
"""How slowly smaller moves are taken over: half the way in this time."""

NOTE_KEPT: Final = timedelta(minutes=1)
"""How long a move stays noted."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What an estimate rests on: so many earlier runs, or without any so many VMs of this one
    that are `done`; so many `stalled` ones are left out of it."""

    earlier_runs: int = 0
    done: int = 0
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """How an estimate moved: to another kind of `basis`, an end of the range by so much (later
    is positive); None where that did not move."""

    basis: Basis | None = None
    earliest: timedelta | None = None
    latest: timedelta | None = None


class WhyNone(Enum):
    """Why there is no estimate."""

    STOPPING = auto()
    NOT_RUNNING = auto()
    TO_COME_UNKNOWN = auto()
    ONLY_STALLED = auto()
    NOTHING_RUNS = auto()
    TOO_FEW_DONE = auto()


@dataclass(frozen=True, slots=True)
class Estimate:
    """The session finishes between `earliest` and `latest`, as seen at `as_of` (UTC).

    `earliest` is never before `as_of`. `changed` says how it moved, for a minute after it
    did; the told ones are what a person was last told, against which a move is measured.
    All four are filled by `smooth`.
    """

    earliest: datetime
    latest: datetime
    as_of: datetime
    basis: Basis
    changed: Move | None = None
    changed_at: datetime | None = None
    told_earliest: datetime | None = None
    told_latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """An estimate, or why there is none.

    `gap` where only evidence is missing: nothing speaks against an earlier estimate.
    `not_begun` VMs are still to come where nothing runs.
    """

    estimate: Estimate | None
    why_none: WhyNone | None = None
    gap: bool = False
    not_begun: int = 0


def smooth(before: Estimate | None, new: Estimate) -> Estimate:
    """The estimate to show after `before`: small moves eased, large ones told.

    A move is measured against what was last told, so that many small ones cannot add
    up unseen. Another kind of basis is always told.
    """
    if before is None or before.told_earliest is None or before.told_latest is None:
        return replace(new, told_earliest=new.earliest, told_latest=new.latest)
    now = new.as_of
    told = max(before.told_earliest, now), max(before.told_latest, now)
    note = _move(before, new, told)
    if note is not None:
        return replace(
            new,
            changed=note,
            changed_at=now,
            told_earliest=new.earliest,
            told_latest=new.latest,
        )
    passed = max(now - before.as_of, timedelta())
    weight = passed / (passed + EASING)
    kept = before.changed_at is not None and now - before.changed_at < NOTE_KEPT
    return replace(
        new,
        earliest=_eased(max(before.earliest, now), new.earliest, weight),
        latest=_eased(max(before.latest, now), new.latest, weight),
        changed=before.changed if kept else None,
        changed_at=before.changed_at if kept else None,
        told_earliest=told[0],
        told_latest=told[1],
    )


def kept(before: Estimate | None, outlook: Outlook, now: datetime) -> Outlook:
    """The outlook to show after `before`: smoothed, or `before` through a gap of evidence.

    What an answer left out did not become wrong: an estimate that vanishes for one poll
    and jumps back tells nothing. One whose latest end has gone by was wrong.
    """
    if outlook.estimate is not None:
        return replace(outlook, estimate=smooth(before, outlook.estimate))
    if before is None or not outlook.gap or before.latest <= now:
        return outlook
    return Outlook(replace(before, earliest=max(before.earliest, now), as_of=now))


def _eased(before: datetime, new: datetime, weight: float) -> datetime:
    return before + (new - before) * weight


def _move(before: Estimate, new: Estimate, told: tuple[datetime, datetime]) -> Move | None:
    """Another kind of basis, or a range that moved by more than is left unsaid."""
    bound = max(NOTEWORTHY, (new.latest - new.as_of) * NOTEWORTHY_SHARE)
    ends = [new.earliest - told[0], new.latest - told[1]]
    earliest, latest = (moved if abs(moved) > bound else None for moved in ends)
    other = bool(new.basis.earlier_runs) != bool(before.basis.earlier_runs)
    move = Move(new.basis if other else None, earliest, latest)
    return None if move == Move() else move
