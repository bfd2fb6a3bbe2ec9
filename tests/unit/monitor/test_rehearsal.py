"""The arithmetic of a drill over whole failovers of the simulated server, read by the client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from tests.support.fake_clock import START
from tests.support.simulated import SimulatedServer, SteppedClock
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment, TaskKey
from tui.analysis.estimate import Estimate, smooth
from tui.analysis.rto import assess_rto, follow_rto
from tui.analysis.stall import Movement, Pulses, assess_motion, fold_pulses
from tui.analysis.targets import RtoTrack, RtoView, TargetVerdict
from tui.analysis.work_left import estimate, usual_durations
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.enterprise_manager.resources import FailoverPlan, FailoverSession
from tui.monitor.earlier_runs import EarlierRuns
from tui.settings.resolved import DEFAULT_STALL_AFTER
from tui.simulator.in_process import ServiceTransport
from tui.simulator.logons import DEFAULT_USERS
from tui.simulator.scenario import build_world

POLL = 10.0


@dataclass
class Rehearsal:
    """What was shown at each poll, up to the end or the last poll."""

    ended: datetime | None = None
    estimates: list[tuple[datetime, Estimate | None]] = field(default_factory=list)
    motions: list[tuple[datetime, dict[TaskKey, Movement]]] = field(default_factory=list)
    verdicts: list[RtoView] = field(default_factory=list)


@asynccontextmanager
async def simulated(
    scenario: str, vms: int | None
) -> AsyncIterator[tuple[EnterpriseManager, SteppedClock]]:
    clock = SteppedClock(START)
    user = next(iter(DEFAULT_USERS))
    client = EnterpriseManager(
        parse_server("em01"),
        Credentials(user, SecretStr(DEFAULT_USERS[user].password)),
        transport=ServiceTransport(SimulatedServer(build_world(scenario, vms=vms), clock)),
    )
    try:
        yield client, clock
    finally:
        await client.aclose()


async def rehearse(
    scenario: str, *, vms: int | None = None, with_history: bool = True, polls: int = 90
) -> Rehearsal:
    async with simulated(scenario, vms) as (client, clock):
        page = await client.failover_sessions()
        running = [session for session in page.sessions if session.ended is None]
        session = next(run for run in running if run.plan_name.startswith("Harbour"))
        runs = await EarlierRuns(client).read(session, page.sessions) if with_history else ()
        (listed,) = await client.failover_plans(session.plan_name)
        plan = await client.failover_plan(listed.id)
        return await _follow(client, clock, session.id, plan, runs, polls)


async def _follow(
    client: EnterpriseManager,
    clock: SteppedClock,
    session_id: str,
    plan: FailoverPlan,
    runs: tuple[FailoverSession, ...],
    polls: int,
) -> Rehearsal:
    told = Rehearsal()
    usual = usual_durations(runs)
    pulses: Pulses = {}
    shown: Estimate | None = None
    track = RtoTrack()
    for _ in range(polls):
        session = (await client.failover_session(session_id)).session
        now = clock()
        assessment: Assessment = assess(session, plan=plan)
        pulses = fold_pulses(pulses, assessment.tasks, now)
        motions = assess_motion(
            assessment.tasks,
            pulses,
            now=now,
            stale=False,
            usual=usual,
            stall_after=DEFAULT_STALL_AFTER,
        )
        movements = {key: motion.movement for key, motion in motions.items()}
        stalled = [key for key, kind in movements.items() if kind is Movement.STALLED]
        outlook = estimate(
            assessment.status, assessment.tasks, now=now, earlier=runs, stalled=stalled
        )
        shown = smooth(shown, outlook.estimate) if outlook.estimate else None
        view = assess_rto(
            timedelta(minutes=6),
            session.created,
            now=now,
            ended=session.ended,
            estimate=shown,
            stalled=len(stalled),
        )
        track, view = follow_rto(track, view, now)
        told.estimates.append((now, shown))
        told.motions.append((now, movements))
        told.verdicts.append(view)
        if session.ended is not None:
            told.ended = session.ended
            break
        clock.advance(POLL)
    return told


@pytest.mark.parametrize(("scenario", "vms"), [("clean", None), ("failures", None), ("clean", 60)])
async def test_with_earlier_runs_the_end_lies_in_the_range_from_the_first_poll(
    scenario: str, vms: int | None
) -> None:
    told = await rehearse(scenario, vms=vms)
    assert told.ended is not None
    settling = timedelta(seconds=30)
    for now, shown in told.estimates[:-1]:
        assert shown is not None
        assert now <= shown.earliest <= shown.latest
        assert shown.earliest - settling <= told.ended <= shown.latest + settling
    assert told.estimates[-1][1] is None


async def test_without_them_there_is_none_until_three_have_finished_and_then_a_fair_one() -> None:
    told = await rehearse("clean", vms=60, with_history=False)
    assert told.ended is not None
    assert told.estimates[0][1] is None
    known = [(now, shown) for now, shown in told.estimates if shown is not None]
    assert known[0][1].basis.done
    left = told.ended - known[0][0]
    for _, shown in known:
        assert abs(told.ended - shown.latest) < left / 2


async def test_a_clean_run_never_looks_stalled() -> None:
    told = await rehearse("clean")
    kinds = {kind for _, motions in told.motions for kind in motions.values()}
    assert Movement.STALLED not in kinds
    *running, end = [view.verdict for view in told.verdicts]
    assert set(running) == {TargetVerdict.ON_COURSE}
    assert end is TargetVerdict.MET


async def test_a_stalled_vm_is_found_and_puts_the_target_at_risk_before_it_is_missed() -> None:
    told = await rehearse("stall", polls=60)
    assert told.ended is None
    stalled = {
        key.vm_name
        for _, motions in told.motions
        for key, kind in motions.items()
        if kind is Movement.STALLED
    }
    assert len(stalled) == 1
    words = [view.verdict for view in told.verdicts]
    order = list(dict.fromkeys(words))
    assert order == [TargetVerdict.ON_COURSE, TargetVerdict.AT_RISK, TargetVerdict.NOT_MET]
    assert words == sorted(words, key=order.index)
    assert told.estimates[-1][1] is None
    first_behind = told.verdicts[words.index(TargetVerdict.AT_RISK)].since
    assert told.verdicts[-1].since == first_behind is not None
