from __future__ import annotations

import pytest

from tui.analysis.status import Status
from tui.presentation.glyphs import ASCII, TOKENS, UNICODE, Glyphs, word
from tui.presentation.text import cells

BOTH = pytest.mark.parametrize("glyphs", [UNICODE, ASCII])


@BOTH
@pytest.mark.parametrize("status", list(Status))
def test_each_status_has_a_symbol_of_one_cell_a_word_and_a_token(
    glyphs: Glyphs, status: Status
) -> None:
    assert cells(glyphs.symbols[status]) == 1
    assert word(status)
    assert TOKENS[status]


@BOTH
def test_what_differs_for_a_person_differs_without_colour(glyphs: Glyphs) -> None:
    telling = [Status.FAILED, Status.WARNING, Status.SUCCESS, Status.RUNNING, Status.WAITING]
    assert len({glyphs.symbols[status] for status in telling}) == len(telling)
    assert len({word(status) for status in Status}) == len(list(Status))


def test_the_ascii_twin_is_ascii() -> None:
    drawn = [ASCII.bar_full, ASCII.bar_half, ASCII.bar_track, ASCII.rule, ASCII.dash]
    drawn += [ASCII.ellipsis, ASCII.dot, ASCII.cross, ASCII.sorted_up, ASCII.sorted_down]
    assert "".join([*drawn, *ASCII.symbols.values()]).isascii()


@BOTH
def test_bars_are_drawn_with_single_cells(glyphs: Glyphs) -> None:
    assert [cells(c) for c in (glyphs.bar_full, glyphs.bar_half, glyphs.bar_track)] == [1, 1, 1]


def test_the_servers_own_word_is_shown_as_data() -> None:
    assert word(Status.UNKNOWN, "Pausing") == "Pausing"
    assert word(Status.UNKNOWN, "\x1b[2J[/b]") == "␛[2J[/b]"
    assert word(Status.UNKNOWN) == "Unknown"


def test_ascii_keeps_line_breaks_visible_and_replaces_the_rest() -> None:
    assert ASCII.clean("a\nb") == "a | b"
    assert ASCII.clean("Müller") == "M?ller"
