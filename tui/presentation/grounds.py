"""What a verdict on the RTO, an estimate and a stall rest on, in words."""

from __future__ import annotations

from typing import Final

from tui.analysis.estimate import LEAST_DONE, Basis, Move, Outlook, WhyNone
from tui.analysis.rto import RISKY_SHARE
from tui.analysis.running import SLOTS, Slots
from tui.analysis.stall import TIMES_USUAL, Motion
from tui.analysis.targets import Recovery, RtoGround, RtoView, Undecided
from tui.presentation import times

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


_WHY_NONE: Final = {
    WhyNone.STOPPING: "the session is being stopped",
    WhyNone.NOT_RUNNING: "the session is not running",
    WhyNone.TO_COME_UNKNOWN: "neither the plan nor an earlier run tells which VMs are to come",
    WhyNone.ONLY_STALLED: "only stalled VMs are left",
    WhyNone.TOO_FEW_DONE: f"fewer than {LEAST_DONE} VMs have finished, and no earlier run to go by",
}


def basis_text(basis: Basis) -> str:
    """What follows "estimated": `from 3 earlier runs, without 1 stalled`."""
    if basis.earlier_runs:
        said = f"from {basis.earlier_runs} earlier run{'' if basis.earlier_runs == 1 else 's'}"
    else:
        said = f"from {basis.done} VMs finished so far, {SLOTS} at once"
    return said + (f", without {basis.stalled} stalled" if basis.stalled else "")


def move_text(move: Move) -> str:
    """`now from 3 earlier runs, latest 5 min later`."""
    words = [f"now {basis_text(move.basis)}"] if move.basis is not None else []
    for end, moved in (("earliest", move.earliest), ("latest", move.latest)):
        if moved is not None:
            later = moved == abs(moved)
            words.append(f"{end} {times.duration(abs(moved))} {'later' if later else 'earlier'}")
    return ", ".join(words)


def why_none_text(outlook: Outlook) -> str:
    """Why there is no estimate; empty where there is one."""
    if outlook.why_none is WhyNone.NOTHING_RUNS:
        count = "1 VM has" if outlook.not_begun == 1 else f"{outlook.not_begun} VMs have"
        return f"nothing runs, and {count} not begun"
    return _WHY_NONE[outlook.why_none] if outlook.why_none is not None else ""


def threshold_text(motion: Motion) -> str:
    """Where the time comes from that a task may stand still: `twice its usual 2 min`."""
    allowed = times.duration(motion.threshold)
    if motion.usual is None:
        return f"no earlier run to compare with, so {allowed}"
    if motion.usual < motion.threshold / TIMES_USUAL:
        return f"at least {allowed}"
    return f"twice its usual {times.duration(motion.usual)}"


def slots_text(slots: Slots) -> str:
    """`7 of 10`."""
    return f"{slots.used} of {slots.of}"
