"""`journal list|path|verify|export|prune`: the records of what was watched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from tui.cli.known_journals import KnownJournals
from tui.cli.launch import settings_file
from tui.cli.profiles import checked
from tui.cli.resolving import Flags, resolve
from tui.cli.without_posix import of_files_in_use
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.journal.chain import Wholeness
from tui.journal.file import read_journal, verify_journal
from tui.journal.folder import Stored, prune, stored
from tui.journal.playing import UnknownFormat, plain_records
from tui.monitor.selecting import parse_selection
from tui.presentation.journal_lines import verification_text
from tui.presentation.text import clean
from tui.presentation.times import iso
from tui.session_selector import Selector
from tui.settings import JournalOptions
from tui.settings.paths import default_journal_folder, default_known_servers
from tui.settings.sizes import format_size


def list_journals(folder: Path | None, config: Path | None) -> int:
    """A line for each: last change, size, server, session ID, plan, with tabs between."""
    options = _options(folder, config)
    with _readable(options.folder):
        found = stored(options.folder)
    for each in found:
        fields = (iso(each.changed), format_size(each.size), each.server, each.session_id)
        click.echo("\t".join((*fields, clean(_plan_of(each)) or "-")))
    if not found:
        click.echo(f"There is no journal yet ({options.folder}).", err=True)
    return ExitCode.SUCCESS


def print_path(session: str | None, folder: Path | None, config: Path | None) -> int:
    """The folder, or the journals of one session, whichever servers they are of."""
    options = _options(folder, config)
    if session is None:
        click.echo(options.folder)
        return ExitCode.SUCCESS
    wanted = checked("SESSION", parse_selection, session)
    with _readable(options.folder):
        known = KnownJournals(stored(options.folder))
    session_id = known.find(wanted) if isinstance(wanted, Selector) else wanted
    found = [each.path for each in known.found if each.session_id == session_id]
    if not found:
        raise InvalidInput(
            f"There is no journal of session {session_id} in {options.folder}.",
            "See failover-monitor journal list.",
        )
    for path in found:
        click.echo(path)
    return ExitCode.SUCCESS


def verify(file: Path) -> int:
    """One sentence, and the hash that a report of the whole journal names."""
    with _readable(file):
        found = verify_journal(file)
    click.echo(verification_text(found))
    for line in found.torn_within:
        click.echo(f"Line {line} was cut off when a monitor ended; the next one went on after it.")
    if found.wholeness is not Wholeness.EMPTY:
        click.echo(f"Hash of the last whole line: {found.last_hash}")
    altered = found.wholeness in (Wholeness.ALTERED, Wholeness.EMPTY)
    return ExitCode.FAILED if altered else ExitCode.SUCCESS


def export(file: Path) -> int:
    """What it holds, a JSON object a line. Says on standard error what is left out."""
    count = 0
    with _readable(file):
        records = (link.record for link in read_journal(file) if link.record is not None)
        for record in plain_records(records):
            click.echo(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
            count += 1
        found = verify_journal(file)
    if found.wholeness is not Wholeness.WHOLE:
        click.echo(verification_text(found), err=True)
    return ExitCode.SUCCESS if count else ExitCode.FAILED


def prune_journals(folder: Path | None, config: Path | None) -> int:
    """Say what was removed, and what was due and was not."""
    options = _options(folder, config)
    if warning := of_files_in_use():
        click.echo(warning, err=True)
    with _readable(options.folder):
        done = prune(
            options.folder,
            now=datetime.now(UTC),
            oldest=options.max_age,
            most_bytes=options.max_bytes,
        )
    for each in done.removed:
        click.echo(f"Removed {each.path} ({format_size(each.size)}).")
    for each, reason in done.kept:
        click.echo(f"Kept {each.path}: {reason}.", err=True)
    if not done.removed:
        click.echo("Nothing to remove.", err=True)
    return ExitCode.SUCCESS


def _options(folder: Path | None, config: Path | None) -> JournalOptions:
    """Where journals are, also where none are kept any more."""
    file = settings_file(config, os.environ)
    settings = resolve(Flags(journal=folder), file, default_known_servers()).settings
    if settings.journal is not None:
        return settings.journal
    table = file.table.journal
    kept = file.table.model_copy(update={"journal": table.model_copy(update={"keep": True})})
    again = resolve(Flags(), replace(file, table=kept), default_known_servers()).settings
    return again.journal or JournalOptions(folder=default_journal_folder())


def _plan_of(each: Stored) -> str:
    """The plan's name as the first reading has it; it stands near the beginning."""
    try:
        for link in read_journal(each.path):
            full = (link.record or {}).get("full")
            if isinstance(full, dict):
                return str(full.get("plan_name", ""))
    except OSError:
        pass
    return ""


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except UnknownFormat as error:
        sentence = f"{path} was written by a later version: {error}."
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror or type(error).__name__}."
    else:
        return
    raise InvalidInput(sentence)
