"""What the server does wrong for a while: each kind by name, so that a run can be repeated."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from tests.e2e.conftest import PASSWORD
from tests.faults import answers
from tui.simulator.exchange import Request, Response

Fault = Callable[[Request], Response | None]


def _to_get(make: Callable[[], Response]) -> Fault:
    """Logons and logoffs go on, so that what is open on the server can be counted."""
    return lambda request: make() if request.method == "GET" else None


def _told(message: str, status: int = 500) -> Callable[[], Response]:
    return lambda: answers.error_json(status, message)


def _repeats(request: Request) -> Response | None:
    """Says back all that it was sent."""
    if request.method != "GET":
        return None
    headers = "; ".join(f"{name}: {value}" for name, value in request.headers.items())
    body = json.dumps({"Message": f"{headers}; {PASSWORD}"}).encode()
    return Response(500, answers.JSON, body)


def _slowly(request: Request) -> Response | None:
    time.sleep(0.4)
    return None


def _closes(request: Request) -> Response | None:
    return Response(200, answers.JSON, b"{", close=True) if request.method == "GET" else None


FAULTS: dict[str, Fault] = {
    "401": _to_get(lambda: Response(401)),
    "403": _to_get(_told("No.", 403)),
    "404": _to_get(_told("There is no such session.", 404)),
    "500": _to_get(_told("Object reference not set")),
    "503": _to_get(lambda: Response(503, {"Retry-After": "1"})),
    "web page": _to_get(lambda: answers.page(200, "Corporate proxy")),
    "empty": _to_get(lambda: Response(200, answers.JSON)),
    "garbage": _to_get(lambda: Response(200, answers.JSON, bytes(range(256)))),
    "nothing but objects": _to_get(
        lambda: Response(200, answers.JSON, b"[" + b"{}," * 300_000 + b"{}]")
    ),
    "blanks": _to_get(_told("é" + " " * 20_000 + "x")),
    "one long word": _to_get(_told("x" * 200_000)),
    "escapes": _to_get(_told("\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e\r\nrm -rf /\n")),
    "too large": _to_get(answers.bomb),
    "says it back": _repeats,
    "slow": _slowly,
    "closes": _closes,
}
HARMLESS = frozenset({"slow"})
"""Those that answers come through."""
