"""The login screen: focus, submitting, and what it says when a logon is refused."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from textual.widgets import Button, Input, Select, Static

from tests.support.stage import SERVER, Stage
from tests.ui.conftest import OnStage
from tui import password_sources
from tui.connecting import LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.messages import LogonRequested
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.settings.resolved import SavedProfile
from tui.simulator.exchange import Request, Response


def _said(stage: Stage) -> str:
    return str(stage.one("#login-message", Static).render())


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
        assert "password" in _said(stage)
        assert stage.one("#login-message", Static).has_class("-failed")
        assert _typed(stage) == {"server": SERVER.url, "user": "demo", "password": ""}
        assert _focused(stage) == "password"
        await stage.advance(120)
        assert stage.requests("POST") == ["POST /api/sessionMngr/"], "accounts get locked"
        await stage.press("enter")
        assert "No password was typed." in _said(stage)
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
        assert sentence in " ".join(_said(stage).split())
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
        assert "Enterprise Manager" in _said(stage)


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
        assert _said(stage)
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


def _targets(stage: Stage) -> list[LogonTarget]:
    """What the app connects to from now on, with which pin, CA file and so on."""
    connect, seen = stage.app.logging_on._logon._connection.connect, []

    def noting(target: LogonTarget, credentials: Credentials) -> EnterpriseManager:
        seen.append(target)
        return connect(target, credentials)

    stage.app.logging_on._logon._connection = replace(
        stage.app.logging_on._logon._connection, connect=noting
    )
    return seen


async def test_a_server_typed_over_gets_nothing_that_was_meant_for_the_saved_one(
    on_stage: OnStage,
) -> None:
    saved = SavedProfile(
        name="prod", server=SERVER, user="demo", banner="red", fingerprint="ab" * 32,
        password_command=(sys.executable, "-c", "print('demo')"),
    )  # fmt: skip
    async with on_stage(
        at="login", profiles=(saved,), profile="prod", fingerprint="ab" * 32, banner="red"
    ) as stage:
        seen = _targets(stage)
        stage.one("#server", Input).value = "elsewhere"
        stage.one("#password", Input).focus()
        await stage.press("enter")
        await stage.until(lambda: "No password was typed." in _said(stage))
        assert seen == []
        await stage.log_on()
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
        assert [(target.server.host, target.fingerprint) for target in seen] == [
            ("elsewhere", None)
        ]
        assert "prod" not in stage.painted("#head")[0]


async def test_the_password_of_the_start_serves_an_empty_field_until_it_is_refused(
    on_stage: OnStage,
) -> None:
    async with on_stage(at="picker") as stage:
        await stage.app.action_log_off()
        await stage.settle()
        stage.showing(LoginScreen)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
    async with on_stage(at="picker", password=SecretStr("wrong")) as stage:
        stage.showing(LoginScreen)
        await stage.press("enter")
        assert "No password was typed." in _said(stage)
        assert stage.requests() == ["POST /api/sessionMngr/"]


async def test_what_nobody_foresaw_leaves_a_form_to_try_again_with(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(_: EnterpriseManager) -> None:
        raise ArithmeticError("unforeseen")

    async with on_stage(at="login") as stage:
        with monkeypatch.context() as patched:
            patched.setattr(EnterpriseManager, "log_on", odd)
            await stage.log_on()
            await stage.until(lambda: "ArithmeticError" in _said(stage))
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))


async def test_notices_of_the_start_are_shown_as_data(on_stage: OnStage) -> None:
    notice = "The password command failed: [/foo] \x1b[2J"
    async with on_stage(at="login", notices=(notice,)) as stage:
        assert "[/foo] ␛[2J" in " ".join(_said(stage).split())


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
            assert "Logging on to vbem01 as demo" in _said(stage)
            await stage.until_hanging()
            await stage.pilot.press("escape")
            await stage.pilot.pause()
            assert _said(stage) == "Cancelled."
        finally:
            leave.set()
        await stage.settle()
        stage.showing(LoginScreen)
        await stage.until(lambda: stage.service.logoffs == 1)
        assert stage.service.open_logons == 0, "the logon that succeeded meanwhile was ended"
        assert stage.app.logging_on._logon.client is None


async def test_the_keyring_is_offered_only_after_a_logon_that_worked(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_sources, "keyring_available", lambda: True)

    def is_offered(stage: Stage) -> bool:
        commands = stage.app.get_system_commands(stage.app.screen)
        return "Keep the password" in {command.title for command in commands}

    async with on_stage(at="login") as stage:
        await stage.paste("wrong")
        await stage.press("enter")
        assert not is_offered(stage)
        await stage.log_on()
        stage.showing(PickerScreen)
        assert is_offered(stage)


async def test_a_password_that_nobody_typed_is_not_offered_to_the_keyring(
    on_stage: OnStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(password_sources, "keyring_available", lambda: True)
    printing = (sys.executable, "-c", "print('demo')")
    saved = SavedProfile(name="prod", server=SERVER, user="demo", password_command=printing)
    async with on_stage(at="login", profiles=(saved,), profile="prod") as stage:
        stage.one("#password", Input).focus()
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, PickerScreen))
        commands = stage.app.get_system_commands(stage.app.screen)
        assert "Keep the password" not in {command.title for command in commands}


@pytest.mark.parametrize("server", ["vbem02", SERVER.url])
async def test_a_profiles_pin_never_judges_another_server(on_stage: OnStage, server: str) -> None:
    pinned: dict[str, Any] = {"fingerprint": "ab" * 32, "ca_file": Path("prod.pem")}
    saved = SavedProfile(name="prod", server=SERVER, user="demo", banner="red", **pinned)
    async with on_stage(
        at="login", profiles=(saved,), profile="prod", banner="red", **pinned
    ) as stage:
        seen = _targets(stage)
        stage.one("#server", Input).value = server
        await stage.log_on()
        stage.showing(PickerScreen)
        (target,) = seen
        own = server == SERVER.url
        assert target.fingerprint == (saved.fingerprint if own else None)
        assert target.ca_file == (saved.ca_file if own else None)
        assert ("prod" in stage.painted("#head")[0]) is own
        assert stage.app._appearance.banner == ("red" if own else None)


@pytest.mark.parametrize("server", ["vbem02", SERVER.url])
async def test_a_pin_without_a_profile_belongs_to_the_server_of_the_start(
    on_stage: OnStage, server: str
) -> None:
    async with on_stage(at="login", fingerprint="ab" * 32) as stage:
        seen = _targets(stage)
        stage.one("#server", Input).value = server
        await stage.log_on()
        assert seen[0].fingerprint == ("ab" * 32 if server == SERVER.url else None)


async def test_a_colon_in_the_user_name_is_said_in_the_form(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        stage.one("#user", Input).value = "demo:x"
        await stage.log_on()
        assert "The user name holds a colon" in _said(stage)
        assert stage.wire.tries == 0


@pytest.mark.parametrize("keys", [("shift+home", "ctrl+x"), ("shift+home", "ctrl+c"), ("ctrl+x",)])
async def test_no_key_puts_the_password_on_a_clipboard(
    on_stage: OnStage, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_stage(at="login") as stage:
        copied: list[str] = []
        monkeypatch.setattr(
            type(stage.app), "copy_to_clipboard", lambda _, text: copied.append(text)
        )
        await stage.paste("s3cret-horse")
        field = stage.one("#password", Input)
        for name in keys:
            if name == "ctrl+c":
                field.action_copy()
            else:
                await stage.press(name)
        await stage.press("ctrl+v")
        assert copied == []
        assert stage.app.clipboard == ""
        user = stage.one("#user", Input)
        user.focus()
        await stage.paste("jdoe")
        await stage.press("shift+home", "ctrl+x")
        assert [text.endswith("jdoe") for text in copied] == [True]


@pytest.mark.parametrize(
    ("pasted", "server"),
    [
        ("\nem01\n", "em01"),
        ("\r\n  em01.example\r\n", "em01.example"),
        ("em01\x1b[31m", "em01[31m"),
        ("x" * 1_000_000, "x" * 2_000),
        ("\n" * 1_000_000 + "em01", "em01"),
    ],
    ids=["line breaks", "crlf", "escape", "a megabyte", "a megabyte of line breaks"],
)
async def test_what_is_pasted_is_cleaned_as_a_whole_and_then_cut(
    on_stage: OnStage, pasted: str, server: str
) -> None:
    async with on_stage(at="login") as stage:
        field = stage.one("#server", Input)
        field.value = ""
        field.focus()
        await stage.paste(pasted)
        assert field.value == server


@pytest.mark.parametrize("typed", ["pw\x1bx", "pw\ufffd"])
async def test_a_password_that_cannot_be_one_is_not_sent(on_stage: OnStage, typed: str) -> None:
    async with on_stage(at="login") as stage:
        stage.one("#password", Input).value = typed
        await stage.press("enter")
        assert "so it is not sent" in " ".join(stage.text.split())
        assert stage.requests() == []
