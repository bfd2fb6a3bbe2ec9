"""A session's tasks where there is no room for columns: name and reason run on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.analysis.assessment import TaskView
from tui.analysis.status import Status
from tui.presentation import times
from tui.presentation.columns import Column
from tui.presentation.glyphs import TOKENS
from tui.presentation.line import Line, Span, fit_line, length, percent
from tui.presentation.task_body import MOST_REASON_LINES, Needs, fold_line, reason_parts
from tui.presentation.task_layout import Fold, Row
from tui.presentation.task_rows import TaskPainter, has_message
from tui.presentation.text import cells, shorten_middle

_INDENT: Final = 2
_LEAST_TEXT: Final = 12
"""Cells beside the name, below which the text begins on a line of its own."""


class PhonePainter(TaskPainter):
    """`✘ sql02  Not enough free space on DS-07`, over as many lines as the reason takes."""

    def columns(self, width: int) -> Sequence[Column]:
        """One."""
        return (Column("row", "", 0, width),)

    def header(self, column: Column) -> Line:
        """Blank: there is nothing to tell apart."""
        return ((" " * column.width, "header"),)

    def holds_messages(self, width: int, needs: Needs) -> bool:
        """Whether none is longer than what the longest name leaves."""
        return needs.name + needs.message + _INDENT + 2 <= width

    def height(self, row: TaskView, width: int, most: int = MOST_REASON_LINES) -> int:
        """Lines of a row with its reason, of which so many lines at most below the first."""
        return len(self._lines(row, width, most))

    def cells(self, row: Row, columns: Sequence[Column]) -> Sequence[Line]:
        """The first line."""
        width = sum(column.width for column in columns)
        if isinstance(row, Fold):
            return [fold_line(row, width, self.glyphs)]
        if self.body.below:
            return [self._lines(row, width, self.body.most)[0]]
        lead, text, token = self._parts(row, width)
        return [fit_line([*lead, (f"  {text}", token)], width, self.glyphs)]

    def below(self, row: Row, width: int) -> Sequence[Line]:
        """The rest of the reason."""
        if isinstance(row, Fold) or not self.body.below:
            return ()
        return self._lines(row, width, self.body.most)[1:]

    def _lines(self, row: TaskView, width: int, most: int) -> list[Line]:
        lead, text, token = self._parts(row, width)
        beside, indent = width - length(lead) - 2, " " * _INDENT
        first = ""
        if text and (cells(text) <= beside or beside >= _LEAST_TEXT):
            first = reason_parts(text, beside, self.glyphs.ellipsis)[0] if beside >= 10 else text
        rest = text.removeprefix(first).strip() if first else text
        parts = reason_parts(rest, width - _INDENT, self.glyphs.ellipsis, most)
        lines = [fit_line([*lead, (f"  {first}", token)], width, self.glyphs)]
        return lines + [fit_line([(indent + part, token)], width, self.glyphs) for part in parts]

    def _parts(self, row: TaskView, width: int) -> tuple[list[Span], str, str]:
        """Symbol and name, what is said of it, and in which style."""
        glyphs, token = self.glyphs, TOKENS[row.status]
        symbol = glyphs.symbols[row.status]
        if row.status.is_running and row.key in self.context.stalled:
            symbol, token = glyphs.pause, "warning"
        name = glyphs.clean(row.vm_name) or glyphs.dash
        short = shorten_middle(name, width - _INDENT, glyphs.ellipsis)
        name_token = token if row.status is Status.FAILED else "title" if row.task else "waiting"
        lead: list[Span] = [(f"{symbol} ", token), (short, name_token)]
        if has_message(row):
            return lead, self.message(row), token
        if row.task is None:
            return lead, "", ""
        took = times.narrow(row.elapsed(self.context.as_of), glyphs.dash)
        if row.status is Status.SUCCESS:
            return lead, took, "dim"
        done = percent(row.progress, glyphs)
        return lead, f"{done}  {took}", "" if token != "warning" else token  # noqa: S105
