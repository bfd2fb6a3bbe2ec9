"""What an estimate and a stall rest on, in words."""

from __future__ import annotations

from typing import Final

from tui.analysis.estimate import Basis, Move, Outlook, WhyNone
from tui.analysis.evidence import LEAST_DONE
from tui.analysis.slots import SLOTS, Slots
from tui.analysis.stall import TIMES_USUAL, Motion
from tui.presentation import times

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
