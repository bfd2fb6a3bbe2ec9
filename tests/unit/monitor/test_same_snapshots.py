"""The same observations give equal snapshots: over a real socket, by `watch`, from a list."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.support.drill_cases import earlier_run, finished
from tests.support.fake_clock import START, FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, session, task
from tests.support.observed import everything
from tests.support.simulated import SteppedClock, build_service, serve
from tui.analysis.drill import Goals
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.monitor.follower import SessionFollower
from tui.monitor.live_session import LiveSession, LiveSource, Publish
from tui.monitor.observations import Observation, from_record, to_record
from tui.presentation.glyphs import UNICODE
from tui.settings.resolved import PlanTarget, Targets
from tui.simulator.scenario import SCENARIOS
from tui.watch.following import Following
from tui.watch.output import Output

TARGETS = Targets(default=PlanTarget(rto=timedelta(minutes=4), rpo=timedelta(hours=4)))

Action = Callable[[LiveSession], object]


async def _nothing(_: LiveSession) -> None:
    """Something happens to the server, or only time passes."""


def _acknowledge(live: LiveSession) -> None:
    for view in live.snapshot.unacknowledged[:1]:
        live.acknowledge(view.key, "jdoe")


def _come_back(live: LiveSession) -> None:
    live.leave()
    live.open()


ASKING = st.one_of(
    st.just(LiveSession.poll_once),
    st.just(LiveSession.poll_once),
    st.just(LiveSession.read_details),
    st.just(LiveSession.read_earlier_runs),
    st.sampled_from([LiveSession.look_for_siblings, _nothing]),
)
WANTED: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from([LiveSession.toggle_pause, _acknowledge, _come_back]),
    st.just(lambda live: live._mark_asked(live._clock.monotonic() - 4.0)),
    st.sampled_from([2.0, 15.0, 60.0]).map(lambda s: lambda live: live.set_interval(s)),
    st.text(max_size=8).map(lambda text: lambda live: live.note(text, "jdoe")),
    st.integers(1, 20).map(
        lambda m: lambda live: live.set_goals(Goals(rto=timedelta(minutes=m)), "jdoe")
    ),
)


@dataclass(frozen=True)
class Step:
    """So many seconds later, looked at after a part of them, this happens in this order."""

    seconds: float
    looked_after: float
    server: str
    wanted: Action | None
    asking: Callable[[LiveSession], Awaitable[object]]


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from([0.0, 1.0, 4.0, 5.0, 11.0, 61.0, 300.0]),
        st.floats(0.0, 1.0),
        st.sampled_from(["up", "up", "up", "down", "restarted"]),
        st.none() | WANTED,
        ASKING,
    ),
    min_size=4,
    max_size=14,
)
FEW_VMS = {"large": 12}
"""A scenario is as long as it is told to be; the others' own numbers are small."""


@dataclass
class Follower:
    """One way to follow the session, driven a step at a time."""

    live: LiveSession
    publish: Publish = lambda _: None
    seen: list[Observation] = field(default_factory=list)

    async def go(self, step: Step) -> None:
        if step.wanted is not None:
            step.wanted(self.live)
        await step.asking(self.live)
        self.publish(self.live.snapshot)


def followed(source: LiveSource, session_id: str, clock: FakeClock) -> Follower:
    """As the session screen does."""
    seen: list[Observation] = []
    live = LiveSession(
        source,
        session_id,
        clock=clock,
        targets=TARGETS,
        observer=seen.append,
        random_source=lambda: 0.5,
    )
    live.open()
    return Follower(live, seen=seen)


def watched(source: LiveSource, session_id: str, clock: FakeClock) -> Follower:
    """As `watch` does, which prints each snapshot."""
    following = Following(
        source,
        session_id,
        Output(io.StringIO(), io.StringIO(), UNICODE),
        clock,
        interval=5.0,
        give_up_at=1e9,
        random_source=lambda: 0.5,
        targets=TARGETS,
    )
    following.live.open()
    return Follower(following.live, following._take)


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[EnterpriseManager]:
    client = EnterpriseManager(parse_server(url), Credentials("demo", SecretStr("demo")))
    try:
        yield client
    finally:
        await client.aclose()


@pytest.mark.parametrize("scenario", SCENARIOS)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
async def test_any_course_of_events_shows_the_same_however_it_is_followed(
    scenario: str, steps: list[Step]
) -> None:
    server_clock, clock = SteppedClock(START), FakeClock(START)
    service = build_service(scenario, clock=server_clock, vms=FEW_VMS.get(scenario))
    looks: list[tuple[int, float, dict[str, object]]] = []
    with serve(service) as served:
        async with client_of(served.url) as one, client_of(served.url) as another:
            here = followed(one, service.featured_session, clock)
            there = watched(another, service.featured_session, clock)
            for step in steps:
                # Looking now and then must make no difference to what is seen in the end.
                clock.advance(step.seconds * step.looked_after)
                here.live.look()
                clock.advance(step.seconds * (1 - step.looked_after))
                server_clock.advance(step.seconds)
                service.unavailable = step.server == "down"
                if step.server == "restarted":
                    service.forget_logons()
                await here.go(step)
                await there.go(step)
                shown = everything(here.live.look())
                assert everything(there.live.look()) == shown
                looks.append((len(here.seen), clock.monotonic(), shown))
            service.unavailable = False
    for observations in (here.seen, [again(each) for each in here.seen]):
        follower, taken = SessionFollower(service.featured_session), 0
        for seen, now, shown in looks:
            for observation in observations[taken:seen]:
                follower.take(observation)
            taken = seen
            assert everything(follower.look(now)) == shown


def again(observation: Observation) -> Observation:
    """Written down as a line and read again."""
    read = from_record(json.loads(json.dumps(to_record(observation))))
    assert read == observation
    return read


async def test_earlier_runs_are_found_behind_150_newer_sessions_of_other_plans() -> None:
    source = FakeSource(session(task("a"), task("b")))
    runs = [earlier_run(finished("a", 0, 2), days=days, name=f"run-{days}") for days in (1, 2, 3)]
    others = [
        earlier_run(days=0.001 * number, plan="Another", name=f"other-{number}")
        for number in range(150)
    ]
    source.listed = [*others, *runs]
    source.sessions = {run.id: run for run in runs}
    snapshots = []
    for way in (followed, watched):
        follower = way(source, SESSION_ID, FakeClock())
        await follower.live.poll_once()
        assert await follower.live.read_earlier_runs()
        snapshots.append(follower.live.snapshot)
    for snapshot in snapshots:
        assert [run.id for run in snapshot.runs] == [run.id for run in runs]
        assert snapshot.usual == {"a": timedelta(minutes=2)}
    assert everything(snapshots[0]) == everything(snapshots[1])
    assert not source.pages_asked, "the list of all sessions is not read for it"
