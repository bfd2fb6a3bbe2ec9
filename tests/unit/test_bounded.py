"""A server that never repeats itself does not fill the memory."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from tests.support.making import session as made
from tests.support.making import task
from tests.support.watched import Watched
from tui.analysis.assessing import MOST_UNLISTED, assess
from tui.analysis.events import MOST_EVENTS, MOST_TEXT, Event, EventKind, EventLog
from tui.analysis.stall import Motion, Movement
from tui.analysis.targets import RtoView, TargetVerdict
from tui.enterprise_manager import decoding
from tui.enterprise_manager.decoding import MOST_PARTS, parse
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.errors import UnreadableAnswer
from tui.monitor import details
from tui.presentation.doubts import doubts
from tui.presentation.targets_and_stalls import MOST_TOLD, TargetsAndStalls

AT = datetime(2026, 3, 14, 13, 50, tzinfo=UTC)


def session(poll: int) -> FailoverSession:
    tasks = tuple(
        TaskSession(vm_name=f"vm-{poll}-{number}", state="Working") for number in range(20)
    )
    return FailoverSession(id="x", name="plan", plan_name="plan", state="Working", tasks=tasks)


def test_names_that_change_with_each_poll() -> None:
    judged = None
    for poll in range(300):
        judged = assess(session(poll), before=judged)
    assert judged is not None
    assert len(judged.tasks) <= 20 + MOST_UNLISTED
    assert [view.key.vm_name for view in judged.tasks[:20]] == [f"vm-299-{n}" for n in range(20)]
    assert judged.tasks[20].key.vm_name == "vm-298-0", "the newest of the others stay"


def test_that_the_oldest_were_let_go_is_said_once_and_from_then_on() -> None:
    said: list[list[str]] = []
    judged = None
    for poll in range(2 + MOST_UNLISTED // 20 + 3):
        judged = assess(session(poll), before=judged)
        said.append(doubts(judged))
    assert not any(said[: 1 + MOST_UNLISTED // 20])
    assert len({tuple(each) for each in said[-3:]}) == 1
    assert "the oldest of those are kept and counted no longer" in said[-1][0]


def test_what_was_told_of_vms_that_stand_still_is_remembered_only_so_long() -> None:
    promises = TargetsAndStalls()
    said = 0
    for poll in range(200):
        judged = assess(session(poll))
        motion = Motion(Movement.STALLED, timedelta(9), timedelta(9), timedelta(1))
        drill = Mock(rto=RtoView(TargetVerdict.NO_TARGET), still_since=None)
        drill.motions = drill.notable = {view.key: motion for view in judged.tasks}
        seen = Mock(drill=drill)
        said += len(promises.lines(seen, AT)) + len(promises.lines(seen, AT))
    assert said == 200 * 20, "each once"
    assert len(promises._told) <= MOST_TOLD + 2 * 20


async def test_points_that_change_with_each_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "MOST_POINTS", 40)
    watched = Watched()
    watched.source.points = {f"p-{n}": KeyError("a defect") for n in range(0, 900, 7)}
    for poll in range(150):
        tasks = [task(f"vm{number}", point=f"p-{6 * poll + number}") for number in range(6)]
        watched.source.answer = made(*tasks)
        watched.clock.advance(30)
        await watched.monitor.poll_once()
        for _ in range(5):
            await watched.monitor.read_details()
    seen = watched.state.details
    assert len(seen.points) <= 40
    assert len(seen.unreadable_points) <= 40
    listed = {f"p-{6 * 149 + number}" for number in range(6)}
    assert listed <= seen.points.keys() | seen.unreadable_points, "those of the tasks listed stay"


async def test_more_points_than_are_remembered_are_not_asked_for_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(details, "MOST_POINTS", 10)
    watched = Watched(made(*(task(f"vm{number}") for number in range(30))))
    await watched.monitor.poll_once()
    for _ in range(50):
        await watched.monitor.read_details()
    assert len(watched.state.details.points) == 30
    assert watched.source.asked["point"] == 30


def test_events_are_bounded_in_number_and_size() -> None:
    log = EventLog()
    for number in range(3 * MOST_EVENTS):
        text = f"{number}" + "x" * 10_000
        log = log.extended((Event(AT, EventKind.TASK_MESSAGE, text=text),))
    assert len(log.events) == MOST_EVENTS
    size = sum(len(event.text or "") for event in log.events)
    assert size < MOST_EVENTS * (MOST_TEXT + 40)
    assert "(cut: 10004 characters)" in (log.events[-1].text or "")


@pytest.mark.parametrize("part", [b"{},", b"[],", b"[{}],", b"0,", b"1.5,", b'"a1",', b'"k1":0,'])
def test_a_body_of_nothing_but_parts_costs_no_more_than_itself(part: bytes) -> None:
    body = b"[" + part * (15_000_000 // len(part)) + b"{}]"
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableAnswer, match="parts"):
            parse(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("part", [b"<b/>", b'<b a="1"/>', b"<b>1</b>"])
def test_a_body_of_nothing_but_tags(part: bytes) -> None:
    with pytest.raises(UnreadableAnswer, match="parts"):
        parse(b"<a>" + part * (MOST_PARTS + 1) + b"</a>")


def test_a_body_of_one_tag_with_nothing_but_attributes() -> None:
    with pytest.raises(UnreadableAnswer, match="parts"):
        parse(b"<a" + b' b=""' * (MOST_PARTS + 1) + b"/>")


def test_what_is_read_slowly_is_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    body = json.dumps({"Items": [{"Name": f"vm{n}", "Links": [{}]} for n in range(50)]}).encode()
    quickly = parse(body)
    monkeypatch.setattr(decoding, "QUICKLY_UP_TO", 10)
    monkeypatch.setattr(decoding, "from_json", None)
    assert parse(body) == quickly
