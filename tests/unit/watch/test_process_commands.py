"""Commands on events, and the journal, of a watch in a process of its own."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.support.rehearsing import lines_in
from tests.support.simulated import build_service, serve
from tests.support.watch_process import (
    PASSWORD,
    ended,
    started,
    watching,
)
from tests.support.web_server import web_server
from tui.simulator.logons import Account

KEEP_EVENTS = """
import json, os, sys
event = json.load(sys.stdin)
with open(sys.argv[1], "a") as kept:
    kept.write(json.dumps({"event": event, "environment": dict(os.environ)}) + "\\n")
"""


def test_a_command_is_told_each_event_and_no_secret(
    environment: dict[str, str], tmp_path: Path
) -> None:
    kept, program = tmp_path / "kept.jsonl", tmp_path / "keep.py"
    program.write_text(KEEP_EVENTS)
    service = build_service("failures", speed=30, users={"demo": Account(PASSWORD)})
    with serve(service) as serving:
        arguments = [*watching(serving.url, service), "--interval", "2"]
        hook = f"{sys.executable} {program} {kept}"
        with started(environment, *arguments, "--on-event", hook) as process:
            code, _, err = ended(process)
    told = [json.loads(line) for line in kept.read_text().splitlines()]
    kinds = [each["event"]["kind"] for each in told]
    assert (code, kinds.count("session failed")) == (1, 1), err
    assert {each["event"]["schema"] for each in told} == {"failover-monitor-event/1"}
    assert {each["event"]["server"] for each in told} == {serving.url.removeprefix("http://")}
    assert {each["event"]["rehearsal"] for each in told} == {False}
    assert PASSWORD not in kept.read_text()
    for each in told:
        assert each["environment"]["FAILOVER_EVENT_KIND"] == each["event"]["kind"]
        assert not [name for name in each["environment"] if name.startswith("FAILOVER_MONITOR_")]


def test_the_end_is_told_before_the_watch_ends(environment: dict[str, str], tmp_path: Path) -> None:
    """Posted to a real HTTP server, by a program that takes its time."""
    with web_server() as web:
        post = (
            "import sys, time, urllib.request as u; time.sleep(1);"
            f"u.urlopen('{web.url}', sys.stdin.buffer.read())"
        )
        hook = shlex.join([sys.executable, "-c", post])
        demo = ("demo", "--speed", "200", "--interval", "2", "--on-event", hook)
        with started(environment, *demo) as process:
            code, _, err = ended(process)
    assert code == 1
    assert "note" not in {line.what for line in lines_in(err) if "clock" not in line.message}
    kinds = [each["kind"] for each in web.events]
    assert kinds.count("session failed") == 1
    assert {each["rehearsal"] for each in web.events} == {True}


def test_what_goes_wrong_with_a_command_is_said(environment: dict[str, str]) -> None:
    hook = shlex.join([sys.executable, "-c", "import sys; sys.exit('no route to the pager')"])
    demo = ("demo", "--speed", "200", "--interval", "2", "--on-event", hook)
    with started(environment, *demo) as process:
        code, out, err = ended(process)
    assert code == 1
    said = [line.message for line in lines_in(err) if "no route to the pager" in line.message]
    assert len(said) == 1
    assert "failed with exit code 1: no route to the pager" in said[0]
    assert "pager" not in out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/at-all x", "there is no program '/nowhere/at-all' to run"),
        ("say 'it", "no closing quotation"),
        ("", "no command named"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused_at_once(
    environment: dict[str, str], command: str, said: str
) -> None:
    with started(environment, "demo", "--on-event", command) as process:
        code, _, err = ended(process)
    assert code == 2
    assert said in err


def test_a_journal_that_lacks_something_is_said_at_the_end(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "journals"
    folder.write_text("in the way")
    demo = ("demo", "--speed", "200", "--interval", "2")
    # Named in the settings file: an option would be refused at once.
    config = tmp_path / "settings.toml"
    config.write_text(f"[journal]\nfolder = '{folder}'\n")
    config.chmod(0o600)
    with started(environment, *demo, "--config", str(config)) as process:
        code, _, err = ended(process)
    assert code == 1
    last = lines_in(err)[-1]
    assert re.fullmatch(
        r"\d+ records are missing in the journal: they could not be written\.", last.message
    )
