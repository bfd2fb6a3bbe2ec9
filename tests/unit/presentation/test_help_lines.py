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


def test_each_sign_has_its_meaning_beside_it() -> None:
    lines = help_lines(KEYS, 90, UNICODE, manual_key="m")
    signs = {line[:15].strip(): line[15:] for line in lines[lines.index("SIGNS") + 2 : -2]}
    assert signs["✘"] in ("Failed", "Running with errors")
    assert (signs["✔"], signs["▶"], signs["·"]) == ("Success", "Working", "Waiting")
    assert signs["~"] == "inferred here: the server did not say it"
    assert signs["–"] == "unknown"
    assert signs["RO"].startswith("read-only: besides logon and logoff nothing but GET")


def test_a_text_that_goes_on_stands_below_itself() -> None:
    long = KeyHelp("/", "word " * 30, "filter")
    for width in (40, 90):
        lines = help_lines([long], width, ASCII, manual_key="m")
        begin = next(place for place, line in enumerate(lines) if line.startswith("/ "))
        end = lines.index("", begin)
        own = [line for line in lines[begin + 1 : end] if "(filter)" not in line]
        assert own
        assert all(line.startswith(" " * 15 + "word") for line in own)
        assert sum(line.count("word") for line in lines[begin:end]) == 30
