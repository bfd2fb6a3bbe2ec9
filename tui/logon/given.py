"""What was given to log on with: by the start's settings, by a profile, by the form."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.connecting import LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import CredentialsUnavailable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.password_sources import PasswordCommand
    from tui.server_address import ServerAddress
    from tui.settings.resolved import BannerColour, ResolvedSettings, SavedProfile


@dataclass(frozen=True)
class Attempt:
    """A logon that somebody asked for. An empty password means the one known here.

    With `again`, a server that cannot be reached is tried until it can: only for a logon
    that nobody sits in front of, such as a wall started while Enterprise Manager is down.
    """

    target: LogonTarget
    credentials: Credentials
    again: bool
    profile: SavedProfile | None = None

    @property
    def under_way(self) -> str:
        """What is said meanwhile."""
        return f"Logging on to {self.target.server.label} as {self.credentials.user} ..."


class Given:
    """The settings of the start, and what became of them: what is whose is decided here.

    `typed` are the credentials that a person typed, None where the password came from
    elsewhere.
    """

    def __init__(self, settings: ResolvedSettings) -> None:
        self._settings = settings
        self.typed: Credentials | None = None

    def at_start(self) -> Attempt | None:
        """With what the settings hold, where that is enough."""
        given = self._settings
        if not (given.server and given.user and given.password):
            return None
        return Attempt(
            LogonTarget.of(given.server, given),
            Credentials(given.user, given.password),
            again=True,
            profile=self._saved(given.profile),
        )

    def as_typed(self, server: str, credentials: Credentials, profile: str | None) -> Attempt:
        """With what the form holds; `server` has been checked there."""
        address = parse_server(server)
        chosen = self._saved(profile)
        # A profile whose server was typed over lends that other server nothing.
        chosen = chosen if chosen and chosen.fits(address) else None
        self.typed = credentials if credentials.password.get_secret_value() else None
        target = LogonTarget.of(address, chosen or self.settings_for(address))
        return Attempt(target, credentials, again=self.typed is None, profile=chosen)

    def banner(self, attempt: Attempt | None = None) -> BannerColour | None:
        """The colour for that attempt; without one, for what the start named."""
        profile = attempt.profile if attempt else self._saved(self._settings.profile)
        if profile is not None:
            return profile.banner
        server = attempt.target.server if attempt else self._settings.server
        return self.settings_for(server).banner

    def _saved(self, name: str | None) -> SavedProfile | None:
        return next((saved for saved in self._settings.profiles if saved.name == name), None)

    def settings_for(self, server: ServerAddress | None) -> ResolvedSettings:
        """The settings, without what was meant for another server than this one."""
        given = self._settings
        if given.server is None or given.server == server:
            return given
        return replace(
            given, ca_file=None, fingerprint=None, banner=None, profile=None, password=None
        )

    async def with_password(self, attempt: Attempt) -> Attempt:
        """Where none was typed: that of the start, or what the profile's command prints.

        Raises `CredentialsUnavailable`.
        """
        user, server = attempt.credentials.user, attempt.target.server
        if attempt.credentials.password.get_secret_value():
            return attempt
        given = self.settings_for(server)
        password = given.password if given.user in (None, user) else None
        if password is None and attempt.profile is not None:
            from tui.password_sources import command_of

            command = command_of(attempt.profile, server)
            password = await _printed(command) if command else None
        if password is None:
            raise CredentialsUnavailable("No password was typed.")
        return replace(attempt, credentials=Credentials(user, password))

    def forget_password(self) -> None:
        """The server refused it: an empty field must not send it again."""
        self._settings = replace(self._settings, password=None)

    def bind(self, server: ServerAddress, user: str) -> None:
        """What was given without saying for whom has found its account: it stays that one's."""
        given = self._settings
        self._settings = replace(given, server=given.server or server, user=given.user or user)


async def _printed(command: PasswordCommand) -> SecretStr:
    try:
        return await asyncio.to_thread(command.run)
    except asyncio.CancelledError:
        command.stop()
        raise
