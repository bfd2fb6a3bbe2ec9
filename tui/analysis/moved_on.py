"""A reading that differs from the one before it in some of its tasks, assessed by these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from tui.analysis.assessing import concluded, unreadable_with
from tui.analysis.assessment import (
    AssessedFrom,
    Assessment,
    TaskKey,
    TaskView,
    name_of,
    percent_of,
    view_of,
)
from tui.analysis.identity import Difference, Successive, differing, folded
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import (
    FailoverPlan,
    FailoverSession,
    TaskSession,
    but_progress,
)


def moved_on(
    before: Assessment,
    session: FailoverSession,
    *,
    plan: FailoverPlan | None = None,
    failed_over: frozenset[str] = frozenset(),
    watched: bool = False,
) -> Assessment | None:
    """What `assess` makes of the session after `before`; None where that has to be asked.

    The same tasks under the same names, in the same order, perhaps more VMs' at the end:
    whatever else the server does to its list is left to the long way.
    """
    basis = before.basis
    if basis is None or not _is_alike(basis, session, plan, failed_over, watched):
        return None
    rows = _Rows(before, basis)
    if not (rows.move_on(session.tasks) and rows.begin(session.tasks)):
        return None
    unreadable = session.unreadable_tasks
    if plan is not None and basis.with_plan:
        unreadable = unreadable_with(plan, session, len(rows.views))
    after = concluded(
        session,
        Successive(rows.views, before.tasks, Difference(rows.moved, rows.changed)),
        rows.counts,
        rows.percents,
        unreadable=unreadable,
        basis=replace(basis, listed=session.tasks, percents=rows.percents, names=rows.names),
    )
    if len(session.tasks) == len(basis.listed):
        vars(after)["to_begin"] = before.to_begin
    if rows.failures_stay:
        vars(after)["failures"] = before.failures
    return after


class _Rows:
    """The rows of the reading before, becoming those of this one, and what they come to."""

    def __init__(self, before: Assessment, basis: AssessedFrom) -> None:
        self._listed = basis.listed
        self.names = basis.names
        self.views = list(before.tasks)
        self.counts = dict(before.counts)
        self.percents = basis.percents
        self.moved = list[int]()
        self.changed = list[int]()
        self.failures_stay = True

    def move_on(self, tasks: Sequence[TaskSession]) -> bool:
        """Take in the tasks that are known; False where one is another VM's."""
        views, listed, percents = self.views, self._listed, 0
        for place in differing(listed, tasks):
            old, known, task = views[place], listed[place], tasks[place]
            if moves_on(known, task) and not old.status.is_finished:
                # Of what happens most: nothing that follows from the task has changed, so that
                # all of it is taken over, what was worked out of it too.
                new = views[place] = object.__new__(TaskView)
                vars(new).update(vars(old), task=task)
                percents += (task.progress or 0) - (known.progress or 0)
                self.moved.append(place)
                continue
            if name_of(known) != name_of(task):
                return False
            self.changed.append(place)
            views[place] = view_of(old.key, task, old.position)
            self._count(old, views[place])
        self.percents += percents
        return True

    def begin(self, tasks: Sequence[TaskSession]) -> bool:
        """Take in those that are more, each of which is to be of a VM that has none yet.

        They stand before the VMs of the plan that still wait, of which they no longer are.
        """
        count = len(self._listed)
        if len(tasks) == count:
            return True
        if self.names is None:
            self.names = frozenset(folded(task.vm_name) for task in self._listed)
        waiting, begun = self.views[count:], list[TaskView]()
        for task in tasks[count:]:
            name = folded(task.vm_name)
            if name in self.names:
                return False
            self.names |= {name}
            begun.append(view_of(TaskKey(*name_of(task), 0), task, count + len(begun)))
            of_it = (place for place, view in enumerate(waiting) if folded(view.vm_name) == name)
            if (first := next(of_it, None)) is not None:
                del waiting[first]
        for position, view in enumerate(waiting, count + len(begun)):
            begun.append(view if view.position == position else replace(view, position=position))
        for place, (old, new) in enumerate(zip_longest(self.views[count:], begun), count):
            if old is not new:
                self._count(old, new)
                if old is not None:
                    self.changed.append(place)
        self.views[count:] = begun
        return True

    def _count(self, old: TaskView | None, new: TaskView) -> None:
        """A row has become another one, or is new."""
        counts = self.counts
        self.percents += percent_of(new)
        counts[new.status] = counts.get(new.status, 0) + 1
        if new.status is Status.FAILED:
            self.failures_stay = False
        if old is None:
            return
        self.percents -= percent_of(old)
        counts[old.status] -= 1
        if not counts[old.status]:
            del counts[old.status]
        if old.status is Status.FAILED:
            self.failures_stay = False


def _is_alike(
    basis: AssessedFrom,
    session: FailoverSession,
    plan: FailoverPlan | None,
    failed_over: frozenset[str],
    watched: bool,
) -> bool:
    """Whether the list may differ in its tasks only, and in more of them."""
    over = is_done(session.state, session.ended)
    with_plan = plan is not None and (not over or (watched and bool(session.tasks)))
    return (
        len(session.tasks) >= len(basis.listed)
        and plan is basis.plan
        and failed_over == basis.failed_over
        and (over, with_plan) == (basis.over, basis.with_plan)
    )


def moves_on(before: TaskSession, after: TaskSession) -> bool:
    """Whether nothing but the progress is another one."""
    same: bool = but_progress(before) == but_progress(after)
    return same and before.progress != after.progress
