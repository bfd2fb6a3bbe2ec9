"""What becomes of a password, and of a pinned certificate, at the login screen."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from textual.widgets import Input

from tests.support.stage import SERVER, Stage
from tests.support.ui_drill import login_message
from tests.ui.conftest import OnStage
from tui import password_sources
from tui.connecting import LogonTarget
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.credentials import Credentials
from tui.screens.login import LoginScreen
from tui.screens.picker import PickerScreen
from tui.settings.resolved import SavedProfile


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
        await stage.until(lambda: "No password was typed." in login_message(stage))
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
        assert "No password was typed." in login_message(stage)
        assert stage.requests() == ["POST /api/sessionMngr/"]


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
