"""Starts the user's commands on events: without a shell, bounded in time and number.

A command gets the event as one JSON object on standard input and a few variables; its standard
output is thrown away, of its standard error the last line is kept for what is said when it
fails. It runs in a process group of its own, so that it can be ended with all it started, and
so that Ctrl+C in the terminal is not its own. Nothing here raises for what a command does.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from tui.hooks.environment import environment
from tui.hooks.hook import EventMembers, Hook
from tui.hooks.kinds import is_about_a_vm
from tui.hooks.process import CommandRun

AT_ONCE: Final = 4
MOST_WAITING: Final = 200
"""Events that wait for a free place; further ones are left out, counted and said."""

KEPT_FREE: Final = 50
"""Places beyond these for what is not about one VM: the end must not be lost in a flood."""

LONGEST_WAIT: Final = 300.0
"""Seconds that the end of a watch waits for commands at most."""

_SECONDS_TO_END: Final = 1.0


Say = Callable[[str], None]
"""Takes one sentence for a person."""


class HookRunner:
    """Takes events, starts commands. To be used within one event loop.

    `say` is given a sentence where a command fails, and no second one while it goes on to fail
    for the same reason; `note` one for each run, for a log.
    """

    def __init__(
        self,
        hooks: tuple[Hook, ...],
        say: Say,
        *,
        note: Callable[[str], None] = lambda _: None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._hooks = hooks
        self._say = say
        self._note = note
        self._environ = environ
        self._tasks: set[asyncio.Task[None]] = set()
        self._runs: set[CommandRun] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._reasons: dict[Hook, str] = {}
        self._left_out: dict[Hook, int] = {}
        self._closing = False
        self.dropped = 0

    def take(self, event: EventMembers) -> None:
        """Start what is for this event, as soon as there is a place; returns at once.

        `event` must hold `kind`; all its values must be JSON values. A command that missed some
        finds their number in `left_out` of the next one.
        """
        for hook in self._hooks:
            if not hook.wants(event):
                continue
            few = not is_about_a_vm(str(event["kind"]))
            if len(self._tasks) >= MOST_WAITING + (KEPT_FREE if few else 0):
                self._leave_out(hook)
                continue
            told = {**event, "left_out": self._left_out.pop(hook, 0)}
            task = asyncio.create_task(self._run(hook, told), name="hook")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float | None = None) -> None:
        """Give what runs or waits that long, or else as long as it may take (but five minutes),
        then end it. For leaving; a second call is idle."""
        tasks = list(self._tasks)
        if seconds is None:
            longest = max((hook.seconds for hook in self._hooks), default=0.0)
            seconds = min(LONGEST_WAIT, longest * -(-len(tasks) // AT_ONCE))
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=seconds)
        finally:  # a signal may cut the waiting short: what runs must not outlive the program
            self._closing = True
            for run in self._runs:
                run.end()
        late = [task for task in tasks if not task.done()]
        if late:
            await asyncio.wait(late, timeout=_SECONDS_TO_END)
        if self.dropped:
            self._say(f"Commands on events missed {_events(self.dropped)}: too many, or too late.")
            self.dropped = 0

    def _leave_out(self, hook: Hook) -> None:
        self.dropped += 1
        self._left_out[hook] = self._left_out.get(hook, 0) + 1
        if self.dropped == 1:
            self._say("Commands on events do not keep up: some events are left out.")

    async def _run(self, hook: Hook, event: EventMembers) -> None:
        async with self._gate:
            if self._closing:
                self.dropped += 1
                return
            data = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            variables = environment(self._environ, event, hook.variables)
            run = CommandRun(hook.command, data, variables, hook.seconds)
            self._runs.add(run)
            try:
                reason = await asyncio.to_thread(run.outcome)
            finally:
                run.end()
                self._runs.discard(run)
        self._tell(hook, str(event["kind"]), reason)

    def _tell(self, hook: Hook, kind: str, reason: str | None) -> None:
        how = reason.partition(":")[0] if reason is not None else None
        before = self._reasons.pop(hook, None)
        with suppress(Exception):  # a log that fails must not end what is to be said on screen
            self._note(f"{hook.called} on '{kind}' {reason or 'ended well'}.")
        if how is None:
            return
        self._reasons[hook] = how
        if how != before:
            self._say(f"{hook.called} on '{kind}' {reason}.")


def _events(count: int) -> str:
    return f"{count} event{'' if count == 1 else 's'}"
