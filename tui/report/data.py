"""The report for programs: JSON of a documented, versioned shape, and CSV, one row a VM.

JSON: the members of `tui.report.model` by their names, in their order. Moments are ISO 8601
in UTC with a `Z`, to the millisecond where the server gave more than whole seconds; durations
are seconds, their names end in `_seconds`; `counts` is an object; what is unknown is null.
`schema` names the shape: a number that is raised when a member goes or changes its meaning, not
when one is added.

CSV: RFC 4180, UTF-8, a header line. A text cell that a spreadsheet would take for a formula
(it begins with `=`, `+`, `-`, `@`, a tab or a line break) gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tui.report.model import SCHEMA, Report, Vm

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(report: Report) -> str:
    """The report as JSON, two blanks a level, with a line break at the end."""
    document = {"schema": SCHEMA, **_plain(report)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: Report) -> str:
    """The VMs, a row each, with the session's ID in every row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["session_id", *_columns()])
    for vm in report.vms:
        writer.writerow(_harmless(value) for value in (report.session_id, *_plain(vm).values()))
    return text.getvalue()


def _columns() -> list[str]:
    return list(_plain(Vm(name="", status="", result="")))


def _plain(value: object) -> dict[str, Any]:
    return dict(_members(value))


def _members(value: object) -> Iterator[tuple[str, Any]]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no part of a report")
    for field in fields(value):
        found = getattr(value, field.name)
        if isinstance(found, timedelta) or "timedelta" in str(field.type):
            yield f"{field.name}_seconds", None if found is None else found.total_seconds()
        elif field.name == "counts":
            yield field.name, dict(found)
        else:
            yield field.name, _value(found)


def _value(value: object) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return value


def moment(value: datetime) -> str:
    """`2026-11-23T14:03:22Z`, or `…22.795Z`."""
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.astimezone(UTC).replace(tzinfo=None).isoformat("T", precision) + "Z"


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
