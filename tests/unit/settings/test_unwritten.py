from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from tui.settings.model import ProfileTable, SettingsTable
from tui.settings.unwritten import NO_PROFILE, UNWRITTEN


def said(table: Any) -> object:
    """All that a table hands out, tables in it included."""
    if isinstance(table, BaseModel):
        return {name: said(getattr(table, name)) for name in type(table).model_fields}
    if hasattr(table, "model_copy"):
        return {name: said(value) for name, value in vars(table).items()}
    return table


@pytest.mark.parametrize(
    ("unwritten", "model"), [(UNWRITTEN, SettingsTable()), (NO_PROFILE, ProfileTable())]
)
def test_without_a_file_holds_what_an_empty_file_says(unwritten: object, model: BaseModel) -> None:
    assert said(unwritten) == said(model)


def test_it_is_copied_with_changes_as_the_models_are() -> None:
    for table in (UNWRITTEN, SettingsTable()):
        journal = table.journal.model_copy(update={"keep": False})
        copied = table.model_copy(update={"journal": journal})
        assert copied.journal.keep is False
        assert copied.bell
        assert not table.model_fields_set
        assert table.journal.keep is True
