"""Checking what a settings file says, and saying precisely what is wrong with it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ValidationError

from tui.errors import InvalidSettings
from tui.settings.lines import find_line, name_of, place_of
from tui.settings.model import (
    DefaultsTable,
    HookTable,
    JournalTable,
    ProfileTable,
    SettingsTable,
    TargetsTable,
    TargetTable,
)
from tui.settings.setting import allowed
from tui.settings.toml_hints import toml_hint
from tui.settings.value_types import EXPLAINED

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SHOWN = frozenset(
    (
        "interval",
        "banner",
        "accept",
        "no_mouse",
        "ascii",
        "bell",
        "remember_logon",
        "rto",
        "rpo",
        "stall_after",
        "notify",
        "log_level",
    )
)
"""Keys whose wrong value may be repeated; others could hold a secret."""


def problems_in(path: Path, text: str) -> SettingsTable | list[str]:
    """The checked table, or a sentence for every problem, in the order of the file."""
    try:
        return SettingsTable.model_validate(_parse(path, text))
    except InvalidSettings as error:
        return [error.sentence]
    except ValidationError as error:
        details = error.errors(include_url=False)
    located = [(find_line(text, _path(d)) or 0, _sentence(path, text, d)) for d in details]
    return [sentence for _, sentence in sorted(located)]


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except RecursionError:
        message = "nested too deeply"
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:
        raise InvalidSettings(f"{path}: not valid TOML: {message}.")
    reason, lines = message[: place.start()], text.splitlines() or [""]
    where = f"line {place[1]}, column {place[2]}" if place[1] else "at the end"
    line = lines[min(int(place[1]), len(lines)) - 1] if place[1] else lines[-1]
    hint = toml_hint(reason, line)
    raise InvalidSettings(f"{path}, {where}: not valid TOML: {reason}.{f' {hint}' if hint else ''}")


def _path(detail: ErrorDetails) -> tuple[str, ...]:
    """The keys as the file writes them: no list positions, no `plans` under targets."""
    path = tuple(part for part in detail["loc"] if isinstance(part, str))
    return (path[0], *path[2:]) if path[:2] == ("targets", "plans") else path


def _sentence(path: Path, text: str, detail: ErrorDetails) -> str:
    keys = _path(detail)
    place = place_of(path, text, keys)
    model = _model_of(keys)
    if detail["type"] == "extra_forbidden":
        return f"{place}: unknown key {name_of(keys)}. {_advice(keys[-1], keys[:-1], model)}"
    key = keys[-1]
    if detail["type"] == EXPLAINED:
        return f"{place}: {name_of(keys)} cannot be used. {detail['ctx']['advice']}"
    field = model.model_fields.get(key) or SettingsTable.model_fields.get(keys[0])
    told = allowed(field) if field else "a table"
    if detail["type"] in ("model_type", "dict_type"):
        told = "a table"
    value = f" is {_cut(repr(detail['input']))}" if key in _SHOWN else " cannot be used"
    return f"{place}: {name_of(keys)}{value}. Allowed: {told}."


def _model_of(keys: Sequence[str]) -> type[BaseModel]:
    """The model of the table that the last key stands in."""
    match list(keys[:-1]):
        case ["profiles", _]:
            return ProfileTable
        case ["defaults"]:
            return DefaultsTable
        case ["journal"]:
            return JournalTable
        case ["hooks", _]:
            return HookTable
        case ["targets"]:
            return TargetsTable
        case ["targets", _]:
            return TargetTable
        case _:
            return SettingsTable


def _advice(key: str, tables: Sequence[str], model: type[BaseModel]) -> str:
    if "password" in key.lower() and "command" not in key.lower():
        return "A password does not belong in a file: use password_command."
    names = [name for name in model.model_fields if name != "plans"]
    if key in DefaultsTable.model_fields and tables[:1] not in (("defaults",), ("profiles",)):
        return "It belongs under [defaults] or [profiles.NAME]."
    if key in HookTable.model_fields and tables[:1] != ("hooks",):
        return "It belongs under [hooks.NAME]."
    if tables and key in SettingsTable.model_fields:
        return "It belongs at the top, before the first table."
    known = [*names, *DefaultsTable.model_fields] if not tables else names
    close = difflib.get_close_matches(key.lower().replace("-", "_"), known, n=1)
    elsewhere = " under [defaults]" if close and close[0] not in names else ""
    guess = f"Did you mean {close[0]!r}{elsewhere}? " if close else ""
    return f"{guess}Allowed: {', '.join(sorted(names))}."


_ROOM: Final = 60
"""Characters of a value that are repeated; the rest says no more about what is wrong."""


def _cut(text: str) -> str:
    return text if len(text) <= _ROOM else text[: _ROOM - 1] + "…"
