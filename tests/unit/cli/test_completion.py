from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tests.unit.cli.conftest import Outcome
from tui.cli.commands import front_door


def complete(*words: str) -> list[str]:
    *before, incomplete = words
    shell = ShellComplete(front_door, {}, "failover-monitor", "_FAILOVER_MONITOR_COMPLETE")
    return [item.value for item in shell.get_completions(before, incomplete)]


def test_the_first_word_is_a_command_or_an_option() -> None:
    assert complete("") == [
        "check",
        "completion",
        "config",
        "demo",
        "help",
        "info",
        "journal",
        "list",
        "manual",
        "metrics",
        "plans",
        "replay",
        "report",
        "simulate",
        "status",
        "trust",
        "version",
        "watch",
    ]
    options = complete("--")
    assert {"--server", "--user", "--help", "--version", "--no-mouse"} <= set(options)
    assert len(options) == len(set(options))
    assert "--password" not in options


def test_options_after_options() -> None:
    assert complete("--server", "em01", "--us") == ["--user"]
    assert complete("demo", "--sp") == ["--speed"]
    assert complete("config", "") == ["check", "edit", "init", "keys", "path", "schema", "show"]
    assert complete("--accept", "") == ["json", "xml"]


def test_scenarios_and_profiles(config: Callable[[str], Path]) -> None:
    assert "failures" in complete("demo", "--scenario", "fa")
    config("[profiles.prod]\n[profiles.drill]\n")
    assert complete("--profile", "p") == ["prod"]
    config("[profiles.")
    assert complete("--profile", "p") == []


@pytest.mark.parametrize(
    ("shell", "words"), [("bash", "complete -o"), ("zsh", "#compdef"), ("fish", "complete ")]
)
def test_the_scripts(run: Callable[..., Outcome], shell: str, words: str) -> None:
    shown = run("completion", shell)
    assert shown.code == 0
    assert words in shown.out
    assert "_FAILOVER_MONITOR_COMPLETE" in shown.out
