"""Which rows stay when there is no room for all: nothing lost, what runs in sight, no line idle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, session, task
from tests.support.rows import arranged
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.status import Status
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.line import length
from tui.presentation.task_body import fold_line
from tui.presentation.task_layout import Fold, Group, Row, fold_rows, group_of
from tui.presentation.task_order import TaskOrder

COUNTS = st.tuples(*[st.integers(0, 25)] * 5)


def views(failed: int, warned: int, running: int, waiting: int, up: int) -> list[TaskView]:
    tasks = [done(f"f{n}", "Failed", "No space") for n in range(failed)]
    tasks += [done(f"w{n}", "Warning", "Slow") for n in range(warned)]
    tasks += [task(f"r{n}", progress=50, created=at(1)) for n in range(running)]
    tasks += [done(f"s{n}") for n in range(up)]
    names = [each.vm_name for each in tasks] + [f"p{n}" for n in range(waiting)]
    assessment = assess(session(*tasks), plan=plan(*names))
    return arranged(TaskOrder(), assessment.tasks)


def height(view: TaskView) -> int:
    return 3 if view.status is Status.FAILED else 1


def lines_of(rows: list[Row]) -> int:
    return sum(1 if isinstance(row, Fold) else height(row) for row in rows)


@given(COUNTS, st.integers(7, 60))
def test_nothing_is_lost_nothing_overflows_and_no_line_is_idle(
    counts: tuple[int, int, int, int, int], lines: int
) -> None:
    all_views = views(*counts)
    rows = fold_rows(all_views, height, lines)
    shown = [row for row in rows if isinstance(row, TaskView)]
    folded = [row for row in rows if isinstance(row, Fold)]
    assert len(shown) + sum(fold.count for fold in folded) == len(all_views)
    assert len({view.key for view in shown}) == len(shown)
    used = lines_of(rows)
    assert used <= lines
    if folded:
        assert used > lines - max(height(view) for view in all_views) - 1, "a line was left idle"
    else:
        assert rows == all_views


@given(COUNTS, st.integers(12, 60))
def test_what_runs_stays_in_sight_however_many_failed(
    counts: tuple[int, int, int, int, int], lines: int
) -> None:
    _, _, running, _, _ = counts
    shown = [row for row in fold_rows(views(*counts), height, lines) if isinstance(row, TaskView)]
    in_sight = sum(view.status is Status.RUNNING for view in shown)
    assert in_sight >= min(1, running)


def test_the_large_failover_of_the_issue() -> None:
    rows = fold_rows(views(25, 17, 10, 588, 369), lambda _: 1, 40)
    said = [plain(fold_line(row, 78, UNICODE)) for row in rows if isinstance(row, Fold)]
    assert sum(isinstance(row, TaskView) and row.status is Status.RUNNING for row in rows) == 10
    assert any("more warnings: w" in line for line in said)
    assert any("588 waiting" in line for line in said)
    assert any("369 success" in line for line in said)


def test_what_is_unfolded_is_whole_and_what_is_chosen_is_shown() -> None:
    all_views = views(3, 0, 2, 0, 30)
    rows = fold_rows(all_views, height, 14, unfolded=[Group.DONE])
    up = [row for row in rows if isinstance(row, TaskView) and row.status is Status.SUCCESS]
    assert len(up) == 30
    last = all_views[-1]
    shown = fold_rows(all_views, height, 14, chosen=last.key)
    assert last in shown
    assert sum(row.count for row in shown if isinstance(row, Fold)) < 30


@given(COUNTS, st.integers(1, 40), st.integers(12, 120))
def test_a_fold_is_one_line_that_fits(
    counts: tuple[int, int, int, int, int], lines: int, width: int
) -> None:
    for row in fold_rows(views(*counts), height, lines):
        if isinstance(row, Fold):
            for glyphs in (UNICODE, ASCII):
                line = fold_line(row, width, glyphs)
                assert length(line) == width
                assert glyphs is UNICODE or plain(line).isascii()
            assert row.count <= row.of


def test_groups_follow_the_order_of_the_rows() -> None:
    groups = [group_of(view) for view in views(1, 1, 1, 1, 1)]
    assert groups == [Group.FAILED, Group.WARNING, Group.RUNNING, Group.WAITING, Group.DONE]


def fold(*counts: tuple[Status, int], names: tuple[str, ...] = ("a", "b"), of: int = 0) -> Fold:
    return Fold(Group.CALM, counts, names, of or sum(number for _, number in counts))


def folded(row: Fold, width: int = 60) -> str:
    return plain(fold_line(row, width, UNICODE))


def test_a_fold_says_how_many_of_what_and_the_first_names() -> None:
    assert folded(fold((Status.SUCCESS, 9))).rstrip("─") == "── ✔ 9 success: a, b "
    more = fold((Status.SUCCESS, 9), of=12)
    assert folded(more).rstrip("─") == "── ✔ 9 more success: a, b "
    assert folded(fold((Status.WARNING, 1))).startswith("── ⚠ 1 warning: ")
    assert folded(fold((Status.WARNING, 2))).startswith("── ⚠ 2 warnings: ")
    several = fold((Status.RUNNING, 2), (Status.SUCCESS, 9), of=20)
    assert folded(several).rstrip("─") == "── ▶ 2 more working  ✔ 9 success: a, b "


def test_a_fold_keeps_the_numbers_when_words_and_names_have_no_room() -> None:
    several = fold((Status.RUNNING, 2), (Status.SUCCESS, 9))
    worded = "── ▶ 2 working  ✔ 9 success"
    assert folded(several, len(worded) + 3).startswith(worded)
    assert folded(several, len(worded) + 2).startswith("── ▶2 ✔9")
    for width in range(len(worded), 80):
        line = folded(several, width)
        assert len(line) == width
        assert line.endswith("─")
        names = line.partition(": ")[2].rstrip("─ ")
        assert names in ("", "a, b")


def test_a_fold_names_a_vm_without_a_name_by_the_dash() -> None:
    assert ": –, b " in folded(fold((Status.SUCCESS, 2), names=("", "b")))
