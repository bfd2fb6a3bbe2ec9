"""The login screen: focus, submitting, and what it says when a logon is refused."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from textual.widgets import Button, Input, Select, Static

from tests.support.stage import SERVER, Stage
from tests.support.ui_drill import login_message
from tests.ui.conftest import OnStage
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.messages import LogonRequested
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.settings.resolved import SavedProfile
from tui.simulator.exchange import Request, Response


def _typed(stage: Stage) -> dict[str, str]:
    return {name: stage.one(f"#{name}", Input).value for name in ("server", "user", "password")}


def _focused(stage: Stage) -> str | None:
    return stage.app.focused.id if stage.app.focused else None


@pytest.mark.parametrize(
    ("server", "user", "first"),
    [(None, None, "server"), (SERVER, None, "user"), (SERVER, "demo", "password")],
)
async def test_focus_begins_in_the_first_empty_field(
    on_stage: OnStage, server: object, user: str | None, first: str
) -> None:
    async with on_stage(at="login", server_address=server, user=user) as stage:
        assert _focused(stage) == first
        assert stage.wire.tries == 0, "nothing is sent before a person asks for it"


@pytest.mark.parametrize("field", ["server", "user", "password"])
async def test_enter_submits_from_any_field(on_stage: OnStage, field: str) -> None:
    async with on_stage(at="login") as stage:
        await stage.paste("demo")
        stage.one(f"#{field}", Input).focus()
        await stage.press("enter")
        stage.showing(PickerScreen)
        (asked,) = stage.posted(LogonRequested)
        assert isinstance(asked, LogonRequested)
        assert (asked.server, asked.credentials.user) == (SERVER.url, "demo")
        assert "demo" not in repr(asked.credentials).replace("user='demo'", "")


async def test_the_button_submits_too(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.paste("demo")
        assert isinstance(stage.one("#submit", Button), Button)
        await stage.click("#submit", at=(5, 0))
        stage.showing(PickerScreen)


async def test_a_wrong_password_says_why_and_is_sent_once(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.paste("wrong")
        await stage.press("enter")
        stage.showing(LoginScreen)
        assert "password" in login_message(stage)
        assert stage.one("#login-message", Static).has_class("-failed")
        assert _typed(stage) == {"server": SERVER.url, "user": "demo", "password": ""}
        assert _focused(stage) == "password"
        await stage.advance(120)
        assert stage.requests("POST") == ["POST /api/sessionMngr/"], "accounts get locked"
        await stage.press("enter")
        assert "No password was typed." in login_message(stage)
        assert len(stage.requests("POST")) == 1
        await stage.log_on()
        stage.showing(PickerScreen)


async def test_a_password_given_beforehand_is_sent_once_too(on_stage: OnStage) -> None:
    async with on_stage("failures", at="picker", user="nobody") as stage:
        stage.showing(LoginScreen)
        assert stage.one("#login-message", Static).has_class("-failed")
        assert stage.requests() == ["POST /api/sessionMngr/"]


def _no_name(request: httpx.Request) -> Exception:
    error = httpx.ConnectError("no name", request=request)
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return error


def _refused(request: httpx.Request) -> Exception:
    error = httpx.ConnectError("refused", request=request)
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


def _slow(request: httpx.Request) -> Exception:
    return httpx.ConnectTimeout("slow", request=request)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (_no_name, "The name vbem01 was not found."),
        (_refused, "vbem01 refused the connection: nothing listens on port 9398."),
        (_slow, "vbem01 did not accept the connection in time"),
    ],
)
async def test_no_connection_says_precisely_why_and_keeps_everything(
    on_stage: OnStage, trouble: Callable[[httpx.Request], Exception], sentence: str
) -> None:
    async with on_stage(at="login") as stage:
        stage.wire.down = trouble
        await stage.log_on()
        await stage.until(lambda: stage.one("#login-message", Static).has_class("-failed"))
        assert sentence in " ".join(login_message(stage).split())
        assert _typed(stage) == {"server": SERVER.url, "user": "demo", "password": "demo"}
        assert stage.wire.tries == 1
        stage.wire.mend()
        await stage.press("enter")
        stage.showing(PickerScreen)


async def test_a_certificate_or_another_product_is_named(on_stage: OnStage) -> None:
    def web_page(_: Request) -> Response:
        return Response(200, {"Content-Type": "text/html"}, b"<html><h1>Welcome</h1></html>")

    async with on_stage(at="login") as stage:
        stage.service.fault = web_page
        await stage.log_on()
        stage.showing(LoginScreen)
        assert "Enterprise Manager" in login_message(stage)


async def test_a_server_without_cloud_connect_explains_the_empty_list(on_stage: OnStage) -> None:
    async with on_stage(at="login", server={"cloud_connect": False}) as stage:
        await stage.log_on()
        stage.showing(PickerScreen)
        assert "no Cloud Connect" in stage.text


@pytest.mark.parametrize("server", ["", "em 01", "ftp://em01", "em01:99999"])
async def test_what_names_no_server_is_said_before_anything_is_sent(
    on_stage: OnStage, server: str
) -> None:
    async with on_stage(at="login") as stage:
        stage.one("#server", Input).value = server
        await stage.log_on()
        assert stage.one("#login-message", Static).has_class("-failed")
        assert login_message(stage)
        assert stage.wire.tries == 0


async def test_saved_servers_are_offered_and_fill_the_form(on_stage: OnStage) -> None:
    profiles = (
        SavedProfile(name="prod", server=parse_server("em-prod"), user=r"NOC\jdoe", banner="red"),
        SavedProfile(name="lab [x]", server=parse_server("em-lab:1234"), user=None),
    )
    async with on_stage(
        at="login", server_address=None, user=None, profiles=profiles, interval=7.0
    ) as stage:
        select = stage.one("#profile", Select)
        select.value = "prod"
        await stage.settle()
        assert _typed(stage) == {
            "server": "https://em-prod:9398", "user": r"NOC\jdoe", "password": "",
        }  # fmt: skip
        assert _focused(stage) == "password"
        select.value = "lab [x]"
        await stage.settle()
        assert "lab [x]" in stage.text
        assert _typed(stage)["server"] == "https://em-lab:1234"
        stage.one("#user", Input).value = "demo"
        await stage.log_on()
        stage.showing(PickerScreen)
        head = stage.painted("#head")[0]
        assert "lab [x]" in head
        assert "em-lab:1234" in head


async def test_what_nobody_foresaw_leaves_a_form_to_try_again_with(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(_: EnterpriseManager) -> None:
        raise ArithmeticError("unforeseen")

    async with on_stage(at="login") as stage:
        with monkeypatch.context() as patched:
            patched.setattr(EnterpriseManager, "log_on", odd)
            await stage.log_on()
            await stage.until(lambda: "ArithmeticError" in login_message(stage))
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


async def test_notices_of_the_start_are_shown_as_data(on_stage: OnStage) -> None:
    notice = "The password command failed: [/foo] \x1b[2J"
    async with on_stage(at="login", notices=(notice,)) as stage:
        assert "[/foo] ␛[2J" in " ".join(login_message(stage).split())


async def test_escape_stops_a_logon_that_takes_too_long(on_stage: OnStage) -> None:
    import threading

    leave = threading.Event()

    def hang(_: Request) -> Response | None:
        leave.wait(10)
        return None

    async with on_stage(at="login") as stage:
        stage.service.fault = hang
        await stage.paste("demo")
        await stage.pilot.press("enter")
        try:
            await stage.until_posted(LogonRequested)
            assert "Logging on to vbem01 as demo" in login_message(stage)
            await stage.until_hanging()
            await stage.pilot.press("escape")
            await stage.pilot.pause()
            assert login_message(stage) == "Cancelled."
        finally:
            leave.set()
        await stage.settle()
        stage.showing(LoginScreen)
        await stage.until(lambda: stage.service.logoffs == 1)
        assert stage.service.open_logons == 0, "the logon that succeeded meanwhile was ended"
        assert stage.app.logging_on._logon.client is None


async def test_a_colon_in_the_user_name_is_said_in_the_form(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        stage.one("#user", Input).value = "demo:x"
        await stage.log_on()
        assert "The user name holds a colon" in login_message(stage)
        assert stage.wire.tries == 0
