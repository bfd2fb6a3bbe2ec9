"""Tasks on a phone: the name, then what is said of it, over as many lines as it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.making import at, done, plan, session, task
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskView
from tui.analysis.stall import Motion, Movement
from tui.enterprise_manager.resources import TaskSession
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.line import length
from tui.presentation.phone_rows import PhonePainter
from tui.presentation.task_body import Body
from tui.presentation.task_order import TaskContext

WIDTH = 36


def painter(*, below: bool = True) -> PhonePainter:
    found = PhonePainter(UNICODE)
    found.context = TaskContext(as_of=at(10))
    found.body = Body(below=below)
    return found


def shown(of: TaskSession, *, below: bool = True, width: int = WIDTH) -> list[str]:
    """The lines of the one row."""
    (view,) = assess(session(of)).tasks
    return lines_of(view, below=below, width=width)


def lines_of(view: TaskView, *, below: bool = True, width: int = WIDTH) -> list[str]:
    paints = painter(below=below)
    lines = [*paints.cells(view, paints.columns(width)), *paints.below(view, width)]
    assert all(length(line) == width for line in lines)
    if below:
        assert paints.height(view, width) == len(lines)
    return [plain(line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("of", "line"),
    [
        (done("web01"), "✔ web01  2m00s"),
        (task("web01", progress=40, created=at(4)), "▶ web01  40 %  6m00s"),
        (task("web01", progress=None, created=None), "▶ web01  –  –"),
        (done("sql02", "Failed", "No space"), "✘ sql02  No space"),
        (done("sql02", "Failed"), "✘ sql02  the server gave no message"),
        (done("", "Warning", "Slow"), "⚠ –  Slow"),
    ],
)
def test_a_row_says_its_reason_or_how_far_it_is(of: TaskSession, line: str) -> None:
    assert shown(of) == [line]
    assert shown(of, below=False) == [line]


def test_a_vm_that_waits_has_nothing_to_say() -> None:
    seen = assess(session(done("a")), plan=plan("a", "late01"))
    assert lines_of(seen.tasks[1]) == ["· late01"]


def test_a_reason_goes_on_below_and_is_cut_only_where_it_may_have_one_line() -> None:
    reason = "Not enough free space on datastore DS-11: 534 GB needed"
    lines = shown(done("sql02", "Failed", reason))
    assert lines[0] == "✘ sql02  Not enough free space on"
    assert all(line.startswith("  ") for line in lines[1:])
    assert " ".join([lines[0][9:], *(line.strip() for line in lines[1:])]) == reason
    (line,) = shown(done("sql02", "Failed", reason), below=False)
    assert line == "✘ sql02  Not enough free space on d…"[:36]


@pytest.mark.parametrize(("name", "begins_beside"), [("x" * 20, True), ("x" * 21, False)])
def test_a_reason_begins_below_a_name_that_leaves_no_twelve_cells(
    name: str, begins_beside: bool
) -> None:
    reason = "Not enough free space on DS-11"
    lines = shown(done(name, "Failed", reason))
    assert (lines[0] != f"✘ {name}") is begins_beside
    told = " ".join(line.strip() for line in lines).removeprefix(f"✘ {name}")
    assert " ".join(told.split()) == reason
    # One that is short enough stands beside any name that leaves room for it.
    assert shown(done(name, "Failed", "No disk")) == [f"✘ {name}  No disk"]


def test_a_stalled_vm_has_its_own_sign_and_one_that_has_ended_has_not() -> None:
    ten = timedelta(minutes=10)
    running, over = assess(session(task("a", progress=40), done("b"))).tasks
    motion = Motion(Movement.STALLED, ten, ten, ten)
    paints = painter()
    paints.context = TaskContext(as_of=at(10), motions={running.key: motion, over.key: motion})
    columns = paints.columns(WIDTH)
    first, second = (paints.cells(view, columns)[0] for view in (running, over))
    assert first[0] == ("‖ ", "warning")
    assert plain(second).startswith("✔ b")


@pytest.mark.parametrize("extra", [0, 1])
def test_messages_are_whole_where_the_longest_name_leaves_them_room(extra: int) -> None:
    views = assess(session(done("a" * 10, "Failed", "x" * (WIDTH - 14 + extra)))).tasks
    paints = painter()
    assert paints.holds_messages(WIDTH, paints.needs(views)) is (extra == 0)
    assert (len(lines_of(views[0])) == 1) is (extra == 0)


def test_without_unicode_it_says_the_same() -> None:
    paints = PhonePainter(ASCII)
    paints.context = TaskContext(as_of=at(10))
    (view,) = assess(session(done("sql02", "Failed", "No space"))).tasks
    assert plain(paints.cells(view, paints.columns(WIDTH))[0]).rstrip() == "x sql02  No space"
    assert plain(paints.header(paints.columns(WIDTH)[0])) == " " * WIDTH
