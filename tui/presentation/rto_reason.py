"""Why the RTO's verdict is what it is, in words."""

from __future__ import annotations

from typing import Final

from tui.analysis.rto import RISKY_SHARE
from tui.analysis.targets import Recovery, RtoGround, RtoView, Undecided

SESSION_FAILED: Final = "the session failed"
SESSION_HAS_FAILED: Final = "the session has failed"

_WORDS: Final = {
    RtoGround.START_UNKNOWN: "the session's start is not known",
    RtoGround.STILL_READING: "the plan and earlier runs are still being read",
    RtoGround.RAN_PAST_TARGET: "it still ran after the target",
    RtoGround.SESSION_HAS_FAILED: SESSION_HAS_FAILED,
    RtoGround.PASSED_UNSEEN: "the target passed since the data was read",
    RtoGround.EARLIEST_TOO_LATE: "even the earliest estimated finish is after the target",
    RtoGround.LATEST_TOO_LATE: "the latest estimated finish is after the target",
    RtoGround.FINISH_IN_TIME: "the estimated finish is before the target",
    RtoGround.LITTLE_LEFT: f"more than {RISKY_SHARE:.0%} of the target has gone by",
    RtoGround.NO_ESTIMATE: "no estimate yet",
    RtoGround.SESSION_FAILED: SESSION_FAILED,
    RtoGround.END_BEFORE_START: "the session's end is before its start",
    RtoGround.END_TIME: "by the session's end time",
    RtoGround.SEEN_OVER_IN_TIME: "it was over before the target, without an end time",
    RtoGround.NO_END_TIME: "the server gave no end time",
}

_UNDECIDED: Final = {
    Undecided.STILL_WORKING: "still shown as working",
    Undecided.WITHOUT_A_RESULT: "without a result",
    Undecided.UNREADABLE: "that cannot be read",
}


def rto_reason(view: RtoView) -> str:
    """`2 VMs stalled`: what the verdict rests on; empty where there is none."""
    vms = view.recovery
    match view.ground:
        case None:
            return ""
        case RtoGround.VMS_FAILED:
            them = "it is" if vms.failed == 1 else "they are"
            return f"{_vms(vms.failed)} failed, unless {them} tried again"
        case RtoGround.BEING_STOPPED:
            verb = "is" if vms.not_up == 1 else "are"
            return f"it is being stopped, and {vms.not_up} of {vms.total} VMs {verb} not up"
        case RtoGround.VMS_STALLED:
            return f"{_vms(view.stalled)} stalled"
        case RtoGround.VMS_LOST:
            return lost_text(vms)
        case RtoGround.UNDECIDED:
            return _undecided_text(vms)
        case ground:
            return _WORDS[ground]


def lost_text(vms: Recovery) -> str:
    """`3 of 14 VMs not recovered`."""
    of = f" of {vms.total}" if vms.total else ""
    plural = "" if (vms.total or vms.not_up) == 1 else "s"
    return f"{vms.not_up}{of} VM{plural} not recovered"


def _undecided_text(vms: Recovery) -> str:
    if vms.undecided is None or vms.undecided is Undecided.SESSION_WITHOUT_A_RESULT:
        return "the session has no result"
    return f"{_vms(vms.undecided_vms)} {_UNDECIDED[vms.undecided]}"


def _vms(count: int) -> str:
    return f"{count} VM{'' if count == 1 else 's'}"
