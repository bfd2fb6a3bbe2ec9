"""A server that costs next to nothing: one session under steady load, and nothing beside it.

Run by `PlainServer` as `python -m tests.benchmarks.plain_server`. The first answer is the
simulator's own; from then on only the digits of `Progress` change, of a tenth of the tasks
each second, and of nothing else. There is no plan, no earlier run and one replica point that is
gone, so that whoever polls sends one request a poll from the first minute on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.serving import ROOT
from tests.benchmarks.stages import bodies
from tests.support.certificates import self_signed
from tests.support.ending import Closed, end

CHANGING = 0.1
_POINT = b"0bd71a43-1a88-4b57-8822-7669817b36f1"
_POINTS = re.compile(rb"(?<=vmReplicaPoints/)[0-9a-f-]{36}")
_PROGRESS = re.compile(rb'(?<="Progress":)\d+')
_NOTHING = b'{"PagingInfo":{"PageNum":1,"PageSize":100,"PagesCount":1},"Entities":null}'
_LOGON = b'{"Type":"LogonSession","SessionId":"%s","UserName":"demo"}' % _POINT


class Load:
    """The session's answers. Of the running tasks each tenth second's share moves on."""

    def __init__(self, vms: int) -> None:
        self.session, (body,) = bodies(vms, 1)
        body = _POINTS.sub(_POINT, body)
        self._parts = _PROGRESS.split(body)
        self._values = [int(value) for value in _PROGRESS.findall(body)]
        # The last figure is the session's own, which stands still; the ended tasks' do too.
        self._running = [place for place in range(len(self._values) - 1) if place % 5 != 4]
        self._moved = 0
        self._second = 0

    def body(self, second: int) -> bytes:
        """The answer of that second after the start."""
        if second > self._second:
            self._moved_on(second - self._second)
            self._second = second
        texts = [b"%d" % value for value in self._values] + [b""]
        pairs = zip(self._parts, texts, strict=True)
        return b"".join(part for pair in pairs for part in pair)

    def _moved_on(self, seconds: int) -> None:
        share = max(1, round((len(self._values) - 1) * CHANGING))
        for _ in range(seconds * share):
            # Neighbours do not move together.
            place = self._running[self._moved * 7919 % len(self._running)]
            self._values[place] = (self._values[place] + 1) % 100
            self._moved += 1


class _Serving:
    def __init__(self, vms: int) -> None:
        self.load = Load(vms)
        self._begun = time.monotonic()
        self._now = (-1, b"")

    def _session(self) -> bytes:
        second = int(time.monotonic() - self._begun)
        if second != self._now[0]:
            self._now = (second, self.load.body(second))
        return self._now[1]

    def _answer(self, method: str, path: str) -> tuple[str, bytes]:
        if method == "POST":
            return "201 Created\r\nX-RestSvcSessionId: YWJj", _LOGON
        if method == "DELETE":
            return "204 No Content", b""
        if "failoverSessions/" in path:
            return "200 OK", self._session()
        if "/query" in path:
            return "200 OK", _NOTHING
        return "404 Not Found", b'{"StatusCode":404,"Message":"Not found."}'

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.split(" ", 2)
                status, body = self._answer(method, path)
                date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
                writer.write(
                    f"HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                await writer.drain()
        writer.close()


async def _forever(vms: int, certificate: str | None) -> None:
    serving, context = _Serving(vms), None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(serving.serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps([port, serving.load.session]) + "\n")
    sys.stdout.flush()
    await server.serve_forever()


@dataclass(frozen=True)
class Place:
    """Where a session is read. `fingerprint` is that of the certificate; None for plain http."""

    url: str
    session: str
    fingerprint: str | None = None

    @property
    def path(self) -> str:
        """What is asked for, again and again."""
        return f"/api/cloud/failoverSessions/{self.session}?format=Entity"


class PlainServer(Closed):
    """The process, seen from the benchmark. Use as a context."""

    def __init__(self, vms: int, *, tls: bool = False) -> None:
        self._folder = TemporaryDirectory()
        made = self_signed(Path(self._folder.name), "localhost") if tls else None
        certificate = [str(made.file)] if made else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.plain_server", str(vms), *certificate],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        port, session = json.loads(self._process.stdout.readline())
        scheme = "https" if tls else "http"
        fingerprint = made.fingerprint if made else None
        self.place = Place(f"{scheme}://127.0.0.1:{port}", session, fingerprint)

    def close(self) -> None:
        try:
            end(self._process, 10)
        finally:
            self._folder.cleanup()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vms", type=int)
    parser.add_argument("certificate", nargs="?", help="PEM file with key and certificate")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_forever(options.vms, options.certificate))


if __name__ == "__main__":
    main()
