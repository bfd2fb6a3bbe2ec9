"""A server that never repeats itself does not fill the memory."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest

from tui.analysis.assessment import MOST_UNLISTED, assess
from tui.analysis.events import MOST_EVENTS, MOST_TEXT, Event, EventKind, EventLog
from tui.enterprise_manager.decoding import MOST_PARTS, parse
from tui.enterprise_manager.resources import FailoverSession, TaskSession
from tui.errors import UnreadableAnswer

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


def test_events_are_bounded_in_number_and_size() -> None:
    log = EventLog()
    for number in range(3 * MOST_EVENTS):
        text = f"{number}" + "x" * 10_000
        log = log.extended((Event(AT, EventKind.TASK_MESSAGE, text=text),))
    assert len(log.events) == MOST_EVENTS
    size = sum(len(event.text or "") for event in log.events)
    assert size < MOST_EVENTS * (MOST_TEXT + 40)
    assert "(cut: 10004 characters)" in (log.events[-1].text or "")


@pytest.mark.parametrize("part", [b"{},", b"[],", b"[{}],"])
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


def test_a_body_of_nothing_but_tags() -> None:
    with pytest.raises(UnreadableAnswer, match="parts"):
        parse(b"<a>" + b"<b/>" * (MOST_PARTS + 1) + b"</a>")
