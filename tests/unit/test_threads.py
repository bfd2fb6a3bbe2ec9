from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from tui.threads import UnjoinedThreads

STUCK = """
import asyncio, threading
from tui.threads import UnjoinedThreads

async def main():
    loop = asyncio.get_running_loop()
    loop.set_default_executor(UnjoinedThreads())
    started = threading.Event()
    def stuck():
        started.set()
        threading.Event().wait()
    task = asyncio.ensure_future(asyncio.to_thread(stuck))
    while not started.is_set():
        await asyncio.sleep(0.01)

asyncio.run(main())
print("left")
"""


def test_a_thread_that_never_returns_does_not_keep_the_program() -> None:
    before = time.monotonic()
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=30)
    assert done.stdout == "left\n"
    assert time.monotonic() - before < 30


async def test_results_and_errors_arrive() -> None:
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    assert await asyncio.to_thread(sum, [1, 2]) == 3
    with pytest.raises(ValueError, match="invalid literal"):
        await asyncio.to_thread(int, "x")


async def test_without_another_thread_the_work_fails_and_nothing_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())

    def refuse(_thread: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as without:
        without.setattr("tui.threads.Thread.start", refuse)
        with pytest.raises(MemoryError):
            await asyncio.to_thread(lambda: None)
