from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.fake_clock import START
from tests.support.making import SESSION_ID, done, session, task
from tests.support.observed import Course, everything
from tui.analysis.events import EventKind
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.observations import Observation, Opened, Reading
from tui.monitor.recording import Feed, Recording, recorded
from tui.monitor.replay_marks import Marking, Marks, stepped
from tui.monitor.snapshot import Snapshot

RUNNING = session(task("vm1"), task("vm2"))
FAILED = session(task("vm1"), done("vm2", "Failed"))


def of(*observations: Observation) -> Recording:
    found = recorded(SESSION_ID, observations, "em01:9398")
    assert found is not None
    return found


def fed(recording: Recording, to: float) -> Snapshot:
    feed = Feed(recording)
    for _ in feed.steps(to):
        pass
    return feed.snapshot


def marks_of(recording: Recording) -> Marks:
    feed, marking = Feed(recording), Marking()
    for snapshot in feed.steps(recording.end):
        marking.see(snapshot, feed.at)
    return marking.marks(complete=True)


def polled(course: Course, seconds: float, shown: FailoverSession = RUNNING) -> None:
    """A poll every five seconds, for so long."""
    for _ in range(int(seconds // 5)):
        course.wait(5)
        course.read(shown)


def test_nothing_makes_no_recording() -> None:
    assert recorded(SESSION_ID, ()) is None


def test_it_begins_at_zero_and_knows_its_end() -> None:
    course = Course()
    course.read(RUNNING)
    polled(course, 60)
    course.leave()
    recording = of(*course.seen)
    assert recording.begin == START
    assert recording.moments[0] == 0.0
    assert recording.end == 60.0
    assert recording.at(recording.end) == START + timedelta(seconds=60)


def test_runs_of_several_programs_are_joined_by_the_wall_clock() -> None:
    course = Course()
    course.read(RUNNING)
    polled(course, 20)
    again = Course(run="two", opened=False)
    later = again.seen
    again.seconds = 600.0
    again.open("two")
    again.read(FAILED)
    again.fail()
    # Another boot: its monotonic clock shows something else.
    moved = [
        each.__class__(**{**vars(each), "monotonic": each.monotonic - 900.0}) for each in later
    ]
    recording = of(*course.seen, *moved)
    assert recording.end == 600.0
    assert list(recording.moments) == sorted(recording.moments)
    assert [type(each) for each in recording.observations].count(Opened) == 2
    assert len(fed(recording, recording.end).gaps) == 1


def test_two_monitors_that_write_one_journal_never_go_back_in_time() -> None:
    here, there = Course(run="here"), Course(run="there")
    mixed: list[Observation] = [*here.seen]
    far = [
        each.__class__(**{**vars(each), "monotonic": each.monotonic + 5e6}) for each in there.seen
    ]
    mixed += far
    for step in range(1, 20):
        for course, ahead in ((here, 0.0), (there, 5e6)):
            course.seconds = step * 5.0
            course.read(RUNNING)
            newest = course.seen[-1]
            assert isinstance(newest, Reading)
            shown = {**vars(newest), "monotonic": newest.monotonic + ahead}
            mixed.append(Reading(**{**shown, "asked_at": newest.asked_at + ahead}))
    recording = of(*mixed)
    assert list(recording.moments) == sorted(recording.moments)
    assert recording.end < 200.0


def test_polls_that_brought_nothing_are_put_back() -> None:
    course = Course()
    course.read(RUNNING)
    kept = list(course.seen)
    polled(course, 200)
    course.wait(5)
    course.read(FAILED)
    kept.append(course.seen[-1])
    recording = of(*kept)
    for seconds in (3.0, 50.0, 199.0):
        assert not fed(recording, seconds).is_stale(seconds), seconds
    now = fed(recording, recording.end)
    assert now.polls == course.snapshot.polls
    assert now.events.events == course.snapshot.events.events


def test_where_nobody_watched_nothing_is_put_back() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(3_000)
    course.open("two")
    course.read(RUNNING)
    recording = of(*course.seen)
    assert fed(recording, 1_500).is_stale(1_500)
    assert fed(recording, 1_500).polls == 1
    assert marks_of(recording).gaps == ((0.0, 3_000.0),)


def test_while_it_was_paused_or_in_trouble_nothing_is_put_back() -> None:
    paused = Course()
    paused.read(RUNNING)
    paused.pause()
    paused.wait(100)
    paused.note("still here")
    assert fed(of(*paused.seen), 90).polls == 1
    dead = Course()
    dead.read(RUNNING)
    dead.wait(5)
    dead.fail()
    dead.wait(100)
    dead.note("still here")
    assert fed(of(*dead.seen), 90).polls == 2


def test_an_observation_that_makes_no_sense_is_passed_over() -> None:
    course = Course()
    course.read(RUNNING)
    broken = Reading(
        seen_at=START,
        monotonic=1001.0,
        asked_at=1001.0,
        session=RUNNING.model_copy(update={"tasks": (None,)}),
    )
    assert fed(of(*course.seen, broken), 1.0).polls == 1


def test_the_marks_are_where_it_became_known() -> None:
    course = Course()
    course.read(RUNNING)
    polled(course, 20)
    course.note("looked at")
    polled(course, 20)
    course.wait(5)
    course.read(FAILED)
    polled(course, 10, FAILED)
    marks = marks_of(of(*course.seen))
    assert marks.complete
    assert marks.failures == (45.0,)
    assert {20.0, 45.0} <= set(marks.events)
    assert marks.gaps == ()


def test_a_step_goes_to_the_neighbour_and_never_stays() -> None:
    moments = (1.0, 5.0, 9.0)
    assert [stepped(moments, at, 1) for at in (0.0, 1.0, 4.0, 9.0)] == [1.0, 5.0, 5.0, None]
    assert [stepped(moments, at, -1) for at in (1.0, 5.0, 7.0, 20.0)] == [None, 1.0, 5.0, 9.0]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["read", "fail", "note", "pause", "go on", "leave", "open", "silence", "failed"]
        ),
        st.floats(0.1, 700.0),
    ),
    max_size=25,
)


def course_of(steps: list[tuple[str, float]]) -> Course:
    course = Course()
    course.read(RUNNING)
    for number, (what, seconds) in enumerate(steps):
        course.wait(seconds)
        if what == "read":
            course.read(RUNNING)
        elif what == "failed":
            course.read(FAILED)
        elif what == "fail":
            course.fail()
        elif what == "note":
            course.note("n")
        elif what in ("pause", "go on"):
            course.pause(what == "pause")
        elif what == "leave":
            course.leave()
        elif what == "open":
            course.open(f"run {number % 3}")
        else:
            course.be_silent()
    return course


@settings(max_examples=60)
@example([("open", 11.0), ("note", 10.0)], [1.0, 0.5])
@given(STEPS, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5))
def test_however_one_comes_to_a_moment_it_shows_the_same(
    steps: list[tuple[str, float]], shares: list[float]
) -> None:
    recording = of(*course_of(steps).seen)
    target = sorted(shares)[-1] * recording.end
    slowly = Feed(recording)
    for share in sorted(shares):
        for _ in slowly.steps(share * recording.end):
            pass
    assert everything(slowly.snapshot) == everything(fed(recording, target))


@settings(max_examples=60)
@given(STEPS, st.floats(0.0, 1.0))
def test_a_twin_goes_on_as_the_first_would_have_and_leaves_it_alone(
    steps: list[tuple[str, float]], share: float
) -> None:
    recording = of(*course_of(steps).seen)
    first = Feed(recording)
    for _ in first.steps(share * recording.end):
        pass
    before, twin = everything(first.snapshot), first.twin()
    for _ in twin.steps(recording.end):
        pass
    assert everything(twin.snapshot) == everything(fed(recording, recording.end))
    assert everything(first.snapshot) == before
    for _ in first.steps(recording.end):
        pass
    assert everything(first.snapshot) == everything(twin.snapshot)


@settings(max_examples=60)
@given(STEPS)
def test_it_ends_where_the_live_one_ended(steps: list[tuple[str, float]]) -> None:
    course = course_of(steps)
    recording = of(*course.seen)
    shown, live = fed(recording, recording.end), course.snapshot
    for name in ("session", "goals", "failed_seen_at", "paused", "acknowledged", "gaps"):
        assert getattr(shown, name) == getattr(live, name), name
    lived = [event for event in live.events.events if event.kind is not EventKind.CONNECTION_BACK]
    again = [event for event in shown.events.events if event.kind is not EventKind.CONNECTION_BACK]
    assert again == lived


@pytest.mark.parametrize("ahead", [0.0, 3_600.0, -90.0])
def test_a_moment_of_the_servers_clock_is_found_again(ahead: float) -> None:
    course = Course(ahead=ahead)
    course.read(RUNNING)
    polled(course, 60)
    recording = of(*course.seen)
    for seconds in (0.0, 2.5, 5.0, 59.9, 60.0):
        moment = recording.time_at(seconds)
        assert moment == START + timedelta(seconds=seconds + ahead)
        assert recording.seconds_at(moment) == pytest.approx(seconds)
    assert recording.seconds_at(recording.time_at(0.0) - timedelta(hours=1)) == 0.0
    assert recording.seconds_at(recording.time_at(60.0) + timedelta(hours=1)) == recording.end


def test_a_server_clock_that_was_set_leads_to_no_moment_outside_its_time() -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(10)
    course.ahead = 600.0
    course.read(RUNNING)
    course.wait(10)
    course.read(RUNNING)
    recording = of(*course.seen)
    told = [recording.time_at(seconds) for seconds in (0.0, 9.0, 10.0, 20.0)]
    assert told == sorted(told)
    # What the clock never showed is where it was set.
    assert recording.seconds_at(START + timedelta(seconds=300)) == 10.0


@pytest.mark.parametrize(("back", "moment"), [(0.0, 20.0), (0.4, 20.0), (1.0, 20.0)])
def test_what_came_at_once_and_a_hair_too_early_stays_in_its_order(
    back: float, moment: float
) -> None:
    course = Course()
    course.read(RUNNING)
    course.wait(20)
    course.read(FAILED)
    late = course.seen[-1]
    early = late.__class__(**{**vars(late), "monotonic": late.monotonic - back})
    course.wait(5)
    course.read(FAILED)
    recording = of(*course.seen[:-1], early, course.seen[-1])
    assert list(recording.moments) == [0.0, 0.0, 20.0, moment, 25.0]
    assert [each.seen_at for each in recording.observations[-2:]] == [
        late.seen_at,
        course.seen[-1].seen_at,
    ]
