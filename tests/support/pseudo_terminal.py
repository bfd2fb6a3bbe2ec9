"""A real process behind a pseudo-terminal, its screen read by the strict emulator."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.emulator import Emulator
from tests.support.terminal import Terminal


class PseudoTerminal(Terminal):
    """A `Terminal` for what has to be compared cell by cell, colours and all."""

    def __init__(
        self,
        *arguments: str,
        environment: dict[str, str] | None = None,
        width: int = 80,
        height: int = 20,
    ) -> None:
        self.emulator = Emulator(width, height)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        known = {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        super().__init__(arguments, known, columns=width, lines=height)

    @property
    def sent(self) -> int:
        """Bytes that the process has written."""
        return len(self.output)

    @property
    def text(self) -> str:
        """The screen, one line per row."""
        return "\n".join(self.emulator.lines())

    def take(self, text: str) -> None:
        """Show what has come."""
        self.emulator.feed(text)

    def resize(self, columns: int, lines: int) -> None:
        """Change the size, leaving rubbish on the screen; the kernel sends SIGWINCH."""
        self.emulator.resize(columns, lines)
        super().resize(columns, lines)

    def stopped(self) -> bool:
        """Whether the process is suspended."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[0] == "T"


def wait_for(
    condition: Callable[[], bool], *terminals: PseudoTerminal, seconds: float = 10.0
) -> None:
    """Read from the terminals in turn until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        screens = "\n\n".join(terminal.text for terminal in terminals)
        assert time.monotonic() < deadline, f"in vain:\n{screens}"
        for terminal in terminals:
            terminal.read_for(0.02)
