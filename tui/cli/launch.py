"""Starting a front end: settings, password, then the screen or plain lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tui import garbage_collection, password_sources
from tui.cli.resolving import Flags, resolve
from tui.cli.start_password import exposed, named_password, typed_password, with_unattended_password
from tui.cli.variables import CONFIG_VARIABLE, said_by_variables
from tui.cli.without_posix import while_watching
from tui.errors import InvalidInput, TlsTrouble
from tui.light import dataclass
from tui.presentation.opening_line import opening_line
from tui.settings import DemoOptions, ResolvedSettings
from tui.settings.file import SettingsFile, read_settings
from tui.settings.paths import (
    default_config_file,
    default_known_servers,
    default_last_logon_file,
    default_theme_file,
    expanded,
)
from tui.settings.remembered import forget, remembered_logon, remembered_theme
from tui.terminal import opening
from tui.terminal.capabilities import is_dumb, is_terminal, shows_unicode


@dataclass(frozen=True)
class Surroundings:
    """The process's own: environment, and what its streams are."""

    environ: MutableMapping[str, str]
    stdin_is_terminal: bool
    stdout_is_terminal: bool
    encoding: str | None = "utf-8"

    @classmethod
    def of_this_process(cls) -> Surroundings:
        """As they are now. A closed stream is no terminal."""
        encoding = getattr(sys.stdout, "encoding", None)
        return cls(os.environ, is_terminal(sys.stdin), is_terminal(sys.stdout), encoding)

    def has_screen(self) -> bool:
        """Whether there is a screen to paint; one that cannot be painted on is said."""
        if self.stdout_is_terminal and is_dumb(self.environ):
            sys.stderr.write("TERM=dumb names a terminal without a screen: plain lines follow.\n")
            return False
        return self.stdout_is_terminal

    def drawn(self, settings: ResolvedSettings, *, headless: bool) -> ResolvedSettings:
        """The settings with the characters decided, where a person has not."""
        if settings.ascii is not None:
            return settings
        able = shows_unicode(self.encoding, self.environ, on_screen=not headless)
        return replace(settings, ascii=not able)

    def opening(
        self, settings: ResolvedSettings, *, instead: str = ""
    ) -> AbstractContextManager[None]:
        """The first line, while the screens are loaded. Nothing that is refused comes later."""
        line = opening_line(settings.server, settings.user, opening.width(), instead=instead)
        return opening.shown(line, "ascii" if settings.ascii else self.encoding or "ascii")


def launch(*, headless: bool, password_file: str | None, config: Path | None, **typed: Any) -> int:
    """Run the screen, or plain lines where asked for or where there is no screen."""
    around = Surroundings.of_this_process()
    headless = headless or not around.has_screen()
    with garbage_collection.held(not headless):
        settings = _settled(around, headless, password_file, config, typed)
        _check_files(settings)
        return _run(settings, None, headless=headless, around=around)


def headless_settings(
    *, password_file: str | None, config: Path | None, **typed: Any
) -> ResolvedSettings:
    """Everything that a command without a screen needs, the password included."""
    around = Surroundings.of_this_process()
    for notice in _not_followed(around.environ, headless=True):
        sys.stderr.write(f"{notice}\n")
    return _settled(around, True, password_file, config, typed)


def _settled(
    around: Surroundings,
    headless: bool,
    password_file: str | None,
    config: Path | None,
    typed: dict[str, Any],
) -> ResolvedSettings:
    # First of all, so that the password leaves the environment whatever happens next.
    from_environment = password_sources.from_environment(around.environ)
    file = settings_file(config, around.environ)
    resolved = resolve(flags_of(typed), file, default_known_servers())
    settings = resolved.settings
    _check_ca_file(settings)
    if not file.table.remember_logon:
        forget(default_last_logon_file())
    if headless:
        _require_server_and_user(settings)
    if password_file is not None:
        warning = exposed(password_file)
        if warning and headless:
            sys.stderr.write(f"{warning}\n")
        elif warning:
            settings = replace(settings, notices=(*settings.notices, warning))
        settings = replace(
            settings, password=named_password(password_file, may_ask=around.stdin_is_terminal)
        )
    elif from_environment is not None:
        settings = replace(settings, password=from_environment)
    elif headless:
        settings = with_unattended_password(resolved)
    else:
        # Asked behind the first picture: either may take its time, or never answer.
        command = resolved.password_command
        settings = replace(settings, password_command=command, ask_keyring=not command)
    if headless and settings.password is None:
        settings = replace(
            settings, password=typed_password(settings, may_ask=around.stdin_is_terminal)
        )
    return settings


def launch_demo(*, config: Path | None, **typed: Any) -> int:
    """Run the built-in simulator behind the same front ends."""
    around = Surroundings.of_this_process()
    around.environ.pop(password_sources.PASSWORD_VARIABLE, None)
    simulation = {name: typed.pop(name) for name in DemoOptions.__dataclass_fields__}
    headless = not around.has_screen()
    with garbage_collection.held(not headless):
        settings = local_settings(around, config, **typed)
        _check_files(settings)
        return _run(settings, DemoOptions(**simulation), headless=headless, around=around)


def local_settings(
    around: Surroundings, config: Path | None, *, hooks: bool = False, **typed: Any
) -> ResolvedSettings:
    """What holds for a screen that needs no server: looks and keys.

    Commands on events only as typed, unless `hooks` are wanted; figures only as typed, too: a
    variable means the file in which those of a real failover are.
    """
    file = _without_servers(settings_file(config, around.environ), hooks=hooks)
    flags = flags_of(typed)
    if "on_event" in flags.variables and not hooks:
        flags = replace(flags, on_event=())
    if "metrics" in flags.variables:
        flags = replace(flags, metrics=None)
    settings = resolve(flags, file, default_known_servers()).settings
    return replace(settings, last_logon_file=None, settings_file=None)


def config_path(config: Path | None, environ: MutableMapping[str, str]) -> tuple[Path, bool]:
    """The settings file to read, and whether a person named it, so that it must exist."""
    named = config or environ.get(CONFIG_VARIABLE)
    return (expanded(Path(named)), True) if named else (default_config_file(), False)


def settings_file(config: Path | None, environ: MutableMapping[str, str]) -> SettingsFile:
    """The checked settings file. Raises InvalidSettings."""
    path, required = config_path(config, environ)
    return read_settings(path, required=required)


def flags_of(typed: Mapping[str, Any], ctx: click.Context | None = None) -> Flags:
    """The options of a call as flags, with the variables that said them, if any did."""
    ctx = ctx or click.get_current_context(silent=True)
    renamed = {"ascii_only": "ascii", "trust_fingerprint": "fingerprint"}
    variables = said_by_variables(ctx) if ctx else {}
    return Flags(
        **{renamed.get(name, name): value for name, value in typed.items()},
        variables={renamed.get(name, name): said for name, said in variables.items()},
    )


def _not_followed(environ: MutableMapping[str, str], headless: bool) -> Iterator[str]:
    """Variables that would have secrets written down: whoever set them is told.

    Textual reads its own when it is loaded, which is later.
    """
    if environ.get("SSLKEYLOGFILE"):
        yield "SSLKEYLOGFILE is not followed: who reads that file can read the password."
    for name in () if headless else ("TEXTUAL_LOG", "TEXTUAL"):
        if environ.pop(name, None):
            yield f"{name} is not followed: what is typed would be written down, passwords too."


def _without_servers(file: SettingsFile, *, hooks: bool) -> SettingsFile:
    """The looks and habits of a settings file, without anything about real servers.

    Without its commands on events as well, unless `hooks` are wanted: a rehearsal must not get
    anybody out of bed.
    """
    if not file.exists:
        return file
    from tui.settings.model import DefaultsTable

    kept = ("interval", "no_mouse", "ascii", "log_file", "log_level")
    said = file.table.defaults.model_dump(include=set(kept))
    kept_hooks: dict[str, Any] = {} if hooks else {"hooks": {}}
    table = file.table.model_copy(
        update={"defaults": DefaultsTable(**said), "profiles": {}, **kept_hooks}
    )
    return replace(file, table=table)


def _require_server_and_user(settings: ResolvedSettings) -> None:
    for value, what in ((settings.server, "server"), (settings.user, "user")):
        if value is None:
            raise InvalidInput(
                f"No {what} given.",
                f"Without a screen nobody can be asked: use --{what},"
                f" FAILOVER_MONITOR_{what.upper()} or a profile."
                # Why a profile's own does not count, where that is so.
                + "".join(f" {notice}" for notice in settings.notices),
            )


def _check_ca_file(settings: ResolvedSettings) -> None:
    """Said before anything starts: it would refuse every server, at every try."""
    if settings.ca_file is not None:
        from tui.enterprise_manager.ca_file import verifying

        try:
            verifying(settings.ca_file)
        except TlsTrouble as error:
            sentence, remedy = error.sentence, error.remedy
        else:
            return
        raise InvalidInput(sentence, remedy)


def _check_files(settings: ResolvedSettings) -> None:
    """Said before anything starts, not in the middle of a failover."""
    if settings.metrics is not None:
        folder = settings.metrics.parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise InvalidInput(
                f"The figures cannot be written to {settings.metrics}.",
                "Name a file in a folder that is there and that you may write to.",
            )
    if settings.log_file is not None:
        from tui.request_log import open_request_log

        open_request_log(settings.log_file).close()


def _run(
    settings: ResolvedSettings,
    demo: DemoOptions | None,
    *,
    headless: bool,
    around: Surroundings,
) -> int:
    lacking = () if demo else while_watching(keeps_journal=settings.journal is not None)
    notices = (*settings.notices, *_not_followed(around.environ, headless), *lacking)
    settings = around.drawn(replace(settings, notices=notices), headless=headless)
    if headless:
        from tui.watch import run_watch

        return run_watch(settings, demo=demo)
    if not around.stdin_is_terminal:
        password_sources.reopen_terminal()
    settings = with_remembered(settings, demo)
    with around.opening(settings, instead="a rehearsal" if demo else ""):
        from tui.running import run_app

        return run_app(settings, demo=demo)


def with_remembered(
    settings: ResolvedSettings, demo: DemoOptions | None = None
) -> ResolvedSettings:
    """A rehearsal looks as usual, but leaves nothing behind."""
    path = default_theme_file()
    last = settings.last_logon_file
    return replace(
        settings,
        remembered_theme=remembered_theme(path),
        theme_file=None if demo else path,
        last_logon=remembered_logon(last) if last else None,
    )
