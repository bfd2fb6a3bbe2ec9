"""The documents of failover sessions and their tasks."""

from __future__ import annotations

from datetime import datetime

from tui.simulator.course import Run, TaskScript
from tui.simulator.document_parts import DocumentParts, named, resource, tagged_link
from tui.simulator.entities import Result, SessionStanding, State
from tui.simulator.wire import (
    Api,
    Dialect,
    Field,
    Listing,
    Node,
    Ready,
    attribute,
    element,
    fragment,
)

_FragmentKey = tuple[str, int, Dialect]
_Written = tuple[State, int, str]


class SessionDocuments(DocumentParts):
    """Writes sessions. A task is written anew only when its state or progress changed."""

    def __init__(self, base: str, begin: datetime, api: Api) -> None:
        super().__init__(base, begin, api)
        self._written: dict[_FragmentKey, _Written] = {}

    def session(
        self, run: Run, moment: float, dialect: Dialect, *, with_tasks: bool = True
    ) -> Node:
        """CloudFailoverSession, with the tasks that exist at `moment`."""
        path = f"cloud/failoverSessions/{run.uid}"
        standing = run.standing(moment)
        tasks = self._tasks(run, moment, dialect) if with_tasks else []
        kind = "CloudFailoverSession"
        return Node(
            kind,
            [
                element("CloudFailoverTasks", Listing("CloudFailoverTasks", tasks)),
                attribute("CloudFailoverPlanName", None),
            ],
            [
                element("JobUid", None),
                element("JobName", None),
                element("JobType", "FailoverPlan"),
                *self._course(run.start, standing),
            ],
            named(run.plan.name, kind, run.uid),
            resource(
                self.href(f"{path}?format=Entity"),
                kind,
                [
                    self.up(run.plan.server),
                    self.alternate(path, run.plan.name, kind, entity=True),
                ],
            ),
        )

    def _course(self, start: float, standing: SessionStanding) -> list[Field]:
        fields = [element("CreationTimeUTC", self.date(start))]
        if standing.ended is not None:
            # An absent date is no member at all, neither in XML nor in JSON.
            fields.append(element("EndTimeUTC", self.date(standing.ended)))
        return [
            *fields,
            element("State", standing.state.value),
            element("Result", standing.result.value),
            element("Progress", standing.progress),
            element("FailureMessage", standing.message),
        ]

    def _tasks(self, run: Run, moment: float, dialect: Dialect) -> list[Ready]:
        if not run.lists_tasks:
            return []
        tasks = []
        written = self._written
        for index, script in enumerate(run.tasks):
            phase = script.phase(moment)
            if phase is None:
                continue
            state, progress = phase
            key = (run.uid, index, dialect)
            known = written.get(key)
            if known is None or known[0] is not state or known[1] != progress:
                text = fragment(self._task(script, state, progress), dialect)
                known = written[key] = (state, progress, text)
            tasks.append(Ready(known[2]))
        return tasks

    def _task(self, script: TaskScript, state: State, progress: int) -> Node:
        done = state is State.STOPPED
        standing = SessionStanding(
            state=state,
            result=script.result if done else Result.NONE,
            progress=progress,
            ended=script.end if done else None,
            message=script.message if done else None,
        )
        point = self.href(f"cloud/vmReplicaPoints/{script.point.uid}")
        name = self.point_name(script.point)
        related = tagged_link(
            "VmReplicaPointLink", "Related", point, name, "CloudVmReplicaPointReference"
        )
        return Node(
            "CloudFailoverTasks",
            [
                element("VmReplicaPointLink", related),
                *self._course(script.start, standing),
                attribute("VmName", script.vm),
            ],
        )
