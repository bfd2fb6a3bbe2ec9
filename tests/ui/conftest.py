from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from pydantic import SecretStr
from textual.screen import Screen
from textual.widgets import Static

from tests.support.fake_clock import FakeClock
from tests.support.same_everywhere import without_the_machine
from tests.support.simulated import SteppedClock, build_service
from tests.support.stage import BEGIN, SERVER, Stage, staged
from tui.enterprise_manager.known_servers import KnownServers
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.screens.session import SessionScreen
from tui.screens.standby import StandbyScreen
from tui.settings.resolved import ResolvedSettings


class OnStage(Protocol):
    """See `on_stage`."""

    def __call__(
        self,
        scenario: str = ...,
        *,
        at: Literal["login", "picker", "session"] = ...,
        size: tuple[int, int] = ...,
        server: dict[str, Any] | None = ...,
        server_address: object = ...,
        known_servers: KnownServers | None = ...,
        **settings: Any,
    ) -> AbstractAsyncContextManager[Stage]: ...


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the machine, the terminal or chance that these tests run with shows."""
    yield from without_the_machine(monkeypatch)


def _is_there(stage: Stage, wanted: type[Screen[None]]) -> bool:
    """Whether the logon has come to its end, one way or the other."""
    if isinstance(stage.screen, LoginScreen):
        return stage.one("#login-message", Static).has_class("-failed")
    return isinstance(stage.screen, wanted)


@pytest.fixture
def on_stage(tmp_path: Path) -> OnStage:
    """Opens the real app over a simulated server, at the screen that `at` names.

    `server` are arguments of `build_service`, `settings` those of `ResolvedSettings`.
    """

    @asynccontextmanager
    async def opened(
        scenario: str = "failures",
        *,
        at: Literal["login", "picker", "session"] = "session",
        size: tuple[int, int] = (80, 24),
        server: dict[str, Any] | None = None,
        server_address: object = SERVER,
        known_servers: KnownServers | None = None,
        **settings: Any,
    ) -> AsyncIterator[Stage]:
        stepped = SteppedClock()
        service = build_service(scenario, clock=stepped, **(server or {}))
        known: dict[str, Any] = {"server": server_address, "user": "demo", "reports": tmp_path}
        if at != "login":
            known["password"] = SecretStr("demo")
        if at == "session":
            known["session_id"] = service.featured_session
        chosen = ResolvedSettings(**{**known, **settings})
        async with staged(
            service, FakeClock(BEGIN, server=stepped), chosen, size, known_servers
        ) as stage:
            if at != "login":
                front = SessionScreen if at == "session" else PickerScreen
                wanted = StandbyScreen if "wait_for" in settings else front
                await stage.until(lambda: _is_there(stage, wanted))
            if at == "session":
                # The plan and the replica points come one step a second.
                await stage.advance(6)
            yield stage

    return opened
