from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import SESSION, FrontEnds, Outcome
from tui import __version__
from tui.cli.option_types import IntervalType
from tui.settings.resolved import DEFAULT_INTERVAL, SHORTEST_INTERVAL

Run = Callable[..., Outcome]


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--server", "em01", "--help")])
def test_help_shows_options_commands_and_examples(run: Run, arguments: tuple[str, ...]) -> None:
    shown = run(*arguments)
    assert shown.code == 0
    assert shown.err == ""
    assert shown.out.startswith("Usage: failover-monitor [OPTIONS] [SESSION]\n")
    for words in (
        "--server",
        "--trust-fingerprint",
        "--no-mouse",
        "  demo ",
        "  simulate ",
        "  watch ",
        "  completion ",
        "FAILOVER_MONITOR_PASSWORD",
        "failover-monitor demo\n",
        "watch --profile prod --password-file -",
        "130  interrupted",
        "2 or more.  [default: 5]",
    ):
        assert words in shown.out
    assert "--password " not in shown.out
    assert "monitor  " not in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_the_help_names_the_real_limits() -> None:
    assert (SHORTEST_INTERVAL, DEFAULT_INTERVAL) == (2.0, 5.0)
    assert IntervalType().convert("2", None, None) == 2.0


@pytest.mark.parametrize("command", ["watch", "demo", "simulate", "trust", "config", "info"])
def test_every_command_has_help(run: Run, command: str) -> None:
    shown = run(command, "--help")
    assert shown.code == 0
    assert shown.out.startswith(f"Usage: failover-monitor {command}")


@pytest.mark.parametrize("arguments", [("--version",), ("--server", "em01", "--version")])
def test_version(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments) == Outcome(0, f"failover-monitor {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("wach",), "Did you mean 'watch'?"),
        (("--server", "em01", "watch"), "'watch' is a command: put it before the options."),
        (("not-an-id",), "SESSION: “not-an-id” holds no session ID."),
        (("--server", "ftp://em01"), "--server: "),
        (("--server", "em01:99999"), "--server: "),
        (("--server", ""), "--server: "),
        (("--user", "a:b"), "--user: "),
        (("--user", ""), "--user: "),
        (("--interval", "1"), "1 s is too short; 2 s is the shortest"),
        (("--interval", "nan"), "not a number of seconds"),
        (("--interval", "1e9"), "too long"),
        (("--interval", "soon"), "not a number of seconds"),
        (("--ca-file", "/nowhere.pem"), "/nowhere.pem"),
        (("--trust-fingerprint", "12"), "64 hex digits"),
        (("--accept", "html"), "json"),
        (("--proxy", "em01"), "--proxy: that is no proxy URL"),
        (("--profile", "prod"), "there is no profile 'prod'"),
        (("--config", "/nowhere.toml"), "/nowhere.toml: there is no such settings file"),
        (("--log-file", "/nowhere/x.log"), "/nowhere/x.log cannot be written"),
        (("--bogus",), "No such option"),
        ((SESSION, "more"), "unexpected extra argument (more)"),
        (("config",), "Missing command"),
        (("config", "shw"), "shw"),
        (("demo", "--scenario", "boom"), "'boom' is none of"),
        (("demo", "--speed", "0"), "--speed"),
        (("demo", "--vms", "0"), "--vms"),
        (("simulate", "--port", "70000"), "--port"),
        (("completion", "csh"), "'csh' is not one of"),
    ],
)
def test_wrong_arguments_are_one_sentence_and_code_2(
    run: Run, on_a_terminal: FrontEnds, arguments: tuple[str, ...], says: str
) -> None:
    shown = run(*arguments)
    assert shown.code == 2
    assert shown.out == ""
    assert says in shown.err
    assert shown.err.startswith("failover-monitor: ")
    assert shown.err.count("\n") == 1
    assert not on_a_terminal.calls


@pytest.mark.parametrize(
    "arguments",
    [("--password", "hunter2"), ("--password=hunter2",), ("watch", "--password", "hunter2")],
)
def test_there_is_no_password_option(run: Run, arguments: tuple[str, ...]) -> None:
    shown = run(*arguments)
    assert shown.code == 2
    assert "There is no --password" in shown.err
    assert "--password-file" in shown.err
    assert "hunter2" not in shown.err


def test_secrets_in_wrong_arguments_are_not_repeated(run: Run, front_ends: FrontEnds) -> None:
    for arguments in (("--server", "https://u:hunter2@em01"), ("--proxy", "ftp://u:hunter2@p")):
        assert "hunter2" not in run(*arguments).err


def test_control_characters_never_reach_the_terminal(run: Run, front_ends: FrontEnds) -> None:
    assert "\x1b" not in run("--profile", "\x1b[2Jx", "--server", "em01").err
    assert "\x1b" not in run("\x1b[2J").err


def test_python_m_tui_is_the_same(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--server", "em01", "wach"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("failover-monitor: 'wach' is neither")


def test_nobody_reading_is_no_traceback(home: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "info"], stdout=write_end, stderr=-1, check=False
        )
    finally:
        os.close(write_end)
    assert done.stderr == b""
    assert done.returncode == 141


def test_help_names_the_interval_that_holds(run: Run) -> None:
    shown = " ".join(run("--help").out.split())
    assert f"or more. [default: {DEFAULT_INTERVAL:g}]" in shown
    assert f"polls, {SHORTEST_INTERVAL:g} or more" in shown
