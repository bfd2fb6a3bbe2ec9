"""A reading that differs from the one before in some of its tasks, judged by these."""

from __future__ import annotations

from dataclasses import replace

from tui.analysis.assessment import (
    Assessment,
    Basis,
    TaskView,
    concluded,
    name_of,
    percent_of,
    unreadable_with,
    view_of,
)
from tui.analysis.identity import differing
from tui.analysis.status import Status, is_done
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession, TaskSession


def moved_on(
    before: Assessment,
    session: FailoverSession,
    *,
    plan: FailoverPlan | None = None,
    failed_over: frozenset[str] = frozenset(),
    watched: bool = False,
) -> Assessment | None:
    """What `assess` makes of the session after `before`; None where that has to be asked.

    The same tasks under the same names, in the same order: whatever else the server does to its
    list is left to the long way.
    """
    basis = before.basis
    if basis is None or not _is_alike(basis, session, plan, failed_over, watched):
        return None
    places = differing(basis.listed, session.tasks)
    views, counts, percents = list(before.tasks), dict(before.counts), basis.percents
    failures_stay = True
    for place in places:
        old, task = views[place], session.tasks[place]
        if name_of(basis.listed[place]) != name_of(task):
            return None
        new = views[place] = _with_task(old, task)
        percents += percent_of(new) - percent_of(old)
        if new.status is not old.status:
            _move(counts, old.status, new.status)
        if Status.FAILED in (old.status, new.status):
            failures_stay = False
    unreadable = session.unreadable_tasks
    if plan is not None and basis.with_plan:
        unreadable = unreadable_with(plan, session, len(views))
    after = concluded(
        session,
        views,
        counts,
        percents,
        unreadable=unreadable,
        basis=replace(basis, listed=session.tasks, percents=percents),
    )
    vars(after)["to_begin"] = before.to_begin
    if failures_stay:
        vars(after)["failures"] = before.failures
    return after


def _is_alike(
    basis: Basis,
    session: FailoverSession,
    plan: FailoverPlan | None,
    failed_over: frozenset[str],
    watched: bool,
) -> bool:
    """Whether the list may differ in its tasks only."""
    over = is_done(session.state, session.ended)
    with_plan = plan is not None and (not over or (watched and bool(session.tasks)))
    return (
        len(session.tasks) == len(basis.listed)
        and plan is basis.plan
        and failed_over == basis.failed_over
        and (over, with_plan) == (basis.over, basis.with_plan)
    )


def _with_task(view: TaskView, task: TaskSession) -> TaskView:
    """The row with its task as it was read now."""
    known = view.task
    if (
        known is None
        or (task.state, task.result) != (known.state, known.result)
        or (task.ended != known.ended)
    ):
        return view_of(view.key, task, view.position)
    # Of what happens most: nothing that follows from the task has changed, so that all of it is
    # taken over, what was worked out of it too.
    moved = object.__new__(TaskView)
    vars(moved).update(vars(view), task=task)
    return moved


def _move(counts: dict[Status, int], old: Status, new: Status) -> None:
    counts[new] = counts.get(new, 0) + 1
    counts[old] -= 1
    if not counts[old]:
        del counts[old]
