"""Settings: what the file may say, and what the front ends are given.

Loaded when a name is first asked for: a shell that completes only wants the paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.settings.resolved import (
        Accept,
        ApiVersion,
        BannerColour,
        DemoOptions,
        JournalOptions,
        PlanTarget,
        ResolvedSettings,
        SavedProfile,
        Targets,
        WatchOptions,
    )

__all__ = [
    "Accept",
    "ApiVersion",
    "BannerColour",
    "DemoOptions",
    "JournalOptions",
    "PlanTarget",
    "ResolvedSettings",
    "SavedProfile",
    "Targets",
    "WatchOptions",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tui.settings import resolved

    return getattr(resolved, name)
