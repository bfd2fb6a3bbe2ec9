"""What this program writes into settings is read back as it was meant."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.toml import toml_key, toml_value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXTS, st.one_of(TEXTS, st.booleans(), st.integers(-9999, 9999), st.lists(TEXTS)))
def test_whatever_is_written_is_read_back(key: str, value: object) -> None:
    assert tomllib.loads(f"{toml_key(key)} = {toml_value(value)}") == {key: value}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (r"NOC\jdoe", r"'NOC\jdoe'"),
        ("em01", '"em01"'),
        (True, "true"),
        (["pass", "show"], '["pass", "show"]'),
        ("drill 🔥", '"drill 🔥"'),
        ("\x7f", r'"\U0000007f"'),
        ("half \udcff", r'"half \ufffd"'),
    ],
)
def test_as_a_person_would_write_it(value: object, written: str) -> None:
    assert toml_value(value) == written
    tomllib.loads(f"x = {written}")
