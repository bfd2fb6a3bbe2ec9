"""Completion in the real shells, at a real terminal: what is completed arrives as one argument."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.terminal import ROOT, Terminal

PLAN = """ABC Company's "West" $Plan"""
WITH_BLANKS = "Harbour Logistics full site"
ONE, OTHER = "4347c445-0a1b-4c2d-8e3f-001122334455", "b6af0876-e626-4dc3-a641-01a985190743"
HOST = "em02.example.org:9443"

EXEC = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
PROGRAM = """#!/bin/sh
if [ -n "$_FAILOVER_MONITOR_COMPLETE" ]; then
    cd '{root}' && exec '{python}' -m tui "$@"
fi
for each in "$@"; do echo "<$each>"; done
echo ran.
"""

CASES = [
    # typed, what appears once it is completed, the last argument that arrives
    ("--wait-for AB", "Plan", PLAN),
    ('--wait-for "AB', "Plan", PLAN),
    ("--wait-for 'AB", "Plan", PLAN),
    (r"--wait-for ABC\ Co", "Plan", PLAN),
    ("--wait-for=Har", "site", f"--wait-for={WITH_BLANKS}"),
    ("status plan:H", "site", f"plan:{WITH_BLANKS}"),
    ('status "plan:Ha', "site", f"plan:{WITH_BLANKS}"),
    (f"watch {OTHER[:2]}", OTHER[-8:], OTHER),
    ("b6af", OTHER[-8:], OTHER),
    ("--profile dr", "site", "drill site"),
    (r"--profile drill\ site --server em02.example.org:9", "9443", HOST),
    ("trust remove em02.ex", "9443", HOST),
    ("demo --scenario fa", "failures", "failures"),
    ("config sh", "show", "show"),
]


@dataclass
class Prepared:
    """A home in which something was seen, and the program on the path."""

    home: Path
    env: dict[str, str]


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    home, programs = tmp_path / "home", tmp_path / "bin"
    programs.mkdir()
    program = programs / "failover-monitor"
    program.write_text(PROGRAM.format(root=ROOT, python=sys.executable))
    program.chmod(0o755)
    state = home / ".local" / "state" / "failover-monitor"
    journals = state / "journal" / "em01"
    journals.mkdir(parents=True)
    for session_id, plan in ((ONE, PLAN), (OTHER, WITH_BLANKS)):
        reading = {"kind": "reading", "full": {"id": session_id, "plan_name": plan}}
        (journals / f"{session_id}.jsonl").write_text(json.dumps(reading) + "\n")
    (state / "known_servers").write_text(json.dumps({"format": 1, "servers": {HOST: {}}}))
    settings = home / ".config" / "failover-monitor"
    settings.mkdir(parents=True)
    (settings / "config.toml").write_text("[profiles.'drill site']\nuser = 'u'\n")
    env = {
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
    }
    return Prepared(home, env)


def script_of(shell: str) -> str:
    command = [sys.executable, "-m", "tui", "completion", shell]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def started(shell: str, prepared: Prepared) -> list[str]:
    """The shell's own start-up file with the script in it, and how it is started."""
    home, script = prepared.home, script_of(shell)
    if shell == "bash":
        (home / "rc").write_text(f"PS1='ready> '\n{script}")
        return ["bash", "--noprofile", "--rcfile", str(home / "rc"), "-i"]
    if shell == "zsh":
        begin = "PS1='ready> '\nautoload -Uz compinit\ncompinit -u -D\nunsetopt beep\n"
        (home / ".zshrc").write_text(begin + script)
        return ["zsh", "-i"]
    (home / ".config" / "fish").mkdir()
    begin = "set -g fish_greeting\nfunction fish_prompt; echo -n 'ready> '; end\n"
    (home / ".config" / "fish" / "config.fish").write_text(begin + script)
    return ["fish", "-i"]


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, prepared: Prepared) -> Iterator[Terminal]:
    name = str(request.param)
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here, so that its completion was not tried")
    command = ["-c", EXEC, *started(name, prepared)]
    with Terminal(command, prepared.env, columns=120, lines=100) as terminal:
        terminal.wait_for("ready>")
        yield terminal


def completed(shell: Terminal, typed: str, appears: str) -> None:
    """Type, press Tab, and wait until what was not typed stands there."""
    before = shell.text.count(appears)
    shell.raw(f"failover-monitor {typed}\t".encode())
    shell.until(lambda: shell.text.count(appears) > before, what=f"{appears!r} after {typed!r}")


def ran(shell: Terminal, times: int) -> list[str]:
    """Press Enter; the arguments that have arrived in so many runs."""
    shell.raw(b"\r")
    shell.until(lambda: shell.text.count("ran.") == times, what=f"run {times}")
    return [row[1:-1] for row in shell.rows if row.startswith("<")]


def test_what_is_completed_arrives_as_one_argument(shell: Terminal) -> None:
    for number, (typed, appears, arrives) in enumerate(CASES, start=1):
        completed(shell, typed, appears)
        assert ran(shell, number)[-1] == arrives, f"{typed!r}:\n{shell.text}"
    shell.raw(b"exit\r")


def test_several_are_listed_and_none_is_chosen(shell: Terminal) -> None:
    shell.raw(b"failover-monitor demo --scenario st\t\t")
    shell.until(lambda: shell.shows("stall", "stopped"), what="both that begin so")
    shell.raw(b"\x03exit\r")
