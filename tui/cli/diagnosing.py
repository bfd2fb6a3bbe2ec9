"""`info`: what a bug report needs, and nothing secret."""

from __future__ import annotations

import json
import locale
import os
import platform
import ssl
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from tui import __version__
from tui.cli.launch import config_path, settings_file
from tui.cli.without_posix import all_lacking
from tui.errors import FailoverMonitorError
from tui.exit_codes import ExitCode
from tui.password_sources import keyring_available
from tui.settings.paths import default_known_servers
from tui.terminal.capabilities import shows_unicode
from tui.terminal.notifying import way_of

_PACKAGES = ("textual", "rich", "httpx", "pydantic", "click", "platformdirs")
SCHEMA = "failover-monitor-info/1"
"""The shape of `info --json`: the names of its lines, and what they say."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def print_info(
    config: Path | None, monitor: click.Command, *, as_json: bool, bundle: Path | None
) -> int:
    """Print one `name: value` line each, or one JSON object; or write the bundle.

    `monitor` is the command whose options the environment may say. Raises InvalidInput.
    """
    facts = {name: _plain(value) for name, value in lines(config, dict(os.environ))}
    document = {"schema": SCHEMA, **facts}
    if bundle is not None:
        from tui.cli.bundling import write_bundle
        from tui.cli.configuring import shown

        return write_bundle(
            bundle, document, lambda: shown(config, None, monitor), _log_file(config)
        )
    if as_json:
        click.echo(json.dumps(document, indent=2))
        return ExitCode.SUCCESS
    for name, value in facts.items():
        click.echo(f"{name + ':':<18} {value}")
    return ExitCode.SUCCESS


def _log_file(config: Path | None) -> Path | None:
    """The request log that the environment or the settings name, as far as they can be read."""
    if named := os.environ.get("FAILOVER_MONITOR_LOG_FILE"):
        return Path(named)
    try:
        return settings_file(config, os.environ).table.defaults.log_file
    except FailoverMonitorError:
        return None


def lines(config: Path | None, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is printed, in order."""
    yield "failover-monitor", __version__
    yield "python", f"{platform.python_version()} ({sys.executable})"
    yield "system", platform.platform()
    for package in _PACKAGES:
        yield package, _version(package)
    yield "keyring", _version("keyring") if keyring_available() else "not installed"
    yield "openssl", ssl.OPENSSL_VERSION
    path, _ = config_path(config, dict(environ))
    yield "settings file", _presence(path)
    yield "known servers", _presence(default_known_servers())
    if lacking := ", ".join(all_lacking()):
        yield "not here", lacking
    yield from _terminal(environ)
    for name in _PROXIES:
        if environ.get(name) or environ.get(name.lower()):
            # Its value may hold a password.
            yield name, "set"


def _terminal(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL", "NO_COLOR"):
        yield name, environ.get(name, "not set")
    yield "encoding", f"{_encoding()} (locale {locale.getpreferredencoding(False)})"
    yield "size", _size()
    terminals = [
        name
        for name, stream in (("in", sys.stdin), ("out", sys.stdout), ("err", sys.stderr))
        if stream is not None and stream.isatty()
    ]
    yield "terminals", ", ".join(terminals) or "none"
    inside = {"tmux": "TMUX", "screen": "STY", "ssh": "SSH_CONNECTION", "mosh": "MOSH_CONNECTION"}
    seen = [name for name, variable in inside.items() if environ.get(variable)]
    yield "inside", ", ".join(seen) or "none of tmux, screen, ssh, mosh"
    on_screen = shows_unicode(_encoding(), environ, on_screen=True)
    yield "draws with", "signs and bars" if on_screen else "ASCII"
    yield "notifications", way_of(environ) or "no way known"


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "closed"


def _size() -> str:
    for descriptor in (1, 2, 0):
        try:
            size = os.get_terminal_size(descriptor)
        except OSError:
            continue
        return f"{size.columns}x{size.lines}"
    return "unknown"


def _presence(path: Path) -> str:
    try:
        return f"{path} ({'there' if path.exists() else 'not there'})"
    except OSError as error:
        return f"{path} ({error.strerror})"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _plain(value: str) -> str:
    """A variable's value can hold anything; the terminal gets printable characters."""
    return "".join(c if c.isprintable() else "�" for c in value)
