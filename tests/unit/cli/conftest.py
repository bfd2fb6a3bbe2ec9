"""A home of its own for every test, and front ends that only note how they were called."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from tui.cli import main
from tui.settings import DemoOptions, ResolvedSettings

SESSION = "4347c445-0a1b-4c2d-8e3f-001122334455"


@dataclass
class Call:
    """One start of a front end."""

    front_end: str
    settings: ResolvedSettings
    demo: DemoOptions | None


@dataclass
class FrontEnds:
    """What was started, and what the starts answer."""

    calls: list[Call] = field(default_factory=list)
    exit_code: int = 0

    def starter(self, name: str) -> Callable[..., int]:
        def start(settings: ResolvedSettings, demo: DemoOptions | None = None) -> int:
            self.calls.append(Call(name, settings, demo))
            return self.exit_code

        return start

    @property
    def only(self) -> Call:
        [call] = self.calls
        return call


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("FAILOVER_MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def config(home: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = home / "config" / "failover-monitor" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def front_ends(monkeypatch: pytest.MonkeyPatch) -> FrontEnds:
    noted = FrontEnds()
    for module, function in (("tui.running", "run_app"), ("tui.watch", "run_watch")):
        fake = ModuleType(module)
        setattr(fake, function, noted.starter(function))
        monkeypatch.setitem(sys.modules, module, fake)
    monkeypatch.setattr("tui.cli.launch.is_terminal", lambda stream: False)
    monkeypatch.setattr("tui.password_sources.reopen_terminal", lambda: None)
    # No test may ask, or find, the keyring of the machine it runs on.
    monkeypatch.setattr("tui.password_sources.keyring_available", lambda: False)
    return noted


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch, front_ends: FrontEnds) -> FrontEnds:
    monkeypatch.setattr("tui.cli.launch.is_terminal", lambda stream: True)
    return front_ends


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def call(*arguments: str) -> Outcome:
        code = main(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
