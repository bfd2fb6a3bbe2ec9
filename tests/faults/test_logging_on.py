"""A fault while logging on: precisely why not, what was typed stays, and it works afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.faults.injecting import Row
from tests.faults.names import Names
from tests.faults.rows import ROWS
from tests.faults.scene import PASSWORD, USER, opened
from tests.faults.test_while_running import opening_of
from tui.screens.picker import PickerScreen


@pytest.mark.parametrize("row", [row for row in ROWS if row.logging_on], ids=lambda row: row.name)
async def test_the_login_screen_says_why(row: Row, names: Names, tmp_path: Path) -> None:
    async with opened(names, opening_of(row, tmp_path, at="login")) as scene:
        await row.inject(scene)
        await scene.type_password()
        await scene.until(lambda: scene.is_refused)
        assert row.logging_on in scene.login_message
        assert scene.app.screen.query_one("#user", Input).value == USER
        assert str(scene.gate.port) in scene.app.screen.query_one("#server", Input).value
        assert len(scene.sent("POST")) <= 1
        await scene.mend()
        kept = scene.app.screen.query_one("#password", Input).value
        assert kept == ("" if row.name in ("wrong password", "403") else PASSWORD)
        scene.app.screen.query_one("#password", Input).focus()
        await scene.type_password("" if kept else PASSWORD)
        await scene.until(lambda: isinstance(scene.app.screen, PickerScreen))
        assert scene.service.open_logons == 1
