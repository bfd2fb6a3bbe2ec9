from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.help_lines import KeyHelp, help_lines
from tui.presentation.text import cells

KEYS = [
    KeyHelp("/", "Show only VMs whose name, status or message holds a text", "filter"),
    KeyHelp("PgUp", "Page up", "move.page-up"),
]


@given(st.integers(30, 120))
def test_every_line_fits_and_every_id_is_told(width: int) -> None:
    lines = help_lines(KEYS, width, UNICODE, manual_key="m")
    assert all(cells(line) <= width for line in lines)
    for each in KEYS:
        assert sum(each.id in line.split() or f"({each.id})" in line for line in lines) == 1


def test_an_id_stands_beside_its_keys_where_there_is_room() -> None:
    wide = help_lines(KEYS, 90, ASCII, manual_key="m")
    narrow = help_lines(KEYS, 40, ASCII, manual_key="m")
    assert any(line.startswith("PgUp") and line.endswith("  move.page-up") for line in wide)
    at = next(place for place, line in enumerate(narrow) if line.startswith("PgUp"))
    assert narrow[at + 1].strip() == "(move.page-up)"
    assert all(line.isascii() for line in wide)


def test_the_key_to_the_manual_is_told_on_top() -> None:
    assert help_lines(KEYS, 80, ASCII, manual_key="f2")[1] == "f2 opens the manual"
