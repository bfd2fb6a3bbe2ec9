"""A socket in front of the simulated server, that can do what HTTP servers cannot."""

from __future__ import annotations

import asyncio

from tests.support.listening import Behaviour, Listener, relays_to


class Gate(Listener):
    """Relays bytes to a port of 127.0.0.1, unless a `Behaviour` takes the connection."""

    def __init__(self, behind: int) -> None:
        super().__init__(self._relay)
        self.behind = behind
        self.muted = False

    async def behave(self, behaviour: Behaviour | None) -> None:
        """From now on, for new connections; those that there are end. None relays again."""
        self._behaviour = behaviour or self._relay
        await self.hang_up()

    def relent(self) -> None:
        """New connections are relayed again; those that there are stay as they are."""
        self._behaviour = self._relay

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await relays_to(self.behind, lambda: self.muted)(reader, writer)
