from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.support.making import SESSION_ID
from tests.support.observed import Course
from tests.unit.journal.test_keeping import keep
from tests.unit.report.test_building import drill
from tui.errors import InvalidInput
from tui.journal.folder import path_of
from tui.report.filing import file_report, report_name
from tui.report.gathering import report_of_journal
from tui.report.html import as_html


def test_it_is_the_journals_report_with_a_name_of_the_sessions_own(tmp_path: Path) -> None:
    course = drill()
    journal = path_of(tmp_path, "em01:9398", SESSION_ID)
    keep(journal, course)
    folder = tmp_path / "reports" / "2026"
    path = file_report(
        folder, course.snapshot, course.server_now, server="em01:9398", journal=journal
    )
    assert path.parent == folder
    assert path.name == "failover-ABC_Company_Failover_Plan-20261123T135000Z-4347c445.html"
    assert path.read_text() == as_html(report_of_journal(journal))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = file_report(
        folder, course.snapshot, course.server_now, server="em01:9398", journal=journal
    )
    assert again == path


@pytest.mark.parametrize("journal", [None, Path("/nowhere/at-all.jsonl")])
def test_without_a_journal_what_is_on_screen_is_reported_and_that_is_said(
    tmp_path: Path, journal: Path | None
) -> None:
    course = drill()
    path = file_report(
        tmp_path, course.snapshot, course.server_now, server="em01:9398", journal=journal
    )
    assert "No journal was kept" in path.read_text()


def test_nothing_read_is_nothing_to_report(tmp_path: Path) -> None:
    course = Course()
    with pytest.raises(InvalidInput, match="nothing to report yet"):
        file_report(tmp_path, course.snapshot, course.server_now, server="em01", journal=None)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    course = drill()
    with pytest.raises(InvalidInput, match="cannot be written"):
        file_report(
            tmp_path / "file", course.snapshot, course.server_now, server="em01", journal=None
        )


def test_whatever_a_plan_is_called_the_file_stays_in_its_folder(tmp_path: Path) -> None:
    from dataclasses import replace

    from tests.unit.report.cases import drill as told

    for plan in ("../../etc/passwd", "a/b\\c:d", "", "…", "x" * 500, "\x1b[2J"):
        name = report_name(replace(told(), plan=plan))
        assert (tmp_path / name).parent == tmp_path
        assert len(name) < 120
        assert name.isascii()
