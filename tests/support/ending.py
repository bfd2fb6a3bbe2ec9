"""The end of a process that a test or a benchmark has started."""

from __future__ import annotations

import subprocess
from threading import Thread
from types import TracebackType
from typing import Any, Self


def end(process: subprocess.Popen[Any], seconds: float, reader: Thread | None = None) -> int:
    """End it as with SIGTERM and close its pipes; returns its exit code.

    `reader` reads its output to the end, and is waited for. One that still runs after
    `seconds` is killed, and raises subprocess.TimeoutExpired: it does not end as it should.
    """
    process.terminate()
    try:
        return process.wait(seconds)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
        if reader is not None:
            reader.join(seconds)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


class Closed:
    """What is closed at the end of a `with`, however that comes about."""

    def close(self) -> object:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
