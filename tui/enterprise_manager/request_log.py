"""What the log may know of a request: enough to find trouble, nothing secret."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from tui.errors import (
    ConnectionTrouble,
    FailoverMonitorError,
    InvalidInput,
    UnreadableAnswer,
)
from tui.light import dataclass

_LOGON_SESSION: Final = re.compile(r"(logonSessions/)[^/?#\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One exchange with the server.

    `path` loses the ids of logon sessions whoever builds it, because a logon session's
    id discloses its token. `status` is None when no answer came, `size` the length
    of the body in bytes after decompression, `error` the name of the exception
    class, None if the exchange succeeded.
    """

    method: str
    path: str
    status: int | None
    size: int
    seconds: float
    error: str | None

    def __post_init__(self) -> None:
        """Leave out what discloses a token."""
        object.__setattr__(self, "path", _LOGON_SESSION.sub(r"\1…", self.path))


@dataclass(frozen=True, slots=True)
class FailedQuestion(RequestRecord):
    """An answer came, and it was of no use: a refusal, a damaged body, another resource.

    `path` is the client's name for the question, `method` empty; `seconds` are those of
    the whole question with its decoding, `error` the name of the exception class. Never
    its text, which may repeat words of the server.
    """

    @classmethod
    def of(cls, error: FailoverMonitorError, question: str, seconds: float) -> FailedQuestion:
        """What may be written down of an error."""
        return cls("", question, None, 0, seconds, type(error).__name__)


OnRequest = Callable[[RequestRecord], None]
"""Called after each exchange, and after each question whose answer was of no use; from
the event loop."""


class _Hears(Protocol):
    """What has a place for records."""

    @property
    def on_request(self) -> OnRequest | None:
        """Where they go, if anywhere."""


Asker = TypeVar("Asker", bound=_Hears)
P = ParamSpec("P")
T = TypeVar("T")


def failures_heard(
    question: Callable[Concatenate[Asker, P], Awaitable[T]],
) -> Callable[Concatenate[Asker, P], Coroutine[Any, Any, T]]:
    """Tell the log of errors that only a look at the answer brings; want of memory is one.

    Those without an answer are told by the record of their exchange, and what a person
    typed wrong is no matter of the server.
    """

    @wraps(question)
    async def heard(self: Asker, /, *args: P.args, **more: P.kwargs) -> T:
        began = time.monotonic()
        try:
            return await question(self, *args, **more)
        except (ConnectionTrouble, InvalidInput):
            raise
        except FailoverMonitorError as known:
            error = known
        except MemoryError:
            error = UnreadableAnswer(
                "There was not enough memory for the server's answer, so it was dropped."
            )
        # Out of the handlers, so that what took the memory is let go.
        if self.on_request is not None:
            seconds = time.monotonic() - began
            self.on_request(FailedQuestion.of(error, question.__name__, seconds))
        raise error

    return heard
