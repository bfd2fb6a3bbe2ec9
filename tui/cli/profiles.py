"""The profiles of the settings file, checked, with what [defaults] lend them, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.enterprise_manager.address import ServerAddress, parse_server
from tui.enterprise_manager.proxies import is_usable
from tui.errors import InvalidInput, InvalidSettings
from tui.settings import SavedProfile
from tui.settings.file import SettingsFile
from tui.settings.resolved import DEFAULT_INTERVAL
from tui.settings.unwritten import NO_PROFILE
from tui.user_names import parse_user_name_of_file

if TYPE_CHECKING:
    from tui.settings.model import ProfileTable

Value = TypeVar("Value")


def saved_profile(file: SettingsFile, name: str) -> SavedProfile:
    """One profile with [defaults] filled in. Raises InvalidSettings, naming the line."""
    return _saved(file, name=name, own=file.table.profiles[name], tables=("profiles", name))


def defaults_alone(file: SettingsFile) -> SavedProfile:
    """What [defaults] say by themselves, for whoever names no profile."""
    return _saved(file, name="", own=NO_PROFILE, tables=())


def _saved(
    file: SettingsFile, *, name: str, own: ProfileTable, tables: tuple[str, ...]
) -> SavedProfile:
    defaults = file.table.defaults
    fallback_server = _file_server(file, defaults, ("defaults",))
    server = _file_server(file, own, tables) or fallback_server
    # [defaults] lends its fingerprint and password command only to its own server.
    lends = fallback_server is None or server == fallback_server
    lender = defaults if lends else NO_PROFILE
    proxy_table = tables if own.proxy else ("defaults",)
    proxy = own.proxy or defaults.proxy
    if proxy:
        checked(file.at(*proxy_table, "proxy"), check_proxy, proxy, InvalidSettings)
    for table, place in ((own, tables), (defaults, ("defaults",))):
        if table.user is not None:
            checked(file.at(*place, "user"), parse_user_name_of_file, table.user, InvalidSettings)
    command = own.password_command or lender.password_command
    return SavedProfile(
        name=name,
        server=server,
        user=own.user or defaults.user,
        ca_file=_beside(file, own.ca_file or defaults.ca_file),
        fingerprint=own.fingerprint or lender.fingerprint,
        interval=own.interval or defaults.interval or DEFAULT_INTERVAL,
        banner=own.banner or defaults.banner,
        accept=own.accept or defaults.accept or "json",
        proxy=proxy,
        password_command=tuple(command) if command else None,
    )


def _file_server(
    file: SettingsFile, table: ProfileTable, tables: tuple[str, ...]
) -> ServerAddress | None:
    if table.server is None:
        return None
    return checked(file.at(*tables, "server"), parse_server, table.server, InvalidSettings)


def habits_only(
    base: SavedProfile, nobodys: SavedProfile, server: ServerAddress | None
) -> SavedProfile:
    """For another server than the profile's: how to ask, but not as whom and whom to trust.

    That comes from [defaults], unless they are a third server's.
    """
    if not nobodys.fits(server):
        nobodys = SavedProfile(name="")
    return replace(nobodys, interval=base.interval, proxy=base.proxy, accept=base.accept)


def left_out(base: SavedProfile, server: ServerAddress | None) -> str:
    """Why what the profile says does not count for that server."""
    theirs, other = (each.label if each else "" for each in (base.server, server))
    return (
        f"Profile {base.name!r} is for {theirs}: its user, password command and certificates"
        f" are not used for {other}."
    )


def _beside(file: SettingsFile, path: Path | None) -> Path | None:
    """A relative path in the settings file begins at the folder of the settings file."""
    return None if path is None else file.path.parent / path


def checked(
    origin: str,
    check: Callable[[str], Value],
    text: str,
    error_type: type[InvalidInput] | None = None,
) -> Value:
    """The checked value; a refusal begins with where the value came from."""
    try:
        return check(text)
    except InvalidInput as error:
        kind = error_type or type(error)
        sentence, remedy = f"{origin}: {error.sentence}", error.remedy
    raise kind(sentence, remedy)


def check_proxy(text: str) -> str:
    """A proxy's URL with a scheme and a host. Never repeats it: it may hold a password."""
    if not is_usable(text):
        raise InvalidInput("that is no proxy URL.", "Write it like http://proxy.example:3128.")
    return text
