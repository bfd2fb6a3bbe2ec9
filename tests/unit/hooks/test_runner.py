from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tui.hooks import runner
from tui.hooks.runner import Hook, HookRunner

FAILED: dict[str, Any] = {
    "kind": "task failed",
    "session_id": "4347c445",
    "plan": "ABC",
    "vm": "sql02",
    "message": "disk\x1b[2J full ä",
}
KEEP = """
import json, os, sys
json.dump({"event": json.load(sys.stdin), "env": dict(os.environ)}, open(sys.argv[1], "a"))
"""


def python(code: str, *arguments: str, kinds: frozenset[str] = frozenset()) -> Hook:
    return Hook((sys.executable, "-c", code, *arguments), kinds)


async def run(*hooks: Hook, events: list[dict[str, Any]], **options: Any) -> list[str]:
    said: list[str] = []
    running = HookRunner(hooks, said.append, **options)
    for event in events:
        running.take(event)
    await running.finish(20.0)
    return said


async def test_a_command_gets_the_event_and_no_secret(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    environ = {**os.environ, "FAILOVER_MONITOR_PASSWORD": "s3cret", "API_TOKEN": "t"}
    assert await run(python(KEEP, str(kept)), events=[FAILED], environ=environ) == []
    read = json.loads(kept.read_text())
    assert read["event"] == FAILED
    ours = {k: v for k, v in read["env"].items() if k.startswith("FAILOVER_MONITOR_")}
    assert ours == {
        "FAILOVER_MONITOR_KIND": "task failed",
        "FAILOVER_MONITOR_SESSION_ID": "4347c445",
        "FAILOVER_MONITOR_PLAN": "ABC",
        "FAILOVER_MONITOR_VM": "sql02",
    }
    assert "s3cret" not in kept.read_text()
    assert "API_TOKEN" not in read["env"]


async def test_only_for_the_kinds_it_asked_for(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    hook = python(KEEP, str(kept), kinds=frozenset({"session failed"}))
    assert await run(hook, events=[FAILED]) == []
    assert not kept.exists()
    await run(hook, events=[{"kind": "session failed"}])
    assert kept.exists()


async def test_nothing_is_given_to_a_shell(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    trap = tmp_path / "trap"
    event = {**FAILED, "vm": f"$(touch {trap}); `touch {trap}`"}
    await run(python(KEEP, str(kept)), events=[event])
    assert json.loads(kept.read_text())["event"] == event
    assert not trap.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "failed with exit code 3"),
        (
            "import sys; print('one', file=sys.stderr); sys.exit('no route \x1b[2J')",
            "no route ?[2J",
        ),
        ("import os; os.kill(os.getpid(), 15)", "was ended by signal 15"),
        ("import time; time.sleep(60)", "took longer than 0.5 s and was ended"),
    ],
)
async def test_a_failure_is_said_in_one_sentence(code: str, said: str) -> None:
    seconds = 0.5 if "sleep" in code else 20.0
    (sentence,) = await run(python(code), events=[FAILED], seconds=seconds)
    assert said in sentence
    assert "'task failed'" in sentence
    assert sentence.isprintable()


@pytest.mark.parametrize("name", ["/nowhere/at-all", "nul\0name"])
async def test_a_command_that_cannot_be_started_is_said(name: str) -> None:
    (sentence,) = await run(Hook((name,)), events=[FAILED])
    assert "could not be started" in sentence


async def test_what_a_command_started_ends_with_it(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(pid)!r}, "w").write(str(child.pid))
time.sleep(60)
"""
    await run(python(code), events=[FAILED], seconds=2.0)
    child = int(pid.read_text())
    for _ in range(500):
        if _has_ended(child):
            break
        await asyncio.sleep(0.02)
    assert _has_ended(child)


def _has_ended(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().split()[2] == "Z"


async def test_a_command_that_reads_nothing_harms_nobody() -> None:
    event = {**FAILED, "message": "x" * 1_000_000}
    assert await run(python("pass"), events=[event]) == []


async def test_a_command_that_floods_its_errors_takes_no_memory() -> None:
    code = "import sys\nfor _ in range(2000): sys.stderr.write('x' * 1000)\nsys.exit(1)"
    (sentence,) = await run(python(code), events=[FAILED])
    assert len(sentence) < 2_200


async def test_only_a_few_run_at_once(tmp_path: Path) -> None:
    code = """
import os, sys, time
mine = os.path.join(sys.argv[1], str(os.getpid()))
open(mine, "w").close()
time.sleep(0.2)
count = len([n for n in os.listdir(sys.argv[1]) if n.isdigit()])
open(sys.argv[1] + "/most", "a").write(f"{count}\\n")
os.unlink(mine)
"""
    await run(python(code, str(tmp_path)), events=[FAILED] * 10)
    counts = [int(line) for line in (tmp_path / "most").read_text().split()]
    assert len(counts) == 10
    assert max(counts) <= runner.AT_ONCE


async def test_a_flood_of_events_is_bounded_and_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "MOST_WAITING", 3)
    said: list[str] = []
    running = HookRunner((python("pass"),), said.append)
    for _ in range(10):
        running.take(FAILED)
    assert running.dropped == 7
    await running.finish(20.0)
    assert said == ["Commands on events do not keep up: some events are left out."]


async def test_leaving_ends_what_has_no_time_left() -> None:
    said: list[str] = []
    running = HookRunner((python("import time; time.sleep(60)"),), said.append)
    running.take(FAILED)
    await running.finish(0.3)
    assert said == ["A command on an event was ended: no time was left for it."]
    await running.finish(0.3)
    assert len(said) == 1
