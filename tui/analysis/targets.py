"""Targets: what was promised, what a verdict on it says, and what it rests on.

Every moment is an aware UTC datetime. What is not known stays None.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from tui.light import dataclass


class TargetVerdict(Enum):
    """Whether a target is met; the value is the word for it.

    Only what is over, complete and known is met. While it runs it is on course, by an
    estimate; open, before there is one; or cannot be met any more.
    """

    NO_TARGET = "no target"
    UNKNOWN = "cannot tell"
    OPEN = "open"
    ON_COURSE = "on course"
    AT_RISK = "at risk"
    CANNOT_BE_MET = "cannot be met"
    NOT_MET = "not met"
    MET = "met"

    @property
    def is_behind(self) -> bool:
        """Whether it is missed, or in doubt for a reason."""
        return self in (
            TargetVerdict.AT_RISK,
            TargetVerdict.CANNOT_BE_MET,
            TargetVerdict.NOT_MET,
        )


class RtoGround(Enum):
    """What the verdict rests on; how many VMs it is about, the view says.

    Before there is a start or a target, while it runs, and after the end.
    """

    START_UNKNOWN = auto()
    STILL_READING = auto()

    RAN_PAST_TARGET = auto()
    VMS_FAILED = auto()
    BEING_STOPPED = auto()
    SESSION_HAS_FAILED = auto()
    PASSED_UNSEEN = auto()
    EARLIEST_TOO_LATE = auto()
    LATEST_TOO_LATE = auto()
    VMS_STALLED = auto()
    FINISH_IN_TIME = auto()
    LITTLE_LEFT = auto()
    NO_ESTIMATE = auto()

    VMS_LOST = auto()
    SESSION_FAILED = auto()
    UNDECIDED = auto()
    END_BEFORE_START = auto()
    END_TIME = auto()
    SEEN_OVER_IN_TIME = auto()
    NO_END_TIME = auto()


class Undecided(Enum):
    """Why it is not known what became of a VM, or of all of them."""

    STILL_WORKING = auto()
    WITHOUT_A_RESULT = auto()
    UNREADABLE = auto()
    SESSION_WITHOUT_A_RESULT = auto()


@dataclass(frozen=True, slots=True)
class Recovery:
    """`total` VMs belong to the session, `not_up` of them are not up.

    Once it is over, `not_up` are those of which that is known. `failed` have failed and are
    not being tried again, the first of them at `failed_since` (None: the server gave no
    time). `undecided` is why it is not known what became of some of them, `undecided_vms`
    of how many; of all where it is the session that has no result.
    """

    total: int = 0
    not_up: int = 0
    failed: int = 0
    failed_since: datetime | None = None
    session_failed: bool = False
    stopping: bool = False
    undecided: Undecided | None = None
    undecided_vms: int = 0


NOTHING_KNOWN = Recovery()


@dataclass(frozen=True, slots=True)
class RtoView:
    """The RTO at one moment.

    `elapsed` runs from `counted_from` to the end, or to now; all in whole seconds, as the
    moments are shown. `left` and `overrun` are never negative, and one of them is zero;
    after the end they are the margin, and `in_time` says whether the end came before the
    deadline. `ground` is what the verdict rests on (None: there is no target), `stalled`
    how many VMs were when it was given. `declared` is the declared moment, `outage_began`
    the start of an earlier run, where it counts from that one.

    `since` is when it first fell behind, known once `follow_rto` has seen it;
    `behind_inferred` where nobody watched at that moment, so that it may have been behind
    before. `doomed_since` is when it became impossible to meet it, `doomed_inferred` where
    the server gave no time for that.
    """

    verdict: TargetVerdict
    target: timedelta | None = None
    counted_from: datetime | None = None
    deadline: datetime | None = None
    elapsed: timedelta | None = None
    left: timedelta | None = None
    overrun: timedelta | None = None
    over: bool = False
    in_time: bool | None = None
    ground: RtoGround | None = None
    stalled: int = 0
    recovery: Recovery = NOTHING_KNOWN
    declared: datetime | None = None
    outage_began: datetime | None = None
    since: datetime | None = None
    behind_inferred: bool = False
    doomed_since: datetime | None = None
    doomed_inferred: bool = False


@dataclass(frozen=True, slots=True)
class RtoTrack:
    """What earlier readings said about one deadline; fold it with `rto.follow_rto`.

    `behind_since` is the first moment at which it was behind, and stays even if it later
    is met; `behind_inferred` if that was not seen happening. `doomed_since` lasts as long
    as it cannot be met: a VM that is tried again may still make it. `good_at` is when it
    was last not behind. `in_time` is what the end decided about the time.
    """

    deadline: datetime | None = None
    behind_since: datetime | None = None
    behind_inferred: bool = False
    doomed_since: datetime | None = None
    doomed_inferred: bool = False
    good_at: datetime | None = None
    late: bool = False
    in_time: bool | None = None


NOTHING_SEEN: Final = RtoTrack()
