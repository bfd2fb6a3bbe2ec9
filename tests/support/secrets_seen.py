"""What must be found nowhere, in every form that it could take."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui.simulator.logons import LogonSession


@dataclass
class Secrets:
    """Collects needles by name; `found_in` tells which of them some bytes hold."""

    needles: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of_logon(cls, user: str, password: str) -> Secrets:
        """The password, also as the Authorization header carries it."""
        secrets = cls({"password": password.encode()})
        pair = f"{user}:{password}".encode()
        secrets.needles["authorization"] = base64.b64encode(pair)
        secrets.needles["password in base64"] = base64.b64encode(password.encode()).rstrip(b"=")
        return secrets

    def note(self, session: LogonSession) -> None:
        """Note id and token of a logon session."""
        number = len(self.needles)
        self.needles[f"token {number}"] = session.token.rstrip("=").encode()
        self.needles[f"logon session id {number}"] = session.id.encode()
        self.needles[f"logon session id {number}, bare"] = session.id.replace("-", "").encode()

    def found_in(self, data: bytes) -> list[str]:
        lower = data.lower()
        return [name for name, needle in self.needles.items() if needle.lower() in lower]

    def found_under(self, folder: Path) -> dict[str, list[str]]:
        """The files below a folder that hold a secret, and which."""
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {str(f): found for f in files if (found := self.found_in(f.read_bytes()))}


def process_tree(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from process_tree(int(child))


def told_by_proc(pid: int) -> bytes:
    """Command line and environment of a process and its descendants, and thread names."""
    parts = []
    for number in process_tree(pid):
        folder = Path(f"/proc/{number}")
        parts += [(folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()]
        parts += [(task / "comm").read_bytes() for task in (folder / "task").iterdir()]
    return b"\n".join(parts)
