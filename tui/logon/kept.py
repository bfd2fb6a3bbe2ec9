"""What is kept of a logon that worked: server and user, for the next start or as a profile.

Never the password: for that there is the system's keyring.
"""

from __future__ import annotations

from tui.settings.adding import add_profile
from tui.settings.remembered import LastLogon, Memory, logon_as_text
from tui.settings.resolved import ResolvedSettings, SavedProfile


class KeptLogons:
    """Remembers the last logon, and knows whether it may be kept as a profile."""

    def __init__(self, settings: ResolvedSettings) -> None:
        self._settings = settings
        file = settings.last_logon_file
        self._memory = Memory(file) if file else None
        self._last = settings.last_logon
        self._open: LastLogon | None = None

    @property
    def prefilled(self) -> tuple[str, str, str | None]:
        """Server, user and profile that the login form begins with.

        What the start says goes first; the last logon fills in what it leaves open.
        """
        given, last = self._settings, self._last
        server, user = given.server, given.user
        if last is not None:
            server = server or last.server
            user = user or (last.user if server == last.server else None)
        profile = given.profile
        if profile is None and given.server is None and last is not None:
            profile = next((each.name for each in given.profiles if _is_of(each, last)), None)
        return server.url if server else "", user or "", profile

    def worked(self, logon: LastLogon, *, typed: bool) -> bool:
        """A logon worked; whether to offer keeping it as a profile.

        Only who typed it is offered that, and who logs on the same way again is not asked twice.
        """
        known = any(_is_of(each, logon) for each in self._settings.profiles)
        self._open = None if known or self._settings.settings_file is None else logon
        is_new = logon != self._last
        if self._memory is not None and is_new:
            self._memory.remember(logon_as_text(logon))
        self._last = logon
        return typed and is_new and self._open is not None

    @property
    def may_keep(self) -> bool:
        """Whether there is a logon that no profile holds, and a file for one."""
        return self._open is not None

    def keep(self) -> str:
        """Write the profile; its name. Raises InvalidSettings."""
        logon, path = self._open, self._settings.settings_file
        if logon is None or path is None:
            raise RuntimeError("nothing is to be kept")
        name = add_profile(path, logon.server, logon.user)
        self._open = None
        return name

    def settle(self, seconds: float) -> None:
        """Give what is to be remembered that much time at most."""
        if self._memory is not None:
            self._memory.settle(seconds)


def _is_of(profile: SavedProfile, logon: LastLogon) -> bool:
    return profile.server == logon.server and profile.user in (None, logon.user)
