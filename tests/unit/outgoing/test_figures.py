"""The file of figures: from a followed session, through an outage, to its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import parser

from tests.support.fake_clock import FakeClock, running
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, at, done, session, stopped, task
from tui.errors import TimedOut
from tui.metrics.file import write_metrics
from tui.monitor.live_session import LiveSession
from tui.outgoing import figures
from tui.outgoing.figures import Figures
from tui.presentation.event_data import Origin
from tui.settings import PlanTarget, Targets

Value = Callable[..., float | None]
RTO = Targets(default=PlanTarget(rto=timedelta(minutes=30)))


class Watching:
    """A session that is followed while its figures are kept."""

    def __init__(self, path: Path, session_id: str = SESSION_ID) -> None:
        self.path = path
        self.clock = FakeClock()
        self.source = FakeSource(session(done("a", "Failed"), task("b")))
        self.source.server_time = self.clock.now
        self.said: list[str] = []
        self.figures = Figures(path, self.clock, self.said.append)
        self.origin = Origin("em01:9398")
        self.live = self.of(session_id)

    def of(self, session_id: str) -> LiveSession:
        return LiveSession(
            self.source,
            session_id,
            clock=self.clock,
            targets=RTO,
            random_source=lambda: 0.5,
            listener=lambda state: self.figures.take(self.origin, state),
        )

    async def pass_by(self, seconds: float) -> None:
        """Virtual time; then what is due is written, so that there is nothing to wait for."""
        await self.clock.run_for(seconds)
        await self.figures._write()

    def value(self, name: str, **labels: str) -> float | None:
        """The one sample of that name with these labels; None without one."""
        found = [
            sample.value
            for family in parser.text_string_to_metric_families(self.path.read_text())
            for sample in family.samples
            if sample.name == f"failover_{name}" and labels.items() <= sample.labels.items()
        ]
        assert len(found) <= 1, name
        return found[0] if found else None


@asynccontextmanager
async def followed(watching: Watching) -> AsyncIterator[None]:
    async with running(watching.live.run(lambda _: None)):
        await watching.pass_by(1)
        yield


@pytest.fixture
def watching(tmp_path: Path) -> Watching:
    return Watching(tmp_path / "failover.prom")


async def test_a_running_session(watching: Watching) -> None:
    async with followed(watching):
        await watching.pass_by(20)
        assert watching.value("session_up") == 1
        assert watching.value("session_failures") == 1
        assert watching.value("session_failures_unacknowledged") == 1
        assert watching.value("session_vms", status="running") == 1
        assert watching.value("session_status", status="running with errors") == 1
        assert watching.value("session_verdict", verdict="cannot be met") == 1
        assert watching.value("session_rto_left_seconds") == 1800 - 21
        assert watching.value("session_elapsed_seconds") == 21
        assert watching.value("monitor_polls_since_start") == 5
        assert watching.value("monitor_errors_since_start") == 0
        assert watching.value("session_data_age_seconds") == 1
        assert watching.value("session_watch_end_timestamp_seconds") is None
        failure = watching.live.snapshot.unacknowledged[0]
        watching.live.acknowledge(failure.key, "jdoe")
        await watching.pass_by(0)
        assert watching.value("session_failures_unacknowledged") == 0


async def test_in_an_outage_the_data_grows_older_and_nothing_looks_new(watching: Watching) -> None:
    async with followed(watching):
        watching.source.answer = TimedOut("Too slow.")
        await watching.pass_by(600)
        assert watching.value("session_up") == 0
        assert watching.value("session_data_age_seconds") == 601
        data = watching.value("session_data_timestamp_seconds")
        assert data == watching.clock.now().timestamp() - 601
        written = watching.value("monitor_written_timestamp_seconds")
        assert written == watching.clock.now().timestamp()
        assert watching.value("session_rto_left_seconds") == 1800 - 601
        errors = watching.value("monitor_errors_since_start")
        assert errors is not None
        assert errors > 3
        watching.source.answer = session(done("a", "Failed"), done("b"))
        watching.live.poll_now()
        await watching.pass_by(1)
        assert watching.value("session_up") == 1
        assert watching.value("monitor_errors_since_start") == errors


async def test_a_server_that_is_silent_is_not_up(watching: Watching) -> None:
    async with followed(watching):
        watching.live._mark_asked(watching.clock.monotonic() - 30)
        await watching.pass_by(0)
        assert watching.value("session_up") == 0


async def test_without_any_data_there_is_the_outage_alone(watching: Watching) -> None:
    watching.source.answer = TimedOut("Too slow.")
    async with followed(watching):
        assert watching.value("session_up") == 0
        assert watching.value("session_vms") is None
        assert watching.value("session_failures") is None
        assert watching.value("session_data_age_seconds") is None
        assert watching.value("session_status", status="unknown") == 1


async def test_it_is_written_between_rare_polls_too(watching: Watching) -> None:
    """A monitor that is paused or asks once an hour must not look like one that is gone."""
    async with followed(watching):
        watching.live.toggle_pause()
        moments = set()
        for _ in range(600):
            await watching.clock.run_for(1)
            await asyncio.sleep(0.005)  # it is written on a thread, whose time is real
            moments.add(watching.value("monitor_written_timestamp_seconds"))
            if len(moments) > 4:
                break
        assert len(moments) > 4
        assert watching.source.asked["session"] == 1


async def test_what_stays_at_the_end_is_the_last_state_and_when_the_watch_ended(
    watching: Watching,
) -> None:
    async with followed(watching):
        watching.source.answer = stopped(done("a", "Failed"), done("b"), result="Failed")
        await watching.pass_by(30)
    ended = watching.clock.now().timestamp()
    watching.clock.advance(3_600)
    await watching.figures.finish()
    assert watching.value("session_status", status="failed") == 1
    assert watching.value("session_verdict", verdict="not met") == 1
    assert watching.value("session_end_timestamp_seconds") == at(10).timestamp()
    assert watching.value("session_watch_end_timestamp_seconds") == ended
    age = watching.value("session_data_age_seconds")
    assert age is not None
    assert age < 60
    await watching.figures.finish()


async def test_a_session_that_is_left_gives_way_to_the_next(watching: Watching) -> None:
    async with followed(watching):
        pass
    await watching.pass_by(0)
    other = "4347c445-0000-4000-8000-000000000002"
    watching.source.answer = session(task("x"), session_id=other)
    watching.live = watching.of(other)
    async with followed(watching):
        text = watching.path.read_text()
        assert other in text
        assert SESSION_ID not in text


async def test_a_rehearsal_is_marked(watching: Watching) -> None:
    watching.origin = Origin("vbem01", rehearsal=True)
    async with followed(watching):
        assert watching.value("session_up", server="REHEARSAL vbem01") == 1


async def test_a_file_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    watching = Watching(folder / "failover.prom")
    async with running(watching.live.run(lambda _: None)):
        await watching.pass_by(60)
        assert watching.said == [
            f"The figures cannot be written to {watching.path}: No such file or directory."
        ]
        folder.mkdir()
        await watching.pass_by(5)
        assert watching.value("session_up") == 1
        assert len(watching.said) == 1


async def test_a_write_that_was_slow_replaces_nothing_newer(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its disk hung while the watch ended; the last state is what stays."""
    hanging, released, really = threading.Event(), threading.Event(), write_metrics

    def slow(path: Path, text: str) -> None:
        if not hanging.is_set():
            hanging.set()
            released.wait(20)
        really(path, text)

    async with followed(watching):
        monkeypatch.setattr(figures, "write_metrics", slow)
        earlier = asyncio.create_task(watching.figures._write())
        await asyncio.to_thread(hanging.wait, 20)
        watching.source.answer = stopped(done("a", "Failed"), done("b"), result="Failed")
        await watching.clock.run_for(10)
        last = asyncio.create_task(watching.figures._write())
        await asyncio.sleep(0)
        released.set()
        await asyncio.gather(earlier, last)
        assert watching.value("session_status", status="failed") == 1
