"""Threads that nobody waits for at the end.

The name of a server is looked up on a thread, and a resolver without an answer
blocks it for half a minute; both asyncio and the interpreter wait for the threads
of the usual pool before the process may end.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class UnjoinedThreads(ThreadPoolExecutor):
    """A daemon thread per call; asyncio takes no executor but a ThreadPoolExecutor."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it on a thread of its own."""
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        try:
            Thread(target=work, daemon=True, name="unjoined").start()
        except RuntimeError:
            # The system gives no more threads, mostly for want of memory for their stacks.
            future.set_exception(MemoryError("no thread"))
        return future

    def shutdown(self, *_args: Any, **_kwargs: Any) -> None:
        """There is nothing to wait for."""
        super().shutdown(wait=False)
