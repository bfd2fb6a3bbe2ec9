"""What a session came to, as one code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.making import at, done, session, stopped, task
from tests.support.observed import Course
from tui.analysis.drill import Goals
from tui.exit_codes import ExitCode
from tui.monitor.outcome import outcome
from tui.monitor.snapshot import Snapshot


def ended(result: str, rto: float | None) -> Snapshot:
    """A session of ten minutes, over, with a target of so many or none."""
    course = Course()
    course.aim(Goals(timedelta(minutes=rto) if rto is not None else None))
    course.read(stopped(done("a", result), result=result))
    return course.snapshot


@pytest.mark.parametrize(
    ("result", "rto", "code"),
    [
        ("Success", None, ExitCode.SUCCESS),
        ("Success", 20, ExitCode.SUCCESS),
        ("Success", 2, ExitCode.TARGET_MISSED),
        ("Warning", None, ExitCode.WARNING),
        ("Warning", 2, ExitCode.TARGET_MISSED),
        ("Failed", None, ExitCode.FAILED),
        ("Failed", 2, ExitCode.FAILED),
        ("Whatever", 20, ExitCode.FAILED),
        ("None", None, ExitCode.FAILED),
    ],
)
def test_the_code_of_an_end(result: str, rto: float | None, code: ExitCode) -> None:
    assert outcome(ended(result, rto)) is code


def test_what_goes_on_or_was_never_seen_has_none() -> None:
    course = Course()
    assert outcome(course.snapshot) is None
    course.read(session(task("a"), created=at(0)))
    assert outcome(course.snapshot) is None
