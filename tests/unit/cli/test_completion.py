from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.shell_completion import ShellComplete

from tests.unit.cli.conftest import Outcome
from tui.cli.commands import front_door
from tui.cli.shells import SHELLS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def completed(*words: str) -> list[CompletionItem[Any]]:
    *before, incomplete = words
    shell = ShellComplete(front_door, {}, "failover-monitor", "_FAILOVER_MONITOR_COMPLETE")
    return shell.get_completions(before, incomplete)


def complete(*words: str) -> list[str]:
    return [item.value for item in completed(*words)]


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


def journal(home: Path, session_id: str, plan: str, at: int) -> None:
    """As a monitor leaves one behind, changed `at` seconds after the epoch."""
    folder = home / "state" / "failover-monitor" / "journal" / "em01"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{session_id}.jsonl"
    reading = {"kind": "reading", "full": {"id": session_id, "plan_name": plan}}
    path.write_text(f"{json.dumps({'kind': 'journal'})}\n{json.dumps(reading)}\n", "utf-8")
    os.utime(path, (at, at))


ONE, OTHER = "4347c445-0a1b-4c2d-8e3f-001122334455", "b6af0876-e626-4dc3-a641-01a985190743"


def test_sessions_and_plans_seen_lately_the_newest_first(
    home: Path, config: Callable[[str], Path]
) -> None:
    journal(home, ONE, 'ABC "West" Plan', 1_000)
    journal(home, OTHER, "Harbour Logistics", 2_000)
    config("[targets]\nrto = '1h'\n[targets.'Alpine DR']\nrto = '1h'\n")
    assert complete("watch", "") == ["latest", "running", "plan:", OTHER, ONE]
    assert complete("status", "43") == [ONE]
    assert complete("43") == [ONE]
    assert complete("--server", "em01", "B6") == [OTHER]
    assert complete("report", "b6") == [OTHER, "b6"], "or a file"
    assert complete("journal", "path", "lat") == ["latest"]
    assert complete("watch", "plan:A") == ['plan:ABC "West" Plan', "plan:Alpine DR"]
    for words in (("--wait-for",), ("list", "--plan"), ("check",)):
        assert complete(*words, "A") == ['ABC "West" Plan', "Alpine DR"], words
    helped = completed("watch", "43")
    assert [item.help for item in helped] == ['ABC "West" Plan, em01, 1970-01-01 00:16 UTC']


def test_a_journal_folder_of_ones_own_is_looked_into(
    home: Path, config: Callable[[str], Path]
) -> None:
    journal(home, ONE, "ABC", 1_000)
    elsewhere = home / "state" / "failover-monitor"
    (elsewhere / "journal").rename(home / "mine")
    assert complete("watch", "43") == []
    assert complete("watch", "--journal", str(home / "mine"), "43") == [ONE]
    config(f"[journal]\nfolder = '{home}/mine'\n")
    assert complete("watch", "43") == [ONE]


def test_servers_and_users(home: Path, config: Callable[[str], Path]) -> None:
    state = home / "state" / "failover-monitor"
    state.mkdir(parents=True)
    (state / "known_servers").write_text(json.dumps({"servers": {"em03:9398": {}, "a:1": {}}}))
    (state / "last_logon").write_text(
        json.dumps({"scheme": "http", "host": "em04", "port": 9399, "user": "last@corp"})
    )
    config("[defaults]\nuser = 'one@corp'\n[profiles.a]\nserver = 'em02'\nuser = 'two@corp'\n")
    assert complete("--server", "") == ["em02", "a:1", "em03:9398", "http://em04:9399"]
    assert complete("trust", "remove", "em") == ["em03:9398"]
    assert complete("--user", "") == ["two@corp", "one@corp", "last@corp"]
    assert complete("config", "show", "--profile", "") == ["a"]


def test_what_cannot_be_read_offers_nothing(home: Path, config: Callable[[str], Path]) -> None:
    state = home / "state" / "failover-monitor"
    (state / "journal").mkdir(parents=True)
    (state / "journal" / "file").write_text("")
    for name in ("known_servers", "last_logon"):
        (state / name).write_bytes(b"\xff[[[")
    config("profiles = 5\ntargets = 'x'\n[journal")
    for words in (("--server", ""), ("--user", ""), ("--profile", ""), ("--wait-for", "")):
        assert complete(*words) == []
    assert complete("watch", "") == ["latest", "running", "plan:"]
    config("profiles = 5\ntargets = 'x'\ndefaults = [1]\njournal = 5\n")
    assert complete("--server", "") == []
    assert complete("--wait-for", "") == []


def test_help_offers_commands_and_theirs() -> None:
    assert complete("help", "wat") == ["watch"]
    assert complete("help", "config", "sh") == ["show"]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_nothing_that_is_no_line_reaches_a_shell(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    journal(home, ONE, "two\nlines", 1_000)
    journal(home, OTHER, "esc\x1b[2J", 2_000)
    monkeypatch.setenv("COMP_LINE", "failover-monitor --wait-for ")
    monkeypatch.setenv("COMP_WORDS", "--wait-for\x1f")
    made = SHELLS[name](front_door, {}, "failover-monitor", "_FAILOVER_MONITOR_COMPLETE")
    assert made.complete() == ""


def test_completing_a_session_loads_nothing_heavy(home: Path) -> None:
    journal(home, ONE, "ABC", 1_000)
    program = (
        "import sys\nfrom tui.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'textual', 'httpx', 'pydantic', 'asyncio', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "_FAILOVER_MONITOR_COMPLETE": "bash_complete",
            "COMP_LINE": "failover-monitor watch 43",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [f"plain\t{ONE}", "[]"]


def test_the_pages_of_the_manual_are_completed() -> None:
    assert complete("manual", "s") == ["scripts", "schemas", "settings", "security", "simulator"]
