"""How a server is reached, and what the operating system and TLS meet on the way."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
from typing import Final

from tui.enterprise_manager.address import DEFAULT_PORT, ServerAddress
from tui.enterprise_manager.handshake import ClientCertificateWanted
from tui.enterprise_manager.proxies import Proxy, is_loopback
from tui.errors import (
    ConnectionLost,
    ConnectionRefused,
    ConnectionTrouble,
    NameNotFound,
    TimedOut,
    TlsTrouble,
    Unreachable,
)
from tui.light import dataclass

_OTHER_PORTS = {
    9419: "Port 9419 is the REST API of Veeam Backup & Replication, another product.",
    9443: "Port 9443 is Enterprise Manager's web page.",
    9399: "Port 9399 was Enterprise Manager's old port for plain http.",
    9392: "Port 9392 is the backup server's own port.",
}
UNREACHABLE = frozenset(
    {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)


@dataclass(frozen=True, slots=True)
class Way:
    """How the server is reached, as far as it matters for what went wrong on the way.

    `answered` is whether it has answered before, over this scheme.
    """

    server: ServerAddress
    seconds: float
    proxy: Proxy | None = None
    answered: bool = False

    @property
    def proxy_advice(self) -> str:
        """What to check of the proxy."""
        if self.proxy is None or self.proxy.given:
            return "Check --proxy, or the proxy of the profile."
        return f"Check it, or set NO_PROXY={self.server.host} to go around it."


def port_hint(server: ServerAddress) -> str | None:
    """What a person should know of the port they gave, None for the usual one."""
    if server.port == DEFAULT_PORT:
        return None
    known = _OTHER_PORTS.get(server.port, f"Port {server.port} was given.")
    return f"{known} Enterprise Manager's REST API usually listens on {DEFAULT_PORT}."


def https_hint(server: ServerAddress) -> str | None:
    """That the port may expect TLS, where it was asked without."""
    if server.is_plain_http:
        return "The port may expect TLS: write https:// in front, or nothing."
    return None


def _plain_hint(server: ServerAddress) -> str:
    """For a port that answers a TLS greeting with something else: how plain http is written."""
    plain = ServerAddress("http", server.host, server.port).url
    rehearsal = (
        " failover-monitor simulate speaks it unless started with --tls."
        if is_loopback(server.host)
        else ""
    )
    known = _OTHER_PORTS.get(server.port)
    return (
        f"If it offers plain http, write that out: {plain}; the password then travels"
        f" unencrypted.{rehearsal}{f' {known}' if known else ''}"
    )


def no_name(cause: BaseException, server: ServerAddress) -> ConnectionTrouble:
    """A host name that was not found, or that nobody could look up."""
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return NameNotFound(
            f"The name {server.host} could not be looked up: the name server does not answer.",
            "The network or its DNS may be down; an IP address would work without it.",
        )
    return NameNotFound(
        f"The name {server.host} was not found.", "Check the spelling, or give an IP address."
    )


def system_trouble(cause: OSError, way: Way) -> ConnectionTrouble | None:
    """What the operating system says of the connection; None for what is none of it."""
    server = way.server
    if isinstance(cause, ConnectionRefusedError):
        return ConnectionRefused(
            f"{server.host} refused the connection: nothing listens on port {server.port}.",
            port_hint(server) or "The service Veeam Backup Enterprise Manager may be stopped.",
        )
    if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
        return lost(way)
    if isinstance(cause, TimeoutError):
        return TimedOut(f"{server.label} does not answer.", port_hint(server))
    if cause.errno in (errno.EINVAL, errno.ENODEV, errno.ENXIO) and is_link_local(server.host):
        return Unreachable(
            f"{server.host} is an address of one network only, and it is not said of which.",
            f"Write the interface behind it, such as [{server.host.partition('%')[0]}%eth0].",
        )
    if cause.errno in UNREACHABLE:
        return Unreachable(
            f"There is no way to {server.host} from here.", "Check network, VPN and routing."
        )
    if cause.errno in (errno.EMFILE, errno.ENFILE):
        return ConnectionTrouble("This computer has no file descriptors left for a connection.")
    return None


def is_link_local(host: str) -> bool:
    """Whether it is an IPv6 address that means something on one network interface only."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_link_local
    except ValueError:
        return False


def _restarting(way: Way) -> str:
    """What may have ended a connection, as far as it is known."""
    if way.proxy is not None:
        return f"Enterprise Manager may be restarting, or {way.proxy.named} has cut it off."
    return "Enterprise Manager may be restarting."


def lost(way: Way) -> ConnectionLost:
    """A connection that ended before the answer did."""
    hint = None if way.answered else https_hint(way.server)
    return ConnectionLost(
        f"The connection to {way.server.label} ended before the answer did.",
        hint or _restarting(way),
    )


_OLD_TLS: Final = ("PROTOCOL", "VERSION", "CIPHER", "HANDSHAKE_FAILURE")


def tls_trouble(cause: ssl.SSLError, way: Way) -> TlsTrouble | ConnectionLost:
    """What TLS met: another protocol, a client certificate that is wanted, old versions."""
    reason = (cause.reason or "").upper()
    server = way.server
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) or "EOF" in reason:
        return ConnectionLost(
            f"{server.label} ended the connection during the TLS handshake or the answer.",
            (None if way.answered else port_hint(server)) or _restarting(way),
        )
    if reason in (
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
        "PACKET_LENGTH_TOO_LONG",
    ):
        return TlsTrouble(
            f"{server.label} does not speak TLS on this port.",
            _plain_hint(server),
        )
    wanted = isinstance(cause, ClientCertificateWanted) or "CERTIFICATE_REQUIRED" in reason
    if wanted or "ALERT_BAD_CERTIFICATE" in reason:
        return TlsTrouble(f"{server.label} wants a client certificate.", _CLIENT)
    if any(word in reason for word in _OLD_TLS):
        return TlsTrouble(
            f"{server.label} and this computer share no TLS version or cipher"
            f" ({in_words(reason)}).",
            "Very old servers offer only TLS 1.0; enable TLS 1.2 on the server.",
        )
    return TlsTrouble(f"The TLS connection to {server.label} failed ({in_words(reason)}).")


_CLIENT: Final = (
    "This program has no client certificate to show: a gateway or a web server in front of"
    " Enterprise Manager may ask for one, and must not for this address."
)


def in_words(reason: str) -> str:
    """OpenSSL's reason as words."""
    return reason.replace("_", " ").lower() or "no reason given"
