"""Words that people try in the place of a command, and where each of them leads.

None of them is carried out: a word that means something else in another program must not
log on somewhere by surprise.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from typing import Final

_HOST: Final = re.compile(
    r"(?=[^:]*[a-z.])[a-z0-9][a-z0-9.-]*(:\d{1,5})?", re.ASCII | re.IGNORECASE
)
_ONLY_WATCHES: Final = (
    "This program only watches: it starts, stops and undoes nothing; the backup server's own"
    " console does."
)
_BEGIN: Final = (
    "failover-monitor --server HOST logs on and watches; failover-monitor demo rehearses."
)
_LEAVE: Final = "On the screen q goes back and leaves, Ctrl+C leaves at once; both log off."

_LEADS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("run", "open", "connect", "login", "logon", "log-in", "attach", "tui", "ui", "server"),
        _BEGIN,
    ),
    **dict.fromkeys(("start", "failover", "begin", "launch"), f"{_ONLY_WATCHES} {_BEGIN}"),
    **dict.fromkeys(
        ("stop", "cancel", "abort", "kill", "undo", "failback", "retry", "restart"), _ONLY_WATCHES
    ),
    **dict.fromkeys(("quit", "exit", "logout", "logoff", "log-off", "disconnect"), _LEAVE),
    **dict.fromkeys(
        ("password", "passwd", "credentials", "keyring"),
        "The password is asked for on screen; --password-file and a profile's password_command"
        " are there for unattended starts.",
    ),
    **dict.fromkeys(
        ("profile", "profiles"),
        "--profile NAME uses one, failover-monitor config edit adds one.",
    ),
    **dict.fromkeys(
        ("update", "upgrade", "install", "uninstall"),
        "pip or pipx, which installed it, does that.",
    ),
}
"""Words whose command is none of ours, with what there is instead."""

_MEANT: Final[dict[str, tuple[str, ...]]] = {
    "list": ("ls", "sessions", "session", "dir", "ps", "history", "runs"),
    "status": ("state", "stat", "get", "show", "describe", "info-session", "progress"),
    "plans": ("plan",),
    "check": ("precheck", "preflight", "ready", "readiness", "validate", "test"),
    "watch": ("tail", "follow", "wait", "log", "events"),
    "report": ("export", "audit", "html", "pdf", "evidence"),
    "replay": ("play", "playback", "rewind"),
    "journal": ("journals", "record", "records", "recordings"),
    "simulate": ("simulator", "serve", "mock"),
    "demo": ("try", "rehearse", "rehearsal", "drill", "example", "tour", "tutorial"),
    "trust": ("cert", "certs", "certificate", "certificates", "tls", "ssl", "known-servers"),
    "config": ("settings", "configure", "configuration", "setup", "init", "edit", "keys", "theme"),
    "info": ("about", "diagnose", "debug", "doctor", "bug"),
    "manual": ("man", "docs", "doc", "documentation", "readme"),
    "help": ("usage", "commands", "options", "?"),
    "completion": ("completions", "complete", "autocomplete"),
    "version": ("versions", "ver"),
}


def led_elsewhere(word: str, commands: Collection[str]) -> str | None:
    """Where a word leads that is neither a command nor a session; None if nobody knows."""
    spelt = word.strip().lower().replace("_", "-")
    if spelt in commands:
        return f"Commands are written small: {spelt!r}."
    for command, words in _MEANT.items():
        if spelt in words:
            return f"Did you mean {command!r}?" if command in commands else None
    if spelt in _LEADS:
        return _LEADS[spelt]
    close = difflib.get_close_matches(spelt, [*commands, "latest", "running"], n=1)
    return f"Did you mean {close[0]!r}?" if close else None


def perhaps_a_server(word: str) -> str | None:
    """A bare name or address is what other programs take for the host."""
    name = word.strip()
    return (
        f"If it is a server: failover-monitor --server {name}." if _HOST.fullmatch(name) else None
    )
