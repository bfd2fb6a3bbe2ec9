from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, session, stopped, task
from tests.support.outside_texts import HOSTILE, OUTSIDE
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.comparison import Comparison, Presence, VmComparison, compare
from tui.enterprise_manager.resources import FailoverSession
from tui.presentation.comparison_lines import comparison_lines, why_none
from tui.presentation.comparison_rows import (
    ComparisonPainter,
    arranged,
    comparison_text,
    difference,
    mark,
    remark,
)
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import Line, length

MINUTE = timedelta(minutes=1)


def vm(
    name: str = "web01",
    then: float | None = 60,
    now: float | None = 60,
    *,
    presence: Presence = Presence.BOTH,
    failed_then: bool = False,
    failed_now: bool = False,
) -> VmComparison:
    """Times in seconds."""
    before = None if then is None else timedelta(seconds=then)
    after = None if now is None else timedelta(seconds=now)
    return VmComparison(name, presence, before, after, failed_then, failed_now)


def comparison(*vms: VmComparison, then: bool = True, now: bool = True) -> Comparison:
    return Comparison("id-1", at(-600), vms, 10 * MINUTE, 12 * MINUTE, then, now)


VMS = (
    vm("faster", 100, 40),
    vm("gone", 60, None, presence=Presence.GONE),
    vm("slower", 60, 90),
    vm("waiting", 60, None),
    vm("added", None, 60, presence=Presence.ADDED),
    vm("failed", 60, None, failed_now=True),
    vm("slowest", 60, 200),
    vm("always fails", None, None, failed_then=True, failed_now=True),
)


def test_failures_first_then_the_largest_slowdown_then_what_cannot_be_compared() -> None:
    names = [row.vm_name for row in arranged(comparison(*VMS))]
    assert names == [
        "failed", "always fails", "slowest", "slower", "faster", "waiting", "added", "gone",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("then", "now", "said", "token"),
    [
        (60, 143, "+1m23s slower", "warning"),
        (60, 48, "-12s faster", "good"),
        (60, 63, "+3s slower", ""),
        (3600, 3660, "+1m00s slower", ""),
        (60, 60.5, "same", ""),
        (60, 59.5, "same", ""),
        (60.1, 62.0, "+2s slower", ""),
        (60.9, 62.0, "+2s slower", ""),
        (62.0, 60.9, "-2s faster", ""),
        (60.9, 61.8, "same", ""),
        (None, 60, "–", "dim"),
        (60, None, "–", "dim"),
    ],
)
def test_the_difference_has_a_sign_and_a_word(
    then: float | None, now: float | None, said: str, token: str
) -> None:
    row = vm("x", then, now)
    assert difference(row.then, row.now, UNICODE) == (said, token)


@pytest.mark.parametrize(
    ("row", "symbol", "said"),
    [
        (vm(), (" ", ""), ("", "")),
        (vm(now=None, failed_now=True), ("✘", "failed"), ("failed now, not then", "failed")),
        (vm(then=None, now=None, failed_now=True), ("✘", "failed"), ("failed now", "failed")),
        (vm(failed_then=True, failed_now=True), ("✘", "failed"), ("failed then and now", "failed")),
        (vm(then=None, failed_then=True), (" ", ""), ("failed then, up now", "good")),
        (vm(then=None, now=None, failed_then=True), (" ", ""), ("failed then", "dim")),
        (vm(presence=Presence.ADDED), ("✚", "note"), ("added since then", "note")),
        (
            vm(presence=Presence.ADDED, failed_now=True),
            ("✘", "failed"),
            ("failed now, added", "failed"),
        ),
        (vm(presence=Presence.GONE), ("◌", "warning"), ("gone since then", "warning")),
        (
            vm(presence=Presence.GONE, failed_then=True),
            ("◌", "warning"),
            ("gone, failed then", "warning"),
        ),
    ],
)
def test_what_the_times_do_not_tell_is_a_symbol_a_word_and_a_token(
    row: VmComparison, symbol: tuple[str, str], said: tuple[str, str]
) -> None:
    assert (mark(row, UNICODE), remark(row)) == (symbol, said)
    assert mark(row, ASCII)[0].isascii()


def _said(lines: Iterable[Line]) -> str:
    """What lines say, their breaks taken for blanks."""
    return " ".join(" ".join(plain(line) for line in lines).split())


@pytest.mark.parametrize("width", [36, 40, 60, 80, 120, 200])
def test_no_width_cuts_what_stands_above_the_rows(width: int) -> None:
    lines = comparison_lines(comparison(*VMS), width, UNICODE)
    assert all(length(line) == width for line in lines)
    said = _said(lines)
    for part in (
        "2026-11-23 03:50:00 UTC", "2026-11-23 03:50:00 UTC local", "id-1", "then 10 min",
        "now 12 min", "+2m00s slower", "then 1", "now 2", "6 in both", "✚ 1 added", "◌ 1 gone",
    ):  # fmt: skip
        assert part in said
    said = _said(comparison_lines(comparison(vm(then=None), then=False), width, UNICODE))
    assert said.endswith("the server lists no tasks of that run: its VMs are not known")


@given(st.integers(36, 200), st.integers(1, 12))
def test_with_few_lines_failures_and_totals_stay_and_nothing_is_cut(width: int, most: int) -> None:
    whole = comparison_lines(comparison(*VMS), width, UNICODE)
    lines = comparison_lines(comparison(*VMS), width, UNICODE, most)
    assert len(lines) <= most
    assert [line for line in whole if line in lines] == lines
    assert "Failed" in _said(lines)
    assert most < 3 or "Total" in _said(lines)
    assert most < len(whole) or lines == whole


@pytest.mark.parametrize("width", [36, 40, 60, 80, 120, 200])
@pytest.mark.parametrize(
    "name", ["web01", "fileserver-accounting-emea-03", "x" * 70, "データベース本番"]
)
def test_what_a_row_has_no_room_for_stands_under_it(width: int, name: str) -> None:
    painter = ComparisonPainter(UNICODE)
    rows = [
        vm(name, 60, None, failed_now=True),
        vm(name, None, 60, presence=Presence.ADDED),
        vm(name, 60, 90),
    ]
    painter.measure(rows)
    columns = painter.columns(width)
    for row in rows:
        below = painter.below(row, width)
        assert all(length(line) == width for line in below)
        line = "".join(plain(cell) for cell in painter.cells(row, columns))
        told = "".join(plain(each).strip() for each in below)
        assert name in line or name in told
        assert remark(row)[0] in f"{line}\n{_said(below)}"
        if row.then is not None and row.slower_by is None:
            assert "1m00s" in line + told
        if "…" not in line and {column.id for column in columns} >= {"then", "now", "remark"}:
            assert not below


def test_names_take_the_room_that_no_remark_needs() -> None:
    painter = ComparisonPainter(UNICODE)
    rows = [vm("fileserver-accounting-emea-03"), vm("web01", 60, 90)]
    painter.measure(rows)
    columns = painter.columns(79)
    assert [column.id for column in columns] == ["vm", "then", "now", "difference"]
    assert "fileserver-accounting-emea-03" in plain(painter.cells(rows[0], columns)[0])


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [20, 40, 79, 199])
@pytest.mark.parametrize("name", HOSTILE)
def test_cells_are_as_wide_as_their_columns(glyphs: Glyphs, width: int, name: str) -> None:
    painter = ComparisonPainter(glyphs)
    columns = painter.columns(width)
    row = vm(name, None, 60, presence=Presence.ADDED, failed_now=True)
    for column, cell in zip(columns, painter.cells(row, columns), strict=True):
        assert length(cell) == column.width
        assert length(painter.header(column)) == column.width
    assert painter.key(row) == name


def test_a_row_at_80_columns_shows_everything() -> None:
    painter = ComparisonPainter(UNICODE)
    row = vm("fileserver-accounting-emea-03", None, 3723, failed_then=True)
    painter.measure([row])
    columns = painter.columns(79)
    line = "".join(plain(cell) for cell in painter.cells(row, columns))
    assert "✘ Failed" in line
    assert "1h02m03s" in line
    assert "failed then, up now" in line
    assert "ea-03" in line


def test_a_narrow_terminal_keeps_symbol_name_and_difference() -> None:
    painter = ComparisonPainter(UNICODE)
    columns = painter.columns(39)
    assert [column.id for column in columns] == ["vm", "difference"]
    line = "".join(plain(cell) for cell in painter.cells(vm("web01", 60, 90), columns))
    assert line.split() == ["web01", "+30s", "slower"]


def test_the_lines_above() -> None:
    lines = [plain(line).rstrip() for line in comparison_lines(comparison(*VMS), 99, UNICODE)]
    assert lines[0] == (
        " Then      the run of 2026-11-23 03:50:00 UTC   2026-11-23 03:50:00 UTC local   id-1"
    )
    assert lines[1] == " Total     then 10 min   now 12 min   +2m00s slower"
    assert lines[2] == " Failed    then 1   now 2"
    assert lines[3] == " VMs       6 in both   ✚ 1 added   ◌ 1 gone"


def test_a_run_without_tasks_is_not_a_run_without_vms() -> None:
    lines = comparison_lines(comparison(vm(then=None), then=False), 99, UNICODE)
    assert "then –" in plain(lines[2])
    assert "the server lists no tasks of that run" in plain(lines[3])
    lines = comparison_lines(comparison(vm(now=None), now=False), 99, ASCII)
    assert "now -" in plain(lines[2])
    assert "! the server lists no tasks of this run" in plain(lines[3])


def test_a_real_comparison_while_the_run_goes_on() -> None:
    earlier = stopped(done("web01"), done("sql01", "Failed"))
    running = session(task("web01"), done("new01"), created=at(60))
    compared = compare(running, assess(running).tasks, earlier, plan_known=True)
    lines = [plain(line).rstrip() for line in comparison_lines(compared, 119, UNICODE)]
    assert lines[1] == " Total     then 10 min   now – (still runs)"
    assert lines[2] == " Failed    then 1   now 0 so far"
    assert lines[3] == " VMs       1 in both   ✚ 1 added   ◌ 1 gone"
    texts = [comparison_text(row, UNICODE) for row in arranged(compared)]
    assert texts == [
        "web01  then 2m00s  now –",
        "new01  then –  now 2m00s  added since then",
        "sql01  then ✘ Failed  now –  gone, failed then",
    ]


def test_a_run_that_is_over_without_an_end_time_does_not_still_run() -> None:
    ended = stopped(done("web01")).model_copy(update={"ended": None})
    compared = compare(ended, assess(ended).tasks, stopped(done("web01")))
    lines = [plain(line).rstrip() for line in comparison_lines(compared, 119, UNICODE)]
    assert lines[1] == " Total     then 10 min   now –"
    assert lines[2] == " Failed    then 0   now 0"


def test_a_vm_that_still_runs_is_neither_slower_nor_faster_yet() -> None:
    running = session(task("web01", "Working"))
    compared = compare(running, assess(running).tasks, stopped(done("web01")))
    (row,) = compared.vms
    assert row.slower_by is None
    assert difference(row.then, row.now, UNICODE) == ("–", "dim")


@given(OUTSIDE, st.integers(1, 200), st.sampled_from([UNICODE, ASCII]))
def test_lines_have_their_width_and_no_markup_of_anybody(
    name: str, width: int, glyphs: Glyphs
) -> None:
    for line in comparison_lines(comparison(vm(name)), width, glyphs):
        assert length(line) == width
    assert comparison_text(vm(name), glyphs).isprintable()


EARLIER = stopped().model_copy(update={"id": "old", "created": at(-60), "ended": at(-50)})


@pytest.mark.parametrize(
    ("current", "known", "complete", "said"),
    [
        (None, [], True, "this session has not been read"),
        (session(), [], False, "still being read"),
        (session(), [], True, "no earlier finished session of ABC Company Failover Plan on vbr01."),
        (session(server=None), [], True, "session of ABC Company Failover Plan."),
        (session(), [EARLIER], True, "1 earlier finished session of ABC Company Failover Plan, "),
        (session(plan="[/x]\n"), [], True, "session of [/x]"),
    ],
)
def test_why_there_is_nothing_to_compare_with(
    current: FailoverSession | None, known: list[FailoverSession], complete: bool, said: str
) -> None:
    why = why_none(current, known, list_is_complete=complete, glyphs=UNICODE)
    assert why.startswith("Nothing to compare")
    assert said in why
    assert why.isprintable()
