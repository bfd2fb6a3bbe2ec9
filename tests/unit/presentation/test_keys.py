"""Keys as people write them."""

from __future__ import annotations

import pytest

from tui.presentation.keys import key_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("slash", "/"),
        ("question_mark", "?"),
        ("pagedown", "PgDn"),
        ("escape", "Esc"),
        ("ctrl+p", "Ctrl+P"),
        ("ctrl+f5", "Ctrl+F5"),
        ("f1", "F1"),
        ("f12", "F12"),
        # A letter is the key itself: f is not a function key, and Y is not y.
        ("f", "f"),
        ("y", "y"),
        ("Y", "Y"),
        ("fx", "fx"),
        ("5", "5"),
    ],
)
def test_a_key_is_spelled_as_on_the_keyboard(key: str, name: str) -> None:
    assert key_name(key) == name
