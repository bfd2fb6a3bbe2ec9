"""Deciding what holds: flag, then environment, then profile, then [defaults].

Every value is checked before anything starts, and a wrong one says where it came
from: the flag, the variable, or the file with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.cli.hooking import hooks_of
from tui.cli.profiles import (
    check_proxy,
    checked,
    defaults_alone,
    habits_only,
    left_out,
    saved_profile,
)
from tui.enterprise_manager.address import ServerAddress, parse_server
from tui.errors import InvalidInput, InvalidSettings
from tui.light import dataclass
from tui.monitor.selecting import parse_selection
from tui.session_selector import Selector
from tui.settings import (
    Accept,
    JournalOptions,
    PlanTarget,
    ResolvedSettings,
    SavedProfile,
    Targets,
    WatchOptions,
)
from tui.settings.file import SettingsFile
from tui.settings.paths import default_journal_folder, default_last_logon_file
from tui.settings.resolved import (
    DEFAULT_JOURNAL_AGE,
    DEFAULT_JOURNAL_BYTES,
    DEFAULT_STALL_AFTER,
    LogLevel,
    Notify,
    WatchOutput,
    WatchUntil,
)
from tui.settings.unknown_names import unknown_theme
from tui.theme_names import CHOICES
from tui.user_names import parse_user_name

if TYPE_CHECKING:
    from tui.settings.model import TargetTable


@dataclass(frozen=True, kw_only=True)
class Flags:
    """The options as said; None and False where nothing was.

    `variables` names, for each that came from the environment, which variable said it.
    """

    session: str | None = None
    wait_for: str | None = None
    rto: timedelta | None = None
    rpo: timedelta | None = None
    server: str | None = None
    user: str | None = None
    interval: float | None = None
    ca_file: Path | None = None
    fingerprint: str | None = None
    proxy: str | None = None
    accept: Accept | None = None
    no_mouse: bool = False
    ascii: bool | None = None
    log_file: Path | None = None
    log_level: LogLevel | None = None
    profile: str | None = None
    journal: Path | None = None
    no_journal: bool = False
    report: Path | None = None
    theme: str | None = None
    on_event: tuple[str, ...] = ()
    metrics: Path | None = None
    notify: Notify | None = None
    output: WatchOutput = "text"
    quiet: bool = False
    until: WatchUntil = "done"
    timeout: timedelta | None = None
    progress: timedelta | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    def origin(self, name: str) -> str:
        """What said it, to begin a message with: the variable, or else the option."""
        return self.variables.get(name) or f"--{name.replace('_', '-')}"


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """The settings without a password, and the command of the profile that can print it."""

    settings: ResolvedSettings
    password_command: tuple[str, ...] | None


def resolve(flags: Flags, file: SettingsFile, known_servers: Path) -> Resolved:
    """Decide everything but the password. Raises InvalidInput with the origin of the value."""
    profiles = {name: saved_profile(file, name) for name in file.table.profiles}
    base, name, server, notices = _chosen(flags, file, profiles)
    session = checked("SESSION", parse_selection, flags.session) if flags.session else None
    defaults = file.table.defaults
    unknown = unknown_theme(flags.theme, CHOICES, flags.origin("theme"))
    notices = (*notices, unknown) if unknown else notices
    settings = ResolvedSettings(
        server=server,
        user=_user(flags) or base.user,
        session_id=session if isinstance(session, str) else None,
        selector=session if isinstance(session, Selector) else None,
        wait_for=_plan_to_wait_for(flags),
        interval=flags.interval or base.interval,
        ca_file=flags.ca_file or base.ca_file,
        fingerprint=flags.fingerprint or base.fingerprint,
        proxy=_proxy(flags) or base.proxy,
        accept=flags.accept or base.accept,
        no_mouse=flags.no_mouse or defaults.no_mouse,
        ascii=defaults.ascii if flags.ascii is None else flags.ascii,
        log_file=flags.log_file or defaults.log_file,
        log_level=flags.log_level or defaults.log_level or "info",
        profile=name,
        banner=base.banner,
        theme=file.table.theme if unknown else flags.theme or file.table.theme,
        last_logon_file=default_last_logon_file() if file.table.remember_logon else None,
        settings_file=file.path,
        keys=MappingProxyType({key: tuple(value) for key, value in file.table.keys.items()}),
        targets=_targets(file, flags),
        bell=file.table.bell,
        stall_after=file.table.stall_after or DEFAULT_STALL_AFTER,
        known_servers=known_servers,
        journal=_journal(flags, file),
        reports=flags.report or file.table.journal.reports,
        metrics=flags.metrics,
        notify=flags.notify or file.table.notify or "off",
        watch=WatchOptions(
            output=flags.output,
            quiet=flags.quiet,
            until=flags.until,
            timeout=flags.timeout,
            progress=flags.progress,
        ),
        hooks=hooks_of(flags.on_event, file.table.hooks),
        profiles=tuple(_with_flags(each, flags, server) for each in profiles.values()),
        notices=notices,
    )
    return Resolved(settings=settings, password_command=base.password_command)


def _chosen(
    flags: Flags, file: SettingsFile, profiles: Mapping[str, SavedProfile]
) -> tuple[SavedProfile, str | None, ServerAddress | None, tuple[str, ...]]:
    """What the flags are laid over, the name of the profile if it is one, the server, and what
    is to be said of the choice."""
    name = _profile_name(flags, file)
    lent = defaults_alone(file)
    base = profiles[name] if name else lent
    server = _server(flags) or base.server
    if base.fits(server):
        return base, name, server, ()
    # What belongs to one server must not reach another that a flag or variable names.
    return habits_only(base, lent, server), None, server, (left_out(base, server),) if name else ()


def _journal(flags: Flags, file: SettingsFile) -> JournalOptions | None:
    """Kept unless somebody says otherwise; a folder that is named asks for it again."""
    table = file.table.journal
    no_journal = flags.no_journal
    if no_journal and flags.journal is not None:
        # Said by hand is meant for this start, said by a variable for all of them.
        by_variable = {"journal", "no_journal"} & set(flags.variables)
        if len(by_variable) != 1:
            names = f"{flags.origin('journal')} and {flags.origin('no_journal')}"
            raise InvalidInput(f"{names} exclude each other.")
        no_journal = "journal" in by_variable
    if no_journal or not (table.keep or flags.journal is not None):
        return None
    return JournalOptions(
        folder=flags.journal or table.folder or default_journal_folder(),
        max_age=table.max_age or DEFAULT_JOURNAL_AGE,
        max_bytes=table.max_size or DEFAULT_JOURNAL_BYTES,
    )


def _with_flags(profile: SavedProfile, flags: Flags, server: ServerAddress | None) -> SavedProfile:
    """What was typed as a flag holds for a profile chosen on screen as well.

    Whom to trust was said of one server only: of `server`, where that is known.
    """
    same = server is None or profile.server in (None, server)
    return replace(
        profile,
        ca_file=(flags.ca_file if same else None) or profile.ca_file,
        fingerprint=(flags.fingerprint if same else None) or profile.fingerprint,
        interval=flags.interval or profile.interval,
        proxy=flags.proxy or profile.proxy,
        accept=flags.accept or profile.accept,
    )


def _server(flags: Flags) -> ServerAddress | None:
    if flags.server is None:
        return None
    return checked(flags.origin("server"), parse_server, flags.server)


def _user(flags: Flags) -> str | None:
    if flags.user is None:
        return None
    return checked(flags.origin("user"), parse_user_name, flags.user)


def _proxy(flags: Flags) -> str | None:
    return flags.proxy and checked(flags.origin("proxy"), check_proxy, flags.proxy)


def _profile_name(flags: Flags, file: SettingsFile) -> str | None:
    said = flags.profile is not None
    name = flags.profile if said else file.table.defaults.profile
    if name is None or name in file.table.profiles:
        return name
    place = flags.origin("profile") if said else file.at("defaults", "profile")
    raise InvalidSettings(f"{place}: there is no profile {name!r}. {_known(file)}")


def _known(file: SettingsFile) -> str:
    if not file.exists:
        return f"There is no settings file {file.path}."
    names = ", ".join(repr(name) for name in file.table.profiles)
    return f"{file.path} holds {names}." if names else f"{file.path} holds none."


def _plan_to_wait_for(flags: Flags) -> str | None:
    origin = flags.origin("wait_for")
    if flags.wait_for is None or (flags.session and "wait_for" in flags.variables):
        return None
    if flags.session:
        raise InvalidInput(
            f"{origin}: a session is named as well.",
            "Give SESSION to watch that one, or --wait-for to wait for the plan's next one.",
        )
    name = flags.wait_for.strip()
    if not name:
        raise InvalidInput(f"{origin}: no plan named.", "Give the cloud failover plan's name.")
    return name


def _targets(file: SettingsFile, flags: Flags) -> Targets:
    """A flag is meant for what is watched now, whichever plan that is: it wins everywhere."""

    def target(table: TargetTable) -> PlanTarget:
        return PlanTarget(rto=flags.rto or table.rto, rpo=flags.rpo or table.rpo)

    plans = {name: target(table) for name, table in file.table.targets.plans.items()}
    return Targets(default=target(file.table.targets), plans=MappingProxyType(plans))
