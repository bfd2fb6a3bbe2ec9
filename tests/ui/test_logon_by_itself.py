"""A logon with the password given at the start, without anybody at the keyboard."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from textual.widgets import Input, Static

from tests.support.simulated import SimulatedServer
from tests.support.stage import Stage
from tests.support.ui_drill import login_message
from tests.support.wire import Wire
from tests.ui.conftest import OnStage
from tests.ui.test_certificate import SHOWN
from tui.errors import CertificateChanged
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.simulator.exchange import Request, Response

GIVEN = SecretStr("demo")


def _tried(stage: Stage, times: int) -> bool:
    return stage.wire.tries == times and "Tries again at" in login_message(stage)


async def _asks_for_a_password(stage: Stage, field: str, value: str) -> None:
    """With another server or user typed over, an empty field sends nothing."""
    tries = stage.wire.tries
    stage.one(f"#{field}", Input).value = value
    await stage.press("enter")
    assert "No password was typed." in login_message(stage)
    assert stage.wire.tries == tries


async def _cut(stage: Stage) -> None:
    """Log off, and on again with the server gone."""
    await stage.app.run_action("log_off")
    await stage.settle()
    stage.wire.cut()
    stage.wire.tries = 0
    await stage.press("enter")
    await stage.until(lambda: _tried(stage, 1))


async def test_a_server_that_is_away_is_tried_again_until_it_is_back(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        await _cut(stage)
        assert "vbem01 refused the connection" in login_message(stage)
        assert "Tries again at 13:50:05 UTC; Esc stops that." in login_message(stage)
        await stage.advance(5)
        await stage.until(lambda: _tried(stage, 2))
        await stage.advance(9)
        assert stage.wire.tries == 2, "twice as long as before"
        await stage.advance(1)
        await stage.until(lambda: _tried(stage, 3))
        stage.wire.mend()
        await stage.advance(60)
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


async def test_a_wall_started_before_the_server_comes_to_life_with_it(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Wire.__init__

    def begin_cut(wire: Wire, service: SimulatedServer) -> None:
        begin(wire, service)
        wire.cut()

    monkeypatch.setattr(Wire, "__init__", begin_cut)
    async with on_stage(at="picker") as stage:
        await stage.until(lambda: _tried(stage, 1))
        assert "Password" in stage.text, "the form is there for whoever comes by"
        await stage.advance(300)
        await stage.until(lambda: stage.wire.tries > 5 and "Tries again at" in login_message(stage))
        stage.wire.mend()
        await stage.advance(60)
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


async def test_a_changed_certificate_waits_for_a_person(on_stage: OnStage) -> None:
    async with on_stage(at="picker") as stage:
        await _cut(stage)
        stage.wire.down = lambda _: CertificateChanged("It changed.", None, SHOWN, "f" * 64)
        await stage.advance(5)
        await stage.until(lambda: "has changed" in login_message(stage))
        tries = stage.wire.tries
        await stage.advance(300)
        assert stage.wire.tries == tries


async def test_a_server_in_trouble_is_tried_again_too(on_stage: OnStage) -> None:
    def busy(_: Request) -> Response:
        return Response(503, {}, b"")

    async with on_stage(at="login", password=GIVEN) as stage:
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
        await stage.app.run_action("log_off")
        stage.service.fault = busy
        await stage.press("enter")
        await stage.until(lambda: "Tries again at" in login_message(stage))
        stage.service.fault = lambda _: None
        await stage.advance(6)
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


@pytest.mark.parametrize("way", ["escape", "x"])
async def test_a_person_stops_the_tries(on_stage: OnStage, way: str) -> None:
    async with on_stage(at="picker") as stage:
        await _cut(stage)
        await stage.press(way)
        assert "Tries again at" not in login_message(stage)
        assert "Not tried again by itself." in login_message(stage)
        stage.wire.mend()
        await stage.advance(300)
        assert stage.wire.tries == 1
        stage.showing(LoginScreen)


async def test_a_typed_password_is_not_sent_again_by_itself(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        stage.wire.cut()
        await stage.log_on()
        await stage.until(lambda: stage.one("#login-message", Static).has_class("-failed"))
        await stage.advance(300)
        assert stage.wire.tries == 1


async def test_a_given_password_that_was_refused_is_forgotten(on_stage: OnStage) -> None:
    async with on_stage(at="picker", password=SecretStr("wrong")) as stage:
        stage.showing(LoginScreen)
        await stage.advance(300)
        await stage.press("enter")
        assert "No password was typed." in login_message(stage)
        assert stage.wire.tries == 1, "accounts get locked"


@pytest.mark.parametrize(("field", "value"), [("server", "vbem02"), ("user", "other")])
async def test_a_given_password_goes_to_no_other_account(
    on_stage: OnStage, field: str, value: str
) -> None:
    async with on_stage(at="picker") as stage:
        await stage.app.run_action("log_off")
        await stage.settle()
        await _asks_for_a_password(stage, field, value)


@pytest.mark.parametrize(("field", "value"), [("server", "vbem02"), ("user", "other")])
async def test_a_password_given_for_nobody_belongs_to_the_first_account_it_opened(
    on_stage: OnStage, field: str, value: str
) -> None:
    async with on_stage(at="login", server_address=None, user=None, password=GIVEN) as stage:
        stage.one("#server", Input).value = "vbem01"
        stage.one("#user", Input).value = "demo"
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
        await stage.app.run_action("log_off")
        await stage.settle()
        await _asks_for_a_password(stage, field, value)
