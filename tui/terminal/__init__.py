"""Between Textual and the terminal: only cells that differ travel."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

FULL_PAINT = "FAILOVER_MONITOR_FULL_PAINT"
"""The environment variable that, set to anything but 0, lets everything through."""


def has_own_driver(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the driver is this program's: not on Windows, nor where a person names another."""
    return sys.platform != "win32" and not environ.get("TEXTUAL_DRIVER")


def driver_class(environ: Mapping[str, str] = os.environ) -> type[Driver] | None:
    """The driver for `App(driver_class=...)`; None: leave the choice to Textual.

    That is so on Windows and where `TEXTUAL_DRIVER` names another driver. With
    `FAILOVER_MONITOR_FULL_PAINT=1` every write goes through as it is, but a
    closed terminal is noticed all the same.
    """
    if not has_own_driver(environ):
        return None
    from tui.terminal.cell_driver import CellDriver
    from tui.terminal.driver import MortalDriver

    return MortalDriver if environ.get(FULL_PAINT, "0") not in ("", "0") else CellDriver
