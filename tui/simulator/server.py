"""Serves a Service on a socket: HTTP/1.1 with keep-alive, over TLS if wanted."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from pathlib import Path
from typing import Any, Final, cast

from tui.simulator.exchange import Request, Response
from tui.simulator.service import Service

logger = logging.getLogger(__name__)

IDLE_CONNECTION: Final = 120.0
"""Seconds after which a silent connection is closed, as HTTP.sys does."""

LARGEST_BODY: Final = 1 << 20
"""Bytes of a request body that are read; a longer one ends the connection."""


_TLS_GREETING: Final = b"\x16"
"""The first byte of a TLS connection: a handshake record."""

_NO_HTTP: Final = b"Bad Request - Invalid Verb\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_CONNECTION
    disable_nagle_algorithm = True
    server: _Server

    def __getattr__(self, name: str) -> Any:
        # The base class looks for do_GET, do_PUT and so on; here the service judges.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def handle_one_request(self) -> None:
        """Refuse a TLS greeting on a port for plain http at once, as HTTP.sys does.

        Else its bytes would be waited on for the end of a line, which they need not hold.
        """
        try:
            greeted = cast(BufferedReader, self.rfile).peek(1)[:1] == _TLS_GREETING
        except TimeoutError:
            self.close_connection = True
            return
        if greeted:
            cast(BufferedReader, self.rfile).read1()  # what stays unread would reset the answer
            self.command = ""
            self._send(Response(HTTPStatus.BAD_REQUEST, {}, _NO_HTTP, close=True))
            return
        super().handle_one_request()

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers:
            # Enterprise Manager takes no chunked request: what follows stays unread.
            self.close_connection = True
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            length = "0"
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        request = Request(self.command, path, query, headers, body)
        self._send(self.server.service.handle(request))

    def _send(self, response: Response) -> None:
        try:
            phrase = HTTPStatus(response.status).phrase
        except ValueError:
            phrase = ""
        lines = [f"HTTP/1.1 {response.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        names = {name.lower() for name in response.headers}
        if response.status != 204 and "content-length" not in names:
            lines.append(f"Content-Length: {len(response.body)}")
        if response.close:
            self.close_connection = True
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        body = b"" if self.command == "HEAD" else response.body
        self.wfile.write(head + body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        logger.debug(format, *args)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Threads are joined in `close`, after their connections were closed.
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], service: Service, tls: ssl.SSLContext | None):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)
        self.service = service
        self._tls = tls
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()

    def server_bind(self) -> None:
        # HTTPServer's own version asks the resolver for the host's name.
        socket.socket.setsockopt(self.socket, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.port

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self._tls:
            # The handshake happens at the first read, on the connection's own thread.
            try:
                connection = self._tls.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
            except OSError:
                connection.close()
                raise
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._guard:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up or refuses the certificate is not worth a traceback.
        logger.debug("connection from %s ended", client_address, exc_info=True)

    def close(self) -> None:
        """Stop listening, close every connection, wait for their threads."""
        self.server_close()
        with self._guard:
            left = dict(self._open)
        for connection, thread in left.items():
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown: its state belongs to the connection's thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            thread.join(timeout=2)


class Serving:
    """A server that is running; `url` is where."""

    def __init__(self, server: _Server, scheme: str) -> None:
        self.port = server.port
        self.host = str(server.server_address[0])
        shown = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"{scheme}://{shown}:{self.port}"


def bound(
    service: Service, host: str, port: int, cert: Path | None, key: Path | None
) -> tuple[_Server, Serving]:
    """A server that listens, and answers nobody yet; port 0 picks a free one.

    `cert` and `key` (PEM files; `key` None: in the same file) turn on TLS. Raises OSError
    when the address cannot be had and ssl.SSLError for a wrong certificate file.
    """
    tls = None
    if cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(cert, key)
    server = _Server((host, port), service, tls)
    return server, Serving(server, "https" if tls else "http")


def run_forever(
    service: Service,
    host: str,
    port: int,
    cert: Path | None = None,
    key: Path | None = None,
    ready: Callable[[Serving], None] = lambda _: None,
) -> None:
    """Serve on this thread until KeyboardInterrupt or SystemExit; `ready` is told where.

    The rest as for `bound`.
    """
    server, serving = bound(service, host, port, cert, key)
    try:
        ready(serving)
        server.serve_forever(poll_interval=0.2)
    finally:
        server.close()
