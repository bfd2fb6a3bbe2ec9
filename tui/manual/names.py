"""Which pages there are, in the order in which they are worth reading."""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "first-day",
    "drill",
    "incident",
    "wall",
    "scripts",
    "schemas",
    "hooks",
    "metrics",
    "settings",
    "security",
    "troubleshooting",
    "not-told",
    "simulator",
    "exit-codes",
    "changes",
)
"""The pages as they are called on the command line."""
