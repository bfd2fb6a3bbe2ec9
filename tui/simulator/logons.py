"""Logon sessions: who is logged on, by which token, and for how much longer."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from tui.light import dataclass


@dataclass(frozen=True)
class Account:
    """A person who may log on; `cloud` False gets 403 on the Cloud Connect resources."""

    password: str = field(repr=False)
    cloud: bool = True


DEFAULT_USERS: Mapping[str, Account] = {
    "demo": Account("demo"),
    "auditor": Account("auditor", cloud=False),
}


@dataclass
class LogonSession:
    """One logon. Neither id nor token shows in its repr: who has one is logged on."""

    id: str = field(repr=False)
    user: str
    account: Account
    last_used: datetime

    @property
    def token(self) -> str:
        """Base64 of the text of the id, as newer servers make it."""
        return base64.b64encode(self.id.encode()).decode()


class Logons:
    """All logon sessions of one server. Not thread-safe by itself."""

    def __init__(self, users: Mapping[str, Account], idle_timeout: float) -> None:
        self._users = {name.lower(): account for name, account in users.items()}
        self._idle = timedelta(seconds=idle_timeout)
        self._by_token: dict[str, LogonSession] = {}

    def account(self, authorization: str) -> tuple[str, Account] | None:
        """User name and account of a Basic authorization; None if it is not right.

        A domain (`NOC\\demo`, `demo@noc`) is accepted before or after the name.
        """
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return None
        bare = user.rpartition("\\")[2].partition("@")[0].lower()
        account = self._users.get(user.lower()) or self._users.get(bare)
        return (user, account) if account and account.password == password else None

    def begin(self, user: str, account: Account, now: datetime) -> LogonSession:
        """Log on."""
        shown = user if "\\" in user or "@" in user else f"EM01\\{user}"
        session = LogonSession(str(uuid.uuid4()), shown, account, now)
        self._by_token[session.token] = session
        return session

    def find(self, token: str, now: datetime) -> LogonSession | None:
        """The session of a token, kept alive by this request; None when it has expired."""
        self._expire(now)
        session = self._by_token.get(token)
        if session:
            session.last_used = now
        return session

    def _expire(self, now: datetime) -> None:
        idle = [t for t, s in self._by_token.items() if now - s.last_used > self._idle]
        for token in idle:
            del self._by_token[token]

    def end(self, session: LogonSession) -> None:
        """Log off."""
        self._by_token.pop(session.token, None)
