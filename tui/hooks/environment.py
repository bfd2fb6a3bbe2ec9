"""What a command on an event finds in its environment: what programs need, and nothing secret."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

PASSED_ON: Final = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SYSTEMROOT",
)
"""What a command inherits. Not the rest: a password may be in it."""

PROXIES: Final = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""Passed on as well, unless a password stands in the URL."""

NEVER: Final = "FAILOVER_MONITOR_"
"""Variables of this program's own, its password among them, are nobody else's."""

PREFIX: Final = "FAILOVER_EVENT_"
"""Not `FAILOVER_MONITOR_`: a command that calls this program must not set its options."""

TOLD: Final = ("kind", "server", "session_id", "plan", "vm", "status", "text")
"""Members of the event that are variables too."""


def environment(
    environ: Mapping[str, str], event: Mapping[str, Any], also: Iterable[str] = ()
) -> dict[str, str]:
    """What the command gets; `also` are names of variables that a person wants passed on."""
    names = [*PASSED_ON, *(name for name in also if not name.upper().startswith(NEVER))]
    kept = {name: environ[name] for name in names if name in environ}
    kept |= {name: environ[name] for name in PROXIES if is_open(environ.get(name))}
    for name in TOLD:
        value = event.get(name)
        if isinstance(value, str):
            # The system takes no NUL in a variable, and no program expects line breaks.
            printable = "".join(c if c.isprintable() else "?" for c in value)
            kept[PREFIX + name.upper()] = printable
    return kept


def is_open(url: str | None) -> bool:
    """Whether there is a URL, and nothing secret in it."""
    try:
        return bool(url) and "@" not in urlsplit(str(url)).netloc and "@" not in str(url)
    except ValueError:
        return False
