"""How the VMs of a session fare, as far as it decides whether a target can be met."""

from __future__ import annotations

from datetime import datetime

from tui.analysis.assessment import Assessment
from tui.analysis.outage import Outage
from tui.analysis.status import Status
from tui.light import dataclass

_UP = (Status.SUCCESS, Status.WARNING, Status.ALREADY)
_RUNNING = (Status.RUNNING, Status.STARTING, Status.STOPPING)


@dataclass(frozen=True, slots=True)
class Recovery:
    """`total` VMs belong to the session, `not_up` of them are not up.

    Once it is over, `not_up` are those of which that is known. `failed` have failed and are
    not being tried again, the first of them at `failed_since` (None: the server gave no
    time). `undecided` says in words why it is not known what became of some of them.
    """

    total: int = 0
    not_up: int = 0
    failed: int = 0
    failed_since: datetime | None = None
    session_failed: bool = False
    stopping: bool = False
    undecided: str | None = None

    @property
    def lost_text(self) -> str:
        """`3 of 14 VMs not recovered`."""
        of = f" of {self.total}" if self.total else ""
        plural = "" if (self.total or self.not_up) == 1 else "s"
        return f"{self.not_up}{of} VM{plural} not recovered"


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
        _undecided(assessment) if over else None,
    )


def _undecided(assessment: Assessment) -> str | None:
    count = assessment.count
    for number, what in (
        (count(*_RUNNING), "still shown as working"),
        (count(Status.UNKNOWN), "without a result"),
        (assessment.unreadable, "that cannot be read"),
    ):
        if number:
            return f"{number} VM{'' if number == 1 else 's'} {what}"
    if assessment.status is Status.UNKNOWN:
        return "the session has no result"
    return None
