"""Readings of one session, each a little different from the one before, drawn at random."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.support.making import at, session, task
from tui.enterprise_manager.resources import (
    FailoverSession,
    ReplicaPointReference,
    TaskSession,
)

NAMES = ("a", "b", "c", "d", "A", "e")


@st.composite
def tasks(draw: st.DrawFn, name: str) -> TaskSession:
    """One task in any state, its progress and message as they may be."""
    state, result = draw(
        st.sampled_from(
            [("Working", ""), ("Working", "Failed"), ("Starting", ""), ("Stopped", "Success"),
             ("Stopped", "Failed"), ("Stopped", "Warning"), ("Stopped", ""), ("Odd", "")]
        )
    )  # fmt: skip
    ended = at(draw(st.integers(5, 9))) if state != "Working" and draw(st.booleans()) else None
    created = at(draw(st.sampled_from([0, 0, 10])))
    linked = draw(st.sampled_from([None, f"point-{name}", "other"]))
    made = replace(
        task(name, state, result, created=created, ended=ended),
        progress=draw(st.none() | st.integers(0, 100)),
        failure_message=draw(st.none() | st.just("disk full")),
    )
    reference = linked and ReplicaPointReference(id=linked, name=f"{name}@x")
    return replace(made, replica_point=reference or None)


@st.composite
def courses(draw: st.DrawFn) -> list[FailoverSession]:
    """Readings, each a little different from the one before; a task that is the same is the
    same object, as the client hands it out."""
    listed = [draw(tasks(name)) for name in draw(st.lists(st.sampled_from(NAMES), max_size=5))]
    found = []
    for _ in range(draw(st.integers(2, 8))):
        kind = draw(st.sampled_from(["move", "move", "move", "change", "list", "same"]))
        place = draw(st.integers(0, max(0, len(listed) - 1)))
        if kind == "move":
            listed = [replace(each, progress=draw(st.integers(0, 100))) if n >= place else each
                      for n, each in enumerate(listed)]  # fmt: skip
        elif kind == "change" and listed:
            listed = [*listed[:place], draw(tasks(listed[place].vm_name)), *listed[place + 1 :]]
        elif kind == "list":
            more = [draw(tasks(draw(st.sampled_from(NAMES))))]
            listed = draw(st.sampled_from([listed + more, more + listed, listed[:place],
                                           listed[::-1]]))  # fmt: skip
        read = session(*listed, progress=draw(st.sampled_from([0, None, 40])))
        told = draw(st.sampled_from(["Working", "Working", "Stopping", "Stopped"]))
        found.append(read.model_copy(update={"state": told, "unlike_tasks": place % 2}))
    return found
