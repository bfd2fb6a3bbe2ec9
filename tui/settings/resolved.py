"""What the front ends are given: every setting decided, checked and frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from tui.hooks.hook import Hook
from tui.light import dataclass
from tui.secret import SecretStr
from tui.server_address import ServerAddress
from tui.session_selector import Selector
from tui.settings.remembered import LastLogon

Accept = Literal["json", "xml"]
WatchOutput = Literal["text", "json"]
WatchUntil = Literal["running", "first-failure", "done"]
ApiVersion = Literal["v12", "v13"]
LogLevel = Literal["error", "warning", "info", "debug"]
Notify = Literal["auto", "osc9", "osc777", "osc99", "off"]
BannerColour = Literal["red", "orange", "yellow", "green", "cyan", "blue", "magenta", "grey"]

Note = Callable[[LogLevel, str], None]
"""Takes a line for the log."""

LOG_LEVELS: tuple[LogLevel, ...] = ("error", "warning", "info", "debug")
"""The gravest first."""

DEFAULT_INTERVAL = 5.0
"""Seconds between two polls unless somebody says otherwise."""

SHORTEST_INTERVAL = 2.0
"""Seconds; Enterprise Manager serves other people too."""

LONGEST_INTERVAL = 3600.0
"""Seconds; beyond an hour nobody is watching any more."""

DEFAULT_STALL_AFTER = timedelta(minutes=10)
"""How long a running VM without earlier runs may stand still before it is called stalled."""

DEFAULT_JOURNAL_AGE = timedelta(days=400)
"""Kept so long after their last change: an audit asks for the last year's drills."""

DEFAULT_JOURNAL_BYTES = 1_000_000_000
"""All journals together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the built-in simulator plays.

    `scenario` None means the simulator's default, as do `vms` and `sessions`.
    `speed` multiplies the simulated server's clock: 2.0 runs twice as fast.
    """

    scenario: str | None = None
    speed: float = 1.0
    vms: int | None = None
    sessions: int | None = None
    api: ApiVersion = "v12"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """How a watch without a screen tells, and when it ends before its session does.

    `quiet`: nothing but how it ended. `until`: it ends once the session runs, or at the first
    failure. `timeout`: it ends after that time in any case. `progress`: how often a line of
    progress is told; None for never.
    """

    output: WatchOutput = "text"
    quiet: bool = False
    until: WatchUntil = "done"
    timeout: timedelta | None = None
    progress: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """What a plan promises; None where nothing was promised.

    `rto` is how long the failover may take, `rpo` how old a replica point may be.
    """

    rto: timedelta | None = None
    rpo: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The targets of all plans: what was said for a plan by name, else the default."""

    default: PlanTarget = PlanTarget()
    plans: Mapping[str, PlanTarget] = field(default_factory=lambda: MappingProxyType({}))

    def for_plan(self, plan_name: str) -> PlanTarget:
        """The target of one plan; the default fills in what its entry leaves out."""
        own = self.plans.get(plan_name)
        if own is None:
            return self.default
        return PlanTarget(rto=own.rto or self.default.rto, rpo=own.rpo or self.default.rpo)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProfile:
    """A named profile, with the defaults filled in, as the login screen offers it.

    `fingerprint` is 64 lower-case hex digits of SHA-256. `password_command` and
    `proxy` may hold secrets and stay out of the repr.
    """

    name: str
    server: ServerAddress | None = None
    user: str | None = None
    ca_file: Path | None = None
    fingerprint: str | None = None
    interval: float = DEFAULT_INTERVAL
    banner: BannerColour | None = None
    accept: Accept = "json"
    proxy: str | None = field(default=None, repr=False)
    password_command: tuple[str, ...] | None = field(default=None, repr=False)

    def fits(self, server: ServerAddress | None) -> bool:
        """Whether it is for that server: its own, or any where it names none."""
        return self.server is None or self.server == server


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalOptions:
    """Where journals are kept, and how many: until `max_age`, `max_bytes` in all."""

    folder: Path
    max_age: timedelta = DEFAULT_JOURNAL_AGE
    max_bytes: int = DEFAULT_JOURNAL_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedSettings:
    """Everything a front end needs, decided by flag > environment > profile > default.

    `interval` in seconds, at least 2. `fingerprint` is 64 lower-case hex digits of
    SHA-256. `session_id` is a lower-case GUID, `selector` what to look for where it is not
    known; `wait_for` names the plan whose next session is to be opened once it begins, and
    never comes with either. `theme`
    None means what was remembered, `auto` (or nothing remembered) what suits the
    terminal's background; `theme_file` is where a choice is to be remembered.
    `last_logon` is offered at the login; the next one is to be remembered in
    `last_logon_file`, and a profile kept in `settings_file`: None where not. `keys`
    maps a binding id to its keys in Textual's spelling. `ascii` None means as the
    terminal and the locale can show.
    `known_servers` is the file of accepted certificates, which need not exist yet.
    `journal` is None where none is to be kept, `reports` the folder for reports. `notices`
    are sentences for the login screen, such as a profile that was left out. Without a
    password, `password_command` is what prints it, and with `ask_keyring` the system's
    keyring may hold it: both are asked behind the first picture, for `user` at `server`.
    `hooks` are the commands on events, `metrics` the file of figures,
    `notify` the way of desktop notifications.
    The password never shows in a repr, and neither do the commands and the proxy, whose URL
    may hold one.
    """

    server: ServerAddress | None = None
    user: str | None = None
    password: SecretStr | None = field(default=None, repr=False)
    password_command: tuple[str, ...] | None = field(default=None, repr=False)
    ask_keyring: bool = False
    session_id: str | None = None
    selector: Selector | None = None
    wait_for: str | None = None
    interval: float = DEFAULT_INTERVAL
    ca_file: Path | None = None
    fingerprint: str | None = None
    proxy: str | None = field(default=None, repr=False)
    accept: Accept = "json"
    no_mouse: bool = False
    ascii: bool | None = None
    log_file: Path | None = None
    log_level: LogLevel = "info"
    profile: str | None = None
    banner: BannerColour | None = None
    theme: str | None = None
    remembered_theme: str | None = None
    theme_file: Path | None = None
    last_logon: LastLogon | None = None
    last_logon_file: Path | None = None
    settings_file: Path | None = None
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    targets: Targets = field(default_factory=Targets)
    bell: bool = True
    stall_after: timedelta = DEFAULT_STALL_AFTER
    known_servers: Path | None = None
    journal: JournalOptions | None = None
    reports: Path | None = None
    watch: WatchOptions = field(default_factory=WatchOptions)
    hooks: tuple[Hook, ...] = field(default=(), repr=False)
    metrics: Path | None = None
    notify: Notify = "off"
    profiles: tuple[SavedProfile, ...] = ()
    notices: tuple[str, ...] = ()
