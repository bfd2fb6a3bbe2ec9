"""The last logon is handed to the screen, unless the settings or a rehearsal say otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import FrontEnds, Outcome
from tui.server_address import ServerAddress
from tui.settings.remembered import LastLogon

Run = Callable[..., Outcome]


@pytest.fixture
def state(home: Path) -> Path:
    path = home / "state" / "failover-monitor" / "last_logon"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"scheme": "https", "host": "em01", "port": 9398, "user": "u"}))
    return path


def test_it_is_read_at_a_start(run: Run, on_a_terminal: FrontEnds, state: Path) -> None:
    run()
    settings = on_a_terminal.only.settings
    assert settings.last_logon == LastLogon(ServerAddress("https", "em01"), "u")
    assert settings.last_logon_file == state
    assert settings.server is None, "nothing is logged on to by itself"
    assert settings.settings_file is not None


@pytest.mark.parametrize("command", [("demo",), ("watch", "--server", "em01", "--user", "u")])
def test_a_rehearsal_and_watch_leave_it_alone(
    run: Run, on_a_terminal: FrontEnds, state: Path, command: tuple[str, ...], home: Path
) -> None:
    (home / "pw").write_text("x")
    run(*command, *(("--password-file", str(home / "pw")) if command[0] == "watch" else ()))
    settings = on_a_terminal.only.settings
    assert settings.last_logon is None
    if command[0] == "demo":
        assert (settings.last_logon_file, settings.settings_file) == (None, None)
    assert state.exists()


def test_switched_off_it_is_forgotten(
    run: Run, on_a_terminal: FrontEnds, state: Path, config: Callable[[str], Path]
) -> None:
    config("remember_logon = false\n")
    assert "remember_logon = false  # the top of the file, line 1" in run("config", "show").out
    assert state.exists(), "looking changes nothing"
    run()
    settings = on_a_terminal.only.settings
    assert (settings.last_logon, settings.last_logon_file) == (None, None)
    assert not state.exists()
