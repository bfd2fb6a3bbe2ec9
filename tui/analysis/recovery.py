"""How the VMs of a session fare, as far as it decides whether a target can be met."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from tui.analysis.assessment import Assessment
from tui.analysis.outage import Outage
from tui.analysis.status import Status
from tui.light import dataclass

_UP = (Status.SUCCESS, Status.WARNING, Status.ALREADY)
_RUNNING = (Status.RUNNING, Status.STARTING, Status.STOPPING)


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


def recovery_of(assessment: Assessment, outage: Outage | None = None, *, over: bool) -> Recovery:
    """Count them. Nobody knows what became of a VM that works on, or cannot be read.

    In an `outage` of several runs those count too that only earlier runs had.
    """
    count = assessment.count
    failed = count(Status.FAILED)
    times = [view.task.ended for view in assessment.failures if view.task and view.task.ended]
    not_up = failed + count(Status.WAITING) if over else assessment.total - count(*_UP)
    total = assessment.total
    if outage is not None:
        total, failed = outage.total, outage.failed
        not_up = len(outage.down) if over else total - outage.up
    return Recovery(
        total,
        not_up,
        failed,
        min(times, default=None),
        assessment.status in (Status.FAILED, Status.RUNNING_WITH_ERRORS),
        assessment.status is Status.STOPPING,
        *(_undecided(assessment) if over else (None, 0)),
    )


def _undecided(assessment: Assessment) -> tuple[Undecided | None, int]:
    count = assessment.count
    for number, why in (
        (count(*_RUNNING), Undecided.STILL_WORKING),
        (count(Status.UNKNOWN), Undecided.WITHOUT_A_RESULT),
        (assessment.unreadable, Undecided.UNREADABLE),
    ):
        if number:
            return why, number
    if assessment.status is Status.UNKNOWN:
        return Undecided.SESSION_WITHOUT_A_RESULT, 0
    return None, 0
