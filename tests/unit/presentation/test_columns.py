from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.presentation.columns import ColumnWish, lay_out
from tui.presentation.glyphs import UNICODE
from tui.presentation.session_rows import SessionPainter
from tui.presentation.task_rows import TaskPainter

WISH = st.integers(1, 30).flatmap(
    lambda least: st.builds(
        ColumnWish,
        st.just("id"),
        st.just("TITLE"),
        st.just(least),
        st.integers(least, least + 60),
        share=st.integers(0, 4),
        drop=st.integers(0, 6),
    )
)
WISHES = st.lists(WISH, min_size=1, max_size=9)


@given(WISHES, st.integers(1, 250), st.integers(0, 3))
def test_columns_lie_side_by_side_and_stay_within_their_bounds(
    wishes: list[ColumnWish], width: int, gap: int
) -> None:
    columns = lay_out(wishes, width, gap)
    assert columns
    x = 0
    for column in columns:
        assert column.x == x
        assert column.room >= 1
        x += column.width
    assert columns[-1].gap == 0
    assert max(column.room for column in columns) <= max(wish.most for wish in wishes)
    if all(wish.drop for wish in wishes):
        assert x <= width


@given(WISHES, st.integers(1, 250))
def test_when_everything_fits_nothing_is_dropped_and_nobody_is_below_the_least(
    wishes: list[ColumnWish], width: int
) -> None:
    needed = sum(wish.least for wish in wishes) + 2 * (len(wishes) - 1)
    columns = lay_out(wishes, max(width, needed))
    assert len(columns) == len(wishes)
    assert sum(column.width for column in columns) <= max(width, needed)
    for column, wish in zip(columns, wishes, strict=True):
        assert wish.least <= column.room <= max(wish.least, wish.most)


@given(WISHES, st.integers(1, 250))
def test_room_that_a_growing_column_could_take_is_not_left_over(
    wishes: list[ColumnWish], width: int
) -> None:
    needed = sum(wish.least for wish in wishes) + 2 * (len(wishes) - 1)
    columns = lay_out(wishes, max(width, needed))
    left = max(width, needed) - sum(column.width for column in columns)
    if left:
        for column, wish in zip(columns, wishes, strict=True):
            assert not wish.share or column.room == wish.most


def test_a_narrow_terminal_drops_columns_in_the_order_said() -> None:
    painter = TaskPainter(UNICODE)
    lost: list[str] = []
    before = [column.id for column in painter.columns(200)]
    for width in range(199, 30, -1):
        now = [column.id for column in painter.columns(width)]
        lost += [each for each in before if each not in now]
        before = now
    assert [each for each in lost if each != "start"] == ["rpo", "message", "time", "progress"]
    assert before == ["vm", "status", "percent"]


@pytest.mark.parametrize("painter", [TaskPainter(UNICODE), SessionPainter(UNICODE)])
@pytest.mark.parametrize("width", [50, 80, 100, 120, 200])
def test_the_tables_never_exceed_the_terminal(
    painter: TaskPainter | SessionPainter, width: int
) -> None:
    columns = painter.columns(width)
    assert sum(column.width for column in columns) <= width


def test_eighty_columns_show_what_the_product_promises() -> None:
    ids = [column.id for column in TaskPainter(UNICODE).columns(80)]
    assert ids == ["vm", "status", "progress", "percent", "time", "message"]


def test_a_column_is_dropped_only_if_it_says_so_the_highest_first() -> None:
    stays, first, second = (
        ColumnWish("stays", "S", 10, 10),
        ColumnWish("first", "F", 10, 10, drop=2),
        ColumnWish("second", "G", 10, 10, drop=1),
    )

    def shown(width: int) -> list[str]:
        return [column.id for column in lay_out([first, stays, second], width)]

    assert shown(34) == ["first", "stays", "second"]
    assert shown(33) == shown(22) == ["stays", "second"]
    assert shown(21) == shown(1) == ["stays"]
    assert len(lay_out([stays, ColumnWish("other", "O", 10, 10)], 5)) == 2
