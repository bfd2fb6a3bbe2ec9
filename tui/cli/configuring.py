"""`config path|show|check|schema|keys`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click

from tui.cli.hooking import hook_lines
from tui.cli.launch import config_path, flags_of, settings_file
from tui.cli.origins import Origins
from tui.cli.printing import printable, say
from tui.cli.resolving import Flags, Resolved, resolve
from tui.exit_codes import ExitCode
from tui.password_sources import PASSWORD_VARIABLE
from tui.settings import JournalOptions, PlanTarget, ResolvedSettings, SavedProfile
from tui.settings.durations import format_duration
from tui.settings.file import SettingsFile, find_problems, read_text
from tui.settings.model import SettingsTable
from tui.settings.paths import default_known_servers
from tui.settings.sizes import format_size
from tui.settings.toml import toml_key, toml_value
from tui.theme_names import CHOICES

_NO_SETTINGS = frozenset(("config", "password_file"))
"""Options that say where something is to be read, and are nothing that holds."""


def print_path(config: Path | None) -> int:
    """Print the path, whether or not the file is there."""
    say(str(config_path(config, os.environ)[0]))
    return ExitCode.SUCCESS


def check(config: Path | None) -> int:
    """Print every problem to standard error; 0 where there is none, else 2."""
    path, required = config_path(config, os.environ)
    if not path.exists() and not required:
        say(f"{path}: not there; the built-in settings hold.")
        return ExitCode.SUCCESS
    found = problems_of(path, read_text(path, named=required))
    for problem in found:
        say(problem, err=True)
    if found:
        return ExitCode.USAGE
    say(f"{path}: nothing wrong.")
    return ExitCode.SUCCESS


def problems_of(path: Path, text: str) -> list[str]:
    """A sentence for everything that is wrong with that text as the settings file `path`."""
    found = find_problems(path, text)
    if not isinstance(found, SettingsTable):
        return found
    from tui.cli.checking import problems_inside

    return list(problems_inside(SettingsFile(path, found, text, exists=True)))


def print_schema() -> int:
    """Print the JSON schema of the settings file. Loads the screens, which have the bindings."""
    from tui.app import MonitorApp
    from tui.screens.bindings import binding_help
    from tui.settings.schema import settings_schema

    told = {each.name: each.about for each in binding_help(MonitorApp)}
    say(json.dumps(settings_schema(told, CHOICES), indent=2, ensure_ascii=False))
    return ExitCode.SUCCESS


def print_keys(config: Path | None) -> int:
    """Print a line for each binding: its id, its keys, what it does; with tabs between."""
    from tui.app import MonitorApp
    from tui.screens.bindings import binding_help

    own = settings_file(config, os.environ).table.keys
    for each in binding_help(MonitorApp):
        keys = ", ".join(own.get(each.name, each.keys))
        click.echo("\t".join(map(printable, (each.name, keys, each.about))))
    return ExitCode.SUCCESS


def show(config: Path | None, profile: str | None, monitor: click.Command) -> int:
    """Print what holds as TOML; comments stand for what is secret or not set."""
    for line in shown(config, profile, monitor):
        say(line)
    return ExitCode.SUCCESS


def shown(config: Path | None, profile: str | None, monitor: click.Command) -> list[str]:
    """Its lines. `monitor` is the command whose options the environment may say.

    Raises InvalidInput for settings that are wrong.
    """
    file = settings_file(config, os.environ)
    with monitor.make_context(monitor.name, []) as said:
        typed = {name: said.params[name] for name in said.params if name not in _NO_SETTINGS}
        flags = flags_of(typed, said)
    named = profile is not None
    flags = replace(flags, profile=profile if named else flags.profile)
    resolved = resolve(flags, file, default_known_servers())
    origins = Origins(file, _holding(flags), resolved.settings.profile)
    return list(_lines(file, resolved, origins, named=named))


def _holding(flags: Flags) -> dict[str, str]:
    """The variables that count: not one that names a theme which is none."""
    unknown = flags.theme is not None and flags.theme not in CHOICES
    return {name: said for name, said in flags.variables.items() if name != "theme" or not unknown}


def _lines(
    file: SettingsFile, resolved: Resolved, origins: Origins, *, named: bool
) -> Iterator[str]:
    """With a profile `named`, the other ones are left out: their settings do not hold."""
    settings = resolved.settings
    state = "" if file.exists else " (not there)"
    yield f"# settings file: {file.path}{state}"
    yield f"# known servers: {settings.known_servers}"
    yield f"# profile: {settings.profile or 'none'}"
    if os.environ.get(PASSWORD_VARIABLE):
        yield f"# password: from {PASSWORD_VARIABLE}, not shown"
    for notice in settings.notices:
        yield f"# {notice}"
    yield from _pairs(
        origins.of_top,
        theme=settings.theme,
        bell=settings.bell,
        remember_logon=settings.last_logon_file is not None,
        notify=settings.notify,
        stall_after=format_duration(settings.stall_after),
    )
    yield "\n[defaults]"
    yield from _connection(settings, resolved.password_command, origins)
    yield from _pairs(
        origins.of,
        no_mouse=settings.no_mouse,
        ascii=settings.ascii,
        log_file=_text(settings.log_file),
        log_level=settings.log_level,
    )
    yield "\n[journal]"
    yield from _journal(settings.journal, settings.reports, origins)
    yield from hook_lines(settings.hooks)
    for saved in () if named else settings.profiles:
        yield f"\n[profiles.{toml_key(saved.name)}]"
        yield from _connection(saved, saved.password_command, Origins(file, {}, saved.name))
    yield "\n[keys]"
    for name, keys in settings.keys.items():
        yield f"{toml_key(name)} = {toml_value(list(keys))}  # {origins.in_file('keys', name)}"
    yield "\n[targets]"
    yield from _target(settings.targets.default, partial(origins.of_table, "targets"))
    for name, target in settings.targets.plans.items():
        yield f"\n[targets.{toml_key(name)}]"
        yield from _target(target, partial(origins.of_plan, name))


def _journal(
    journal: JournalOptions | None, reports: Path | None, origins: Origins
) -> Iterator[str]:
    if journal is None:
        origin = origins.variables.get("no_journal") or origins.of_table("journal", "keep")
        yield f"keep = false  # {origin}"
        return
    yield from _pairs(
        partial(origins.of_table, "journal"),
        keep=True,
        folder=_text(journal.folder),
        max_age=format_duration(journal.max_age),
        max_size=format_size(journal.max_bytes),
        reports=_text(reports),
    )


def _connection(
    shown: ResolvedSettings | SavedProfile, command: tuple[str, ...] | None, origins: Origins
) -> Iterator[str]:
    yield from _pairs(
        origins.of,
        server=shown.server.url if shown.server else None,
        user=shown.user,
        ca_file=_text(shown.ca_file),
        fingerprint=shown.fingerprint,
        interval=shown.interval,
        banner=shown.banner,
        accept=shown.accept,
        proxy=_without_userinfo(shown.proxy) if shown.proxy else None,
    )
    if command:
        yield (
            f"# password_command = {toml_value(command[0])} with {len(command) - 1} arguments"
            f"  # {origins.of('password_command')}"
        )


def _target(target: PlanTarget, origin: Callable[[str], str]) -> Iterator[str]:
    yield from _pairs(
        origin,
        rto=format_duration(target.rto) if target.rto else None,
        rpo=format_duration(target.rpo) if target.rpo else None,
    )


def _pairs(origin: Callable[[str], str], **pairs: object) -> Iterator[str]:
    for name, value in pairs.items():
        if value is None:
            yield f"# {name} is not set"
        else:
            yield f"{name} = {toml_value(value)}  # {origin(name)}"


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _without_userinfo(url: str) -> str:
    parts = urlsplit(url)
    _, at, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"***@{place}" if at else place).geturl()
