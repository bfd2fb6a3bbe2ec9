from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.presentation.line import length
from tui.presentation.room import box_room, is_small, is_too_small, too_small_line

SIZE = st.integers(1, 300)


@given(SIZE, SIZE)
def test_below_the_smallest_size_one_line_says_what_is_needed(width: int, height: int) -> None:
    assert is_too_small(width, height) is (width < 36 or height < 10)
    line = too_small_line(width, height)
    assert length(line) == width
    if width >= len("needs 36x10"):
        assert "36x10" in line[0][0]


@given(st.integers(1, 120), SIZE, SIZE)
def test_a_box_is_never_wider_than_the_screen(widest: int, width: int, height: int) -> None:
    assert 1 <= box_room(widest, width, height) <= max(1, min(widest, width) - 3)
    assert not is_small(80, 24)
    assert is_small(40, 25)
    assert is_small(90, 15)


@pytest.mark.parametrize(
    ("width", "height", "small"),
    [(63, 40, True), (64, 18, False), (64, 17, True), (200, 17, True), (63, 17, True)],
)
def test_ornament_goes_below_64_by_18(width: int, height: int, small: bool) -> None:
    assert is_small(width, height) is small
    assert box_room(50, width, height) == (47 if small else 43)


def test_the_size_that_is_needed_is_said_in_as_many_words_as_fit() -> None:
    said = [too_small_line(width, 5)[0][0].rstrip() for width in (80, 35, 22, 21, 12)]
    assert said == [
        "This terminal is 80x5; 36x10 is needed.",
        "35x5: 36x10 needed",
        "22x5: 36x10 needed",
        "21x5: 36x10 needed",
        "needs 36x10",
    ]
