from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at
from tests.support.outside_texts import HOSTILE, OUTSIDE
from tests.support.states import plain
from tui.monitor.readiness import Finding, Level
from tui.monitor.start_check import StartCheck
from tui.presentation.check_rows import (
    CheckPainter,
    CheckRow,
    arranged,
    check_lines,
    check_text,
    counts,
    cut_findings,
    finding_lines,
    is_ready,
    newest_subject,
    verdict,
)
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length

HOUR = timedelta(hours=1)
PLAN = Finding(Level.OK, "ABC", "3 VMs in the plan")
OLD = Finding(Level.FAILED, "web02", "newest point 1 d 2 h old, over the RPO target of 4 h")
ODD = Finding(Level.WARNING, "gw04", "disabled")
UNTOLD = Finding(Level.UNKNOWN, "last collection", "the server does not tell when it was")
FINE = Finding(Level.OK, "web01", "newest point 20 min old, Ready")


def check(*findings: Finding, over: bool = True, done: int = 5, of: int = 5) -> StartCheck:
    return StartCheck("ABC", findings, done, of, over)


def lines(
    of: StartCheck, *, rpo: timedelta | None = HOUR, latest: str | None = None, width: int = 79
) -> list[str]:
    shown = check_lines(of, rpo, latest, at(0), width, UNICODE)
    return [plain(line).rstrip() for line in shown]


def test_the_gravest_first_else_in_the_checks_order() -> None:
    rows = arranged(check(PLAN, ODD, FINE, OLD))
    assert [row.finding for row in rows] == [OLD, ODD, PLAN, FINE]


def test_two_findings_about_one_subject_are_two_rows() -> None:
    twice = check(PLAN, Finding(Level.WARNING, "ABC", "only the first 200 VMs are checked"))
    painter = CheckPainter(UNICODE)
    assert len({painter.key(row) for row in arranged(twice)}) == 2


@pytest.mark.parametrize(
    ("findings", "said", "counted"),
    [
        ((PLAN, FINE), "READY", "2 ok"),
        ((PLAN, ODD), "READY WITH WARNINGS", "1 warning, 1 ok"),
        ((PLAN, ODD, ODD, OLD), "NOT READY", "1 not ready, 2 warnings, 1 ok"),
        ((PLAN, UNTOLD), "READY", "1 not told, 1 ok"),
        ((), "NOT CHECKED", ""),
    ],
)
def test_the_verdict_in_words(findings: tuple[Finding, ...], said: str, counted: str) -> None:
    assert verdict(check(*findings)) == said
    assert counts(check(*findings)) == counted


def test_the_verdict_stands_on_top_with_its_symbol_and_the_time() -> None:
    top = lines(check(PLAN, ODD, OLD))
    assert top[0] == f" Start check: ABC{'RPO target 1 h':>61}"
    assert top[1].startswith(" ✘ NOT READY   1 not ready, 1 warning, 1 ok")
    assert top[1].endswith("checked 13:50:00 UTC")
    assert lines(check(PLAN), rpo=None)[0].endswith("no RPO target: ages told only")
    assert lines(check(PLAN))[1].startswith(" ✔ READY   1 ok")
    assert lines(check())[1].startswith(" ⚠ NOT CHECKED")


def test_while_it_goes_on_there_is_progress_and_no_verdict() -> None:
    top = lines(check(PLAN, OLD, over=False, done=3, of=9), latest="web02")
    assert top[1].startswith(" Checking 3 of 9  ━")
    assert top[1].endswith("web02")
    assert "READY" not in "".join(top)


def test_the_newest_answer_is_the_one_that_was_added() -> None:
    before = check(PLAN, over=False)
    assert newest_subject(None, before) == "ABC"
    assert newest_subject(before, check(PLAN, FINE, over=False)) == "web01"
    assert newest_subject(before, before) is None


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [40, 50, 79, 199])
@pytest.mark.parametrize("text", HOSTILE)
def test_cells_are_as_wide_as_their_columns(glyphs: Glyphs, width: int, text: str) -> None:
    painter = CheckPainter(glyphs)
    columns = painter.columns(width)
    row = CheckRow(Finding(Level.WARNING, text, text))
    for column, cell in zip(columns, painter.cells(row, columns), strict=True):
        assert length(cell) == column.width
        assert length(painter.header(column)) == length(cell)


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_symbol_word_and_token(level: Level) -> None:
    painter = CheckPainter(UNICODE)
    columns = painter.columns(79)
    cell = painter.cells(CheckRow(Finding(level, "x", "y")), columns)[0]
    assert (plain(cell).strip(), cell[0][1]) == {
        Level.OK: ("✔ OK", "success"),
        Level.WARNING: ("⚠ Warning", "warning"),
        Level.FAILED: ("✘ Not ready", "failed"),
        Level.UNKNOWN: ("? Not told", "unknown"),
    }[level]


@given(OUTSIDE, st.integers(1, 200), st.sampled_from([UNICODE, ASCII]), st.booleans())
def test_lines_have_their_width(text: str, width: int, glyphs: Glyphs, over: bool) -> None:
    finding = Finding(Level.FAILED, text, text)
    shown = StartCheck(text, (finding,), 1, 2, over)
    for line in check_lines(shown, HOUR, text, at(0), width, glyphs):
        assert length(line) == width
    in_full = finding_lines(finding, width, glyphs)
    assert 1 <= len(in_full) <= 4
    assert {length(line) for line in in_full} == {width}
    assert check_text(finding, glyphs).isprintable()
    if glyphs.is_ascii:
        assert check_text(finding, glyphs).isascii()


@pytest.mark.parametrize("width", [36, 40, 60, 80, 120, 200])
def test_no_width_cuts_what_stands_above_the_findings(width: int) -> None:
    shown = check(PLAN, FINE, OLD)
    lines = [plain(line) for line in check_lines(shown, HOUR, None, at(0), width, UNICODE)]
    assert {len(line) for line in lines} == {width}
    said = " ".join(" ".join(lines).split())
    for part in (shown.plan_name, "RPO target 1 h", verdict(shown), counts(shown), "checked 13:50"):
        assert part in said
    low = check_lines(shown, HOUR, None, at(0), width, UNICODE, low=True)
    assert len(low) <= len(lines)
    assert len(low) <= 3
    said = " ".join(" ".join(plain(line) for line in low).split())
    assert all(part in said for part in (shown.plan_name, verdict(shown), counts(shown)))


@pytest.mark.parametrize("width", [35, 39, 46])
def test_a_narrow_terminal_cuts_no_symbol(width: int) -> None:
    painter = CheckPainter(UNICODE)
    columns = painter.columns(width)
    assert sum(column.width for column in columns) <= width
    for row in arranged(check(PLAN, FINE, OLD)):
        assert plain(painter.cells(row, columns)[0]).strip() in UNICODE.symbols.values()
    assert UNICODE.ellipsis not in "".join(plain(painter.header(each)) for each in columns)


def test_a_narrow_terminal_keeps_the_symbol() -> None:
    painter = CheckPainter(UNICODE)
    columns = painter.columns(39)
    shown = "".join(plain(cell) for cell in painter.cells(CheckRow(OLD), columns))
    assert shown.startswith(" ✘  web02")
    assert "newest point" in shown


def test_a_finding_that_is_too_long_for_a_line_goes_on_below_its_column() -> None:
    long = Finding(Level.WARNING, "web03", "two replicas have this name " * 4)
    rows = arranged(check(PLAN, FINE, OLD, long))
    painter = CheckPainter(UNICODE)
    for width in (35, 79, 119):
        columns = painter.columns(width)
        for row in rows:
            first = plain(painter.cells(row, columns)[-1]).strip()
            below = [plain(line) for line in painter.below(row, width)]
            said = " ".join([first, *(line.strip() for line in below)])
            if not said.endswith("…"):
                assert said == row.finding.sentence.strip()
            assert all(line.startswith(" " * columns[-1].x) for line in below)
            assert all(length(line) == width for line in painter.below(row, width))


def test_what_even_that_cuts_stands_in_full_in_the_free_lines() -> None:
    long = Finding(Level.WARNING, "web03", "two replicas have this name " * 9)
    rows = arranged(check(PLAN, FINE, OLD, long))
    painter = CheckPainter(UNICODE)
    shown = [plain(line).strip() for line in cut_findings(rows, painter, 79, 20)]
    assert shown[0].startswith("⚠ Warning  web03: two replicas")
    assert cut_findings(rows, painter, 79, 0) == cut_findings([], painter, 79, 9) == []
    assert all(length(line) == 79 for line in cut_findings(rows, painter, 79, 20))


@pytest.mark.parametrize(("less", "beside"), [(0, True), (1, False)])
def test_what_just_fits_beside_the_verdict_and_the_plan_stands_there(
    less: int, beside: bool
) -> None:
    of = check(PLAN, ODD, OLD)
    verdict_line = " ✘ NOT READY   1 not ready, 1 warning, 1 ok"
    whole = f"{verdict_line}checked 13:50:00 UTC "
    shown = lines(of, width=len(whole) - less)
    assert (f"{verdict_line}checked 13:50:00 UTC" in shown) is beside
    assert any("checked 13:50:00 UTC" in line for line in shown)
    plan_line = " Start check: ABC  RPO target 1 h "
    shown = lines(of, width=len(plan_line) - less)
    assert shown[0] == plan_line.rstrip()


def test_while_it_goes_on_it_says_how_far_and_what_came_last() -> None:
    going = check(PLAN, over=False, done=2, of=5)
    said = lines(going, latest="web01")[1]
    assert said.startswith(" Checking 2 of 5  ━")
    assert said.endswith("  web01")
    assert said.count("━") + said.count("╸") / 2 == pytest.approx(79 // 3 * 0.4, abs=0.6)
    assert lines(check(over=False, done=0, of=0))[1].startswith(" Checking 0 of 0  ─")


def test_a_check_without_findings_has_found_nothing_and_is_not_ready() -> None:
    assert lines(check())[1].startswith(" ⚠ NOT CHECKED")
    assert not is_ready(check())
    assert is_ready(check(PLAN))
    assert is_ready(check(PLAN, ODD))
    assert not is_ready(check(PLAN, OLD))


def test_on_a_low_screen_only_the_plan_and_the_verdict_stand_on_top() -> None:
    shown = check_lines(check(PLAN, OLD), HOUR, None, at(0), 79, UNICODE, low=True)
    assert [plain(line).rstrip() for line in shown] == [
        " ABC",
        " ✘ NOT READY   1 not ready, 1 ok",
    ]
