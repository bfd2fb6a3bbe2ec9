from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui.hooks import runner
from tui.hooks.environment import environment
from tui.hooks.hook import Hook
from tui.hooks.runner import HookRunner
from tui.threads import UnjoinedThreads

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


def python(code: str, *arguments: str, **more: Any) -> Hook:
    return Hook((sys.executable, "-c", code, *arguments), **more)


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
    assert read["event"] == {**FAILED, "left_out": 0}
    ours = {k: v for k, v in read["env"].items() if k.startswith("FAILOVER_")}
    assert ours == {
        "FAILOVER_EVENT_KIND": "task failed",
        "FAILOVER_EVENT_SESSION_ID": "4347c445",
        "FAILOVER_EVENT_PLAN": "ABC",
        "FAILOVER_EVENT_VM": "sql02",
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
    assert json.loads(kept.read_text())["event"] == {**event, "left_out": 0}
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
    (sentence,) = await run(python(code, seconds=seconds), events=[FAILED])
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
open({str(pid)!r}, "w").write(f"{{child.pid}}.")
time.sleep(60)
"""
    running = HookRunner((python(code),), lambda _: None)
    running.take(FAILED)
    await until(lambda: pid.exists() and pid.read_text().endswith("."))
    await running.finish(0.0)
    await until(lambda: _has_ended(int(pid.read_text()[:-1])))


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not come to pass")


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
    assert said == [
        "Commands on events do not keep up: some events are left out.",
        "Commands on events missed 7 events: too many, or too late.",
    ]


async def test_a_thousand_events_in_a_second_leave_room_for_the_end(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    said: list[str] = []
    code = "import json, sys; e = json.load(sys.stdin)\n"
    code += "print(e['kind'], e['left_out'], file=open(sys.argv[1], 'a'))"
    everything = python(code, str(kept))
    running = HookRunner((everything,), said.append)
    for _ in range(1_000):
        running.take(FAILED)
    running.take({**FAILED, "kind": "session failed"})
    await running.finish(60.0)
    told = kept.read_text().splitlines()
    left_out = 1_000 - runner.MOST_WAITING
    assert told.count("task failed 0") == runner.MOST_WAITING
    assert told.count(f"session failed {left_out}") == 1
    assert said[0].startswith("Commands on events do not keep up")


async def test_a_command_that_leaves_something_behind_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({str(pid)!r}, "w").write(f"{{child.pid}}.")
"""
    assert await run(python(code), events=[FAILED]) == []
    await until(lambda: _has_ended(int(pid.read_text()[:-1])))


async def test_the_same_failure_is_said_once_until_it_went_well(tmp_path: Path) -> None:
    switch = tmp_path / "switch"
    code = "import os, sys; sys.exit(os.path.exists(sys.argv[1]) * 3)"
    said: list[str] = []
    running = HookRunner((python(code, str(switch)),), said.append)

    async def one() -> None:
        count = len(noted)
        running.take(FAILED)
        await until(lambda: len(noted) > count)

    noted: list[str] = []
    running._note = noted.append
    switch.touch()
    await one()
    await one()
    assert len(said) == 1
    switch.unlink()
    await one()
    switch.touch()
    await one()
    assert len(said) == 2
    assert [line.rpartition(" on ")[2] for line in noted[1:3]] == [
        "'task failed' failed with exit code 3.",
        "'task failed' ended well.",
    ]


async def test_starting_one_never_holds_the_loop_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program on a disk that does not answer blocks whoever starts it."""
    hanging = threading.Event()
    begun: list[threading.Thread] = []

    def start(*_: object, **__: object) -> None:
        begun.append(threading.current_thread())
        reached.set()
        hanging.wait()

    reached = threading.Event()
    monkeypatch.setattr(subprocess, "Popen", start)
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    said: list[str] = []
    running = HookRunner((python("pass"),), said.append)
    running.take(FAILED)
    assert await asyncio.to_thread(reached.wait, 15)
    await running.finish(0.0)
    hanging.set()
    assert threading.current_thread() not in begun
    assert said == [], "nobody knows yet what becomes of it"


def test_what_a_command_inherits_holds_no_secret() -> None:
    environ = {
        "PATH": "/bin",
        "FAILOVER_MONITOR_PASSWORD": "p",
        "GITHUB_TOKEN": "t",
        "https_proxy": "http://user:secret@proxy:3128",
        "http_proxy": "http://proxy:3128",
        "WEBHOOK": "https://chat.example/x",
    }
    found = environment(environ, {"kind": "k"}, ("WEBHOOK", "FAILOVER_MONITOR_PASSWORD"))
    assert found == {
        "PATH": "/bin",
        "http_proxy": "http://proxy:3128",
        "WEBHOOK": "https://chat.example/x",
        "FAILOVER_EVENT_KIND": "k",
    }


def test_for_a_profile_alone() -> None:
    hook = Hook(("x",), profiles=("prod",))
    assert hook.wants({"kind": "task failed", "profile": "prod"})
    assert not hook.wants({"kind": "task failed", "profile": "lab"})
    assert not hook.wants({"kind": "task failed", "profile": None})
    assert not hook.wants({"kind": "task started", "profile": "prod"})


async def test_leaving_ends_what_has_no_time_left() -> None:
    said: list[str] = []
    running = HookRunner((python("import time; time.sleep(60)"),), said.append)
    running.take(FAILED)
    await asyncio.sleep(0)
    await running.finish(0.0)
    (sentence,) = said
    assert sentence.endswith("on 'task failed' was ended: no time was left for it.")
    await running.finish(0.0)
    assert len(said) == 1


async def test_the_end_of_a_watch_waits_for_all_that_waits(tmp_path: Path) -> None:
    """Two rounds of commands, each of which takes most of its time."""
    kept, said = tmp_path / "kept", list[str]()
    code = "import sys, time; time.sleep(1); open(sys.argv[1], 'a').write('x')"
    running = HookRunner((python(code, str(kept), seconds=20.0),), said.append)
    for _ in range(runner.AT_ONCE + 1):
        running.take(FAILED)
    await running.finish()
    assert (kept.read_text(), said) == ("x" * (runner.AT_ONCE + 1), [])


async def test_a_watch_ends_though_a_command_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LONGEST_WAIT", 0.2)
    said: list[str] = []
    running = HookRunner((python("import time; time.sleep(600)"),), said.append)
    running.take(FAILED)
    await running.finish()
    assert len(said) == 1


async def test_what_waits_when_leaving_is_counted_and_not_begun(tmp_path: Path) -> None:
    said: list[str] = []
    code = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"
    begun = tmp_path / "begun"
    running = HookRunner((python(code, str(begun)),), said.append)
    for _ in range(runner.AT_ONCE + 6):
        running.take(FAILED)
    await until(lambda: begun.exists() and len(begun.read_text()) == runner.AT_ONCE)
    await running.finish(0.0)
    assert said[-1] == "Commands on events missed 6 events: too many, or too late."
    assert len(begun.read_text()) == runner.AT_ONCE
