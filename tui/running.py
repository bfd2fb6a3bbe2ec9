"""Runs the screens, from the first paint to the logoff and the last words."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

from tui.app import MonitorApp
from tui.connecting import over_network, to_simulator
from tui.ending import EndingSignals
from tui.exit_codes import ExitCode
from tui.terminal.as_found import TerminalAsFound
from tui.threads import UnjoinedThreads

if TYPE_CHECKING:
    from tui.monitor.recording import Recording
    from tui.settings.resolved import DemoOptions, ResolvedSettings

_SECONDS_FOR_LAST_WORDS = 0.5


async def _run(app: MonitorApp, *, mouse: bool) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(UnjoinedThreads())
    as_found = TerminalAsFound()
    # A terminal that is closed while SIGHUP is ignored (nohup) is noticed all the same.
    with EndingSignals(app.leave_on_signal, last_resort=as_found.give_back):
        try:
            code = await app.run_async(mouse=mouse)
        finally:
            await app.log_off()
    ended = app.return_code or code or ExitCode.SUCCESS
    # Textual ends with 1 after a defect, which would mean here that the session failed.
    return ExitCode.UNFORESEEN if ended == ExitCode.FAILED else ended


def run_app(
    settings: ResolvedSettings,
    demo: DemoOptions | None = None,
    recording: Recording | None = None,
) -> int:
    """Run the screens until a person leaves; returns the exit code."""
    for size in ("COLUMNS", "LINES"):
        # Exported by a shell they would hold for ever: the terminal knows its size itself.
        os.environ.pop(size, None)
    log = None
    if settings.log_file is not None:
        from tui.request_log import begin_request_log

        log = begin_request_log(settings.log_file, settings.log_level)
    connection = to_simulator(settings, demo, log) if demo else over_network(settings, log)
    if log is not None:
        connection = replace(connection, note=log.note)
    app = MonitorApp(connection, recording)
    if log is not None:
        log.on_trouble = app.warn
    try:
        return asyncio.run(_run(app, mouse=not settings.no_mouse))
    finally:
        if log is not None:
            log.close()
            if log.missing is not None:
                app.talk.farewell.append(log.missing)
        app.settle_looks()
        encoding = "ascii" if settings.ascii else sys.stdout.encoding
        _leave_behind(app.talk.last_words().encode(encoding, "replace"))


def _leave_behind(data: bytes) -> None:
    """Write the last words into the scrollback, past Python's buffer for standard output.

    Python flushes that once more at exit, which fails when the terminal is gone; and
    a terminal that takes no more output must not keep the program from ending.
    """

    def write() -> None:
        with suppress(OSError):
            os.write(sys.stdout.fileno(), data)

    if data:
        writing = Thread(target=write, name="last words", daemon=True)
        writing.start()
        writing.join(_SECONDS_FOR_LAST_WORDS)
