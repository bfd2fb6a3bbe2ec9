"""All settings in the order of the file, from the model: for the commented file and the manual."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from tui.light import dataclass
from tui.settings.model import (
    DefaultsTable,
    HookTable,
    JournalTable,
    ProfileTable,
    SettingsTable,
    TargetTable,
)
from tui.settings.setting import allowed, example, is_built_in

EXAMPLE_PROFILE = "prod"
EXAMPLE_PLAN = "ABC Company Failover Plan"
EXAMPLE_HOOK = "pager"
EXAMPLE_KEYS = {"refresh": ["r", "f5"]}


@dataclass(frozen=True)
class Setting:
    """One key of a table. `example` as a file says it: what is built in, where `built_in`."""

    name: str
    about: str
    allowed: str
    example: object
    built_in: bool


@dataclass(frozen=True)
class TableOfSettings:
    """A table of the file: its name with its parents (none: the top), and what it is for."""

    path: tuple[str, ...]
    about: str
    settings: tuple[Setting, ...]

    @property
    def is_example(self) -> bool:
        """Whether its name is for the reader to choose."""
        return len(self.path) > 1


def tables() -> Iterator[TableOfSettings]:
    """Every table with every key of it."""
    yield TableOfSettings((), "What holds for every server.", _settings(SettingsTable))
    yield TableOfSettings(
        ("defaults",),
        "What holds where a profile says nothing; every key of a profile may stand here.",
        _settings(DefaultsTable),
    )
    yield TableOfSettings(("keys",), _of_keys().about, (_of_keys(),))
    yield TableOfSettings(("journal",), "The record of what was watched.", _settings(JournalTable))
    yield TableOfSettings(
        ("hooks", EXAMPLE_HOOK),
        "A command that is told what happens, by a name of your own.",
        _settings(HookTable),
    )
    yield TableOfSettings(
        ("profiles", EXAMPLE_PROFILE),
        "A server by a name of your own, for --profile and the login screen.",
        _settings(ProfileTable),
    )
    yield TableOfSettings(
        ("targets",), "What every plan promises, unless it has its own.", _settings(TargetTable)
    )
    yield TableOfSettings(
        ("targets", EXAMPLE_PLAN), "What one plan promises, by its name.", _settings(TargetTable)
    )


def _settings(model: type[BaseModel]) -> tuple[Setting, ...]:
    """Those with a value; tables have entries of their own."""
    return tuple(
        Setting(name, field.description or "", allowed(field), shown, is_built_in(field))
        for name, field in model.model_fields.items()
        if (shown := example(field)) is not None
    )


def _of_keys() -> Setting:
    field = SettingsTable.model_fields["keys"]
    ((name, keys),) = EXAMPLE_KEYS.items()
    about = "Other keys for a binding, by its id; `failover-monitor config keys` lists them."
    return Setting(name, about, allowed(field), keys, built_in=False)
