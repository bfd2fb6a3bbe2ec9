"""Commands run in this process against a simulated server on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.simulated import SimulatedServer, serve
from tui.simulator.logons import DEFAULT_USERS


@dataclass(frozen=True)
class Served:
    """The server, where it listens, and a file with the password of `user`."""

    service: SimulatedServer
    url: str
    user: str
    password_file: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a command needs to log on."""
        return (
            *("--server", self.url, "--user", self.user),
            *("--password-file", str(self.password_file)),
        )


@contextmanager
def served(service: SimulatedServer, folder: Path) -> Iterator[Served]:
    """That server on a free port."""
    user, account = next(iter(DEFAULT_USERS.items()))
    file = folder / "password"
    file.write_text(account.password)
    file.chmod(0o600)
    with serve(service) as serving:
        yield Served(service, serving.url, user, file)
