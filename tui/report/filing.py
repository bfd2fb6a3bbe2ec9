"""Puts the report of a followed session into a folder: at a key, or by itself at the end."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tui.errors import FailoverMonitorError, InvalidInput
from tui.journal.keeping import local_offset
from tui.monitor.snapshot import Snapshot
from tui.report.building import Circumstances, report_of
from tui.report.gathering import report_of_journal
from tui.report.html import as_html
from tui.report.model import Report
from tui.whole_files import replace_file

_NOT_KEPT: Final = (
    "No journal was kept: what happened while this monitor did not run is not known.",
)
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")


def file_report(
    folder: Path, shown: Snapshot, now: datetime, *, server: str, journal: Path | None
) -> Path:
    """Write the HTML report into the folder and return where; blocks, for a thread.

    From the journal where there is one, with all that earlier runs of the monitor saw; else
    from the snapshot, `now` being the server's time of its data. Raises InvalidInput where
    there is nothing to report, or nowhere to write.
    """
    report = _from(shown, now, server, journal)
    path = folder / report_name(report)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, as_html(report).encode())
    except OSError as error:
        sentence = f"{path} cannot be written: {error.strerror or type(error).__name__}."
        raise InvalidInput(sentence) from None
    return path


def report_name(report: Report) -> str:
    """`failover-ABC_Company-20261126T120000Z-4347c445.html`: the same for the same session."""
    plan = _UNFIT.sub("_", report.plan).strip("_.")[:60] or "plan"
    begun = report.started.astimezone(UTC).strftime("-%Y%m%dT%H%M%SZ") if report.started else ""
    return f"failover-{plan}{begun}-{report.session_id[:8]}.html"


def _from(shown: Snapshot, now: datetime, server: str, journal: Path | None) -> Report:
    if shown.session is None:
        raise InvalidInput("There is nothing to report yet: nothing was read of the session.")
    if journal is not None:
        try:
            return report_of_journal(journal)
        except FailoverMonitorError:
            pass  # what is on screen is reported then, and that there was no journal
    around = Circumstances(server=server, utc_offset=local_offset(), unseen=_NOT_KEPT)
    return report_of(shown, now, around)
