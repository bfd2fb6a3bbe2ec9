from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.making import done, session, stopped, task
from tui.analysis.assessing import assess
from tui.enterprise_manager.resources import TaskSession
from tui.presentation.doubts import doubt_lines, doubts, unlike_text
from tui.presentation.glyphs import ASCII
from tui.presentation.line import length


@pytest.mark.parametrize(
    ("tasks", "sentence"),
    [
        ([done("a", "Failed")], "it says Success, but 1 VM failed."),
        ([done("a", "Failed"), done("b", "Failed"), task("c")],
         "it says Success, but 2 VMs failed and 1 still works."),
        ([task("a")], "it says that it is over, but 1 VM still works."),
        ([task("a"), task("b")], "it says that it is over, but 2 VMs still work."),
    ],
)  # fmt: skip
def test_a_contradiction_names_both_sides(tasks: list[TaskSession], sentence: str) -> None:
    (said,) = doubts(assess(stopped(*tasks)))
    assert said == f"The server contradicts itself: {sentence}"


def test_what_cannot_be_read_is_told_of_the_whole() -> None:
    damaged = session(done("a"), task("b")).model_copy(update={"unreadable_tasks": 1})
    (said,) = doubts(assess(damaged))
    assert said.startswith("1 of 3 VMs cannot be read")


def test_there_is_nothing_to_say_of_an_answer_that_is_whole() -> None:
    assert doubts(assess(session(done("a"), done("b", "Failed")))) == []


@pytest.mark.parametrize("width", [20, 80, 200])
def test_the_lines_fit_and_the_contradiction_comes_first(width: int) -> None:
    damaged = stopped(done("a", "Failed")).model_copy(update={"unreadable_tasks": 1})
    lines = doubt_lines(assess(damaged), width, ASCII)
    assert all(length(line) == width for line in lines)
    assert lines[0][0][1] == "failed"
    assert lines[-1][0][1] == "unknown"


@pytest.mark.parametrize(("unlike", "said"), [(1, "1 VM is listed"), (2, "2 VMs are listed")])
def test_tasks_that_are_listed_twice_and_not_alike_are_counted(unlike: int, said: str) -> None:
    seen = replace(assess(session(done("a"), done("b"))), unlike=unlike)
    text = unlike_text(seen)
    assert text is not None
    assert text.startswith(f"{said} more than once")
    assert unlike_text(replace(seen, unlike=0)) is None
