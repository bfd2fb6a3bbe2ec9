"""Scripted readings: what no simulated server does on demand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest

from tests.support.fake_source import Answer, FakeSource
from tests.support.rehearsing import BEGIN, Streams, VirtualClock, driven
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.errors import (
    ConnectionLost,
    FailoverMonitorError,
    NoPermission,
    NotFound,
    ServerBusy,
    TimedOut,
    WrongCredentials,
)
from tui.presentation import times
from tui.settings import PlanTarget, Targets
from tui.watch.choosing import choose
from tui.watch.following import NOT_FOUND_TRIES, Following

SESSION = "4347c445-0a1b-4c2d-8e3f-001122334455"


def session(
    *tasks: TaskSession,
    state: str = "Working",
    result: str = "None",
    ended: float | None = None,
    message: str | None = None,
) -> FailoverSession:
    return FailoverSession(
        id=SESSION,
        name="Plan A",
        plan_name="Plan A",
        created=BEGIN,
        ended=None if ended is None else BEGIN + timedelta(seconds=ended),
        state=state,
        result=result,
        failure_message=message,
        tasks=tasks,
    )


def task(
    vm: str = "sql02",
    state: str = "Working",
    result: str = "None",
    message: str | None = None,
    ended: float | None = None,
    progress: int | None = None,
) -> TaskSession:
    return TaskSession(
        vm_name=vm,
        created=BEGIN + timedelta(seconds=3),
        ended=None if ended is None else BEGIN + timedelta(seconds=ended),
        state=state,
        result=result,
        failure_message=message,
        progress=progress,
    )


class Followed(Streams):
    """One course of answers, the last of them for ever, followed to its end."""

    def __init__(
        self,
        answers: Iterable[Answer],
        *,
        targets: Targets | None = None,
        earlier: Sequence[FailoverSession] = (),
    ) -> None:
        super().__init__()
        self.targets = targets
        self.clock = VirtualClock()
        *coming, last = answers
        self.source = FakeSource(last)
        self.source.coming = coming
        self.source.listed = list(earlier)
        self.source.server_time = self.clock.now
        self.source.on_asked = self._note
        self.asked_at: list[float] = []
        self.code = -1

    def _note(self, kind: str) -> None:
        if kind == "session":
            self.asked_at.append(self.clock.elapsed)

    async def to_its_end(self) -> Followed:
        async with driven(self.clock):
            following = Following(
                self.source,
                SESSION,
                self.output,
                self.clock,
                interval=5.0,
                give_up_at=120.0,
                random_source=lambda: 0.5,
                targets=self.targets,
            )
            self.code = await following.run()
        return self

    @property
    def said(self) -> list[tuple[str, str, str]]:
        lines = [line for line in self.data if line.what != "summary"]
        return [(line.what, line.vm, line.message) for line in lines]


async def follow(*answers: Answer) -> Followed:
    return await Followed(answers).to_its_end()


OVER = session(state="Stopped", result="Success", ended=60)
NO_RESULT = session(state="Stopped", result="None", ended=60)


async def test_a_result_that_comes_late_is_waited_for_once() -> None:
    followed = await follow(session(), NO_RESULT, OVER)
    assert followed.code == 0
    assert followed.asked_at == [0, 5, 10]
    assert followed.said[-2:] == [
        ("session state", "-", "Stopped, no result yet"),
        ("session success", "-", "took 1 min"),
    ]


async def test_no_result_at_all_is_no_success() -> None:
    followed = await follow(session(), NO_RESULT)
    assert followed.code == 1
    assert followed.asked_at == [0, 5, 10]
    what, _, message = followed.said[-1]
    assert what == "session unknown"
    assert message.startswith("no verdict")


async def test_a_plan_without_a_name_is_a_dash() -> None:
    nameless = OVER.model_copy(update={"plan_name": "", "name": ""})
    followed = await follow(nameless)
    assert followed.of("session started")[0].message == f"- ({SESSION})"
    assert followed.of("summary")[0].message.startswith("-: SUCCESS")
    choice = choose([nameless])
    assert choice is not None
    assert " The newest: -, started " in choice.sentences[0]


async def test_an_end_time_is_an_end_where_the_state_does_not_deny_it() -> None:
    followed = await follow(session(), session(state="Ended", result="Warning", ended=60))
    assert followed.code == 3
    assert followed.asked_at == [0, 5]


async def test_a_working_session_with_an_end_time_is_followed_on() -> None:
    followed = await follow(session(ended=0), session(result="Warning", ended=60), OVER)
    assert followed.code == 0
    assert followed.asked_at == [0, 5, 10]


async def test_a_success_that_its_tasks_deny_is_told_and_is_no_success() -> None:
    failed = task("sql02", state="Stopped", result="Failed", ended=60)
    for tasks in ((failed,), (failed, task("app01")), (task("app01"),)):
        odd = session(*tasks, state="Stopped", result="Success", ended=60)
        followed = await follow(session(task()), odd, odd)
        assert followed.code == 1
        assert any("The server contradicts itself" in line.message for line in followed.data)


async def test_a_vm_that_cannot_be_read_is_told() -> None:
    damaged = session(task()).model_copy(update={"unreadable_tasks": 1})
    followed = await follow(damaged, OVER)
    assert any("1 of 2 VMs cannot be read" in line.message for line in followed.talk)


async def test_a_task_still_open_at_the_end_gets_one_more_reading() -> None:
    done = task(state="Stopped", result="Success", ended=60)
    followed = await follow(
        session(task()),
        session(task(), state="Stopped", result="Success", ended=60),
        session(done, state="Stopped", result="Success", ended=60),
    )
    assert followed.code == 0
    assert ("task success", "sql02", "took 57 s") in followed.said


async def test_an_outage_after_the_end_does_not_lose_the_result() -> None:
    lost = [ConnectionLost("Gone.")] * 50
    followed = await follow(session(), NO_RESULT, *lost, OVER)
    assert followed.code == 0


async def test_a_task_in_words() -> None:
    followed = await follow(
        session(state="Starting"),
        session(task(state="Starting")),
        session(task()),
        session(task(message="Retrying")),
        session(task(message="Retrying")),
        session(task(message="Retrying again")),
        session(task(state="Stopping", message="Retrying again")),
        session(task(state="Stopped", result="Failed", ended=33)),
        session(task(state="Stopped", result="Failed", ended=33, message="Disk full")),
        session(state="Stopped", result="Failed", ended=60, message="1 of 1 failed"),
    )
    assert followed.code == 1
    assert followed.said == [
        ("session started", "-", f"Plan A ({SESSION})"),
        ("session state", "-", "Starting"),
        ("task started", "sql02", "-"),
        ("session state", "-", "Working"),
        ("task message", "sql02", "Retrying"),
        ("task message", "sql02", "Retrying again"),
        ("task stopping", "sql02", "Retrying again"),
        ("task failed", "sql02", "the server gave no message"),
        ("session state", "-", "Running with errors"),
        ("task message", "sql02", "Disk full"),
        ("session failed", "-", "1 of 1 failed"),
    ]


async def test_a_task_no_longer_listed_is_told_and_a_finished_one_is_not() -> None:
    done = task("dc01", "Stopped", "Success", ended=40)
    followed = await follow(session(task(), done), session(), session(task(), done), OVER)
    told = [line for line in followed.said if line[1] == "sql02"]
    assert told == [
        ("task started", "sql02", "-"),
        ("task unknown", "sql02", "the server no longer lists it"),
        ("task running", "sql02", "-"),
        ("task unknown", "sql02", "the server no longer lists it"),
    ]
    assert [line[0] for line in followed.said if line[1] == "dc01"] == [
        "task started",
        "task success",
    ]


async def test_states_unknown_here_are_told_in_the_servers_words() -> None:
    followed = await follow(
        session(task(state="Hibernating"), state="Pausing"),
        session(state="Stopped", result="Exploded", ended=60),
    )
    assert ("task unknown", "sql02", "the server says Hibernating") in followed.said
    assert ("session state", "-", "Pausing") in followed.said
    assert followed.code == 1
    assert "it says Exploded" in followed.said[-1][2]


async def test_a_message_of_the_running_session_is_told() -> None:
    followed = await follow(session(), session(message="Gateway is slow"), OVER)
    assert ("session message", "-", "Gateway is slow") in followed.said


async def test_it_never_gives_up_once_it_had_data() -> None:
    """Hours of outage: 60 s at most between two tries."""
    trouble = [TimedOut("Too slow."), ServerBusy("Starting."), NoPermission("No."), NotFound("No.")]
    followed = await follow(session(), *(trouble * 100), OVER)
    assert followed.code == 0
    assert followed.clock.elapsed > 5 * 3600
    pauses = zip(followed.asked_at, followed.asked_at[1:], strict=False)
    assert max(later - earlier for earlier, later in pauses) <= 60
    assert len(followed.of("connection back")) == 1


async def test_one_trouble_is_told_once() -> None:
    followed = await follow(session(), *([TimedOut("Too slow.")] * 20), OVER)
    assert [line.message for line in followed.of("connection lost")] == ["Too slow."]


async def test_an_outage_is_one_pair_of_lines_whatever_each_try_dies_of() -> None:
    trouble = [TimedOut("Too slow."), ServerBusy("Starting."), ConnectionLost("Gone.")] * 20
    followed = await follow(session(), *trouble, OVER)
    told = [line for line in followed.talk if line.what.startswith("connection")]
    assert [line.what for line in told] == ["connection lost", "connection back"]
    lasted = round((told[1].at - told[0].at).total_seconds())
    assert told[1].message == f"after {times.age(lasted)}"


async def test_what_waits_for_a_person_is_told_within_an_outage_too() -> None:
    trouble = [TimedOut("Too slow."), NoPermission("Not your session any more.")] * 5
    followed = await follow(session(), *trouble, OVER)
    assert [line.message for line in followed.of("connection lost")] == ["Too slow."]
    assert len([line for line in followed.of("refused") if "Not your" in line.message]) == 1
    assert len(followed.of("connection back")) == 1


async def test_a_session_that_is_not_there_is_given_up_after_some_tries() -> None:
    followed = await follow(NotFound("No such session."))
    assert followed.code == 5
    assert len(followed.asked_at) == NOT_FOUND_TRIES
    assert not followed.data
    assert "no data was received" in followed.talk[-1].message


async def test_a_session_that_shows_late_is_found() -> None:
    followed = await follow(*([NotFound("Not yet.")] * (NOT_FOUND_TRIES - 1)), OVER)
    assert followed.code == 0


@pytest.mark.parametrize("error", [TimedOut("Too slow."), ServerBusy("Starting.")])
async def test_no_data_for_two_minutes_is_the_end(error: FailoverMonitorError) -> None:
    followed = await follow(error)
    assert followed.code == 5
    assert 120 <= followed.clock.elapsed <= 180


async def test_a_session_that_may_not_be_read_is_given_up_at_once() -> None:
    followed = await follow(NoPermission("Not yours."))
    assert followed.code == 5
    assert len(followed.asked_at) == 1
    assert followed.of("no data yet")[0].message == "Not yours."


async def test_an_account_refused_later_ends_it_with_what_was_known() -> None:
    followed = await follow(session(task()), WrongCredentials("User or password is wrong."))
    assert followed.code == 4
    assert followed.of("connection lost")[0].message == "User or password is wrong."
    assert followed.of("summary")[0].message.startswith("Plan A: WORKING")


def rto(seconds: float) -> Targets:
    return Targets(default=PlanTarget(rto=timedelta(seconds=seconds)))


async def test_each_change_of_the_rto_verdict_is_told_once() -> None:
    running = [session(task())] * 30
    over = session(state="Stopped", result="Success", ended=150)
    followed = await Followed([*running, over], targets=rto(100)).to_its_end()
    told = [line for line in followed.data if line.what.startswith("rto ")]
    assert [line.what for line in told] == ["rto open", "rto at risk", "rto not met"]
    assert told[0].message == "RTO 1 min 40 s OPEN, 1 min 40 s left: no estimate yet"
    assert told[2].at == BEGIN + timedelta(seconds=100)
    assert followed.of("summary")[-1].message.startswith("RTO 1 min 40 s NOT MET")


async def test_a_stalled_and_a_slow_vm_are_told_once_each() -> None:
    earlier = [
        session(
            task("slow", "Stopped", "Success", ended=43),
            state="Stopped",
            result="Success",
            ended=60,
        ).model_copy(update={"id": f"earlier-{days}", "created": BEGIN - timedelta(days=days)})
        for days in (1, 2, 3)
    ]
    changing = [session(task("slow", message=f"{step} %"), task("sql02")) for step in range(300)]
    followed = await Followed([*changing, OVER], earlier=earlier).to_its_end()
    told = [line for line in followed.data if line.what in ("task slow", "task stalled")]
    assert [(line.what, line.vm) for line in told] == [
        ("task slow", "slow"),
        ("task stalled", "sql02"),
    ]
    assert told[0].message == "runs for 1 min 22 s (twice its usual 40 s)"
    assert told[1].message == "no change for 10 min (no earlier run to compare with, so 10 min)"


async def test_a_server_that_shows_no_progress_at_all_stalls_nobody() -> None:
    followed = await Followed([*([session(task("a"), task("b"))] * 150), OVER]).to_its_end()
    assert followed.of("task stalled") == []


async def test_stalled_together_may_be_a_late_collection() -> None:
    still = session(task("a", progress=40), task("b", progress=7))
    followed = await Followed([*[still] * 150, OVER]).to_its_end()
    told = followed.of("task stalled")
    assert [line.vm for line in told] == ["a", "b"]
    assert all("it may be the collection" in line.message for line in told)


async def test_a_plan_that_cannot_be_read_is_told_once() -> None:
    followed = await follow(*([session(task())] * 5), OVER)
    (told,) = followed.of("plan unknown")
    assert told.message.startswith("no cloud failover plan of that name is left")
