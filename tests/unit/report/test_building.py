"""From observations to a report, with nothing between them but the follower."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.drill_cases import earlier_run, finished, working
from tests.support.making import SESSION_ID, at, plan, point, session, stopped
from tests.support.observed import Course
from tests.unit.journal.test_keeping import keep
from tui.analysis.drill import Goals
from tui.errors import InvalidInput
from tui.journal.folder import path_of
from tui.report.building import Circumstances, report_of
from tui.report.data import as_csv, as_json
from tui.report.gathering import report_of_journal
from tui.report.html import as_html
from tui.report.model import Report
from tui.report.plain import as_markdown, as_text

EM01 = Circumstances(server="em01:9398")


def drill() -> Course:
    """One VM fails, is acknowledged and noted; the monitor is killed and begins again."""
    course = Course()
    course.wait(20)
    course.read(session(working("a", 0), working("b", 0)))
    course.detail(
        {"point-a": point("a"), "point-b": point("b")}, plan=plan("a", "b"), complete=True
    )
    course.learn(earlier_run(finished("a", 0, 1.0), finished("b", 0, 2.0)))
    course.aim(Goals(timedelta(minutes=5), timedelta(hours=4), at(-10)))
    course.wait(20)
    failed = finished("a", 0, 0.5, "Failed", "no space on DS-11")
    shown = course.read(session(failed, working("b", 0)))
    assert shown.assessment is not None
    course.acknowledge(shown.assessment.failures[0].key, "jdoe")
    course.note("storage called", "jdoe")
    course.wait(300)
    course.open("two")
    course.read(stopped(failed, finished("b", 0, 2.0), result="Failed"))
    course.wait(20)
    course.leave()
    return course


def made(course: Course) -> Report:
    return report_of(course.snapshot, course.server_now, EM01)


def test_what_was_seen_typed_and_missed_is_in_it() -> None:
    report = made(drill())
    assert (report.plan, report.status, report.over) == (
        "ABC Company Failover Plan",
        "failed",
        True,
    )
    assert report.declared == at(-10)
    assert report.rto.target == timedelta(minutes=5)
    assert report.rto.verdict == "NOT MET"
    assert [(vm.name, vm.status) for vm in report.vms] == [("a", "failed"), ("b", "success")]
    a, b = report.vms
    assert (a.up_at, a.since_start, a.message) == (None, None, "no space on DS-11")
    assert (b.up_at, b.duration, b.since_start) == (
        at(2),
        timedelta(minutes=2),
        timedelta(minutes=2),
    )
    assert b.since_declaration == timedelta(minutes=12)
    assert a.acknowledged is not None
    assert "jdoe" in a.acknowledged
    assert b.point_created is not None
    assert b.rpo is not None
    assert report.first_failure is not None
    assert (report.first_failure.vm, report.first_failure.at) == ("a", at(0.5))
    (gap,) = report.gaps
    assert gap.end is not None
    assert gap.end - gap.begin == timedelta(minutes=5)
    told = {(entry.what, entry.text, entry.author) for entry in report.entries}
    assert ("note", "storage called", "jdoe") in told
    assert ("acknowledged", None, "jdoe") in told
    assert any(what == "nobody watched" for what, _, _ in told)
    assert report.compared_with is not None


def test_without_any_reading_there_is_no_report() -> None:
    with pytest.raises(ValueError, match="nothing was ever read"):
        made(Course())


def test_a_session_that_still_runs_is_reported_as_it_stands() -> None:
    course = Course()
    course.wait(60)
    course.read(session(working("a", 0)))
    report = made(course)
    assert (report.over, report.ended) == (False, None)
    assert report.duration == timedelta(minutes=1)
    assert "not over when this was written" in as_text(report)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = path_of(tmp_path, "em01:9398", SESSION_ID)
    keep(path, drill())
    return path


def test_a_journal_tells_the_same_as_the_monitor_that_wrote_it(journal: Path) -> None:
    course, report = drill(), report_of_journal(journal)
    live = made(course)
    assert report.vms == live.vms
    assert report.rto == live.rto
    assert report.entries == live.entries
    assert report.gaps == live.gaps
    assert report.journal_state is not None
    assert report.journal_state.startswith("Whole: ")
    assert len(report.journal_hash or "") == 64
    assert [(watch.user, watch.host) for watch in report.watches] == [("jdoe", "noc1")] * 2
    assert report.watches[0].end is not None
    assert report.watches[0].end < report.watches[1].begin
    assert report.fingerprint == "AB"


@pytest.mark.parametrize("write", [as_html, as_markdown, as_text, as_json, as_csv])
def test_two_reports_of_one_journal_are_equal_to_the_byte(journal: Path, write: object) -> None:
    assert callable(write)
    assert write(report_of_journal(journal)) == write(report_of_journal(journal))


def test_what_is_wrong_with_the_journal_is_said(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-30])
    told = report_of_journal(journal).unseen
    assert any("The journal is not whole: Torn at the end" in text for text in told)


def test_a_watch_that_began_late_says_so(tmp_path: Path) -> None:
    course = Course()
    course.wait(600)
    course.read(session(working("a", 0)))
    path = tmp_path / "j.jsonl"
    keep(path, course)
    assert any("Nobody watched before" in text for text in report_of_journal(path).unseen)


@pytest.mark.parametrize("content", [b"", b"no journal\n", b'{"a":1}\n'])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="is not a journal"):
        report_of_journal(path)


def test_a_journal_without_a_reading_has_nothing_to_report(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    keep(path, Course())
    with pytest.raises(InvalidInput, match="holds no reading"):
        report_of_journal(path)


def test_json_of_a_journal_reads_back(journal: Path) -> None:
    read = json.loads(as_json(report_of_journal(journal)))
    assert read["vms"][1]["since_declaration_seconds"] == 720.0
    assert read["watches"][0]["user"] == "jdoe"


def test_a_group_of_failures_tells_what_is_common_and_what_differs() -> None:
    course = Course()
    said = "Not enough free space on datastore {}: {} GB needed"
    course.read(
        session(
            finished("sql02", 0, 0.5, "Failed", said.format("DS-11", 534)),
            finished("citrix", 0, 0.6, "Failed", said.format("DS-07", 408)),
        )
    )
    (cause,) = made(course).causes
    assert "DS-11" not in cause.text
    own = dict(cause.vms)
    assert "DS-11" in (own["sql02"] or "")
    assert "DS-07" in (own["citrix"] or "")


def test_a_retry_is_told_as_one_outage_with_its_runs() -> None:
    before = earlier_run(
        finished("a", -60, -55), finished("b", -60, -55, "Failed"), days=1 / 24, result="Failed"
    )
    course = Course()
    course.wait(20)
    course.aim(Goals(timedelta(hours=2), None, None))
    course.learn(before)
    course.read(stopped(finished("b", 0, 2.0), result="Success"))
    report = made(course)
    assert [(run.session_id, run.up, run.failed) for run in report.chain] == [
        (before.id, 1, 1),
        (SESSION_ID, 1, 0),
    ]
    assert report.outage[0].startswith("~Outage since ")
    assert "2 of 2 up" in report.outage[0]
    assert len(report.outage) == 3
    assert "2 of 2 up" in as_text(report)


def test_a_run_that_stands_alone_tells_of_no_outage() -> None:
    report = made(drill())
    assert (report.outage, report.chain) == ((), ())
