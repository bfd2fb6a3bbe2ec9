"""`watch --output json`, its clocks and durations, and what ends a watch early."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.documents import every_member
from tests.support.fake_clock import FakeClock
from tests.support.making import session, task
from tests.support.rehearsing import BEGIN, Rehearsal, VirtualClock
from tests.support.simulated import build_service
from tui.analysis.assessing import assess
from tui.exit_codes import MEANINGS, ExitCode
from tui.monitor.snapshot import Snapshot
from tui.presentation.event_data import LINE_MEMBERS, LINE_SCHEMA, MEMBERS, Origin
from tui.presentation.happening import Dated, Happening
from tui.report import standing
from tui.settings import PlanTarget, Targets, WatchOptions
from tui.settings.durations import parse_duration
from tui.watch.ndjson import JsonLines

JSON = WatchOptions(output="json")
TARGETS = Targets(default=PlanTarget(rto=timedelta(minutes=1), rpo=timedelta(hours=4)))


def rehearsal(scenario: str = "failures", **options: Any) -> Rehearsal:
    clock = VirtualClock()
    service = build_service(scenario, clock=clock.now)
    if "wait_for" not in options:
        options["session_id"] = service.featured_session
    return Rehearsal(service, clock, **options)


async def test_nothing_but_objects_each_of_the_schema() -> None:
    watch = rehearsal(targets=TARGETS, watch=JSON)
    assert await watch.run() == ExitCode.FAILED
    for each in watch.objects:
        assert list(each) == [*MEMBERS, *LINE_MEMBERS]
        assert each["schema"] == LINE_SCHEMA
        assert each["clock"] in ("server", "seen", "here")
        for name in ("at", "seen_at"):
            assert datetime.fromisoformat(each[name]).tzinfo == UTC
        spans = [value for key, value in every_member(each) if key.endswith("_seconds")]
        assert all(value is None or value >= 0 for value in spans)
    assert watch.out.getvalue().isascii()


async def test_json_says_what_the_plain_lines_say() -> None:
    plain, told = rehearsal(targets=TARGETS), rehearsal(targets=TARGETS, watch=JSON)
    assert await plain.run() == await told.run()
    said = [(line.what, line.vm, line.message) for line in plain.data if line.what != "summary"]
    objects = [each for each in told.objects if not each["talk"]]
    assert [
        (each["kind"], each["vm"] or "-", each["message"] or "-")
        for each in objects
        if each["kind"] not in ("summary", "end")
    ] == said
    talked = [(each["kind"], each["message"]) for each in told.objects if each["talk"]]
    assert talked == [(line.what, line.message) for line in plain.talk]
    assert [line.what for line in told.talk] == [line.what for line in plain.talk]


async def test_the_end_has_all_there_is_to_know() -> None:
    watch = rehearsal(targets=TARGETS, watch=JSON)
    code = await watch.run()
    summary, end = watch.objects[-2:]
    assert summary["kind"] == "summary"
    assert summary["session"]["schema"] == standing.STATUS_SCHEMA
    assert len(summary["session"]["vms"]) == summary["session"]["total"] == 14
    assert summary["session"]["rto"]["verdict"] == "not met"
    assert any("RTO 1 min NOT MET" in line for line in summary["lines"])
    assert (end["kind"], end["exit_code"]) == ("end", code)
    assert end["meaning"] == MEANINGS[ExitCode.FAILED]


async def test_a_line_says_whose_time_it_has_and_how_long_it_took() -> None:
    watch = rehearsal()
    await watch.run()
    clocks = {line.what: line.dated for line in (*watch.data, *watch.talk)}
    assert clocks["logon"] == "here"
    assert clocks["session started"] == clocks["task failed"] == clocks["task success"] == "server"
    assert clocks["session state"] == clocks["summary"] == "seen"
    [failed] = [line for line in watch.of("task failed") if line.vm == "sql02"]
    [started] = [line for line in watch.of("task started") if line.vm == "sql02"]
    took = parse_duration(failed.lasted).total_seconds()
    assert took == pytest.approx((failed.at - started.at).total_seconds(), abs=1)
    assert watch.of("session failed")[0].lasted.endswith(" s")
    assert watch.of("task started")[0].lasted == "-"


async def test_without_the_servers_time_ours_is_marked() -> None:
    watch = rehearsal()
    handle = watch.service.handle

    def without_date(request: Any) -> Any:
        answer = handle(request)
        kept = {name: value for name, value in answer.headers.items() if name != "Date"}
        return replace(answer, headers=kept)

    watch.service.handle = without_date  # type: ignore[method-assign]
    await watch.run()
    assert watch.of("session state")[0].dated == "here"
    assert watch.of("task failed")[0].dated == "server"


async def test_waiting_for_a_plan_is_told_too() -> None:
    clock = VirtualClock()
    service = build_service("drill", clock=clock.now)
    plan = service.world.featured.plan.name
    watch = Rehearsal(service, clock, wait_for=plan, watch=JSON)
    assert await watch.run() in (0, 1, 3, 6)
    first = watch.objects[0]
    assert (first["talk"], first["session_id"], first["plan"]) == (True, None, None)
    assert any("Waiting for the next session" in (each["message"] or "") for each in watch.objects)
    assert watch.objects[-1]["kind"] == "end"
    begun = next(each for each in watch.objects if each["kind"] == "session started")
    assert begun["session_id"] == service.featured_session


async def test_progress_at_the_distance_asked_for() -> None:
    options = WatchOptions(output="json", progress=timedelta(seconds=30))
    watch = rehearsal("clean", targets=TARGETS, watch=options)
    await watch.run()
    told = [each for each in watch.objects if each["kind"] == "progress"]
    assert len(told) >= 3
    moments = [datetime.fromisoformat(each["seen_at"]) for each in told]
    gaps = {(later - one).total_seconds() for one, later in pairwise(moments)}
    assert gaps <= {29, 30, 31}
    assert all(each["session"]["vms"] is None and not each["session"]["over"] for each in told)
    progress = [each["session"]["progress"] for each in told]
    assert progress == sorted(progress)
    assert all(each["duration_seconds"] > 0 for each in told)


async def test_progress_for_people() -> None:
    options = WatchOptions(progress=timedelta(seconds=30))
    watch = rehearsal(targets=TARGETS, watch=options)
    await watch.run()
    first = watch.of("progress")[0]
    assert " of 14 VMs done, " in first.message
    assert " %; " in first.message
    assert "RTO 1 min " in first.message
    assert first.lasted != "-"
    assert not rehearsal().of("progress")


async def test_quiet_leaves_the_end() -> None:
    watch = rehearsal(targets=TARGETS, watch=WatchOptions(quiet=True))
    assert await watch.run() == ExitCode.FAILED
    assert {line.what for line in watch.data} == {"summary"}
    assert watch.talk == []
    told = rehearsal(watch=WatchOptions(output="json", quiet=True))
    await told.run()
    assert [each["kind"] for each in told.objects] == ["summary", "end"]


async def test_quiet_says_why_there_was_nothing() -> None:
    watch = rehearsal(password="wrong-horse", watch=WatchOptions(quiet=True))
    assert await watch.run() == ExitCode.LOGON_REFUSED
    assert [line.what for line in watch.talk] == ["refused"]
    assert watch.data == []


async def test_the_time_out_sums_up_and_logs_off() -> None:
    watch = rehearsal("stall", watch=WatchOptions(timeout=timedelta(minutes=3)))
    assert await watch.run() == ExitCode.TIMED_OUT
    assert 180 <= watch.clock.elapsed < 190
    assert watch.of("timed out")[0].message == "The time of --timeout is over: 3 min."
    assert watch.data[-1].what == "summary"
    assert watch.service.open_logons == 0


async def test_the_time_out_ends_a_wait_as_well() -> None:
    watch = rehearsal(
        "clean", wait_for="Kestrel Media archive", watch=WatchOptions(timeout=timedelta(hours=2))
    )
    assert await watch.run() == ExitCode.TIMED_OUT
    assert watch.clock.elapsed >= 7200
    assert watch.service.open_logons == 0


async def test_what_ends_in_time_is_not_touched_by_it() -> None:
    watch = rehearsal("clean", watch=WatchOptions(timeout=timedelta(hours=2)))
    assert await watch.run() == ExitCode.SUCCESS
    assert not watch.of("timed out")


async def test_until_it_runs() -> None:
    watch = rehearsal(watch=WatchOptions(until="running"))
    assert await watch.run() == ExitCode.SUCCESS
    assert watch.clock.elapsed < 10
    assert "WORKING" in watch.of("summary")[0].message
    assert watch.service.open_logons == 0


async def test_until_the_plans_next_session_runs() -> None:
    clock = VirtualClock()
    service = build_service("drill", clock=clock.now)
    plan = service.world.featured.plan.name
    watch = Rehearsal(service, clock, wait_for=plan, watch=WatchOptions(until="running"))
    assert await watch.run() == ExitCode.SUCCESS
    assert any("what was waited for" in line.message for line in watch.talk)


async def test_until_the_first_failure() -> None:
    watch = rehearsal(watch=WatchOptions(until="first-failure"))
    assert await watch.run() == ExitCode.FAILED
    assert [line.vm for line in watch.of("task failed")] == ["sql02"]
    assert "RUNNING WITH ERRORS" in watch.of("summary")[0].message


@pytest.mark.parametrize("until", ["running", "first-failure"])
async def test_a_session_that_is_over_ends_it_as_ever(until: Any) -> None:
    past = rehearsal("clean", watch=WatchOptions(until=until))
    if until == "running":
        run = next(run for run in past.service.world.past if run.end < 0)
        past = Rehearsal(past.service, past.clock, session_id=run.uid, watch=past_options(until))
        assert await past.run() in (0, 1, 3)
        assert past.of("session started")
    else:
        assert await past.run() == ExitCode.SUCCESS


def past_options(until: Any) -> WatchOptions:
    return WatchOptions(until=until)


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        (PlanTarget(rto=timedelta(minutes=1)), ExitCode.TARGET_MISSED),
        (PlanTarget(rpo=timedelta(minutes=1)), ExitCode.TARGET_MISSED),
        (PlanTarget(rto=timedelta(hours=1), rpo=timedelta(days=30)), ExitCode.SUCCESS),
        (PlanTarget(), ExitCode.SUCCESS),
    ],
)
@pytest.mark.parametrize("over", [False, True])
async def test_a_missed_target_has_a_code(
    targets: PlanTarget, code: ExitCode, *, over: bool
) -> None:
    watch = rehearsal("clean", targets=Targets(default=targets))
    if over:
        watch.clock.advance(7200)
    assert await watch.run() == code


async def test_the_code_waits_for_the_points_that_it_rests_on() -> None:
    """A failover that is over before the points of its last VMs were read."""
    clock = VirtualClock()
    service = build_service("clean", speed=200, clock=clock.now)
    targets = Targets(default=PlanTarget(rpo=timedelta(hours=4)))
    watch = Rehearsal(
        service, clock, session_id=service.featured_session, targets=targets, watch=JSON
    )
    assert await watch.run() == ExitCode.TARGET_MISSED
    rpo = watch.objects[-2]["session"]["rpo"]
    assert (rpo["verdict"], rpo["known"], rpo["to_come"]) == ("not met", 14, 0)


# Whatever a server sends -----------------------------------------------------------------------

TEXTS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(
        ["a\tb\r\nc", "\x1b[2J", "\u202egnp", "=1+1", "\ud800", "\u2028\x85", "😀" * 5]
    ),
)
SPANS = st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=400)))


@given(
    name=TEXTS,
    message=TEXTS,
    whose=st.sampled_from(list(Dated)),
    lasted=SPANS,
    seen=st.booleans(),
    talk=st.booleans(),
)
def test_each_line_is_one_object_whatever_it_holds(
    name: str | None,
    message: str | None,
    whose: Dated,
    lasted: timedelta | None,
    seen: bool,
    talk: bool,
) -> None:
    lines = JsonLines(Origin("em01:9398"), FakeClock(BEGIN))
    if seen:
        one = replace(task("x"), vm_name=name or "", failure_message=message)
        shown = session(one).model_copy(update={"plan_name": name or ""})
        lines.state = Snapshot(shown.id, shown, assess(shown))
    line = lines.line(Happening(BEGIN, "task failed", name, message, whose, lasted), talk=talk)
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()
    data = json.loads(line)
    assert (data["vm"], data["message"], data["talk"]) == (name, message, talk)
    assert data["duration_seconds"] is None or data["duration_seconds"] >= 0


@pytest.mark.parametrize("scenario", ["hostile"])
async def test_a_hostile_server_in_both_forms(scenario: str) -> None:
    plain, told = rehearsal(scenario), rehearsal(scenario, watch=JSON)
    await plain.run()
    await told.run()
    assert plain.data  # each of its lines has six fields
    assert told.objects
    check: Callable[[str], bool] = lambda text: all(c.isprintable() or c in "\t\n" for c in text)  # noqa: E731
    for text in (plain.out, plain.err, told.out, told.err):
        assert check(text.getvalue())
