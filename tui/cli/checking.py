"""What `config check` finds beyond the form of the file. Loads the screens to know their names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

from tui.cli.resolving import Flags, resolve, saved_profile
from tui.errors import FailoverMonitorError, InvalidInput
from tui.settings import SavedProfile
from tui.settings.file import SettingsFile
from tui.settings.paths import default_known_servers
from tui.settings.unknown_names import unknown_bindings, unknown_theme


def problems_inside(file: SettingsFile) -> Iterator[str]:
    """A sentence for each, with its line where there is one."""
    for name in file.table.profiles:
        try:
            profile = saved_profile(file, name)
        except InvalidInput as error:
            yield error.full_text
            continue
        yield from _of_profile(file, name, profile)
    try:
        resolve(Flags(), {}, file, default_known_servers())
    except InvalidInput as error:
        yield error.full_text
    yield from _log_file(file)
    yield from _names(file)


def _of_profile(file: SettingsFile, name: str, profile: SavedProfile) -> Iterator[str]:
    if profile.ca_file:
        place = file.at("profiles", name, "ca_file")
        if profile.ca_file.is_file():
            from tui.enterprise_manager.ca_file import verifying

            try:
                verifying(profile.ca_file)
            except FailoverMonitorError as error:
                yield f"{place}: {error.full_text}"
        else:
            yield f"{place}: there is no file {profile.ca_file}."
    if profile.password_command and shutil.which(profile.password_command[0]) is None:
        place = file.at("profiles", name, "password_command")
        yield f"{place}: there is no program {profile.password_command[0]!r} to run."


def _log_file(file: SettingsFile) -> Iterator[str]:
    path = file.table.defaults.log_file
    if path is not None:
        place = path if path.exists() else path.parent
        if not os.access(place, os.W_OK) or path.is_dir():
            yield f"{file.at('defaults', 'log_file')}: {path} cannot be written."


def _names(file: SettingsFile) -> Iterator[str]:
    """Themes, binding ids and keys, which only the screens know."""
    from tui import theme as themes
    from tui.flow import MonitorApp
    from tui.screens.bindings import binding_ids, clashes, is_key

    theme = file.table.theme
    if not themes.is_built_in(theme) and (unknown := unknown_theme(theme, themes.NAMES)):
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
