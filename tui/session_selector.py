"""What a person may write for a session instead of its whole ID; `monitor.selecting` reads it."""

from __future__ import annotations

from enum import Enum

from tui.light import dataclass


class Which(Enum):
    """The ways to name a session without its whole ID."""

    LATEST = "latest"
    RUNNING = "running"
    PLAN = "plan"
    PREFIX = "prefix"


@dataclass(frozen=True)
class Selector:
    """`text` is the plan's name or the ID's beginning, lower case and with its dashes."""

    which: Which
    text: str = ""
