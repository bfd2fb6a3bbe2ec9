"""A variable for each option: named after it, read as it is, and named where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from tests.unit.cli.conftest import FrontEnds, Outcome
from tui.cli.commands import front_door
from tui.cli.variables import PREFIX, commands_of, variable_of

Run = Callable[..., Outcome]
SESSION = "4347c445-0a1b-4c2d-8e3f-001122334455"
OPTIONS = [
    (name, option)
    for name, command in commands_of(front_door)
    for option in command.params
    if isinstance(option, click.Option)
]
WITHOUT = {"help", "version", "password", "force", "hooks"}
"""What may not be said by a variable: once, by hand; and --password is no option."""


def test_every_option_of_every_command_has_its_variable() -> None:
    assert len(OPTIONS) > 60
    for command, option in OPTIONS:
        name = option.opts[0].lstrip("-").replace("-", "_")
        if name in WITHOUT or option.opts[0] == "-h":
            assert option.envvar is None, (command, name)
        else:
            own = f"{command}_{name}".upper().replace(" ", "_")
            assert option.envvar in (PREFIX + name.upper(), PREFIX + own), (command, name)
            assert option.show_envvar


def test_a_variable_means_the_same_in_every_command() -> None:
    """Else one that is set for a command would stop another, or mean something else there."""
    meanings: dict[str, dict[str, Any]] = {}
    for command, option in OPTIONS:
        kind = (type(option.type), option.is_flag, option.multiple, _bounds(option.type))
        if option.envvar:
            meanings.setdefault(str(option.envvar), {}).setdefault(repr(kind), command)
    ambiguous = {name: kinds for name, kinds in meanings.items() if len(kinds) > 1}
    assert not ambiguous, "name the command's own option in tui.cli.variables"


def _bounds(kind: click.ParamType[Any]) -> object:
    if isinstance(kind, click.Choice):
        return tuple(kind.choices)
    if isinstance(kind, click.Path):
        return (kind.file_okay, kind.dir_okay)
    return None


def test_the_password_is_no_option_and_no_other_variable_holds_one() -> None:
    assert all(option.envvar != "FAILOVER_MONITOR_PASSWORD" for _, option in OPTIONS)
    for command, option in OPTIONS:
        assert variable_of(command, option) == option.envvar


FILES = {"FAILOVER_MONITOR_LOG_FILE": "fm.log", "FAILOVER_MONITOR_JOURNAL": "journals",
         "FAILOVER_MONITOR_REPORT": "reports"}  # fmt: skip
SAID: dict[str, tuple[str, str, object]] = {
    "FAILOVER_MONITOR_SERVER": ("server", "em01:9999", "em01:9999"),
    "FAILOVER_MONITOR_USER": ("user", r"NOC\jdoe", r"NOC\jdoe"),
    "FAILOVER_MONITOR_INTERVAL": ("interval", "7", 7.0),
    "FAILOVER_MONITOR_TRUST_FINGERPRINT": ("fingerprint", "ab" * 32, "ab" * 32),
    "FAILOVER_MONITOR_PROXY": ("proxy", "http://proxy:3128", "http://proxy:3128"),
    "FAILOVER_MONITOR_ACCEPT": ("accept", "xml", "xml"),
    "FAILOVER_MONITOR_WAIT_FOR": ("wait_for", "ABC plan", "ABC plan"),
    "FAILOVER_MONITOR_NO_MOUSE": ("no_mouse", "1", True),
    "FAILOVER_MONITOR_ASCII": ("ascii", "1", True),
    "FAILOVER_MONITOR_THEME": ("theme", "light", "light"),
    "FAILOVER_MONITOR_NO_JOURNAL": ("journal", "true", None),
}


@pytest.mark.parametrize("variable", SAID)
def test_each_one_holds(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    field, value, expected = SAID[variable]
    monkeypatch.setenv(variable, value)
    assert run().code == 0
    held = getattr(on_a_terminal.only.settings, field)
    assert (held.label if field == "server" else held) == expected


def test_and_those_that_name_files_and_targets(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    for variable, name in FILES.items():
        monkeypatch.setenv(variable, str(home / name))
    monkeypatch.setenv("FAILOVER_MONITOR_RTO", "30m")
    monkeypatch.setenv("FAILOVER_MONITOR_RPO", "4h")
    assert run().code == 0
    settings = on_a_terminal.only.settings
    assert settings.log_file == home / "fm.log"
    assert settings.journal is not None
    assert settings.journal.folder == home / "journals"
    assert settings.reports == home / "reports"
    target = settings.targets.for_plan("any")
    assert (target.rto, target.rpo) == (timedelta(minutes=30), timedelta(hours=4))


def test_a_demo_takes_its_own(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("SCENARIO", "stall"), ("SPEED", "5"), ("VMS", "9"), ("SERVER", "em01")):
        monkeypatch.setenv(PREFIX + name, value)
    assert run("demo").code == 0
    demo = on_a_terminal.only.demo
    assert demo is not None
    assert (demo.scenario, demo.speed, demo.vms) == ("stall", 5.0, 9)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FAILOVER_MONITOR_SERVER", "a b"),
        ("FAILOVER_MONITOR_USER", "a:b"),
        ("FAILOVER_MONITOR_PROFILE", "none-such"),
        ("FAILOVER_MONITOR_INTERVAL", "soon"),
        ("FAILOVER_MONITOR_RTO", "30"),
        ("FAILOVER_MONITOR_NO_MOUSE", "perhaps"),
        ("FAILOVER_MONITOR_ASCII", "utf-8"),
        ("FAILOVER_MONITOR_ACCEPT", "html"),
        ("FAILOVER_MONITOR_PROXY", "hunter2"),
        ("FAILOVER_MONITOR_CA_FILE", "/nowhere/ca.pem"),
        ("FAILOVER_MONITOR_TRUST_FINGERPRINT", "12"),
        ("FAILOVER_MONITOR_WAIT_FOR", "  "),
    ],
)
def test_a_wrong_value_names_its_variable_and_no_option(
    run: Run,
    on_a_terminal: FrontEnds,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
) -> None:
    monkeypatch.setenv(variable, value)
    done = run()
    assert done.code == 2
    assert variable in done.err
    assert f"--{variable.removeprefix(PREFIX).lower().replace('_', '-')}" not in done.err
    assert "hunter2" not in done.err
    assert on_a_terminal.calls == []


def test_a_wrong_flag_names_the_flag_and_no_variable(run: Run, on_a_terminal: FrontEnds) -> None:
    for arguments in (("--interval", "soon"), ("watch", "--rto", "30"), ("--proxy", "x")):
        done = run(*arguments)
        assert done.code == 2
        assert arguments[-2] in done.err
        assert "FAILOVER_MONITOR_" not in done.err


def test_what_is_typed_wins(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("FAILOVER_MONITOR_ASCII", "1")
    monkeypatch.setenv("FAILOVER_MONITOR_NO_JOURNAL", "1")
    monkeypatch.setenv("FAILOVER_MONITOR_WAIT_FOR", "ABC plan")
    assert run("--unicode", "--journal", str(home / "j"), SESSION).code == 0
    settings = on_a_terminal.only.settings
    assert settings.ascii is False
    assert settings.journal is not None
    assert (settings.session_id, settings.wait_for) == (SESSION, None)
    monkeypatch.setenv("FAILOVER_MONITOR_JOURNAL", str(home / "j"))
    both = run()
    assert both.code == 2
    assert "FAILOVER_MONITOR_JOURNAL and FAILOVER_MONITOR_NO_JOURNAL exclude" in both.err
    assert run("--no-journal").code == 0
    assert on_a_terminal.calls[-1].settings.journal is None


def test_config_show_names_each_variable_that_holds(
    run: Run, monkeypatch: pytest.MonkeyPatch, config: Callable[[str], Path]
) -> None:
    config(
        "[journal]\nreports = '/r'\n[targets]\nrpo = '1h'\n[profiles.a]\nserver = 'em02'\n"
        "[targets.'A plan']\nrto = '9m'\n[targets.'B plan']\nrpo = '8m'\n[keys]\nquit = 'x'\n"
    )
    said = {
        "SERVER": "em01", "USER": "u@corp", "INTERVAL": "7", "ACCEPT": "xml", "NO_MOUSE": "1",
        "ASCII": "0", "THEME": "light", "RTO": "30m", "JOURNAL": "/j", "PROXY": "http://p:3128",
        "TRUST_FINGERPRINT": "ab" * 32,
    }  # fmt: skip
    for name, value in said.items():
        monkeypatch.setenv(PREFIX + name, value)
    shown = run("config", "show").out
    for name in said:
        # That of a target holds for every plan as well.
        times = 3 if name == "RTO" else 1
        told = re.findall(rf" = .*  # {PREFIX}{name}$", shown, flags=re.M)
        assert len(told) == times, (name, shown)
    assert 'rpo = "8 min"  # [targets.B plan], line 10' in shown
    assert 'quit = ["x"]  # [keys], line 12' in shown
    assert 'reports = "/r"  # [journal], line 2' in shown
    assert 'rpo = "1 h"  # [targets], line 4' in shown
    monkeypatch.setenv("FAILOVER_MONITOR_INTERVAL", "soon")
    wrong = run("config", "show")
    assert wrong.code == 2
    assert "'FAILOVER_MONITOR_INTERVAL'" in wrong.err


def test_a_command_on_events_has_blanks_and_is_one_a_line(
    run: Run, on_a_terminal: FrontEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILOVER_MONITOR_ON_EVENT", "cat -u -\n\nsort 'a b'\n")
    run("--server", "em01")
    assert [hook.command for hook in on_a_terminal.only.settings.hooks] == [
        ("cat", "-u", "-"),
        ("sort", "a b"),
    ]


def test_help_says_each_one(run: Run) -> None:
    for arguments in (("--help",), ("watch", "--help"), ("simulate", "--help")):
        shown = " ".join(run(*arguments).out.split())
        options = re.findall(r"--[a-z][a-z-]+", shown.split("Options:")[1].split("Commands:")[0])
        told = re.findall(r"\[env var: ?(\w+)", shown)
        assert len(told) >= len(set(options) - {"--help", "--version", "--unicode"})
