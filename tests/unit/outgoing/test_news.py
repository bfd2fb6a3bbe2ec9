from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.fake_clock import FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, at, done, session, stopped, task
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import NoPermission, TimedOut
from tui.hooks.kinds import CALLING, KINDS, kinds_named
from tui.journal.keeping import SessionJournal, this_watcher
from tui.monitor.live_session import LiveSession
from tui.outgoing.news import News
from tui.presentation.event_data import Origin, event_data, vm_counts
from tui.presentation.happening import Happening
from tui.settings import PlanTarget, Targets

Answer = FailoverSession | Exception
RTO = Targets(default=PlanTarget(rto=timedelta(minutes=30)))


class Followed:
    """A session followed by hand: each answer is one poll, and its news."""

    def __init__(
        self, *, begun: float = 0.0, journal: Path | None = None, targets: Targets = RTO
    ) -> None:
        """`begun` is how many seconds before the first poll this program began to look."""
        self.clock = FakeClock()
        self.source = FakeSource()
        self.source.server_time = self.clock.now
        self.news = News(self.clock, self.clock.monotonic() - begun)
        self.heard: list[Happening] = []
        keeper = None
        if journal is not None:
            keeper = SessionJournal(
                journal, server="em01:9398", session_id=SESSION_ID, watcher=this_watcher
            )
        self.live = LiveSession(
            self.source,
            SESSION_ID,
            clock=self.clock,
            keeper=keeper,
            targets=targets,
            random_source=lambda: 0.5,
            listener=lambda state: self.heard.extend(self.news.take(state)),
        )

    async def open(self) -> Followed:
        await self.live._remember()
        self.live.open()
        return self

    async def poll(self, answer: Answer, after: float = 5.0) -> list[tuple[str, str | None]]:
        """The news of one poll, as kinds and VMs."""
        self.clock.advance(after)
        self.heard.clear()
        self.source.answer = answer
        await self.live.poll_once()
        return [(each.what, each.vm) for each in self.heard]


async def test_what_had_happened_before_is_no_news() -> None:
    followed = await Followed().open()
    assert await followed.poll(session(done("a", "Failed"), task("b"), created=at(-10))) == []


async def test_what_happens_then_is() -> None:
    followed = await Followed(targets=Targets()).open()
    await followed.poll(session(task("a"), task("b"), created=at(-10)))
    failed = session(done("a", "Failed", "Disk full"), task("b"), created=at(-10))
    assert ("task failed", "a") in await followed.poll(failed)
    assert await followed.poll(failed) == []
    over = stopped(done("a", "Failed", "Disk full"), done("b"), result="Failed")
    over = over.model_copy(update={"created": at(-10)})
    kinds = [kind for kind, _ in await followed.poll(over)]
    assert "session failed" in kinds


async def test_a_session_that_began_meanwhile_is_new_altogether() -> None:
    """A plan was waited for, and between two polls a VM failed already."""
    followed = await Followed(begun=600).open()
    told = await followed.poll(session(done("a", "Failed"), task("b"), created=at(-1)))
    assert {("session started", None), ("task failed", "a")} <= set(told)


async def test_the_servers_clock_says_what_began_meanwhile() -> None:
    """This machine's is an hour off: with it, everything would seem old, or everything new."""
    followed = await Followed(begun=60).open()
    followed.source.server_time = lambda: followed.clock.now() - timedelta(hours=1)
    assert await followed.poll(session(task("a"), created=at(-65))) == []
    followed = await Followed(begun=60).open()
    followed.source.server_time = lambda: followed.clock.now() - timedelta(hours=1)
    told = await followed.poll(session(task("a"), created=at(-60)))
    assert ("session started", None) in told


async def test_what_a_journal_holds_is_no_news_and_what_follows_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = await Followed(journal=path, begun=600).open()
    assert await first.poll(session(done("a", "Failed"), task("b"), task("c")))
    first.live.leave()
    first.live.close()

    second = await Followed(journal=path, begun=600).open()
    assert second.live.snapshot.session is not None
    told = await second.poll(session(done("a", "Failed"), done("b", "Failed"), task("c")))
    assert ("task failed", "b") in told
    assert not {("task failed", "a"), ("session started", None)} & set(told)


async def test_an_outage_is_told_once_and_its_end() -> None:
    followed = await Followed().open()
    await followed.poll(session(task("a")))
    told = [await followed.poll(TimedOut("Too slow.")) for _ in range(5)]
    assert [kind for each in told for kind, _ in each] == ["connection lost"]
    assert await followed.poll(NoPermission("Not yours.")) == [("refused", None)]
    assert await followed.poll(session(task("a"))) == [("connection back", None)]


async def test_without_any_data_it_is_said_so() -> None:
    followed = await Followed().open()
    assert await followed.poll(TimedOut("Too slow.")) == [("no data yet", None)]


async def test_a_target_that_cannot_be_met_any_more() -> None:
    followed = await Followed().open()
    await followed.poll(session(task("a"), task("b"), created=at(-1)))
    told = await followed.poll(session(done("a", "Failed"), task("b"), created=at(-1)))
    assert ("rto cannot be met", None) in told


async def test_what_time_alone_brings_is_told_too() -> None:
    """No answer comes any more; the target goes by."""
    followed = await Followed(targets=Targets(default=PlanTarget(rto=timedelta(minutes=2)))).open()
    await followed.poll(session(task("a")))
    await followed.poll(TimedOut("Too slow."))
    followed.heard.clear()
    followed.clock.advance(180)
    followed.live._listener(followed.live.look())
    assert "rto at risk" in [each.what for each in followed.heard]


async def test_left_and_opened_again_tells_what_happened_meanwhile_once() -> None:
    followed = await Followed().open()
    await followed.poll(session(task("a")))
    followed.live.leave()
    followed.live.open()
    failed = session(done("a", "Failed"))
    assert ("task failed", "a") in await followed.poll(failed)
    assert await followed.poll(failed) == []


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("task failed", lambda found: found == {"task failed"}),
        ("rto", lambda found: {"rto met", "rto open"} <= found),
        ("connection", lambda found: found == {"connection lost", "connection back"}),
        ("all", lambda found: found == set(KINDS)),
        ("task", lambda found: "task stalled" in found and "session failed" not in found),
        ("disaster", lambda found: not found),
        ("", lambda found: not found),
    ],
)
def test_names_of_kinds(name: str, holds: Callable[[set[str]], bool]) -> None:
    assert holds(set(kinds_named(name)))


def test_no_kind_is_named_twice() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert set(CALLING) < set(KINDS)


async def test_an_event_says_how_it_stands() -> None:
    followed = await Followed().open()
    await followed.poll(session(task("a"), task("b"), created=at(-1)))
    await followed.poll(session(done("a", "Failed", "Disk [full]"), task("b"), created=at(-1)))
    failed = next(each for each in followed.heard if each.what == "task failed")
    now = followed.clock.now()
    origin = Origin("em01:9398", "prod", rehearsal=True)
    data = event_data(failed, followed.live.snapshot, origin, now=now, seen_at=now)
    assert data == {
        "schema": "failover-monitor-event/1",
        "kind": "task failed",
        "at": "2026-11-23T13:52:00Z",
        "clock": "server",
        "seen_at": "2026-11-23T13:50:10Z",
        "text": "REHEARSAL ABC Company Failover Plan: task failed a: Disk [full]",
        "server": "em01:9398",
        "profile": "prod",
        "rehearsal": True,
        "session_id": SESSION_ID,
        "plan": "ABC Company Failover Plan",
        "tenant": None,
        "backup_server": "vbr01",
        "vm": "a",
        "message": "Disk [full]",
        "duration_seconds": 120,
        "status": "running with errors",
        "verdict": "RTO CANNOT BE MET, RUNNING WITH ERRORS",
        "started_at": "2026-11-23T13:49:00Z",
        "ended_at": None,
        "elapsed_seconds": 70,
        "vms": {
            "total": 2,
            "waiting": 0,
            "starting": 0,
            "running": 1,
            "stopping": 0,
            "success": 0,
            "warning": 0,
            "failed": 1,
            "already up": 0,
            "unknown": 0,
        },
        "rto": {
            "verdict": "cannot be met",
            "target_seconds": 1800,
            "left_seconds": 1730,
            "overrun_seconds": 0,
        },
        "rpo": {"verdict": "no target", "target_seconds": None, "worst_seconds": None},
    }
    counts = vm_counts(followed.live.snapshot.assessment)  # type: ignore[arg-type]
    assert sum(counts.values()) == 2


async def test_what_is_recalled_is_no_news() -> None:
    first = await Followed(begun=600).open()
    await first.poll(session(done("a", "Failed"), task("b")))
    recording = await first.live.recording()
    assert recording is not None
    second = Followed(begun=600)
    second.live.recall(recording.observations)
    assert second.live.snapshot.session is not None
    assert second.heard == []
