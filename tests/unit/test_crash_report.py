from __future__ import annotations

import io

import pytest
from rich.console import Console

from tui.crash_report import crash_report

SECRET = "hunter2"


def crashed() -> BaseException:
    local = SECRET
    try:
        try:
            raise ValueError(f"inner {local}")
        except ValueError as error:
            error.add_note(f"note {local}")
            raise ExceptionGroup(f"outer {local}", [KeyError(local)]) from error
    except ExceptionGroup as error:
        return error


@pytest.mark.parametrize("at_hand", [True, False])
def test_types_and_places_are_told_and_messages_only_while_no_password_is_at_hand(
    at_hand: bool,
) -> None:
    error, out = crashed(), io.StringIO()
    report = crash_report(error, error.__traceback__, password_at_hand=at_hand)
    Console(file=out, width=200).print(report)
    told = out.getvalue()
    for kind in ("ValueError", "ExceptionGroup", "KeyError"):
        assert kind in told
    assert "test_crash_report.py" in told
    assert (SECRET in told) is not at_hand
    assert ("its message is left out" in told) is at_hand
