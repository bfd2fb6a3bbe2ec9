"""The report for programs: JSON of a documented, versioned shape, and CSV, one row a VM.

JSON: the members of `tui.report.model` as `tui.report.plain_data` writes them; `counts` is an
object. `schema` names the shape: a number that is raised when a member goes or changes its
meaning, not when one is added.
"""

from __future__ import annotations

from tui.report.model import SCHEMA, Report, Vm
from tui.report.plain_data import csv_text, json_text, members, plain


def as_json(report: Report) -> str:
    """The report as JSON, two blanks a level, with a line break at the end."""
    return json_text({"schema": SCHEMA, **plain(report)})


def as_csv(report: Report) -> str:
    """The VMs, a row each, with the session's ID in every row."""
    columns = ["session_id", *(member.name for member in members(Vm))]
    return csv_text(columns, ((report.session_id, *plain(vm).values()) for vm in report.vms))
