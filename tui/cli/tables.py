"""Rows on standard output: columns for people, tab-separated for a pipe, JSON, CSV."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from tui.light import dataclass
from tui.presentation.columns import ColumnWish, lay_out
from tui.presentation.glyphs import Glyphs
from tui.presentation.text import cells, clean, fit, wrap
from tui.report.plain_data import csv_text, json_text, members, plain
from tui.terminal.capabilities import is_terminal

Output = Literal["table", "wide", "json", "csv", "tab"]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Field(Generic[Row]):
    """A column for people. It gives way down to `least` cells, where that is said, a later
    `turn` before an earlier one; the one with the highest `drop` goes first; `cut` shortens a
    text to its room."""

    title: str
    text: Callable[[Row], str]
    least: int | None = None
    drop: int = 0
    turn: int = 0
    right: bool = False
    cut: Callable[[Row, int], str] | None = None


def chosen(output: Output | None) -> Output:
    """What was asked for; else a table on a terminal, and tabs in a pipe."""
    return output or ("table" if is_terminal(sys.stdout) else "tab")


def room(output: Output) -> int | None:
    """The width that a table has to keep to; None where there is no limit."""
    if output == "wide" or not is_terminal(sys.stdout):
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns


def table_lines(
    fields: Sequence[Field[Row]], rows: Sequence[Row], width: int | None, glyphs: Glyphs
) -> list[str]:
    """A header and the rows, in columns as wide as what they hold; nothing without rows."""
    if not rows:
        return []
    wishes = [_wish(place, field, rows) for place, field in enumerate(fields)]
    columns = lay_out(wishes, width or sum(wish.most + 2 for wish in wishes))
    lines = []
    for row in (None, *rows):
        parts = []
        for column in columns:
            field = fields[int(column.id)]
            text = field.title if row is None else _cell(field, row, column.room)
            fitted = fit(text, column.room, right=field.right, ellipsis=glyphs.ellipsis)
            parts.append(fitted + " " * column.gap)
        lines.append("".join(parts).rstrip())
    return lines


def _wish(place: int, field: Field[Row], rows: Sequence[Row]) -> ColumnWish:
    most = max(cells(field.title), *(cells(field.text(row)) for row in rows))
    least = most if field.least is None else min(most, max(field.least, cells(field.title)))
    share = 1 if least < most else 0
    return ColumnWish(
        str(place), field.title, least, most, share, field.drop, field.right, field.turn
    )


def _cell(field: Field[Row], row: Row, width: int) -> str:
    text = field.text(row)
    return field.cut(row, width) if field.cut and cells(text) > width else text


def wrapped(lines: Iterable[str], width: int | None, indent: int = 4) -> list[str]:
    """What is wider than the terminal goes on below, `indent` cells in."""
    found: list[str] = []
    for line in lines:
        if width is None or cells(line) <= width:
            found.append(line)
            continue
        lead = len(line) - len(line.lstrip())
        parts = wrap(line.strip(), max(20, width - max(lead, indent)))
        found.append(line[:lead] + parts[0])
        found += [" " * max(lead, indent) + part for part in parts[1:]]
    return found


def tab_lines(rows: Iterable[object]) -> list[str]:
    """All members in their order, a tab between them; `-` for what is unknown or blank."""
    return ["\t".join(_visible(value) for value in plain(row).values()) for row in rows]


def _visible(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value)).strip() or "-"


def csv_of(kind: type, rows: Iterable[object], **more: Any) -> str:
    """A header and the rows; `more` stands in front of each. Text is one line, made visible."""
    header = [*more, *(member.name for member in members(kind))]
    values = ((*more.values(), *plain(row).values()) for row in rows)
    return csv_text(
        header,
        ([clean(value) if isinstance(value, str) else value for value in row] for row in values),
    )


def show(
    output: Output,
    document: Mapping[str, Any],
    kind: type,
    rows: Sequence[object],
    lines: Callable[[], Iterable[str]],
    **more: Any,
) -> None:
    """What was asked for, in the form asked for: the `document` as JSON, its `rows` of that
    `kind` as CSV (`more` in front of each) or with tabs, `lines` for people."""
    if output == "json":
        print_json(document)
    elif output == "csv":
        write(csv_of(kind, rows, **more))
    elif output == "tab":
        print_lines(tab_lines(rows))
    else:
        print_lines(lines())


def print_lines(lines: Iterable[str]) -> None:
    """Each on a line of its own."""
    write("".join(f"{line}\n" for line in lines))


def print_json(document: Mapping[str, Any]) -> None:
    """As JSON that standard output can show; else everything but ASCII is escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    write(json_text(document, ascii_only=encoding != "utf8"))


def write(text: str) -> None:
    """To standard output, at once; what its encoding lacks is escaped."""
    if sys.stdout is None:
        raise BrokenPipeError
    encoding = sys.stdout.encoding or "utf-8"
    # A CSV's line ends are its own.
    data = text.encode(encoding, "backslashreplace")
    buffer = getattr(sys.stdout, "buffer", None)
    sys.stdout.flush()
    if buffer is None:
        sys.stdout.write(data.decode(encoding))
        sys.stdout.flush()
    else:
        buffer.write(data)
        buffer.flush()
