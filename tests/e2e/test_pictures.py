"""Screenshots, worker descriptions and reprs of the running app hold no secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from tests.e2e.conftest import PASSWORD, USER
from tests.support.secrets_seen import Secrets
from tests.support.simulated import SimulatedServer
from tests.support.terminal import PATIENCE
from tui.app import MonitorApp
from tui.connecting import over_network
from tui.enterprise_manager.address import parse_server
from tui.request_log import open_request_log
from tui.screens.picker import PickerScreen
from tui.settings.resolved import ResolvedSettings
from tui.simulator.server import Serving


async def _until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, pilot.app.screen
        await pilot.pause(0.01)


def _told(app: MonitorApp) -> str:
    """The picture, and whatever a log line or a traceback could say of the app's parts."""
    nodes = [app, *app.screen_stack, *app.screen.walk_children()]
    workers = [f"{worker!r} {worker.description} {worker.name}" for worker in app.workers]
    on, behind = app.logging_on, app.behind
    owned = (app, app._given, on, on._logon, behind)
    parts = [app._connection, behind.shared, *map(vars, owned)]
    return "\n".join([app.export_screenshot(), *workers, *map(repr, nodes), *map(repr, parts)])


async def test_no_secret_in_pictures_and_reprs(
    server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    secrets = Secrets.of_logon(USER, PASSWORD)
    settings = ResolvedSettings(server=parse_server(server.url), user=USER)
    log = open_request_log(tmp_path / "requests.log")
    app = MonitorApp(over_network(settings, log))
    async with app.run_test(size=(100, 30)) as pilot:
        await _until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*PASSWORD)
        await _until(pilot, lambda: "•" * len(PASSWORD) in app.export_screenshot())
        told = _told(app)
        await pilot.press("enter")
        await _until(pilot, lambda: isinstance(app.screen, PickerScreen))
        await _until(pilot, lambda: "25" in app.export_screenshot())
        told += _told(app)
        for session in service._logons._by_token.values():
            secrets.note(session)
        await pilot.press("enter")
        await _until(pilot, lambda: "dc01" in app.export_screenshot())
        told += _told(app)
    await app.log_off()
    log.close()
    assert len(secrets.needles) == 6
    assert secrets.found_in(told.encode()) == []
    assert secrets.found_under(tmp_path) == {}
    assert service.open_logons == 0
