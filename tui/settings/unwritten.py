"""What holds where there is no settings file, without the models of `model`.

Most starts have no file. The models, and the library that they are made with, would take more
of such a start than anything else, only to hand out these values. Each of them is what the
model's default is: a test compares them all.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tui.settings.model import ProfileTable, SettingsTable


class Unwritten(SimpleNamespace):
    """A table in which nothing is set. Copied with changes as the models are."""

    model_fields_set: frozenset[str] = frozenset()
    """What a person has written: nothing, whatever a copy changes."""

    def model_copy(self, *, update: dict[str, Any]) -> Unwritten:
        """The same with other values."""
        return Unwritten(**{**vars(self), **update})


_PROFILE = dict.fromkeys(
    (
        "server",
        "user",
        "ca_file",
        "fingerprint",
        "interval",
        "banner",
        "password_command",
        "proxy",
        "accept",
    )
)
_DEFAULTS = dict.fromkeys(("profile", "ascii", "log_file", "log_level"))
_JOURNAL = dict.fromkeys(("folder", "max_age", "reports", "max_size"))
_TARGETS = dict.fromkeys(("rto", "rpo"))

NO_PROFILE = cast("ProfileTable", Unwritten(**_PROFILE))
"""A profile that says nothing."""

UNWRITTEN = cast(
    "SettingsTable",
    Unwritten(
        theme=None,
        bell=True,
        remember_logon=True,
        stall_after=None,
        notify=None,
        defaults=Unwritten(**_PROFILE, **_DEFAULTS, no_mouse=False),
        profiles={},
        keys={},
        targets=Unwritten(**_TARGETS, plans={}),
        journal=Unwritten(**_JOURNAL, keep=True),
        hooks={},
    ),
)
"""The whole file, with nothing in it."""
