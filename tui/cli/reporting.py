"""`report SESSION|FILE`: what an auditor gets, from a journal or from the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.asking import logged_on, run_once, session_id_of
from tui.cli.known_journals import KnownJournals, journals_of
from tui.cli.launch import headless_settings, settings_file
from tui.cli.profiles import checked
from tui.cli.resolving import Flags, resolve
from tui.errors import InvalidInput, NotFound
from tui.exit_codes import ExitCode
from tui.monitor.selecting import parse_selection
from tui.report.gathering import report_of_journal, report_of_server
from tui.report.model import Report
from tui.session_selector import Selector, Which
from tui.settings.paths import default_known_servers
from tui.whole_files import replace_file

if TYPE_CHECKING:
    from tui.settings import ResolvedSettings


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
    """From the file or the journal that is meant, else from the server.

    Which session is the latest, or of which plan, a server knows best, where there is one.
    """
    path = Path(what).expanduser()
    if path.is_file():
        return report_of_journal(path)
    wanted = checked("SESSION", parse_selection, what)
    journals = journals_of(typed)
    asks = _names_server(typed)
    if isinstance(wanted, Selector) and (wanted.which is Which.PREFIX or not asks):
        try:
            wanted = journals.find(wanted)
        except NotFound:
            if not asks:
                raise
    if isinstance(wanted, str) and (journal := journals.of(wanted)):
        return report_of_journal(journal)
    return run_once(_from_server(wanted, headless_settings(**typed), journals))


def _names_server(typed: dict[str, Any]) -> bool:
    file = settings_file(typed.get("config"), os.environ)
    flags = Flags(server=typed.get("server"), profile=typed.get("profile"))
    return resolve(flags, file, default_known_servers()).settings.server is not None


async def _from_server(
    wanted: str | Selector, settings: ResolvedSettings, journals: KnownJournals
) -> Report:
    """Log on, read, log off. Raises what the server or the way to it refuses with."""
    async with logged_on(settings) as asked:
        session_id = await session_id_of(asked, wanted)
        journal = journals.of(session_id)
        if journal is not None:
            return report_of_journal(journal)
        live = asked.following(settings, session_id)
        return await report_of_server(live, asked.target.server.label, settings.fingerprint)


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
