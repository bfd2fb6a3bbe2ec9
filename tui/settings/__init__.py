"""Settings: what the file may say, and what the front ends are given."""

from __future__ import annotations

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
