"""A VM that is tried again within one session is one VM, in its newest attempt.

The server gives tasks no id, and a task does not say that it is a retry: that is inferred
from its VM's name and from time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.analysis.identity import folded
from tui.analysis.status import Status
from tui.enterprise_manager.in_time import began
from tui.enterprise_manager.resources import FailoverPlan

if TYPE_CHECKING:  # `assessment` is made with this module
    from tui.analysis.assessment import TaskView


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
