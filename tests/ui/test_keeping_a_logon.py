"""After a logon that worked: one key keeps server and user, and never the password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tests.support.stage import SERVER
from tests.ui.conftest import OnStage
from tui.screens.help import HelpScreen
from tui.screens.picker import PickerScreen
from tui.settings.file import read_settings
from tui.settings.remembered import LastLogon, remembered_logon


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    return {
        "settings_file": tmp_path / "config.toml",
        "last_logon_file": tmp_path / "last_logon",
    }


@pytest.mark.parametrize("size", [(80, 24), (36, 12)])
async def test_one_key_keeps_what_was_typed(
    on_stage: OnStage, files: dict[str, Any], size: tuple[int, int]
) -> None:
    async with on_stage(at="login", size=size, **files) as stage:
        await stage.log_on()
        await stage.until(lambda: isinstance(stage.screen, PickerScreen))
        assert stage.app.said[-1] == "K keeps vbem01 and demo as a profile; never the password."
        await stage.press("K")
        await stage.until(lambda: "Kept: " in stage.app.said[-1])
        assert stage.app.said[-1].endswith("failover-monitor --profile vbem01")
        assert "RO" in stage.lines[0], "what is said covers no safety line"
        text = files["settings_file"].read_text()
        assert "password" not in text
        profile = read_settings(files["settings_file"]).table.profiles["vbem01"]
        assert (profile.server, profile.user) == ("vbem01", "demo")
        said = len(stage.app.said)
        await stage.press("K")
        assert len(stage.app.said) == said, "what is kept is not kept twice"
        await stage.press("question_mark")
        assert "profile.keep" not in "\n".join(stage.showing(HelpScreen).lines())
    assert remembered_logon(files["last_logon_file"]) == LastLogon(SERVER, "demo")


async def test_a_start_that_knows_everything_is_not_disturbed(
    on_stage: OnStage, files: dict[str, Any]
) -> None:
    async with on_stage(at="picker", **files) as stage:
        assert stage.app.said == []
        await stage.press("question_mark")
        assert "profile.keep" in "\n".join(stage.showing(HelpScreen).lines())


async def test_without_a_place_for_it_the_key_does_nothing(on_stage: OnStage) -> None:
    async with on_stage(at="login") as stage:
        await stage.log_on()
        await stage.until(lambda: isinstance(stage.screen, PickerScreen))
        await stage.press("K")
        assert stage.app.said == []


async def test_a_file_that_does_not_take_it_is_said_with_the_lines(
    on_stage: OnStage, files: dict[str, Any]
) -> None:
    files["settings_file"].write_text("profiles = {}\n")
    async with on_stage(at="login", **files) as stage:
        await stage.log_on()
        await stage.until(lambda: isinstance(stage.screen, PickerScreen))
        await stage.press("K")
        await stage.until(lambda: "by hand: [profiles.vbem01]" in stage.app.said[-1])
    assert files["settings_file"].read_text() == "profiles = {}\n"


async def test_another_key_for_it_is_the_one_that_is_told(
    on_stage: OnStage, files: dict[str, Any]
) -> None:
    async with on_stage(at="login", keys={"profile.keep": ("f8",)}, **files) as stage:
        await stage.log_on()
        await stage.until(lambda: bool(stage.app.said))
        assert stage.app.said[-1].startswith("F8 keeps ")


async def test_the_form_begins_with_the_last_logon_and_asks_for_the_password(
    on_stage: OnStage,
) -> None:
    last = LastLogon(SERVER, "demo")
    async with on_stage(at="login", server_address=None, user=None, last_logon=last) as stage:
        assert stage.one("#server", Input).value == SERVER.url
        assert stage.one("#user", Input).value == "demo"
        assert stage.app.focused is stage.one("#password", Input)
        assert stage.wire.tries == 0, "nothing is sent before a person asks for it"
