"""How far one walks: the files of the program that a poll and a verdict enter.

Not a cost in time but in reading: whoever follows a poll from the question to the changed
cells has to know these files. Counted by what is called in a process that has polled before,
so that nothing is loaded or made for the first time.

Run: `python -m tests.benchmarks walks` or `python -m tests.benchmarks.walks` for the names.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from types import FrameType
from typing import Any

from pydantic import SecretStr

import tui
from tests.benchmarks.report import Figure
from tests.support.fake_clock import FakeClock
from tests.support.simulated import SteppedClock, build_service
from tests.support.stage import BEGIN, SERVER, Stage, staged
from tui.monitor.live_session import LiveSession
from tui.monitor.observations import Reading
from tui.presentation.glyphs import UNICODE
from tui.presentation.verdict import head_verdict
from tui.screens.session import SessionScreen
from tui.settings.resolved import ResolvedSettings

_ROOT = Path(tui.__file__).parent
_NOT_PART_OF_IT = ("simulator/",)
"""The server that is asked is none of the walk."""

Calls = Counter[str]


@contextmanager
def walked() -> Iterator[Calls]:
    """The files entered meanwhile, by how many different functions of theirs were."""
    seen: set[tuple[str, str]] = set()
    calls: Calls = Counter()

    def entered(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        path = Path(frame.f_code.co_filename)
        if _ROOT in path.parents:
            name = path.relative_to(_ROOT).as_posix()
            if not name.startswith(_NOT_PART_OF_IT):
                seen.add((name, frame.f_code.co_qualname))

    sys.setprofile(entered)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        calls.update(name for name, _ in seen)


async def _on_stage(folder: Path) -> tuple[Calls, Calls]:
    stepped = SteppedClock()
    service = build_service("failures", clock=stepped)
    settings = ResolvedSettings(
        server=SERVER,
        user="demo",
        password=SecretStr("demo"),
        session_id=service.featured_session,
        reports=folder,
    )
    async with staged(service, FakeClock(BEGIN, server=stepped), settings, (120, 40)) as stage:
        await stage.until(lambda: isinstance(stage.screen, SessionScreen))
        await stage.advance(30)
        with walked() as poll:
            await stage.advance(5)
        _verdict(stage, 98)  # so that here too nothing is made for the first time
        return poll, _verdict(stage, 99)


def _verdict(stage: Stage, progress: int) -> Calls:
    """From a reading that changed something to the words of the head line."""
    live: LiveSession = stage.showing(SessionScreen)._live
    now, session = stage.clock.monotonic(), live.snapshot.session
    assert session is not None
    tasks = tuple(copy(task) for task in session.tasks)
    changed = session.model_copy(update={"progress": progress, "tasks": tasks})
    reading = Reading(seen_at=stage.clock.now(), monotonic=now, session=changed, asked_at=now)
    with walked() as calls:
        state = live._follower.take(reading)
        assert state.assessment is not None
        head_verdict(state.assessment, state.drill, UNICODE)
    return calls


def walks() -> tuple[Calls, Calls]:
    """Of a poll, from the question to the changed cells, and of a verdict."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_on_stage(Path(folder)))


def run(_quick: bool) -> list[Figure]:
    """The two figures."""
    poll, verdict = walks()
    return [
        Figure("files that a running poll enters, question to cells", len(poll), ""),
        Figure("files that a verdict enters, reading to words", len(verdict), ""),
    ]


def main() -> None:
    """Each file with the number of its functions that were called."""
    for what, calls in zip(("poll", "verdict"), walks(), strict=True):
        print(f"{what}: {len(calls)} files")
        for name, count in sorted(calls.items()):
            print(f"  {count:3} {name}")


if __name__ == "__main__":
    main()
