"""What `config check` finds beyond the form of the file. Loads the screens to know their names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Container, Iterator
from pathlib import Path

from tui.cli.hooking import is_there, program_of
from tui.cli.profiles import saved_profile
from tui.cli.resolving import Flags, resolve
from tui.errors import FailoverMonitorError, InvalidInput
from tui.settings.file import SettingsFile
from tui.settings.paths import default_known_servers
from tui.settings.unknown_names import unknown_bindings, unknown_theme
from tui.theme_names import CHOICES


def problems_inside(file: SettingsFile) -> Iterator[str]:
    """A sentence for each, once, with its line where there is one."""
    yield from dict.fromkeys(_problems(file))


def _problems(file: SettingsFile) -> Iterator[str]:
    for name in file.table.profiles:
        try:
            profile = saved_profile(file, name)
        except InvalidInput as error:
            yield error.full_text
            continue
        own = file.table.profiles[name].model_fields_set
        yield from _ca_file(file, profile.ca_file, "profiles", name, own=own)
        yield from _command(file, profile.password_command, "profiles", name, own=own)
    try:
        settings = resolve(Flags(), file, default_known_servers())
    except InvalidInput as error:
        yield error.full_text
    else:
        if settings.settings.profile is None:  # else it was looked at above
            yield from _ca_file(file, settings.settings.ca_file)
            yield from _command(file, settings.password_command)
    yield from _log_file(file)
    yield from _hooks(file)
    yield from _names(file)


def _at(file: SettingsFile, tables: tuple[str, ...], own: Container[str], key: str) -> str:
    """In the profile's own table, or in [defaults], which lend it to every profile."""
    return file.at(*(tables if key in own else ("defaults",)), key)


def _ca_file(
    file: SettingsFile, path: Path | None, *tables: str, own: Container[str] = ()
) -> Iterator[str]:
    if path is None:
        return
    place = _at(file, tables, own, "ca_file")
    if not path.is_file():
        yield f"{place}: there is no file {path}. Allowed: the path of a PEM file."
        return
    from tui.enterprise_manager.ca_file import verifying

    try:
        verifying(path)
    except FailoverMonitorError as error:
        yield f"{place}: {error.sentence} Allowed: the path of a PEM file."


def _command(
    file: SettingsFile, command: tuple[str, ...] | None, *tables: str, own: Container[str] = ()
) -> Iterator[str]:
    if command and shutil.which(command[0]) is None:
        yield (
            f"{_at(file, tables, own, 'password_command')}: there is no program {command[0]!r} to"
            " run. Allowed: a program on the PATH, or its whole path, and its arguments."
        )


def _hooks(file: SettingsFile) -> Iterator[str]:
    """Commands on events that could not be run, or never would be."""
    for name, table in file.table.hooks.items():
        command = program_of(table.command)
        if not is_there(command):
            yield (
                f"{file.at('hooks', name, 'command')}: there is no program {command[0]!r} to run."
                " Allowed: a program on the PATH, or its whole path, and its arguments."
            )
        for profile in table.for_profiles or ():
            if profile not in file.table.profiles:
                yield (
                    f"{file.at('hooks', name, 'for_profiles')}: there is no profile {profile!r}."
                )


def _log_file(file: SettingsFile) -> Iterator[str]:
    path = file.table.defaults.log_file
    if path is not None:
        place = path if path.exists() else path.parent
        if not os.access(place, os.W_OK) or path.is_dir():
            yield f"{file.at('defaults', 'log_file')}: {path} cannot be written."


def _names(file: SettingsFile) -> Iterator[str]:
    """Themes, binding ids and keys, which only the screens know."""
    from tui import theme as themes
    from tui.app import MonitorApp
    from tui.screens.bindings import binding_ids, clashes, is_key

    theme = file.table.theme
    if not themes.is_built_in(theme) and (unknown := unknown_theme(theme, CHOICES)):
        yield f"{file.at('theme')}: {unknown}"
    keys = file.table.keys
    known = binding_ids(MonitorApp)
    for name, names in keys.items():
        place = file.at("keys", name)
        for sentence in unknown_bindings([name], known):
            yield f"{place}: {sentence}"
        for key in names:
            if not is_key(key):
                yield f"{place}: there is no key {key!r}. Keys are written 'r', 'f5', 'ctrl+x'."
    for name, key, other in clashes(keys, MonitorApp):
        yield f"{file.at('keys', name)}: {key!r} is the key of {other!r} as well."
