"""Dataclasses as data for programs: JSON values, CSV rows, and what each member means.

JSON: members by their names, in their order. Moments are ISO 8601 in UTC with a `Z`, to the
millisecond where there is more than whole seconds; durations are seconds, their names end in
`_seconds`; what is unknown is null. Text is as the server sent it, escaped by JSON.

CSV: RFC 4180, UTF-8, a header line. A text cell that a spreadsheet would take for a formula
(it begins with `=`, `+`, `-`, `@`, a tab or a line break) gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_type_hints

from tui.light import dataclass

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNSEEN: Final = re.compile(r"[^\n -~]")


@dataclass(frozen=True)
class Member:
    """A member as the data has it; `meaning` is empty where none was told."""

    name: str
    meaning: str


def members(kind: type) -> Iterator[Member]:
    """The members of what a dataclass of that kind becomes.

    What one means stands in its annotation: `Annotated[str, "the plan's name"]`.
    """
    hints = get_type_hints(kind, include_extras=True)
    for each in fields(kind):
        meaning = getattr(hints[each.name], "__metadata__", ("",))[0]
        yield Member(_name(each.name, each.type), str(meaning))


def plain(value: object) -> dict[str, Any]:
    """A dataclass as a JSON object."""
    return dict(_pairs(value))


def _pairs(value: object) -> Iterator[tuple[str, Any]]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no part of what is told")
    for each in fields(value):
        found = getattr(value, each.name)
        if each.name == "counts" and found is not None:
            yield each.name, dict(found)
        else:
            yield _name(each.name, each.type), _value(found)


def _name(name: str, kind: object) -> str:
    return f"{name}_seconds" if "timedelta" in str(kind) else name


def _value(value: object) -> Any:
    if isinstance(value, timedelta):
        seconds = value.total_seconds()
        return int(seconds) if seconds == int(seconds) else seconds
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Mapping):
        return {str(key): _value(each) for key, each in value.items()}
    if is_dataclass(value):
        return plain(value)
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return value


def moment(value: datetime) -> str:
    """`2026-11-23T14:03:22Z`, or `…22.795Z`."""
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", precision) + "Z"


def json_text(document: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """Two blanks a level, with a line break at the end.

    What a terminal would obey or turn round (escapes, bidirectional marks) is escaped by JSON.
    """
    text = json.dumps(document, indent=2, ensure_ascii=ascii_only) + "\n"
    return _UNSEEN.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def csv_text(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """With a header line; None is an empty cell, true and false are words."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(_harmless(value) for value in row)
    return text.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
