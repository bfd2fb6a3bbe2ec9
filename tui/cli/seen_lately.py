"""What was seen lately, for a shell that completes: read quickly, loading nothing heavy.

Whatever cannot be read offers nothing: a shell has no place for what went wrong.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from tui.cli.variables import CONFIG_VARIABLE
from tui.light import dataclass

_MOST_JOURNALS: Final = 30
_HEAD: Final = 64 * 1024
"""Bytes of a journal in which its first reading begins, with the plan's name at its head."""

_MOST_BYTES: Final = 4 * 1024 * 1024
_PLAN: Final = re.compile(r'"plan_name":\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True)
class Seen:
    """A session that was watched."""

    session_id: str
    plan: str
    server: str
    changed: str


def settings(ctx: click.Context) -> dict[str, Any]:
    """The settings file as it stands, unchecked; empty where there is none."""
    import tomllib

    from tui.settings.paths import default_config_file

    named = ctx.params.get("config") or os.environ.get(CONFIG_VARIABLE)
    try:
        with Path(named or default_config_file()).open("rb") as file:
            return tomllib.loads(file.read(_MOST_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


def profiles(ctx: click.Context) -> list[str]:
    """The names of the profiles."""
    return list(_table(settings(ctx), "profiles"))


def servers(ctx: click.Context) -> list[str]:
    """Where somebody was logged on: profiles, trusted certificates, the last logon."""
    last = _last_logon()
    return [*_set(ctx, "server"), *trusted(ctx), *((last["address"],) if last else ())]


def users(ctx: click.Context) -> list[str]:
    """Whom somebody logged on as."""
    last = _last_logon()
    return [*_set(ctx, "user"), *((last["user"],) if last else ())]


def _set(ctx: click.Context, name: str) -> list[str]:
    """What the profiles and the defaults set that to."""
    written = settings(ctx)
    tables = [*_table(written, "profiles").values(), _table(written, "defaults")]
    return [str(table[name]) for table in tables if isinstance(table, dict) and name in table]


def trusted(_: click.Context) -> list[str]:
    """The servers whose certificates were accepted."""
    from tui.settings.paths import default_known_servers

    try:
        with default_known_servers().open("rb") as file:
            document = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return []
    return sorted(_table(document, "servers")) if isinstance(document, dict) else []


def sessions(ctx: click.Context) -> list[Seen]:
    """The sessions that have a journal, the one watched last first."""
    return list(_sessions(ctx))


def plans(ctx: click.Context) -> list[str]:
    """The plans of those sessions, and those that have a target of their own."""
    targets = _table(settings(ctx), "targets")
    named = [name for name, table in targets.items() if isinstance(table, dict)]
    return list(dict.fromkeys([each.plan for each in _sessions(ctx) if each.plan] + named))


def _sessions(ctx: click.Context) -> Iterator[Seen]:
    from tui.journal.folder import stored

    try:
        found = stored(_folder(ctx))[:_MOST_JOURNALS]
    except OSError:
        return
    for each in found:
        try:
            with each.path.open("rb") as file:
                head = file.read(_HEAD).decode("utf-8", "replace")
        except OSError:
            continue
        plan = _PLAN.search(head)
        yield Seen(
            each.session_id,
            str(json.loads(plan[1])) if plan else "",
            each.server,
            f"{each.changed:%Y-%m-%d %H:%M} UTC",
        )


def _folder(ctx: click.Context) -> Path:
    from tui.settings.paths import default_journal_folder

    named = ctx.params.get("journal") or ctx.params.get("folder")
    named = named or _table(settings(ctx), "journal").get("folder")
    return Path(str(named)).expanduser() if named else default_journal_folder()


def _last_logon() -> dict[str, str] | None:
    """As `tui.settings.remembered` writes it; checked when it is used."""
    from tui.server_address import DEFAULT_PORT
    from tui.settings.paths import default_last_logon_file

    try:
        said = json.loads(default_last_logon_file().read_bytes()[:_HEAD])
        host, port, scheme, user = (str(said[name]) for name in ("host", "port", "scheme", "user"))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    host = f"[{host}]" if ":" in host else host
    address = host if port == str(DEFAULT_PORT) and ":" not in host else f"{host}:{port}"
    return {"address": f"http://{address}" if scheme == "http" else address, "user": user}


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
