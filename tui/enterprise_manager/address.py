"""What a person types to name a server or a session.

Nothing here touches the network or imports the HTTP library, so a command line
can be checked before anything slow is loaded.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from tui.errors import InvalidServer, InvalidSessionId
from tui.server_address import DEFAULT_PORT, ServerAddress

__all__ = ["DEFAULT_PORT", "ServerAddress", "parse_server", "parse_session_id"]

_SESSION_KIND: Final = "CloudFailoverSession"
_GUID: Final = re.compile(
    r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])",
    re.IGNORECASE,
)
_URN_KIND: Final = re.compile(r"urn:veeam:\s*([A-Za-z]+)\s*:", re.IGNORECASE)
_PATH_KIND: Final = re.compile(
    r"/api/+(?:cloud/+)?([A-Za-z]+)/+[{(]?[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE
)
_HOST: Final = re.compile(r"[^\s/?#@:\[\]\\%\"'<>|]+")
_SHOWN: Final = 60


def parse_server(text: str) -> ServerAddress:
    """Read `host`, `host:port`, `[v6]:port` or a URL; https and 9398 unless written out.

    A path (such as `/api`) and a query are ignored. Raises `InvalidServer`, whose
    sentence never repeats a user name or password found in the text.
    """
    typed = text.strip().strip("\"'").strip()
    if not typed:
        raise InvalidServer("No server given.", "Type a host name such as em01.example.com.")
    if "@" in typed:
        raise InvalidServer(
            "The server address holds a user name or password.",
            "Give only the host here; the user and the password are asked for separately.",
        )
    scheme, _, rest = typed.rpartition("://")
    scheme = scheme.lower() or "https"
    if scheme not in ("https", "http"):
        raise InvalidServer(
            f"{_shown(scheme)}:// is not a way to reach Enterprise Manager.", "Use https://host."
        )
    host, port = _host_and_port(rest, typed)
    return ServerAddress("http" if scheme == "http" else "https", host, port)


def _host_and_port(rest: str, typed: str) -> tuple[str, int]:
    bare = rest.split("/", 1)[0]
    if _is_ipv6(bare):
        return bare.lower(), DEFAULT_PORT
    try:
        parts = urlsplit(f"//{bare}")
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", SplitResult("", "", "", "", "")
    if not ((_HOST.fullmatch(host) and host.isprintable()) or _is_ipv6(host)):
        raise InvalidServer(
            f"{_shown(typed)} is not a server address.",
            "Type host, host:port or https://host:port; an IPv6 address as [address]:port.",
        )
    return host, _port(parts, typed)


def _port(parts: SplitResult, typed: str) -> int:
    try:
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise InvalidServer(
            f"{_shown(typed)} holds a wrong port.",
            f"A port is a number from 1 to 65535; Enterprise Manager's is {DEFAULT_PORT}.",
        )
    return port


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def parse_session_id(text: str) -> str:
    """Find the GUID of a cloud failover session in whatever form it was copied.

    Accepts a bare GUID, one in braces, a urn, a resource URL with or without
    query, in upper case, with quotes and blanks around it or a blank inside the
    urn. The last GUID counts. Returns it in lower case; raises `InvalidSessionId`.
    """
    typed = text.strip().strip("\"'").strip()
    if not typed:
        raise InvalidSessionId("No session ID given.", "Paste one, or pick from the list.")
    # One that was copied from a terminal may be broken where the terminal's line ended.
    guids = _GUID.findall(typed) or _GUID.findall("".join(typed.split()))
    if not guids:
        raise InvalidSessionId(
            f"{_shown(typed)} holds no session ID.",
            "It looks like 4347c445-0a1b-4c2d-8e3f-001122334455, alone or at the end of"
            f" a URL or of urn:veeam:{_SESSION_KIND}:…",
        )
    kind = _foreign_kind(typed)
    if kind:
        raise InvalidSessionId(
            f"That is the ID of another kind of thing ({_shown(kind)}), not of a session.",
            f"A session's begins with urn:veeam:{_SESSION_KIND}: or …/cloud/failoverSessions/.",
        )
    return str(guids[-1]).lower()


def _foreign_kind(typed: str) -> str | None:
    """The kind that the text itself names, when it is not a failover session."""
    urn = _URN_KIND.findall(typed)
    if urn and urn[-1].lower() != _SESSION_KIND.lower():
        return str(urn[-1])
    path = _PATH_KIND.findall(typed)
    if path and path[-1].lower() != "failoversessions":
        return str(path[-1])
    return None


def _shown(text: str) -> str:
    """The text for a sentence: in quotes, bounded, nothing unprintable."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return f"“{clean[:_SHOWN]}{'…' if len(clean) > _SHOWN else ''}”"
