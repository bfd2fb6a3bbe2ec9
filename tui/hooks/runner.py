"""Starts the user's commands on events: without a shell, bounded in time and number.

A command gets the event as one JSON object on standard input and a few variables; its standard
output is thrown away, of its standard error the last line is kept for what is said when it
fails. It runs in a process group of its own, so that it can be ended with all it started, and
so that Ctrl+C in the terminal is not its own. Nothing here raises for what a command does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

SECONDS: Final = 30.0
"""A command that runs longer is ended."""

AT_ONCE: Final = 4
MOST_WAITING: Final = 200
"""Events that wait for a free place; further ones are dropped, counted and said."""

_KEPT_OF_ERRORS: Final = 2_000
_SECONDS_TO_END: Final = 0.5

PASSED_ON: Final = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
"""What a command inherits of the environment. Not the rest: a password may be in it."""

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Hook:
    """A command and the kinds of events it is for; no kinds: for all of them."""

    command: tuple[str, ...]
    kinds: frozenset[str] = frozenset()

    def wants(self, kind: str) -> bool:
        """Whether it is for events of this kind."""
        return not self.kinds or kind in self.kinds


class HookRunner:
    """Takes events, starts commands. To be used within one event loop.

    `say` is given one sentence for each failure; it may come from any of the tasks.
    """

    def __init__(
        self,
        hooks: tuple[Hook, ...],
        say: Callable[[str], None],
        *,
        seconds: float = SECONDS,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._hooks = hooks
        self._say = say
        self._seconds = seconds
        self._environ = environ
        self._running: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self.dropped = 0

    def take(self, event: Event) -> None:
        """Start what is for this event, as soon as there is a place; returns at once.

        `event` must hold `kind`; all its values must be JSON values.
        """
        for hook in self._hooks:
            if not hook.wants(str(event["kind"])):
                continue
            if len(self._running) >= MOST_WAITING:
                self.dropped += 1
                if self.dropped == 1:
                    self._say("Commands on events do not keep up: some events are left out.")
                continue
            task = asyncio.create_task(self._run(hook, event), name="hook")
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def finish(self, seconds: float) -> None:
        """Give what runs or waits that long, then end it. For leaving; a second call is idle."""
        tasks = list(self._running)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if len(late) == 1:
            self._say("A command on an event was ended: no time was left for it.")
        elif late:
            self._say(f"{len(late)} commands on events were ended: no time was left for them.")

    async def _run(self, hook: Hook, event: Event) -> None:
        async with self._gate:
            reason = await self._outcome(hook, event)
        if reason is not None:
            self._say(f"The command {hook.command[0]} on '{event['kind']}' {reason}.")

    async def _outcome(self, hook: Hook, event: Event) -> str | None:
        """What went wrong, to stand after the command's name; None if nothing did."""
        try:
            process = await asyncio.create_subprocess_exec(
                *hook.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env=self._environment(event),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"could not be started: {getattr(error, 'strerror', None) or 'its name is odd'}"
        try:
            async with asyncio.timeout(self._seconds):
                last = await _talk(process, json.dumps(event, ensure_ascii=False).encode() + b"\n")
        except TimeoutError:
            return f"took longer than {self._seconds:g} s and was ended"
        finally:
            await _end(process)
        code = process.returncode
        if not code:
            return None
        how = f"failed with exit code {code}" if code > 0 else f"was ended by signal {-code}"
        return f"{how}: {last}" if last else how

    def _environment(self, event: Event) -> dict[str, str]:
        kept = {name: self._environ[name] for name in PASSED_ON if name in self._environ}
        for name in ("kind", "session_id", "plan", "vm", "status", "server"):
            value = event.get(name)
            if isinstance(value, str):
                # The system takes no NUL in a variable, and no program expects line breaks.
                printable = "".join(c if c.isprintable() else "?" for c in value)
                kept[f"FAILOVER_MONITOR_{name.upper()}"] = printable
        return kept


async def _talk(process: asyncio.subprocess.Process, data: bytes) -> str:
    """Hand over the event, read the errors to their end; returns their last line."""
    if process.stdin is None or process.stderr is None:
        return ""
    with contextlib.suppress(OSError):  # it need not read
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()
    kept = b""
    while read := await process.stderr.read(_KEPT_OF_ERRORS):
        kept = (kept + read)[-_KEPT_OF_ERRORS:]
    await process.wait()
    lines = kept.decode("utf-8", "replace").strip().splitlines()
    return "".join(c if c.isprintable() else "?" for c in lines[-1]) if lines else ""


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the command with all that it started, whether or not it has ended itself."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_END):
            await process.wait()
