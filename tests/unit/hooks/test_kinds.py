"""Whatever happens has a kind that commands know: a misnamed one would call nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, working
from tests.support.making import at, session, task
from tests.support.states import EMPTY, judged, state
from tui.analysis.assessment import TaskKey
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoView, TargetVerdict
from tui.enterprise_manager.resources import TaskSession
from tui.hooks.kinds import ALL, CALLING, CHATTING, FAMILIES, KINDS, is_about_a_vm, kinds_named
from tui.monitor.trouble import Trouble
from tui.presentation.changes import Changes
from tui.presentation.connection_news import ConnectionNews
from tui.presentation.targets_and_stalls import TargetsAndStalls

STATES = ("Starting", "Working", "Stopping", "Stopped", "Odd", "")
RESULTS = ("None", "Success", "Warning", "Failed", "Odd", "")


@given(
    st.lists(
        st.tuples(any_tasks(most=4), st.sampled_from(STATES), st.sampled_from(RESULTS)),
        min_size=1,
        max_size=3,
    )
)
def test_every_change_of_a_session_and_its_tasks_has_a_kind(
    course: list[tuple[tuple[TaskSession, ...], str, str]],
) -> None:
    changes = Changes()
    for minute, (tasks, word, result) in enumerate(course):
        read = session(*tasks, state=word, result=result, message=result or None)
        for happening in changes.lines(state(read), at(minute)):
            assert happening.what in KINDS
            assert is_about_a_vm(happening.what) is (happening.vm is not None)


@pytest.mark.parametrize("result", ["Success", "Warning", "Failed"])
def test_the_end_of_a_session_calls_somebody(result: str) -> None:
    changes = Changes()
    changes.lines(state(session()), at(1))
    over = session(state="Stopped", result=result, ended=at(2))
    (end,) = changes.lines(state(over), at(3))
    assert end.what in CALLING


def test_every_verdict_and_everything_stuck_has_a_kind() -> None:
    shown = state(session(working("a", 0)))
    drill, minute = judged(shown, at(1)), at(1) - at(0)
    told = set()
    for verdict in TargetVerdict:
        told_once = TargetsAndStalls()
        for each in (TargetVerdict.OPEN, TargetVerdict.ON_COURSE, verdict):
            view = replace(drill, rto=RtoView(each, minute, at(0), at(1)))
            told |= {one.what for one in told_once.lines(replace(EMPTY, drill=view), at(1))}
    motions = {
        TaskKey(each.value, None, 0): Motion(each, minute, minute, minute) for each in Movement
    }
    stuck = replace(EMPTY, drill=replace(drill, motions=motions))
    told |= {one.what for one in TargetsAndStalls().lines(stuck, at(1))}
    assert told - {f"rto {TargetVerdict.NO_TARGET.value}"} <= set(KINDS)
    assert {kind for kind in KINDS if kind.startswith("rto ")} <= told
    assert {"task stalled", "task slow"} <= told


def test_all_that_becomes_of_a_connection_calls_somebody() -> None:
    news, running = ConnectionNews(), state(session(task("a")))
    lost = Trouble("x", "Too slow.")
    refused = Trouble("y", "May not.", needs_person=True)
    course = (replace(EMPTY, trouble=lost), running, replace(running, trouble=lost),
              replace(running, trouble=refused), running)  # fmt: skip
    told = [one.what for each in course for one in news.lines(each, 0.0, at(1))]
    assert told == ["no data yet", "connection back", "connection lost", "refused",
                    "connection back"]  # fmt: skip
    assert set(told) <= set(CALLING)


def test_a_first_word_stands_for_all_kinds_that_begin_with_it() -> None:
    for family in FAMILIES:
        named = kinds_named(family)
        assert named
        assert named == {kind for kind in KINDS if kind.split()[0] == family}
    assert kinds_named(ALL) == set(CALLING) | set(CHATTING)
    assert not set(CALLING) & set(CHATTING)
    for kind in KINDS:
        assert kinds_named(kind) == {kind}
    for unknown in ("", "tas", "task ", "failed", "All"):
        assert kinds_named(unknown) == frozenset()
