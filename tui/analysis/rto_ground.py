"""What a verdict on the RTO rests on."""

from __future__ import annotations

from enum import Enum, auto


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
