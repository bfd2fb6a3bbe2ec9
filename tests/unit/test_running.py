from __future__ import annotations

from typing import cast

import pytest

from tui import running
from tui.app import MonitorApp
from tui.exit_codes import ExitCode


class Ended:
    """An app that is over as soon as it runs; Textual gives 1 to one that crashed."""

    def __init__(self, return_code: int | None) -> None:
        self.return_code = return_code
        self.logged_off = False

    async def run_async(self, *, mouse: bool) -> int | None:
        return None if self.return_code == 1 else self.return_code

    async def log_off(self) -> None:
        self.logged_off = True

    def leave_on_signal(self, number: int) -> None:
        raise AssertionError


@pytest.mark.parametrize(
    ("ended", "code"),
    [(1, 70), (0, ExitCode.SUCCESS), (None, ExitCode.SUCCESS), (143, 143)],
)
async def test_a_crash_of_the_screens_does_not_read_as_a_failed_session(
    ended: int | None, code: int
) -> None:
    app = Ended(ended)
    assert await running._run(cast(MonitorApp, app), mouse=False) == code
    assert app.logged_off
