"""The headless front end: the same monitor, plain lines, an exit code.

Every line, on both streams, has six fields with a tab between them; no field is
ever empty or holds a tab or a line break, whatever the server sent:

    2026-11-23T14:03:22Z  task failed  sql02  Not enough free space on DS-07  server  4 min 10 s

1. UTC time by the server's clock; of what the server dates itself, its own time.
2. What happened, in words from the lists below.
3. The VM, `-` where it is about none.
4. The message, `-` where there is none.
5. Whose clock the time is of: `server` where the server dates it, `seen` where it is when
   this was seen here, by the server's clock, `here` by this machine's.
6. How long it took, or has gone on for so far; `-` where there is no such thing.

Standard output is data:

    session started   plan and session ID
    session state     the status in words, while the session is not over
    session message   the session's failure message is new or has changed
    session success | warning | failed | unknown      how it ended
    task started      the replica point that is brought up
    task success | warning | failed      how it ended: its message, else how long it took
    task unknown      a state unknown here, or the server no longer lists the task
    task stopping | running              somebody stops it; it goes on after all
    task message      the task's failure message is new or has changed
    task stalled | slow      once for each task: it does not change any more, or runs
                      for much longer than in earlier runs
    rto open | on course | at risk | cannot be met | not met | met | cannot tell
                      where there is an RTO target: the first verdict, and each other
                      one, with what it rests on
    progress          every --progress while it runs: verdict, counts, RTO
    summary           several lines at the end, also when interrupted: RTO where there
                      is a target, RPO where it is known or has a target among them

Standard error is talk: `logon`, `no data yet` and `connection lost` with the
reason, `connection back`, `tenant` with whose plan it is, `plan unknown` where the
plan could not be read and its VMs without a task are not counted, `refused` where a person is
needed, `timed out`, `note`.

The first reading tells what has happened so far, oldest first. Later on, the
lines of one reading are in the order of their times; something that the server
tells late comes late, with its own time. Nothing is said while nothing changes.

    failover-monitor watch SESSION | awk -F '\t' '$2 == "task failed" {print $3 ": " $4}'

`--output json` says the same as one JSON object a line (`tui.watch.ndjson`). `--quiet` leaves
out all but progress, summary and what ends it.

Exit codes are those of `tui.exit_codes.ExitCode`; when each one is used is told
by `tui.watch.watching`.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.connecting import Connection, over_network, to_simulator
from tui.ending import EndingSignals
from tui.errors import FailoverMonitorError
from tui.exit_codes import ExitCode, code_of
from tui.presentation.event_data import Origin
from tui.presentation.glyphs import ASCII, UNICODE
from tui.threads import UnjoinedThreads
from tui.watch.output import Output
from tui.watch.watching import Watch

if TYPE_CHECKING:
    from tui.settings.resolved import DemoOptions, ResolvedSettings

__all__ = ["run_watch"]

_LOOK_SECONDS = 0.25
"""How often to look whether somebody still reads: polls, and what the server takes to
answer them, are too rare for that."""


def run_watch(settings: ResolvedSettings, demo: DemoOptions | None = None) -> int:
    """Watch one session until it ends; returns the exit code.

    SIGTERM, SIGHUP and SIGINT log off within two seconds and give 128 + signal;
    one that was ignored when the program started (nohup, a shell's background
    job) stays ignored. So does a closed pipe or terminal on standard output, with
    `ExitCode.NOBODY_READS`. Raises `InvalidInput` for settings that cannot be used.
    """
    log = None
    if settings.log_file is not None:
        from tui.request_log import begin_request_log

        log = begin_request_log(settings.log_file, settings.log_level)
    connection = to_simulator(settings, demo, log) if demo else over_network(settings, log)
    if log is not None:
        connection = replace(connection, note=log.note)
    output = _output(connection)
    if log is not None:
        log.on_trouble = output.note
    try:
        return asyncio.run(_run(Watch(connection, output), output))
    finally:
        if log is not None:
            log.close()
            if log.missing is not None:
                output.note(log.missing)


def _output(connection: Connection) -> Output:
    settings = connection.settings
    json_lines = None
    if settings.watch.output == "json":
        from tui.watch.ndjson import JsonLines

        rehearsal = connection.rehearsal is not None
        server = settings.server.label if settings.server is not None else ""
        json_lines = JsonLines(Origin(server, settings.profile, rehearsal), connection.clock)
    glyphs = ASCII if settings.ascii else UNICODE
    return Output(sys.stdout, sys.stderr, glyphs, json_lines, quiet=settings.watch.quiet)


async def _run(watch: Watch, output: Output) -> int:
    asyncio.get_running_loop().set_default_executor(UnjoinedThreads())
    work = asyncio.create_task(watch.run(), name="watch")
    ending = _Ending(work, output)
    looking = asyncio.create_task(_end_without_reader(ending, output), name="reader")
    # A line may be waiting for a reader who has stopped: that must not wait for the loop.
    with EndingSignals(ending.on_signal, at_once=lambda _number: output.hurry()):
        code: int | None = None
        try:
            code = await work
        except FailoverMonitorError as error:
            code = code_of(error)
            raise
        except asyncio.CancelledError:
            if ending.code is None:
                raise
            code = ending.code
        finally:
            looking.cancel()
            if code is not None:
                output.end(code)
            output.last_try()
    return code


async def _end_without_reader(ending: _Ending, output: Output) -> None:
    while not output.gone:
        await asyncio.sleep(_LOOK_SECONDS)
        output.look_for_reader()
    ending.end(ExitCode.NOBODY_READS)


class _Ending:
    """Ends the work at the first reason; later ones must not cut the logoff short."""

    def __init__(self, work: asyncio.Task[int], output: Output) -> None:
        self.code: int | None = None
        self._work = work
        self._output = output

    def on_signal(self, number: int) -> None:
        """Called by the loop."""
        self.end(128 + number)

    def end(self, code: int) -> None:
        """Sum up, log off, and leave with this exit code."""
        if self.code is None:
            self.code = code
            self._output.hurry()
            self._work.cancel()
