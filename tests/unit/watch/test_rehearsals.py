"""Whole watches against the simulator, on a virtual clock."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import timedelta

import pytest

from tests.support.rehearsing import Rehearsal, VirtualClock, driven
from tests.support.simulated import build_service
from tui.errors import InvalidInput
from tui.settings.resolved import PlanTarget, Targets


def rehearsal(
    scenario: str, *, named: bool = True, password: str = "demo", server: str = "em01.example"
) -> Rehearsal:
    clock = VirtualClock()
    service = build_service(scenario, clock=clock.now)
    session_id = service.featured_session if named else None
    return Rehearsal(service, clock, session_id=session_id, password=password, server=server)


async def test_a_clean_failover_from_logon_to_logoff() -> None:
    watch = rehearsal("clean")
    assert await watch.run() == 0
    kinds = Counter(line.what for line in watch.data)
    assert kinds["session started"] == kinds["session success"] == 1
    assert kinds["task started"] == kinds["task success"] == 14
    assert not kinds["task failed"]
    assert [line.what for line in watch.talk] == ["logon", "tenant"]
    assert (watch.service.logons, watch.service.logoffs, watch.service.open_logons) == (1, 1, 0)
    assert watch.service.writes == 0


@pytest.mark.parametrize(
    ("scenario", "code"), [("clean", 0), ("warnings", 3), ("failures", 1), ("stopped", 1)]
)
async def test_the_exit_code_is_the_result(scenario: str, code: int) -> None:
    assert await rehearsal(scenario).run() == code


async def test_a_failure_is_told_with_vm_message_and_the_servers_time() -> None:
    watch = rehearsal("failures")
    await watch.run()
    assert len(watch.of("task failed")) == 3
    first = watch.of("task failed")[0]
    assert first.vm == "sql02"
    assert first.message.startswith("Not enough free space on datastore DS-")
    ended = next(task.end for task in watch.service.world.featured.tasks if task.vm == "sql02")
    assert abs((first.at - watch.service.begin).total_seconds() - ended) < 1.5
    assert watch.of("session failed")[0].message.endswith(
        "3 of 14 virtual machines failed to fail over"
    )
    assert f"{first.vm} failed" in " ".join(line.message for line in watch.of("summary"))


async def test_the_first_reading_tells_the_past_in_order() -> None:
    watch = rehearsal("failures")
    async with driven(watch.clock):
        work = asyncio.create_task(watch.watch().run())
        await watch.clock.until(lambda: bool(watch.of("session state")))
        told = watch.data
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert [line.at for line in told] == sorted(line.at for line in told)
    assert [told[0].what, told[-1].what] == ["session started", "session state"]
    assert (watch.service.begin - told[0].at).total_seconds() == pytest.approx(100, abs=1)
    assert watch.of("summary")
    assert watch.service.open_logons == 0


async def test_nothing_is_said_while_nothing_changes() -> None:
    watch = rehearsal("stall")
    async with driven(watch.clock):
        work = asyncio.create_task(watch.watch().run())
        await watch.clock.until(lambda: watch.clock.elapsed > 1200)
        before = watch.data
        await watch.clock.until(lambda: watch.clock.elapsed > 2 * 3600)
        assert watch.data == before
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert watch.service.open_logons == 0


async def test_what_stands_still_is_judged_by_earlier_runs_that_are_read_once() -> None:
    watch = rehearsal("stall")
    async with driven(watch.clock):
        work = asyncio.create_task(watch.watch().run())
        await watch.clock.until(lambda: watch.clock.elapsed > 1200)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    told = [line for kind in ("task slow", "task stalled") for line in watch.of(kind)]
    assert [(line.what, line.vm) for line in told] == [
        ("task slow", "app01"),
        ("task stalled", "app01"),
    ]
    assert all("twice its usual" in line.message for line in told)
    read = Counter(entry.path for entry in watch.service.log if "failoverSessions" in entry.path)
    earlier = [count for path, count in read.items() if watch.service.featured_session not in path]
    assert earlier
    assert max(earlier) == 1
    assert len(earlier) <= 5


async def test_a_session_that_is_over_is_told_and_left_at_once() -> None:
    watch = rehearsal("clean")
    past = next(run for run in watch.service.world.past if run.end < 0)
    over = Rehearsal(watch.service, watch.clock, session_id=past.uid)
    code = await over.run()
    assert code in (0, 1, 3)
    assert over.clock.elapsed < 10
    assert over.data[0].what == "session started"
    assert [line.what for line in over.data if line.what.startswith("session")][-1] == {
        0: "session success",
        1: "session failed",
        3: "session warning",
    }[code]


async def test_a_wrong_password_is_sent_once() -> None:
    watch = rehearsal("clean", password="wrong-horse")
    assert await watch.run() == 4
    assert [entry.method for entry in watch.service.log].count("POST") == 1
    assert watch.of("refused")[0].message.startswith("User or password is wrong.")
    assert "wrong-horse" not in watch.err.getvalue() + watch.out.getvalue()
    assert not watch.data


async def test_a_server_that_comes_up_late_is_waited_for() -> None:
    watch = rehearsal("clean")
    watch.wire.cut(lambda: watch.clock.elapsed < 60)
    assert await watch.run() == 0
    assert 3 <= len(watch.of("no data yet")) <= 6
    assert "Next try in 5 s." in watch.of("no data yet")[0].message


async def test_a_server_that_never_answers_is_given_up_after_two_minutes() -> None:
    watch = rehearsal("clean")
    watch.wire.cut()
    assert await watch.run() == 5
    assert 60 < watch.clock.elapsed <= 120
    assert "giving up" in watch.talk[-1].message
    assert not watch.data


async def test_an_outage_is_told_on_the_other_stream_and_survived() -> None:
    watch = rehearsal("clean")
    watch.wire.cut(lambda: 20 < watch.clock.elapsed < 20 + 3600)
    assert await watch.run() == 0
    [lost], [back] = watch.of("connection lost"), watch.of("connection back")
    assert "em01.example" in lost.message
    assert re.fullmatch(r"after 1 h 0\d min( \d\d s)?", back.message)
    assert {line.what for line in watch.talk} == {
        "logon",
        "tenant",
        "connection lost",
        "connection back",
    }
    assert len(watch.of("task success")) == 14


async def test_a_restart_of_the_server_is_not_noticed() -> None:
    watch = rehearsal("clean")
    watch.wire.cut(lambda: _forget_at(30.0, watch))
    assert await watch.run() == 0
    assert watch.service.logons == 2
    assert [line.what for line in watch.talk] == ["logon", "tenant"]


def _forget_at(moment: float, watch: Rehearsal) -> bool:
    if watch.clock.elapsed > moment and watch.service.logons == 1:
        watch.service.forget_logons()
    return False


async def test_without_a_session_the_one_running_is_taken() -> None:
    watch = rehearsal("clean", named=False)
    assert await watch.run() == 0
    assert watch.service.featured_session in watch.data[0].message
    assert watch.of("note")[0].message.startswith("Watching the one running session: ")


async def test_of_several_running_the_newest_is_taken_and_the_others_are_named() -> None:
    watch = rehearsal("failures", named=False)
    assert await watch.run() == 1
    assert watch.service.featured_session in watch.data[0].message
    first, second = watch.of("note")
    assert first.message.startswith("Watching the newest: ")
    assert second.message.startswith("Also running: ")
    assert watch.service.world.others[0].uid in second.message


async def test_with_none_running_the_newest_is_taken() -> None:
    watch = rehearsal("drill", named=False)
    await watch.run()
    newest = max(watch.service.world.past, key=lambda run: run.start)
    assert newest.uid in watch.data[0].message
    assert watch.of("note")[0].message.startswith("No session is running. The newest: ")


async def test_a_session_that_begins_soon_is_waited_for() -> None:
    watch = rehearsal("drill")
    assert await watch.run() == 1
    assert len(watch.of("no data yet")) == 1
    assert watch.data[0].what == "session started"


async def test_hostile_text_stays_in_its_field() -> None:
    watch = rehearsal("hostile")
    assert await watch.run() == 1
    shown = watch.out.getvalue()
    assert "\x1b" not in shown
    assert all(c.isprintable() or c in "\t\n" for c in shown)
    assert {"VM[prod]", "[/foo]"} <= {line.vm for line in watch.data}


async def test_plain_http_is_said() -> None:
    watch = rehearsal("clean", server="http://em01.example:9399")
    assert await watch.run() == 0
    assert watch.talk[0].message.startswith("Plain http")


def test_what_is_missing_is_a_sentence() -> None:
    watch = rehearsal("clean", password="")
    settings = watch.connection.settings
    object.__setattr__(settings, "password", None)
    with pytest.raises(InvalidInput):
        watch.watch()


@pytest.mark.parametrize("late", [0.0, 400.0], ids=["while it runs", "after its end"])
async def test_a_run_that_goes_on_where_one_left_off_is_summed_up_as_one_outage(
    late: float,
) -> None:
    watch = rehearsal("retry")
    watch.clock.advance(late)
    assert await watch.run() == 1
    said = [line.message for line in watch.of("summary")]
    (outage,) = [text for text in said if text.startswith("~Outage since ")]
    assert ", 2 runs, 26 min 50 s to the end of run 2," in outage
    assert outage.endswith(", 13 of 14 up, down: sql02")
    runs = [text for text in said if text.startswith("run ")]
    assert [text.rpartition(", ")[2] for text in runs] == [
        "4 of 14 VMs failed",
        "1 of 4 VMs failed",
    ]


async def test_a_session_that_is_over_already_is_summed_up_with_its_replica_points() -> None:
    clock = VirtualClock()
    service = build_service("failures", clock=clock.now)
    targets = Targets(default=PlanTarget(rpo=timedelta(hours=4)))
    clock.advance(600)
    watch = Rehearsal(service, clock, session_id=service.featured_session, targets=targets)
    assert await watch.run() == 1
    told = " ".join(line.message for line in watch.of("summary"))
    assert "RPO 4 h NOT MET, 2 over of 14" in told
