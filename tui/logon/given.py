"""What was given to log on with: by the start's settings, by a profile, by the form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.connecting import LogonTarget
from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import CredentialsUnavailable
from tui.light import dataclass
from tui.secret import SecretStr

if TYPE_CHECKING:
    from tui.password_sources import PasswordCommand
    from tui.server_address import ServerAddress
    from tui.settings.resolved import BannerColour, ResolvedSettings, SavedProfile


_GIVE_UP = "Esc, or typing the password, gives that up."


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
        """With what the settings hold, where that is enough; the password may have to be asked for.

        Looks only whether there is somebody to ask: nothing outside is asked here.
        """
        given = self._settings
        if not (given.server and given.user and (given.password or self._somebody_has_it())):
            return None
        return Attempt(
            LogonTarget.of(given.server, given),
            Credentials(given.user, given.password or SecretStr("")),
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
            given,
            ca_file=None,
            fingerprint=None,
            banner=None,
            profile=None,
            password=None,
            password_command=None,
            ask_keyring=False,
        )

    def _somebody_has_it(self) -> bool:
        from tui.password_sources import keyring_available

        given = self._settings
        return bool(given.password_command) or (given.ask_keyring and keyring_available())

    async def with_password(
        self, attempt: Attempt, waits: Callable[[str], None] = lambda _: None
    ) -> Attempt | None:
        """Where none was typed: that of the start, what a command prints or the keyring holds.

        `waits` is told for whom, and for how long at most. None where a person has to be
        asked. Raises `CredentialsUnavailable` for a source in trouble, and where nobody was
        to be asked. When it is cancelled, the command is ended.
        """
        user, server = attempt.credentials.user, attempt.target.server
        if attempt.credentials.password.get_secret_value():
            return attempt
        given = self.settings_for(server)
        password = given.password if self._is_for(user, server) else None
        command = self._command(attempt)
        if password is None and command is not None:
            waits(f"{command.under_way} {_GIVE_UP}")
            password = await _printed(command)
        elif password is None and self._keeps_in_keyring(user, server):
            from tui.password_sources import KEYRING_SECONDS, from_keyring, within_seconds

            waits(f"Waiting for the system's keyring, {KEYRING_SECONDS:g} s at most. {_GIVE_UP}")
            password = await asyncio.to_thread(within_seconds, from_keyring, server.url, user)
            if password is None:
                return None
        if password is None:
            raise CredentialsUnavailable("No password was typed.")
        if self._is_for(user, server) and given.user is not None:
            # For the next logon to the same account, without asking anew.
            self._settings = replace(self._settings, password=password)
        return replace(attempt, credentials=Credentials(user, password))

    def _is_for(self, user: str, server: ServerAddress) -> bool:
        """Whether what the start gave is meant for that account."""
        given = self._settings
        return given.server in (None, server) and given.user in (None, user)

    def _command(self, attempt: Attempt) -> PasswordCommand | None:
        """That of the profile, else that of the start."""
        from tui.password_sources import PasswordCommand, command_of

        user, server = attempt.credentials.user, attempt.target.server
        if attempt.profile is not None:
            return command_of(attempt.profile, server)
        words = self._settings.password_command
        known = self._settings.server is not None and self._is_for(user, server)
        return PasswordCommand(words) if words and known else None

    def _keeps_in_keyring(self, user: str, server: ServerAddress) -> bool:
        from tui.password_sources import keyring_available

        return self._settings.ask_keyring and self._is_for(user, server) and keyring_available()

    def forget_password(self) -> None:
        """The server refused it: an empty field must not send it again."""
        self._settings = replace(
            self._settings, password=None, password_command=None, ask_keyring=False
        )

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
