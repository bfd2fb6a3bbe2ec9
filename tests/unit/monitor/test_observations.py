"""Observations as JSON values and back: nothing of them is lost, nothing else is taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, earlier_run, finished, working
from tests.support.making import at, plan, point, session
from tests.support.observed import Course, everything, replayed
from tests.support.outside_texts import HOSTILE
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import TaskSession
from tui.errors import ServerBusy
from tui.monitor.observations import (
    KeepingTold,
    Noted,
    Observation,
    Reading,
    from_record,
    to_record,
)


def one_of_each() -> list[Observation]:
    """A course in which everything happens that can."""
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=30)), by_person=False)
    course.read(session(working("a", 0), working("b", 0)))
    course.detail(
        {"point-a": point("point-a"), "point-b": None},
        plan=plan("a", "b", "c"),
        failed_over=frozenset({"c"}),
        unreadable_points=frozenset({"x", "y"}),
    )
    course.detail(plan_note="no plan", complete=True)
    run = earlier_run(finished("a", 0, 2))
    course.meet(run)
    course.learn(run)
    course.wait(5)
    course.be_silent()
    course.fail(ServerBusy("Too many requests.", "Wait.", retry_after=33.0), wait=33)
    course.read(session(working("a", 0), finished("b", 0, 1, "Failed", "no space")))
    (key,) = course.snapshot.new_failures
    course.acknowledge(key, "jdoe")
    course.note("switched DNS", "jdoe")
    course.aim(Goals(rto=timedelta(minutes=5), declared=at(-5)))
    course.pace(15)
    course.pause()
    course.take(KeepingTold, trouble="No space left on device")
    course.leave()
    return course.seen


def again(observation: Observation) -> Observation:
    return from_record(json.loads(json.dumps(to_record(observation))))


def test_every_kind_of_observation_is_read_back_as_it_was() -> None:
    seen = one_of_each()
    assert {type(each) for each in seen} == set(get_args(Observation))
    read = [again(each) for each in seen]
    assert read == seen
    assert everything(replayed(read)) == everything(replayed(seen))


@pytest.mark.parametrize("observation", one_of_each(), ids=lambda each: each.kind)
def test_a_record_tells_its_kind_and_leaves_out_what_goes_without_saying(
    observation: Observation,
) -> None:
    record = to_record(observation)
    assert next(iter(record)) == "kind"
    assert record["kind"] == observation.kind
    assert None not in record.values()
    assert record["seen_at"].endswith("Z")


@settings(deadline=None, max_examples=60)
@given(any_tasks(), st.text(max_size=30) | st.sampled_from(HOSTILE))
def test_whatever_a_server_says_is_read_back_as_it_was(
    tasks: tuple[TaskSession, ...], text: str
) -> None:
    course = Course()
    course.read(session(*tasks, message=text, plan=text))
    course.note(text)
    assert [again(each) for each in course.seen] == course.seen


def test_sets_are_written_in_an_order_that_does_not_vary() -> None:
    course = Course()
    names = frozenset(f"vm{number}" for number in range(40))
    course.detail(failed_over=names, unreadable_points=names)
    record = to_record(course.seen[-1])
    assert record["failed_over"] == record["unreadable_points"] == sorted(names)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "reading of tea leaves"},
        {"kind": None},
        {"seen_at": "yesterday"},
        {"monotonic": "long ago"},
        {"text": None},
    ],
    ids=str,
)
def test_what_is_no_observation_is_refused(change: dict[str, Any]) -> None:
    course = Course()
    course.note("mine")
    with pytest.raises(ValueError, match=r"."):
        from_record({**to_record(course.seen[-1]), **change})


def test_what_a_later_version_adds_is_passed_over() -> None:
    course = Course()
    course.note("mine")
    read = from_record({**to_record(course.seen[-1]), "mood": "calm"})
    assert read == course.seen[-1]


def test_two_observations_differ_by_their_moments_too() -> None:
    course = Course()
    course.read(session())
    course.note("mine")
    reading, noted = course.seen[-2:]
    assert isinstance(reading, Reading)
    assert isinstance(noted, Noted)
    assert replace(noted, monotonic=noted.monotonic + 1) != noted
