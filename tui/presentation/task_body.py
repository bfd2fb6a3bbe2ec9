"""How the rows of a session's tasks use the width and the lines there are.

Columns take what their contents need and the message gets the rest. Where it does not
hold all messages whole, each stands in full under its row; and where there are too few
lines even for that, the rows come first and the lines by cause say why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, Protocol

from tui.analysis.assessment import TaskKey, TaskView
from tui.analysis.status import Status
from tui.light import dataclass
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import TOKENS, Glyphs, word
from tui.presentation.line import Line, Span, fit_line, length
from tui.presentation.task_layout import Fold, Group, Grouping, Row, fold_rows
from tui.presentation.text import cells, cut, wrap

REASON_INDENT: Final = 3
MOST_REASON_LINES: Final = 4
_LEAST_NAME: Final = 13
_LEAST_MESSAGE: Final = 16
_MOST_NAME: Final = 60
_MOST_BAR: Final = 32
_LEAST_NAMES_IN_FOLD: Final = 8


@dataclass(frozen=True)
class Needs:
    """Cells that the longest name, status and message take; 0 where there is none."""

    name: int = _LEAST_NAME
    status: int = 8
    message: int = 0


@lru_cache(maxsize=16)
def task_columns(
    width: int, needs: Needs, *, below: bool, column: bool = False
) -> tuple[Column, ...]:
    """The columns for these contents; with the reasons `below` the rows no message column.

    Where the message `column` is wanted names make room for it.
    """
    name = 3 + max(4, min(needs.name, _MOST_NAME))
    least = min(name, 3 + _LEAST_NAME if column else max(3 + _LEAST_NAME, width * 2 // 5))
    status = min(max(10, needs.status), 18)  # as wide with `Failed NEW` as without
    message = ColumnWish(
        "message", "MESSAGE", _LEAST_MESSAGE, max(_LEAST_MESSAGE, needs.message),
        share=1, drop=4, turn=1,
    )  # fmt: skip
    wishes = (
        ColumnWish("vm", "VM", least, name, share=1),
        ColumnWish("status", "STATUS", status, status),
        ColumnWish("progress", "PROGRESS", 10, _MOST_BAR, share=1, drop=2, turn=2),
        ColumnWish("percent", "%", 4, 4, right=True),
        ColumnWish("time", "TIME", 9, 9, drop=3, right=True),
        ColumnWish("start", "START UTC", 9, 9, drop=5),
        ColumnWish("rpo", "RPO", 9, 9, drop=6, right=True),
        *(() if below else (message,)),
    )
    return lay_out(wishes, width)


@dataclass(frozen=True)
class Body:
    """The rows shown, whether their reasons stand below them, and whether some are cut."""

    rows: Sequence[Row] = ()
    needs: Needs = Needs()
    below: bool = False
    cut: bool = False
    column: bool = False
    most: int = MOST_REASON_LINES
    """Lines of a reason below its row."""


class Painter(Protocol):
    """What lays tasks out needs of what paints them."""

    tells_below: bool
    """Whether a reason may stand under its row."""

    def needs(self, views: Sequence[TaskView]) -> Needs:
        """What the longest contents take."""

    def grouping(self, views: Sequence[TaskView]) -> Grouping | None:
        """Which of them belong together, where that is known."""

    def holds_messages(self, width: int, needs: Needs) -> bool:
        """Whether every message stands whole in its row."""

    def height(self, row: TaskView, width: int, most: int = MOST_REASON_LINES) -> int:
        """Lines of a row with its reason, of which so many lines at most."""


def lay_out_body(
    views: Sequence[TaskView],
    painter: Painter,
    *,
    width: int,
    lines: int,
    folding: bool,
    reasons: bool = False,
    column: bool = False,
    unfolded: Collection[Group] = (),
    chosen: TaskKey | None = None,
) -> Body:
    """How these rows stand on so many lines.

    With `folding` rows that have no room are folded, else they scroll. With `reasons`
    they are in full whatever room that takes, with `column` never but in theirs.
    """

    def rows(most: int = 0) -> Sequence[Row]:
        if not folding:
            return views
        return fold_rows(
            views,
            (lambda view: painter.height(view, width, most)) if most else (lambda _: 1),
            lines,
            unfolded=unfolded,
            chosen=chosen,
            grouping=painter.grouping(views),
        )

    needs = painter.needs(views)
    if not needs.message or painter.holds_messages(width, needs):
        return Body(rows(), needs, column=column)
    if column or not painter.tells_below:
        return Body(rows(), needs, cut=True, column=column)
    for most in range(MOST_REASON_LINES, 0, -1):
        shown = rows(most)
        if folding:
            fits = not any(isinstance(row, Fold) and row.group is Group.FAILED for row in shown)
        else:
            fits = sum(painter.height(view, width, most) for view in views) <= lines
        if reasons or fits:
            return Body(shown, needs, below=True, most=most)
    return Body(rows(), needs, cut=True)


@lru_cache(maxsize=4096)
def reason_parts(
    text: str, room: int, ellipsis: str, most: int = MOST_REASON_LINES
) -> tuple[str, ...]:
    """A clean text in at most so many lines of at most `room` cells."""
    parts = wrap(text, max(10, room)) if text else []
    if len(parts) > most > 0:
        last = cut(parts[most - 1], max(1, room - 2), ellipsis)
        parts = [*parts[: most - 1], last.removesuffix(ellipsis) + ellipsis]
    return tuple(parts if most > 0 else ())


def fold_line(fold: Fold, width: int, glyphs: Glyphs) -> Line:
    """`── ✔ 9 success: dc01, dc02, … ─`: how many are folded, and as many names as fit."""
    rule: Span = (glyphs.rule * 2, "rule")
    spans = [rule, (" ", ""), *_fold_counts(fold, glyphs, words=True)]
    if length(spans) + 3 > width:
        spans = [rule, (" ", ""), *_fold_counts(fold, glyphs, words=False)]
    room = width - length(spans) - length([rule]) - 3
    if room >= _LEAST_NAMES_IN_FOLD:
        names = ", ".join(glyphs.clean(name) or glyphs.dash for name in fold.names)
        spans += [(": ", "dim"), (cut(names, room, glyphs.ellipsis), "dim")]
    spans.append((" ", ""))
    return fit_line([*spans, (glyphs.rule * max(0, width - length(spans)), "rule")], width, glyphs)


def _fold_counts(fold: Fold, glyphs: Glyphs, *, words: bool) -> list[Span]:
    spans: list[Span] = []
    more = " more" if fold.count < fold.of else ""
    for place, (status, number) in enumerate(fold.counts):
        said = f" {number}{more if not place else ''} {_word(status, number)}" if words else number
        gap = "" if not place else "  " if words else " "
        spans.append((f"{gap}{glyphs.symbols[status]}{said}", TOKENS[status]))
    return spans


def _word(status: Status, number: int) -> str:
    if status is Status.WARNING:
        return "warning" if number == 1 else "warnings"
    return word(status).lower()


def longest(texts: Sequence[str]) -> int:
    """Cells of the longest of clean texts."""
    return max(map(cells, texts), default=0)
