"""How many VMs fail over at once: a gauge of the slots in use.

Ten is the limit that issue 5 states. The server's answers never name it, so more
than ten running tasks are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tui.monitor.assessment import TaskView
from tui.monitor.status import Status, is_done

SLOTS: Final = 10
"""How many VMs a backup server fails over at the same time."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots in use. `used` may exceed `of`: then the limit is not what we think it is."""

    used: int
    of: int = SLOTS

    @property
    def text(self) -> str:
        """`7 of 10`."""
        return f"{self.used} of {self.of}"

    @property
    def is_full(self) -> bool:
        """Whether a waiting VM has to wait for another one to finish."""
        return self.used >= self.of


def is_running(view: TaskView) -> bool:
    """Whether a task holds a slot: begun, not done, and still listed by the server.

    A state this program does not know counts as running while the task has neither
    an end nor a verdict.
    """
    if view.task is None or view.unlisted:
        return False
    if view.status is Status.UNKNOWN:
        return not is_done(view.task.state, view.task.ended)
    return view.status.is_running


def slots_in_use(views: Iterable[TaskView]) -> Slots:
    """Count the running tasks."""
    return Slots(sum(1 for view in views if is_running(view)))
