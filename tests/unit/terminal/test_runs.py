"""Cells that are handed over as they are show as if they had been written as escapes."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.emulator import Emulator
from tui.terminal.filter import CellFilter
from tui.terminal.runs import Run, as_written
from tui.terminal.styles import DEFAULT
from tui.terminal.widths import CONTINUED

SIZE = WIDTH, HEIGHT = 24, 5
TEXTS = st.text(
    st.sampled_from([*"abc 01", "━", "╸", "✔", "漢", "e", "\u0301", "👍", "\x07"]), max_size=8
)
RUNS = st.lists(
    st.builds(
        Run,
        st.integers(0, WIDTH + 2),
        st.integers(0, HEIGHT + 1),
        TEXTS,
        st.sampled_from(["", "1", "1;38;2;1;2;3", "48;5;9", "22;39"]),
    ),
    max_size=6,
)
WRITTEN = st.sampled_from(
    ["\x1b[2;3Habc", "\x1b[1m", "\x1b[0m", "\x1b[?2026h", "\x1b[?2026l", "\x1b[2J"]
)


def _after(steps: list[list[Run] | str], *, lays: bool) -> tuple[Emulator, CellFilter]:
    terminal, cells = Emulator(*SIZE), CellFilter(*SIZE)
    terminal.feed(cells.feed("\x1b[?7l\x1b[2J\x1b[H"))
    for step in steps:
        if isinstance(step, str):
            terminal.feed(cells.feed(step))
        elif not lays or not cells.lay(step):
            terminal.feed(cells.feed(as_written(step)))
        if not cells.in_frame:
            terminal.feed(cells.paint())
    return terminal, cells


@example(steps=[[Run(3, 0, "漢", ""), Run(4, 0, "", "1")]])
@settings(max_examples=150, deadline=None)
@given(steps=st.lists(RUNS | WRITTEN, max_size=8))
def test_laid_is_as_good_as_written(steps: list[list[Run] | str]) -> None:
    laid, cells = _after(steps, lays=True)
    written, expected = _after(steps, lays=False)
    assert laid.picture() == written.picture()
    assert cells.screen.picture.texts == expected.screen.picture.texts
    assert cells.screen.picture.styles == expected.screen.picture.styles
    assert (cells.screen.x, cells.screen.y) == (expected.screen.x, expected.screen.y)
    assert cells.screen.pen == expected.screen.pen


def test_what_is_plain_is_taken_in() -> None:
    cells = CellFilter(*SIZE)
    assert cells.lay([Run(2, 1, "abc", "1"), Run(0, 0, "漢✔", "")])
    assert cells.screen.picture.texts[1][2:5] == ["a", "b", "c"]
    assert cells.screen.picture.texts[0][:3] == ["漢", CONTINUED, "✔"]
    assert cells.screen.pen == DEFAULT


def test_what_would_be_read_otherwise_in_a_stream_is_not() -> None:
    one = [Run(0, 0, "a", "")]
    for before in ("\x1b[?2026h", "\x1b[", "\x1b[1;1H\x1b[1m"):
        cells = CellFilter(*SIZE)
        cells.feed(before)
        assert not cells.lay(one)
    cells = CellFilter(*SIZE)
    assert not cells.lay([Run(0, 0, "a\x1b[5mb", "")])
    assert not cells.lay([Run(WIDTH, 0, "a", "")])
    assert cells.lay(one)
