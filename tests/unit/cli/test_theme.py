"""Flag, environment, settings file, the choice remembered: the first one that says holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import FrontEnds, Outcome

Run = Callable[..., Outcome]
VARIABLE = "FAILOVER_MONITOR_THEME"


@pytest.fixture
def state(home: Path) -> Path:
    path = home / "state" / "failover-monitor" / "theme"
    path.parent.mkdir(parents=True)
    path.write_text("blue-orange\n", "ascii")
    return path


@pytest.mark.parametrize("command", [(), ("demo",)])
def test_the_order(
    run: Run,
    on_a_terminal: FrontEnds,
    config: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    run(*command)
    config("theme = 'contrast'\n")
    run(*command)
    monkeypatch.setenv(VARIABLE, "light")
    run(*command)
    run(*command, "--theme", "auto")
    asked = [call.settings.theme for call in on_a_terminal.calls]
    assert asked == [None, "contrast", "light", "auto"]


def test_the_choice_remembered_is_handed_on_and_a_demo_leaves_it_alone(
    run: Run, on_a_terminal: FrontEnds, state: Path
) -> None:
    run()
    run("demo")
    real, demo = (call.settings for call in on_a_terminal.calls)
    assert (real.remembered_theme, real.theme_file) == ("blue-orange", state)
    assert (demo.remembered_theme, demo.theme_file) == ("blue-orange", None)


def test_a_flag_that_is_no_theme_is_refused_with_those_that_are(
    run: Run, on_a_terminal: FrontEnds
) -> None:
    refused = run("--theme", "drak")
    assert refused.code == 2
    assert "'auto', 'dark', 'light', 'contrast', 'blue-orange'" in refused.err
    assert on_a_terminal.calls == []


def test_a_variable_that_is_none_is_said_and_the_next_one_holds(
    run: Run,
    on_a_terminal: FrontEnds,
    config: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config("theme = 'contrast'\n")
    monkeypatch.setenv(VARIABLE, "drak")
    run()
    settings = on_a_terminal.only.settings
    assert settings.theme == "contrast"
    assert settings.notices[0].startswith(f"{VARIABLE} names an unknown theme, 'drak'. There are")


def test_config_says_where_the_theme_comes_from_and_takes_auto(
    run: Run, config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    config("theme = 'auto'\n")
    assert run("config", "check").code == 0
    assert 'theme = "auto"  # the top of the file, line 1' in run("config", "show").out
    monkeypatch.setenv(VARIABLE, "light")
    assert f'theme = "light"  # {VARIABLE}' in run("config", "show").out
