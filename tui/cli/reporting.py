"""`report SESSION|FILE`: what an auditor gets, from a journal or from the server."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.launch import headless_settings, settings_file
from tui.cli.resolving import checked
from tui.connecting import LogonTarget, over_network
from tui.enterprise_manager.address import parse_session_id
from tui.enterprise_manager.credentials import Credentials
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.journal.folder import stored
from tui.monitor.live_session import LiveSession
from tui.report.gathering import report_of_journal, report_of_server
from tui.report.model import Report
from tui.settings.paths import default_journal_folder
from tui.whole_files import replace_file

if TYPE_CHECKING:
    from tui.settings import ResolvedSettings

FORMATS = ("html", "md", "text", "json", "csv")
_LOGOFF_SECONDS = 2.0


def report(*, what: str, format_: str, output: Path | None, **typed: Any) -> int:
    """Write the report to `output`, else to standard output."""
    found = _found(what, typed)
    text = _writer(format_)(found)
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        _write(output, text)
        click.echo(f"Wrote {output}.", err=True)
    return ExitCode.SUCCESS


def _found(what: str, typed: dict[str, Any]) -> Report:
    path, session_id = journal_named(what, typed)
    if path is not None:
        return report_of_journal(path)
    return asyncio.run(_from_server(session_id, headless_settings(session=session_id, **typed)))


def journal_named(what: str, typed: dict[str, Any]) -> tuple[Path | None, str]:
    """The journal that `what` is, or that of the session it names; None where there is none.

    With the session's ID, empty for a file. Raises InvalidInput where several are meant.
    """
    path = Path(what).expanduser()
    if path.is_file():
        return path, ""
    session_id = checked("SESSION", parse_session_id, what)
    journals = _journals(session_id, typed)
    if len(journals) > 1:
        listed = "".join(f"\n  {each}" for each in journals)
        raise InvalidInput(f"Several servers have a journal of that session; name one:{listed}")
    return (journals[0] if journals else None), session_id


def _journals(session_id: str, typed: dict[str, Any]) -> list[Path]:
    """The journals of the session; of the server that was named, where one was."""
    file = settings_file(typed.get("config"), os.environ)
    folder = typed.get("journal") or file.table.journal.folder or default_journal_folder()
    if typed.get("no_journal"):
        return []
    with suppress(OSError):
        return [each.path for each in stored(folder) if each.session_id == session_id]
    return []


async def _from_server(session_id: str, settings: ResolvedSettings) -> Report:
    """Log on, read, log off. Raises what the server or the way to it refuses with."""
    connection = over_network(settings)
    server, user, password = settings.server, settings.user, settings.password
    if server is None or user is None or password is None:
        raise InvalidInput("Server, user and password are needed.")
    target = LogonTarget.of(server, settings)
    client = connection.connect(target, Credentials(user, password))
    try:
        await client.log_on()
        live = LiveSession(
            client,
            session_id,
            clock=connection.clock,
            targets=settings.targets,
            stall_after=settings.stall_after,
        )
        return await report_of_server(live, server.label, settings.fingerprint)
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOGOFF_SECONDS):
                await client.aclose()


def _writer(format_: str) -> Callable[[Report], str]:
    """The one that is needed, and no other, is loaded."""
    if format_ == "html":
        from tui.report.html import as_html

        return as_html
    if format_ in ("json", "csv"):
        from tui.report.data import as_csv, as_json

        return as_json if format_ == "json" else as_csv
    from tui.report.plain import as_markdown, as_text

    return as_markdown if format_ == "md" else as_text


def _write(path: Path, text: str) -> None:
    """For its owner only: a report names systems and their weak points."""
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.") from None
