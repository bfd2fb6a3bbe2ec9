"""Passwords from a pipe, the environment and a command, and who gets to see them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import PASSWORD, SESSION_TITLE, USER, Start
from tests.support.simulated import SimulatedServer
from tests.support.terminal import ROOT
from tui.cli.group import EXAMPLES
from tui.simulator.server import Serving

_CHILD = """
import json, os, pathlib, sys
cmdlines = {n: pathlib.Path(f"/proc/{n}/cmdline").read_text() for n in (os.getpid(), os.getppid())}
pathlib.Path(sys.argv[1]).write_text(json.dumps({"environ": dict(os.environ), "cmd": cmdlines}))
print(sys.argv[2][::-1])
"""


def _profile_with_command(folder: Path, server: Serving) -> tuple[Path, Path]:
    """A settings file whose profile runs a command that notes what it inherited, and where.

    The command gets the password written backwards, so that the password itself is on
    no command line of the test's own making.
    """
    script, noted = folder / "child.py", folder / "inherited.json"
    script.write_text(_CHILD)
    command = [sys.executable, str(script), str(noted), PASSWORD[::-1]]
    config = folder / "settings.toml"
    config.write_text(
        f'[profiles.site]\nserver = "{server.url}"\nuser = "{USER}"\n'
        f"password_command = {json.dumps(command)}\n"
    )
    return config, noted


def test_from_a_pipe_with_the_screen_on_the_terminal(
    start: Start, server: Serving, service: SimulatedServer
) -> None:
    terminal = start(
        *("--server", server.url, "--user", USER, "--password-file", "-"),
        stdin=f"{PASSWORD}\nnot read\n".encode(),
    )
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("enter")
    terminal.wait_for("of 14", SESSION_TITLE)
    terminal.resize(100, 30)
    terminal.until(lambda: any("UTC  " in row and len(row) > 90 for row in terminal.rows))
    terminal.keys("q")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("q")
    assert terminal.wait().code == 0
    assert terminal.is_restored
    assert [entry.status for entry in service.log if entry.method == "POST"] == [201]
    assert service.open_logons == 0


def test_an_empty_pipe_is_told_before_any_screen(start: Start, service: SimulatedServer) -> None:
    terminal = start("--server", "127.0.0.1:9", "--user", USER, "--password-file", "-", stdin=b"\n")
    assert terminal.wait().code == 2
    assert terminal.shows("Standard input gave no password: its first line is empty")
    assert b"\x1b[?1049h" not in terminal.output


def test_from_a_command_that_inherits_no_password_variable(
    start: Start, server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    config, noted = _profile_with_command(tmp_path, server)
    terminal = start(
        *("--config", str(config), "--profile", "site"), env={"FAILOVER_MONITOR_PASSWORD": ""}
    )
    terminal.wait_for("25 cloud failover sessions")
    inherited = json.loads(noted.read_text())
    assert "FAILOVER_MONITOR_PASSWORD" not in inherited["environ"]
    assert inherited["environ"]["HOME"] == str(tmp_path)
    assert PASSWORD not in noted.read_text()
    assert PASSWORD not in Path(f"/proc/{terminal.pid}/cmdline").read_text()
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert service.open_logons == 0


def test_the_environment_goes_before_a_command(
    start: Start, server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    config, noted = _profile_with_command(tmp_path, server)
    terminal = start(
        *("--config", str(config), "--profile", "site"),
        env={"FAILOVER_MONITOR_PASSWORD": PASSWORD},
    )
    terminal.wait_for("25 cloud failover sessions")
    assert not noted.exists()
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0
    assert service.open_logons == 0


def test_a_command_that_fails_is_told_on_the_login_screen(
    start: Start, server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    config = tmp_path / "settings.toml"
    failing = [sys.executable, "-c", "import sys; sys.exit('the vault is sealed')"]
    config.write_text(
        f'[profiles.site]\nserver = "{server.url}"\nuser = "{USER}"\n'
        f"password_command = {json.dumps(failing)}\n"
    )
    terminal = start("--config", str(config), "--profile", "site")
    terminal.wait_for("the vault is sealed", "Log on")
    assert not service.log
    terminal.keys(PASSWORD, "enter")
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0


@pytest.mark.parametrize("gives_up", [("escape", PASSWORD, "enter"), (PASSWORD, "enter")])
def test_a_command_that_takes_its_time_holds_neither_the_first_picture_nor_a_key(
    start: Start,
    server: Serving,
    service: SimulatedServer,
    tmp_path: Path,
    gives_up: tuple[str, ...],
) -> None:
    config, pid = tmp_path / "settings.toml", tmp_path / "pid"
    script = f"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 60"
    config.write_text(
        f'[profiles.site]\nserver = "{server.url}"\nuser = "{USER}"\n'
        f"password_command = {json.dumps(['sh', '-c', script])}\n"
    )
    terminal = start("--config", str(config), "--profile", "site")
    terminal.wait_for("Waiting for the password command 'sh', 30 s at most.", "Password")
    terminal.until(pid.exists)
    first, *rest = gives_up
    terminal.keys(first)
    terminal.wait_for("Cancelled.")
    terminal.until(lambda: not Path(f"/proc/{pid.read_text().strip()}").exists())
    assert not service.log
    terminal.keys(*rest)
    terminal.wait_for("25 cloud failover sessions")
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 0


def test_what_a_command_asks_on_standard_error_is_seen_and_can_be_answered(
    start: Start, server: Serving, service: SimulatedServer, tmp_path: Path
) -> None:
    """Where nothing is painted, whoever starts the program has the terminal to answer on."""
    asking = "printf 'Phrase of the vault: ' >&2; read -r phrase; printf '%s\\n' \"$phrase\""
    config = tmp_path / "settings.toml"
    config.write_text(
        f'[profiles.site]\nserver = "{server.url}"\nuser = "{USER}"\n'
        f"password_command = {json.dumps(['sh', '-c', asking])}\n"
    )
    terminal = start(
        "watch", "--config", str(config), "--profile", "site", service.featured_session
    )
    terminal.wait_for("Phrase of the vault:")
    assert not service.log
    terminal.keys(PASSWORD, "enter")
    terminal.until(lambda: service.open_logons == 1)
    terminal.keys("ctrl+c")
    assert terminal.wait().code == 130
    assert service.open_logons == 0


def test_the_example_of_the_help_works_as_printed(
    tmp_path: Path, environment: dict[str, str], server: Serving, service: SimulatedServer
) -> None:
    (example,) = [command for command, _ in EXAMPLES if "--password-file -" in command]
    plan = service.world.featured.plan
    over = next(run for run in service.world.past if run.plan.uid == plan.uid)
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in (
        ("pass", f'test "$1" = veeam && printf "%s\\n" "{PASSWORD}"'),
        ("failover-monitor", f'exec "{sys.executable}" -m tui "$@"'),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    config = tmp_path / "settings.toml"
    config.write_text(f'[profiles.prod]\nserver = "{server.url}"\nuser = "{USER}"\n')
    ended = subprocess.run(
        ["/bin/sh", "-c", example.replace("SESSION", over.uid)],
        cwd=ROOT,
        env={
            **environment,
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "FAILOVER_MONITOR_CONFIG": str(config),
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, b"summary" in ended.stdout) == (3, True), ended.stderr
    assert service.open_logons == 0
