"""The script for a drill that the manual prints: a whole drill, with a real web server told."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.support.printed import Printed, commands, everything
from tests.support.sandbox import PLAN, Sandbox, sandbox
from tests.support.web_server import web_server
from tui.exit_codes import ExitCode

_CURL = f"""\
#!{sys.executable} -I
import sys, urllib.request
request = urllib.request.Request(sys.argv[-1], sys.stdin.buffer.read())
request.add_header("Content-Type", "application/json")
urllib.request.urlopen(request, timeout=20)
"""


def _script() -> Printed:
    (found,) = (each for each in commands() if each.is_script)
    return found


def furnish(furnished: Sandbox) -> None:
    script = furnished.folder / "drill.sh"
    script.write_text(f"{_script().text}\n")
    script.chmod(0o755)
    if shutil.which("curl") is None:
        curl = furnished.folder / "bin" / "curl"
        curl.write_text(_CURL)
        curl.chmod(0o755)


def printed_event() -> dict[str, Any]:
    """The one that the manual shows."""
    (found,) = (
        each.text
        for each in everything()
        if each.place == "manual hooks" and each.language == "json"
    )
    event: dict[str, Any] = json.loads(found)
    return event


def has_the_members_of(printed: dict[str, Any], real: dict[str, Any]) -> None:
    assert real["schema"] == printed["schema"]
    assert list(real) == list(printed)
    for name in ("vms", "rto", "rpo"):
        assert list(real[name]) == list(printed[name])


def test_it_has_ten_lines() -> None:
    assert len(_script().text.splitlines()) == 10


def test_a_drill_that_misses_its_target(tmp_path: Path) -> None:
    with web_server() as web, sandbox(tmp_path, to_come=True, vms=4, speed=8) as furnished:
        furnish(furnished)
        done = furnished.run(f"WEBHOOK_URL={web.url} RTO=1m OUT=kept ./drill.sh")
        session = furnished.session
    assert done.returncode == ExitCode.TARGET_MISSED, done.stderr
    assert "recovered, but not within 1m" in done.stderr
    assert done.stdout == ""

    kinds = [event["kind"] for event in web.events]
    assert {"session success", "rto not met"} <= set(kinds)
    for form, event in web.posted:
        assert form == "application/json"
        assert event["session_id"] == session
        assert event["plan"] == PLAN
        assert event["rehearsal"] is False
        has_the_members_of(printed_event(), event)

    kept = tmp_path / "kept"
    (report,) = kept.glob("*.html")
    assert PLAN in report.read_text("utf-8")
    lines = [json.loads(line) for line in (kept / "drill.ndjson").read_text().splitlines()]
    assert lines[-1]["exit_code"] == ExitCode.TARGET_MISSED
    assert {line["schema"] for line in lines} == {lines[0]["schema"]}


def test_a_drill_within_its_target(tmp_path: Path) -> None:
    with web_server() as web, sandbox(tmp_path, to_come=True, vms=2, speed=8) as furnished:
        furnish(furnished)
        done = furnished.run(f"WEBHOOK_URL={web.url} OUT=kept ./drill.sh")
        as_csv = furnished.run(f"failover-monitor report {furnished.session} --format csv")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "session success" in [event["kind"] for event in web.events]
    assert "rto not met" not in [event["kind"] for event in web.events]
    assert len(list(csv.DictReader(as_csv.stdout.splitlines()))) == 2
