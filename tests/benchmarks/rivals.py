"""What the monitor's cost is compared with, besides `watch` and a `DataTable`.

Run as `python -m tests.benchmarks.rivals KIND INTERVAL [URL PATH]`. The kinds:

- `bare`: an async httpx client that asks and decodes with `json.loads`, and shows nothing;
- `floor`: what plain Python needs at least for the monitor's work: a socket, the body cut into
  tasks, those that are not what they were decoded, and their cells written to the terminal;
- `clock`: a Textual app that shows the time, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import sys
import time
from urllib.parse import urlsplit

ROWS = 50
_HEADERS = "Accept: application/json\r\nX-RestSvcSessionId: YWJj\r\n"


async def bare(interval: float, url: str, path: str) -> None:
    """Ask and decode, keeping the connection."""
    import httpx

    async with httpx.AsyncClient(verify=_unverified()) as client:
        due = time.monotonic()
        while True:
            answer = await client.get(url + path, headers={"X-RestSvcSessionId": "YWJj"})
            json.loads(answer.content)
            due += interval
            await asyncio.sleep(due - time.monotonic())


def floor(interval: float, url: str, path: str) -> None:
    """The least that has to be done, without what it takes to do it safely."""
    connection = _connected(url)
    request = f"GET {path} HTTP/1.1\r\nHost: server\r\n{_HEADERS}\r\n".encode()
    before: list[bytes] = []
    due = time.monotonic()
    while True:
        connection.sendall(request)
        parts = _body(connection).split(b'},{"VmReplicaPointLink"')
        cells = []
        for row, part in enumerate(parts):
            if row < len(before) and part == before[row]:
                continue
            # The first and the last carry the session's own members.
            if 0 < row < len(parts) - 1:
                task = json.loads(b'{"VmReplicaPointLink"' + part + b"}")
                if row < ROWS:
                    cells.append(f"\x1b[{row + 1};1H{task['VmName']:20.20}{task['Progress']:>4}")
        before = parts
        if cells:
            sys.stdout.write("".join(cells))
            sys.stdout.flush()
        due += interval
        time.sleep(max(0.0, due - time.monotonic()))


def _connected(url: str) -> socket.socket:
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname or "", address.port or 0))
    return _unverified().wrap_socket(connection) if address.scheme == "https" else connection


def _unverified() -> ssl.SSLContext:
    """These talk to a certificate that was made a moment ago."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _body(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 18)
    head, _, first = data.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    parts, got = [first], len(first)
    while got < size:
        parts.append(connection.recv(1 << 18))
        got += len(parts[-1])
    return b"".join(parts)


def clock(interval: float) -> None:
    """A line of text that changes once every so many seconds."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Clock(App[None]):
        def compose(self) -> ComposeResult:
            yield Static()

        def on_mount(self) -> None:
            self.set_interval(interval, self.show)
            self.show()

        def show(self) -> None:
            self.query_one(Static).update(time.strftime("%H:%M:%S"))

    Clock().run()


if __name__ == "__main__":
    kind, seconds, *place = sys.argv[1:]
    if kind == "bare":
        asyncio.run(bare(float(seconds), *place))
    elif kind == "floor":
        floor(float(seconds), *place)
    else:
        clock(float(seconds))
