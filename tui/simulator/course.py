"""A failover as a function of time: what each task and the whole session say at a moment."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import field
from functools import cached_property

from tui.light import dataclass
from tui.simulator.entities import Plan, ReplicaPoint, Result, SessionStanding, State

SETTLING = 3.0
"""Seconds between the end of the last task and the end of the session."""

PREPARING = 3.0
"""Seconds a session spends in Starting."""

Phase = tuple[State, int]
"""State and progress in per cent: all that changes in a task."""


@dataclass(frozen=True, slots=True)
class TaskScript:
    """The course of one VM. Times in seconds since the scenario's begin.

    `work` is how long 0 to 100 per cent would take, `reaches` the progress at which it
    ends, `end` is infinite for a VM that stops moving there, and `stopping` is when
    somebody stopped it. `ripple` (below 0.05) makes the pace uneven.
    """

    vm: str
    point: ReplicaPoint
    start: float
    work: float
    starting: float = 4.0
    reaches: int = 100
    end: float = math.inf
    stopping: float = math.inf
    result: Result = Result.SUCCESS
    message: str | None = None
    ripple: float = 0.0

    def phase(self, moment: float) -> Phase | None:
        """State and progress at `moment`; None before the task exists."""
        if moment >= self.end:
            return State.STOPPED, self.reaches
        if moment < self.start:
            return None
        if moment >= self.stopping:
            return State.STOPPING, self.reaches
        worked = moment - self.start - self.starting
        if worked < 0:
            return State.STARTING, 0
        return State.WORKING, min(self.reaches, 99, self._progress(worked / self.work))

    def _progress(self, done: float) -> int:
        if done >= 1:
            return 100
        if self.ripple:
            done += self.ripple * math.sin(done * 6 * math.pi)
        return int(done * 100 + 1e-9)

    def stopped_at(self, moment: float, halt: float, message: str) -> TaskScript:
        """This course cut short: stopping at `moment`, stopped `halt` seconds later."""
        phase = self.phase(moment)
        return TaskScript(
            vm=self.vm,
            point=self.point,
            start=self.start,
            work=self.work,
            starting=self.starting,
            reaches=phase[1] if phase else 0,
            end=moment + halt,
            stopping=moment,
            result=Result.FAILED,
            message=message,
            ripple=self.ripple,
        )


def finishing(
    script: TaskScript, result: Result, message: str | None, reaches: int = 100
) -> TaskScript:
    """`script` with its end worked out: it fails at `reaches` per cent or ends at 100."""
    end = script.start + script.starting + script.work * reaches / 100
    return TaskScript(
        vm=script.vm,
        point=script.point,
        start=script.start,
        work=script.work,
        starting=script.starting,
        reaches=reaches,
        end=end,
        result=result,
        message=message,
        ripple=script.ripple,
    )


@dataclass(frozen=True)
class Run:
    """One failover session. Its tasks are worked out when somebody first asks.

    `expected` is the number of VMs that progress is counted over (the plan's, less those
    that are skipped). `lists_tasks` False: the server no longer gives its tasks.
    """

    uid: str
    plan: Plan
    start: float
    script: Callable[[], tuple[TaskScript, ...]] = field(repr=False)
    expected: int
    stopping: float = math.inf
    lists_tasks: bool = True
    stop_message: str | None = None
    settled: SessionStanding | None = None

    @cached_property
    def tasks(self) -> tuple[TaskScript, ...]:
        """All tasks it will ever have, in the order in which they begin."""
        return self.script()

    @cached_property
    def end(self) -> float:
        """When it ends; infinite when a VM stalls."""
        if self.settled and self.settled.ended is not None:
            return self.settled.ended
        return max((task.end for task in self.tasks), default=self.start) + SETTLING

    def standing(self, moment: float) -> SessionStanding:
        """How the session stands at `moment` (not before its start)."""
        if self.settled:
            return self.settled
        if moment >= self.end:
            return self._final
        state = State.WORKING
        if moment >= self.stopping:
            state = State.STOPPING
        elif moment < self.start + PREPARING:
            state = State.STARTING
        return SessionStanding(state, Result.NONE, self._progress(moment), None, None)

    def _progress(self, moment: float) -> int:
        total = 0
        for task in self.tasks:
            phase = task.phase(moment)
            if phase:
                total += 100 if phase[0] is State.STOPPED else phase[1]
        return min(99, total // max(1, self.expected))

    @cached_property
    def _final(self) -> SessionStanding:
        failed = [task.vm for task in self.tasks if task.result is Result.FAILED]
        warned = any(task.result is Result.WARNING for task in self.tasks)
        result = Result.FAILED if failed else Result.WARNING if warned else Result.SUCCESS
        message = self.stop_message
        if failed and not message:
            message = (
                f"Failover plan has been completed with errors: {len(failed)} of "
                f"{self.expected} virtual machines failed to fail over"
            )
        return SessionStanding(State.STOPPED, result, 100, self.end, message)
