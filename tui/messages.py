"""Messages that cross widgets and screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.enterprise_manager.credentials import Credentials
    from tui.monitor.recording import Recording
    from tui.monitor.session_list import SessionListState
    from tui.monitor.snapshot import Snapshot


class LogonRequested(Message):
    """A person wants to log on; `server` as typed, already checked.

    An empty password asks for the one that the profile's command prints.
    """

    def __init__(self, server: str, credentials: Credentials, profile: str | None) -> None:
        super().__init__()
        self.server = server
        self.credentials = credentials
        self.profile = profile


class LogonAgainRequested(Message):
    """The account was refused meanwhile: a person wants to type the password again."""


class SessionRequested(Message):
    """A person opened a session; `replaces` the one in front instead of covering it."""

    def __init__(self, session_id: str, *, replaces: bool = False) -> None:
        super().__init__()
        self.session_id = session_id
        self.replaces = replaces


class ReplayRequested(Message):
    """A person wants to go back in time in what was watched of the session in front."""

    def __init__(self, recording: Recording) -> None:
        super().__init__()
        self.recording = recording


class TitleChanged(Message):
    """What the terminal's title is to say."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title


class StatePublished(Message):
    """There is a new snapshot of the session; a later one replaces one not yet handled."""

    def __init__(self, state: Snapshot) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest state matters."""
        return isinstance(message, StatePublished)


class HistoryPublished(Message):
    """The session list has a new state; a later one replaces one not yet handled."""

    def __init__(self, state: SessionListState) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest state matters."""
        return isinstance(message, HistoryPublished)
