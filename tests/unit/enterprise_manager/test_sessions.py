"""What is kept of a session that was read, to read the next answer sooner."""

from __future__ import annotations

import json

import pytest

from tests.support import bodies
from tui.enterprise_manager.sessions import LastReading

OVER = {"State": "Stopped", "Result": "Success", "EndTimeUTC": "2026-03-01T09:00:00Z"}
VMS = [f"vm{number}" for number in range(5)]


def answer(*changed: str, **head: str) -> bytes:
    done = {"State": "Stopped", "Result": "Success", "Progress": 100} if head else {}
    failed = done | {"Result": "Failed"}
    tasks = [bodies.task(vm, **(failed if vm in changed else done)) for vm in VMS]
    return json.dumps(
        bodies.session(bodies.wrapped(*tasks), **head), separators=(",", ":")
    ).encode()


def test_of_an_earlier_run_no_texts_are_kept() -> None:
    """Two of them lie behind each session that is watched, with as many VMs."""
    reading = LastReading(bodies.SESSION_ID)
    body = answer(**OVER)
    session = reading.read(body)
    assert [task.vm_name for task in session.tasks] == VMS
    assert reading.slices == 0
    assert reading.decoded == len(VMS)
    assert reading.same(body) is session
    assert reading.quickly(body) is None
    assert reading.read(body) is session


def test_one_that_changes_after_its_end_is_read_on_like_any_other() -> None:
    reading = LastReading(bodies.SESSION_ID)
    reading.read(answer(**OVER))
    for changed in ("vm1", "vm2"):
        body = answer(changed, **OVER)
        assert reading.read(body) == LastReading(bodies.SESSION_ID).read(body)
        assert reading.slices == len(VMS)
    assert reading.decoded < 3 * len(VMS)


@pytest.mark.parametrize("ends", [False, True], ids=["goes on", "ends meanwhile"])
def test_of_one_that_is_watched_they_are(*, ends: bool) -> None:
    reading = LastReading(bodies.SESSION_ID)
    reading.read(answer())
    assert reading.slices == len(VMS)
    reading.read(answer(**OVER) if ends else answer("vm1"))
    assert reading.slices == len(VMS)
