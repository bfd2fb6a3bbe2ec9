"""A session in a person's terms: its VMs, each in its newest attempt, and what they come to.

The server gives tasks no id, and a task does not say that it is a retry: that is inferred
from its VM's name and from time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from tui.analysis.identity import folded
from tui.analysis.status import (
    Contradiction,
    Status,
    Verdict,
    is_done,
    status_of,
)
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverPlan, TaskSession
from tui.light import dataclass


class TaskKey(NamedTuple):
    """Names a task from poll to poll: the server gives tasks no id of their own.

    `ordinal` tells apart tasks of one VM and one replica point (a retry); it is
    negative for a VM of the plan that has no task yet.
    """

    vm_name: str
    point_id: str | None
    ordinal: int


@dataclass(frozen=True)
class TaskView:
    """One row: a task session, or a VM of the plan that has none yet (`task` None).

    `position` is its place in the server's list, `tries` how many tasks the VM had in this
    session up to this one, as far as told.
    """

    key: TaskKey
    task: TaskSession | None
    status: Status
    server_word: str | None = None
    position: int = 0
    unlisted: bool = False
    tries: int = 1

    @property
    def vm_name(self) -> str:
        """The VM's name as the server gives it."""
        return self.key.vm_name

    @cached_property
    def is_running(self) -> bool:
        """Whether it holds a slot: begun, not done, and still listed by the server.

        A state this program does not know counts as running while the task has neither
        an end nor a verdict.
        """
        if self.task is None or self.unlisted:
            return False
        if self.status is Status.UNKNOWN:
            return not is_done(self.task.state, self.task.ended)
        return self.status.is_running

    @property
    def is_to_begin(self) -> bool:
        """Whether it is a VM of the plan that is still to get its task."""
        return self.task is None and self.status is Status.WAITING and self.server_word is None

    @property
    def progress(self) -> int | None:
        """Percent 0..100; 100 for a success, whatever the server left in the field."""
        if self.status is Status.SUCCESS:
            return 100
        return self.task.progress if self.task else None

    @property
    def message(self) -> str | None:
        """The task's own failure message."""
        return self.task.failure_message if self.task else None

    def elapsed(self, server_now: datetime | None) -> timedelta | None:
        """End minus start, for a running task now minus start; None when unknown."""
        if self.task is None:
            return None
        if self.unlisted or is_done(self.task.state, self.task.ended):
            return lasted(self.task.created, self.task.ended)
        return span(self.task.created, server_now)


@dataclass(frozen=True, slots=True)
class AssessedFrom:
    """What an assessment was made of, where a reading that differs in some tasks can be judged
    by these: each task has a name of its own and all are listed, in the order of the views.

    `listed` are the session's tasks, `percents` the sum of their progress, a finished one
    counting as 100, that of waiting VMs included; `with_plan` whether those of the plan count.
    `names` are the folded ones of the tasks, once they were asked for.
    """

    listed: tuple[TaskSession, ...]
    plan: FailoverPlan | None
    failed_over: frozenset[str]
    over: bool
    with_plan: bool
    percents: int
    names: frozenset[str] | None = None


@dataclass(frozen=True)
class Assessment:
    """The session in a person's terms. `tasks` in the order the server lists them, each VM once.

    `retried` are failed attempts that another task of the same VM followed: they count
    nowhere. `unreadable` is how many VMs the server's answers hold besides that could not
    be read, and `unlike` how many tasks it listed more than once and not alike.
    `contradictions` say where the server's verdict and its tasks do not agree. `dropped`
    once tasks that the server stopped listing were so many that the oldest were let go.
    """

    status: Status
    server_word: str | None
    tasks: tuple[TaskView, ...]
    counts: Mapping[Status, int] = field(default_factory=dict)
    progress: int | None = None
    progress_inferred: bool = False
    contradictions: tuple[Contradiction, ...] = ()
    unreadable: int = 0
    retried: tuple[TaskView, ...] = ()
    unlike: int = 0
    dropped: bool = False
    basis: AssessedFrom | None = field(default=None, compare=False, repr=False)

    @property
    def total(self) -> int:
        """How many VM replicas are known to belong to the session, unreadable ones included."""
        return len(self.tasks) + self.unreadable

    @cached_property
    def attempts(self) -> tuple[TaskView, ...]:
        """All tasks in the server's order, those that were followed by another included."""
        if not self.retried:
            return self.tasks
        return tuple(sorted((*self.tasks, *self.retried), key=lambda view: view.position))

    def count(self, *statuses: Status) -> int:
        """How many tasks have one of these statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)

    @cached_property
    def failures(self) -> tuple[TaskView, ...]:
        """The failed tasks, in the order in which they failed as far as that is known."""
        failed = [view for view in self.tasks if view.status is Status.FAILED]
        return tuple(sorted(failed, key=_when_it_ended))

    @cached_property
    def to_begin(self) -> tuple[TaskView, ...]:
        """The VMs of the plan that are still to get their tasks."""
        return tuple(view for view in self.tasks if view.is_to_begin)


def _when_it_ended(view: TaskView) -> tuple[bool, float]:
    ended = view.task.ended if view.task else None
    return (ended is None, ended.timestamp() if ended else 0.0)


def whole_second(moment: datetime) -> datetime:
    """The moment as it is shown, its fraction of a second cut.

    Durations are differences of such moments, so that what stands beside two printed
    moments is what a person gets who subtracts them.
    """
    return moment.replace(microsecond=0) if moment.microsecond else moment


def span(start: datetime | None, end: datetime | None) -> timedelta | None:
    """End minus start in whole seconds, never negative; None when either is unknown."""
    if start is None or end is None:
        return None
    return max(whole_second(end) - whole_second(start), timedelta())


def lasted(start: datetime | None, ended: datetime | None) -> timedelta | None:
    """How long something took, in whole seconds; None when unknown.

    Unknown too where the end lies before the start.
    """
    return None if start is None or ended is None or ended < start else span(start, ended)


def percent_of(view: TaskView) -> int:
    """What a view adds to the progress of the whole."""
    return 100 if view.status.is_finished else view.progress or 0


def name_of(task: TaskSession) -> tuple[str, str | None]:
    """What a task's key is made of."""
    return task.vm_name, task.replica_point.id if task.replica_point else None


def view_of(key: TaskKey, task: TaskSession, position: int, *, unlisted: bool = False) -> TaskView:
    """A task as a row."""
    verdict = status_of(task.state, task.result, task.ended)
    if unlisted and not verdict.status.is_finished:
        verdict = Verdict(Status.UNKNOWN, task.state or None)
    return TaskView(key, task, verdict.status, verdict.server_word, position, unlisted)


def newest_attempts(
    views: Sequence[TaskView], plan: FailoverPlan | None
) -> tuple[list[TaskView], list[TaskView]]:
    """The views that stand for a VM, and those of failed attempts that were followed by another.

    A task follows up on a failed one of the same name that had ended when it began. Where
    the plan has several VMs of the name, only tasks beyond their number are retries.
    """
    names = [view.vm_name for view in views]
    if len(set(names)) == len(names) and len(set(map(folded, names))) == len(names):
        return [_tried(view, 1) for view in views], []
    of_plan = Counter(folded(vm.name) for vm in plan.vms) if plan else Counter()
    by_name: defaultdict[str, list[TaskView]] = defaultdict(list)
    for view in views:
        by_name[folded(view.vm_name)].append(view)
    followed: dict[int, int] = {}
    for name, attempts in by_name.items():
        if len(attempts) > 1:
            followed.update(_followed(attempts, max(1, of_plan[name])))
    tries = _tries(followed)
    standing = [_tried(view, tries.get(id(view), 1)) for view in views if id(view) not in followed]
    return standing, [view for view in views if id(view) in followed]


def _followed(attempts: list[TaskView], vms: int) -> Iterator[tuple[int, int]]:
    """Pairs of an attempt and the one that followed it, as ids of the views."""
    dated = [(began(view.task), view) for view in attempts if view.task is not None]
    standing: list[TaskView] = []
    for _, view in sorted(dated, key=lambda pair: pair[0]):
        standing.append(view)
        if len(standing) <= vms:
            continue
        failed = [earlier for earlier in standing[:-1] if _follows_up(earlier, view)]
        if failed:
            # On the same replica point it is certainly the same VM.
            same = [one for one in failed if one.key.point_id == view.key.point_id]
            before = (same or failed)[0]
            standing.remove(before)
            yield id(before), id(view)


def _follows_up(earlier: TaskView, later: TaskView) -> bool:
    first, second = earlier.task, later.task
    if earlier.status is not Status.FAILED or first is None or second is None:
        return False
    if first.ended is None or second.created is None or later.unlisted:
        return False
    return second.created >= first.ended


def _tries(followed: Mapping[int, int]) -> dict[int, int]:
    """How many attempts led to each view that followed one, itself included."""
    before = {after: first for first, after in followed.items()}
    tries = {}
    for after in before:
        count, at = 1, after
        while at in before:
            count, at = count + 1, before[at]
        tries[after] = count
    return tries


def _tried(view: TaskView, tries: int) -> TaskView:
    """The view with its number of attempts; itself where that is known already."""
    return view if view.tries == tries else replace(view, tries=tries)
