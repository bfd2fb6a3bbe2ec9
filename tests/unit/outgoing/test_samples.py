"""What is counted of a session for its figures, and when there is a reason to write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.fake_clock import START, FakeClock
from tests.support.making import at, done, session, task
from tests.support.states import EMPTY, state
from tui.monitor.trouble import Trouble
from tui.outgoing.samples import Tally
from tui.presentation.event_data import Origin

HERE = Origin("em01:9398")
LOST = Trouble("TimedOut", "Too slow.")


def test_polls_are_counted_from_the_first_snapshot_on_and_only_once() -> None:
    tally = Tally(HERE, replace(EMPTY, polls=7))
    assert tally.take(replace(EMPTY, polls=9), START)
    assert (tally.polls, tally.errors) == (2, 0)
    assert not tally.take(replace(EMPTY, polls=9), START)
    assert tally.take(replace(EMPTY, polls=12, trouble=LOST), START)
    assert (tally.polls, tally.errors) == (5, 3)
    # A session that is opened again begins to count anew: nothing is taken away.
    assert not tally.take(replace(EMPTY, polls=1), START)
    assert (tally.polls, tally.errors) == (5, 3)


def test_that_nobody_watches_any_more_is_a_reason_to_write_and_so_is_the_opposite() -> None:
    tally = Tally(HERE, EMPTY)
    left = replace(EMPTY, followed=False)
    assert not tally.take(EMPTY, START)
    assert tally.take(left, at(1))
    assert tally.watch_ended_at == at(1)
    assert not tally.take(left, at(2))
    assert tally.watch_ended_at == at(1), "it ended when it was first seen to"
    assert tally.take(EMPTY, at(3))
    assert tally.watch_ended_at is None


def test_before_any_data_nothing_is_known_and_nothing_is_up() -> None:
    sample = Tally(HERE, EMPTY).sample(FakeClock())
    assert (sample.up, sample.status, sample.plan) == (False, "unknown", "")
    unknown = (
        sample.verdict, sample.vms, sample.progress, sample.elapsed, sample.rto_left,
        sample.rpo_known, sample.unacknowledged, sample.fetched_at, sample.age,
    )  # fmt: skip
    assert set(unknown) == {None}


@pytest.mark.parametrize(
    ("change", "up"),
    [
        ({}, True),
        ({"trouble": LOST}, False),
        ({"asked_at": 3.0}, False),
        ({"fetched_at": None}, False),
    ],
)
def test_a_server_is_up_while_it_answers_and_is_not_waited_for(
    change: dict[str, object], up: bool
) -> None:
    shown = replace(state(session(task("a"))), **change)  # type: ignore[arg-type]
    assert Tally(HERE, shown).sample(FakeClock()).up is up


def test_once_nobody_watches_things_stand_as_they_stood_then() -> None:
    clock = FakeClock()
    shown = replace(state(session(done("a", "Failed"))), fetched_at=clock.monotonic())
    tally = Tally(HERE, shown)
    clock.advance(10)
    assert tally.sample(clock).age == timedelta(seconds=10)
    tally.take(replace(shown, followed=False), clock.now())
    ended = clock.now()
    clock.advance(500)
    sample = tally.sample(clock)
    assert sample.age == timedelta(seconds=10)
    assert sample.watch_ended_at == ended
    assert sample.fetched_at == ended - timedelta(seconds=10)
    assert sample.unacknowledged == 1


def test_the_figures_of_a_demo_say_so() -> None:
    assert Tally(HERE, EMPTY).sample(FakeClock()).server == "em01:9398"
    rehearsed = replace(HERE, rehearsal=True)
    assert Tally(rehearsed, EMPTY).sample(FakeClock()).server == "REHEARSAL em01:9398"
