from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.route import Cursor, Piece, cheapest, way
from tui.terminal.styles import Style, StyleTable

STYLES = StyleTable()
BAR = STYLES.number(Style(foreground="38;2;108;182;255"))
CLOCK = STYLES.number(Style(attributes=1, foreground="38;2;223;230;237"))
PENS = st.sampled_from([None, 0, BAR, CLOCK])
CURSORS = st.none() | st.tuples(st.integers(0, 199), st.integers(0, 59))


def piece(y: int, start: int, style: int, *, free: bool = True) -> Piece:
    return Piece(y, start, start + 1, style, style, erased=False, free=free)


def cost(order: list[Piece], cursor: Cursor, pen: int | None) -> int:
    sent = 0
    for y, start, end, first, last, _, _ in order:
        sent += len(way(cursor, start, y))
        sent += len(STYLES.between(pen, first)) if pen != first else 0
        cursor, pen = (end, y), last
    return sent


CHANGED = [piece(0, 171, CLOCK), piece(3, 196, CLOCK), piece(9, 50, BAR), piece(14, 52, BAR)]


def test_what_has_the_style_of_the_last_frame_comes_first() -> None:
    assert list(cheapest(CHANGED, (0, 0), CLOCK, STYLES)) == CHANGED
    assert [each.first for each in cheapest(CHANGED, (0, 0), BAR, STYLES)] == [BAR] * 2 + [
        CLOCK
    ] * 2


def test_a_style_that_comes_again_is_taken_up_once() -> None:
    mixed = [piece(y, 50, (BAR, CLOCK)[y % 2]) for y in range(6)]
    for pen, first in ((BAR, BAR), (CLOCK, CLOCK)):
        order = [each.first for each in cheapest(mixed, (0, 0), pen, STYLES)]
        assert [style for style, _ in groupby(order)] == [first, BAR + CLOCK - first]


def test_where_what_is_shown_may_reach_further_a_row_is_painted_from_left_to_right() -> None:
    mixed = [piece(y, x, (BAR, CLOCK)[x % 2], free=y > 0) for y in range(3) for x in range(4)]
    order = list(cheapest(mixed, (0, 2), CLOCK, STYLES))
    for _, row in groupby(order, lambda each: each.y):
        assert [each.start for each in row] == [0, 1, 2, 3]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20), st.integers(0, 40), st.sampled_from([BAR, CLOCK]), st.booleans()
        ),
        unique_by=lambda at: at[:2],
        max_size=60,
    ),
    CURSORS,
    PENS,
)
def test_every_piece_comes_once_and_no_order_costs_more_than_the_rows(
    places: list[tuple[int, int, int, bool]], cursor: Cursor, pen: int | None
) -> None:
    pieces = [piece(y, x, style, free=free) for y, x, style, free in sorted(places)]
    order = list(cheapest(pieces, cursor, pen, STYLES))
    assert sorted(order) == pieces
    assert cost(order, cursor, pen) <= cost(pieces, cursor, pen)
