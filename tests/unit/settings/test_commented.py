"""The commented file: whole, right as it is, and right with every example set."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tui.cli.resolving import Flags, resolve
from tui.settings.commented import commented_settings
from tui.settings.file import SettingsFile, find_problems
from tui.settings.model import (
    DefaultsTable,
    JournalTable,
    ProfileTable,
    SettingsTable,
    TargetTable,
)
from tui.settings.reference import tables
from tui.settings.toml import toml_key, toml_value

TEXT = commented_settings()
ALL_SET = re.sub(r"^#(?! )", "", TEXT, flags=re.M)


def checked(text: str) -> SettingsTable:
    found = find_problems(Path("c.toml"), text)
    assert isinstance(found, SettingsTable), found
    return found


def test_as_written_it_sets_nothing() -> None:
    assert checked(TEXT) == SettingsTable()


def test_with_every_example_set_it_is_right_and_whole() -> None:
    checked(ALL_SET)
    written: dict[str, Any] = tomllib.loads(ALL_SET)
    profile, plan = written["profiles"]["prod"], written["targets"]["ABC Company Failover Plan"]
    for table, model in (
        (written, SettingsTable),
        (written["defaults"], DefaultsTable),
        (profile, ProfileTable),
        (written["journal"], JournalTable),
        (plan, TargetTable),
    ):
        assert set(table) == set(model.model_fields), model


@pytest.mark.parametrize("model", [SettingsTable, DefaultsTable, JournalTable, TargetTable])
def test_each_setting_says_what_it_is_for(model: type[BaseModel]) -> None:
    prose = " ".join(line[2:] for line in TEXT.splitlines() if line.startswith("# "))
    for name, field in model.model_fields.items():
        is_table = field.annotation is not None and "Table" in str(field.annotation)
        if not is_table and name != "keys":
            assert f"{field.description} Allowed: " in prose, name


def test_each_line_that_a_person_uncomments_alone_is_said_to_belong_elsewhere_or_right() -> None:
    """A key never lands in another table without a word, whatever stays commented out."""
    lines = TEXT.splitlines()
    header = ""
    for number, line in enumerate(lines):
        header = line if line.lstrip("#").startswith("[") else header
        if not re.match(r"#\w", line):
            continue
        text = "\n".join([*lines[:number], line[1:], *lines[number + 1 :]])
        found = find_problems(Path("c.toml"), text)
        if header.startswith("#[profiles"):
            assert isinstance(found, list)
            assert "It belongs under [defaults] or [profiles.NAME]." in found[0]
        elif header.startswith("#[hooks"):
            assert isinstance(found, list)
            assert "It belongs under [hooks.NAME]." in found[0]
        else:
            assert isinstance(found, SettingsTable), (line, found)


def test_what_is_told_as_built_in_is_what_holds() -> None:
    plain = resolve(Flags(), SettingsFile(Path("c.toml"), SettingsTable()), Path("known"))
    told = 0
    for table in tables():
        for setting in table.settings:
            if setting.built_in:
                header = f"[{'.'.join(map(toml_key, table.path))}]\n" if table.path else ""
                text = f"{header}{setting.name} = {toml_value(setting.example)}\n"
                file = SettingsFile(Path("c.toml"), checked(text), text, exists=True)
                same = resolve(Flags(), file, Path("known"))
                if not table.is_example:
                    assert same == plain, setting
                    told += 1
    assert told >= 8


def test_no_line_is_too_long_for_a_terminal() -> None:
    assert max(map(len, TEXT.splitlines())) <= 88
