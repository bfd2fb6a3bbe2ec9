"""Columns that share a width: some fixed, some growing, the least needed dropped first."""

from __future__ import annotations

from collections.abc import Sequence

from tui.light import dataclass


@dataclass(frozen=True)
class Column:
    """One column as laid out; `x` and `width` in cells, `gap` of them blank at the end."""

    id: str
    title: str
    x: int
    width: int
    gap: int = 0
    right: bool = False

    @property
    def room(self) -> int:
        """Cells for the content."""
        return self.width - self.gap


@dataclass(frozen=True)
class ColumnWish:
    """What a column would like.

    It gets at least `least` cells and grows up to `most` by its `share` of what
    is left over, once those of an earlier `turn` have all they want. When not all fit,
    the one with the highest `drop` goes first; 0 never goes.
    """

    id: str
    title: str
    least: int
    most: int
    share: int = 0
    drop: int = 0
    right: bool = False
    turn: int = 0


def lay_out(wishes: Sequence[ColumnWish], width: int, gap: int = 2) -> tuple[Column, ...]:
    """The columns that fit, left to right; the gap is part of each but the last."""
    kept = list(wishes)
    while len(kept) > 1 and _needed(kept, gap) > width:
        droppable = max(kept, key=lambda wish: wish.drop)
        if droppable.drop == 0:
            break
        kept.remove(droppable)
    widths = _grown(kept, width - gap * (len(kept) - 1))
    columns = []
    x = 0
    for index, (wish, own) in enumerate(zip(kept, widths, strict=True)):
        own_gap = gap if index < len(kept) - 1 else 0
        columns.append(Column(wish.id, wish.title, x, own + own_gap, own_gap, wish.right))
        x += own + own_gap
    return tuple(columns)


def _needed(wishes: Sequence[ColumnWish], gap: int) -> int:
    return sum(wish.least for wish in wishes) + gap * (len(wishes) - 1)


def _grown(wishes: Sequence[ColumnWish], width: int) -> list[int]:
    widths = [wish.least for wish in wishes]
    left = width - sum(widths)
    while left > 0:
        growing = [i for i, wish in enumerate(wishes) if wish.share and widths[i] < wish.most]
        if not growing:
            break
        turn = min(wishes[i].turn for i in growing)
        growing = [i for i in growing if wishes[i].turn == turn]
        shares = sum(wishes[i].share for i in growing)
        for i in growing:
            extra = max(1, left * wishes[i].share // shares)
            extra = min(extra, wishes[i].most - widths[i], width - sum(widths))
            widths[i] += extra
        left = width - sum(widths)
    if left < 0:
        widths[0] = max(1, widths[0] + left)
    return widths
