"""A server that repeats in its texts what it was sent: none of it shows."""

from __future__ import annotations

import json

from tests.faults.names import Names
from tests.faults.scene import PASSWORD, Opening, opened
from tui.masking import MASK
from tui.simulator.exchange import Request, Response


def _repeats(request: Request, status: int = 500) -> Response:
    headers = "; ".join(f"{name}: {value}" for name, value in request.headers.items())
    told = f"Bad request. Seen: {headers}; password {PASSWORD}; path {request.path}"
    body = json.dumps({"Message": told}).encode()
    return Response(status, {"Content-Type": "application/json"}, body)


async def test_while_a_session_is_watched(names: Names) -> None:
    async with opened(names) as scene:
        scene.fault = lambda request: _repeats(request) if request.method == "GET" else None
        await scene.poll()
        assert "Enterprise Manager is in trouble (500). The server says: Bad request." in (
            scene.reason
        )
        assert MASK in scene.reason
        token = max(scene.secrets, key=len)
        assert token not in scene.text.replace("\n", "")
    # `opened` looks for every secret in all that was shown and logged.


async def test_while_logging_on(names: Names) -> None:
    async with opened(names, Opening(at="login")) as scene:
        scene.fault = lambda request: _repeats(request, 401) if request.method == "POST" else None
        await scene.type_password()
        await scene.until(lambda: scene.is_refused)
        assert "User or password is wrong." in scene.login_message
        assert MASK in scene.login_message
        assert PASSWORD not in scene.login_message
