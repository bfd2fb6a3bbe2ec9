"""The soak repeats itself, and notices what it is there to notice."""

from __future__ import annotations

import random
import sys

import pytest

from tests.soak import __main__ as soak
from tests.soak import episode
from tests.soak.episode import play, seeded, shrunk
from tests.soak.steps import Step, draw


def test_the_same_seed_gives_the_same_steps() -> None:
    assert draw(seeded(7, 3), 200) == draw(seeded(7, 3), 200)
    assert draw(seeded(7, 3), 200) != draw(seeded(7, 4), 200)
    assert {step.what for step in draw(random.Random(1), 2_000)} >= {"key", "fault", "half", "jump"}


def test_a_short_one_holds() -> None:
    steps = [
        Step("key", "enter"),
        Step("fault", "blanks"),
        Step("half", "\x1b[>0;276;0c"),
        Step("wait", "0.6"),
        Step("resize", "45x10"),
        Step("forget logons"),
        Step("mend"),
    ]
    assert play(steps) == (len(steps), "")


@pytest.mark.parametrize("limit", ["MOST_MEMORY", "MOST_DESCRIPTORS", "MOST_THREADS"])
def test_what_does_not_hold_is_named(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(episode, limit, 1)
    done, broken = play([Step("key", "down"), Step("mend")])
    assert done == 1
    assert broken.startswith("Broken: ")


def test_a_program_that_leaves_is_noticed() -> None:
    done, broken = play([Step("key", "\x03"), Step("wait", "2"), Step("mend"), Step("mend")])
    assert done < 4
    assert broken


def test_a_typed_q_may_leave_and_has_to_do_so_in_order() -> None:
    waits = [Step("wait", "1")] * 15
    leave = [Step("type", "sql"), *waits[:2], Step("key", "escape"), *waits[:2]]
    done, broken = play([*leave, Step("type", "sql"), *waits, Step("mend")])
    assert broken == ""
    assert len(leave) < done <= len(leave) + len(waits), "what follows is not played any more"


def test_what_broke_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(steps: list[Step]) -> tuple[int, str]:
        return len(steps), "it" if Step("key", "x") in steps else ""

    monkeypatch.setattr(episode, "play", breaks)
    steps = [Step("mend")] * 20 + [Step("key", "x")] + [Step("wait", "1")] * 20
    assert shrunk(steps, "it", 60) == [Step("key", "x")]


def test_steps_that_break_something_else_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(steps: list[Step]) -> tuple[int, str]:
        if Step("key", "x") in steps and Step("mend") in steps:
            return len(steps), f"memory {len(steps)} kB\nthe screen"
        return len(steps), "another thing" if Step("key", "x") in steps else ""

    monkeypatch.setattr(episode, "play", breaks)
    steps = [Step("wait", "1"), Step("mend"), Step("wait", "1"), Step("key", "x")]
    assert shrunk(steps, "memory 4711 kB\nanother screen", 60) == [Step("mend"), Step("key", "x")]


def test_seed_episode_and_steps_of_a_failure_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks(steps: list[Step]) -> tuple[int, str]:
        at = next((n for n, step in enumerate(steps) if step.what == "fault"), None)
        return (len(steps), "") if at is None else (at + 1, "Broken: a wrong number")

    monkeypatch.setattr(episode, "play", breaks)
    monkeypatch.setattr(soak, "play", breaks)
    monkeypatch.setattr(sys, "argv", ["soak", "--seed", "7", "--episode", "3"])
    assert soak.main() == 1
    begin, broken, left, *steps = capsys.readouterr().out.splitlines()
    assert begin == "seed 7"
    assert broken.startswith("episode 3 of seed 7, after ")
    assert left == "1 steps break it:"
    assert [step.strip().partition(" ")[0] for step in steps] == ["fault"]
