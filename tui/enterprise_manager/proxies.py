"""Which proxy a request goes through: the one given, else the environment's, else none.

Asked for one server at a time, so that a variable that does not concern it, however
odd, changes nothing; and what is wrong names the variable and its value.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterable
from dataclasses import field
from typing import Final
from urllib.parse import urlsplit

from tui.enterprise_manager.address import ServerAddress
from tui.errors import ProxyTrouble
from tui.light import dataclass
from tui.secret import SecretStr

_USABLE: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, `named` by the option or the variable that it comes from, its password left out."""

    url: SecretStr
    named: str
    given: bool = field(default=True)
    """Whether a person gave it for this program, not for all programs of this computer."""


def proxy_for(server: ServerAddress, given: SecretStr | None) -> Proxy | None:
    """The proxy for this server, usable or not; None where it is reached without.

    The environment's is never for this computer itself: a proxy could not reach it.
    """
    if given is not None:
        return Proxy(given, f"the proxy {_shown(given.get_secret_value())}")
    if is_loopback(server.host):
        return None
    from urllib.request import getproxies  # it loads a second HTTP library: not to check a form

    found = getproxies()
    if _is_exempt(server, found.get("no", "")):
        return None
    for kind in (server.scheme, "all"):
        if url := found.get(kind, "").strip():
            with_scheme = url if "://" in url else f"http://{url}"
            named = f"the proxy of {_variable(kind)} ({_shown(with_scheme)})"
            return Proxy(SecretStr(with_scheme), named, given=False)
    return None


def check(server: ServerAddress, proxy: Proxy | None) -> None:
    """Raises `ProxyTrouble` for a proxy that cannot be used, or must not be."""
    if proxy is None:
        return
    ways_out = "Give another with --proxy" if proxy.given else f"Set NO_PROXY={server.host}"
    if not is_usable(proxy.url.get_secret_value()):
        raise ProxyTrouble(
            f"{proxy.named[:1].upper()}{proxy.named[1:]} cannot be used:"
            " only http:// and https:// proxies can.",
            f"{ways_out}, or give one with --proxy http://proxy.example:3128."
            if not proxy.given
            else "Write it like http://proxy.example:3128.",
        )
    if server.is_plain_http and not proxy.given:
        raise ProxyTrouble(
            f"{proxy.named[:1].upper()}{proxy.named[1:]} would be sent user and password in"
            " clear, since the server's address begins with http://. Nothing was sent.",
            f"{ways_out} to go around it, or name it with --proxy to go through it.",
        )


def is_usable(url: str) -> bool:
    """Whether it is the URL of a proxy with a scheme that can be spoken, a host and no blanks."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in _USABLE and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return fits and not re.search(r"\s", url)


def _shown(url: str) -> str:
    """Scheme, host and port: the rest may be a password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "?", parts.port
    except ValueError:
        return "which is no URL"
    shown = f"[{host}]" if ":" in host else host
    text = f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}"
    return "".join(c if c.isprintable() else "�" for c in text)[:100]


def _variable(kind: str) -> str:
    for name in (f"{kind}_proxy", f"{kind}_proxy".upper()):
        if os.environ.get(name):
            return name
    return "the system's settings"


def _is_exempt(server: ServerAddress, no_proxy: str) -> bool:
    entries: Iterable[str] = re.split(r"[\s,;]+", no_proxy)
    return any(_covers(entry, server) for entry in entries if entry)


def _covers(entry: str, server: ServerAddress) -> bool:
    """One entry of NO_PROXY: `*`, a name, a domain, an address, a network, each with a port."""
    entry = entry.lower().removeprefix("http://").removeprefix("https://").rstrip("/")
    entry, port = _without_port(entry)
    if not entry or port not in (None, server.port):
        return False
    if entry == "*":
        return True
    host = server.host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        domain = entry.removeprefix("*").lstrip(".").rstrip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))
    try:
        return address in ipaddress.ip_network(entry.strip("[]").partition("%")[0], strict=False)
    except ValueError:
        return False


def _without_port(entry: str) -> tuple[str, int | None]:
    """`host:8080`, `[::1]:8080`; a bare IPv6 address has colons and no port."""
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isascii() and digits.isdigit() and (":" not in name or name[-1:] == "]"):
        return name, int(digits[:6])
    return entry, None


def is_loopback(host: str) -> bool:
    """Whether it is this computer."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
