"""What an estimate and a stall rest on, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tui.analysis.estimate import Basis, Move, Outlook, WhyNone
from tui.analysis.running import Slots
from tui.analysis.stall import Motion, Movement
from tui.presentation.grounds import (
    basis_text,
    move_text,
    slots_text,
    threshold_text,
    why_none_text,
)

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        (Basis(earlier_runs=1), "from 1 earlier run"),
        (Basis(earlier_runs=3, done=9), "from 3 earlier runs"),
        (Basis(done=5, stalled=2), "from 5 VMs finished so far, 10 at once, without 2 stalled"),
    ],
)
def test_what_an_estimate_rests_on(basis: Basis, said: str) -> None:
    assert basis_text(basis) == said


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move(latest=5 * MINUTE), "latest 5 min later"),
        (Move(earliest=-2 * MINUTE, latest=MINUTE), "earliest 2 min earlier, latest 1 min later"),
        (Move(Basis(earlier_runs=3)), "now from 3 earlier runs"),
    ],
)
def test_how_an_estimate_moved(move: Move, said: str) -> None:
    assert move_text(move) == said


def test_every_reason_for_none_has_words_of_its_own() -> None:
    said = [why_none_text(Outlook(None, why, not_begun=1)) for why in WhyNone]
    assert len(set(said)) == len(WhyNone)
    assert why_none_text(Outlook(None)) == ""
    nothing = WhyNone.NOTHING_RUNS
    assert [why_none_text(Outlook(None, nothing, not_begun=count)) for count in (1, 2)] == [
        "nothing runs, and 1 VM has not begun",
        "nothing runs, and 2 VMs have not begun",
    ]


@pytest.mark.parametrize(
    ("usual", "threshold", "said"),
    [
        (None, 10 * MINUTE, "no earlier run to compare with, so 10 min"),
        (2 * MINUTE, 4 * MINUTE, "twice its usual 2 min"),
        (MINUTE / 2, MINUTE, "twice its usual 30 s"),
        (MINUTE / 4, MINUTE, "at least 1 min"),
    ],
)
def test_why_a_task_may_stand_still_for_so_long(
    usual: timedelta | None, threshold: timedelta, said: str
) -> None:
    assert threshold_text(Motion(Movement.QUIET, MINUTE, MINUTE, threshold, usual)) == said


def test_more_slots_than_there_are_stay_as_they_are() -> None:
    assert slots_text(Slots(12)) == "12 of 10"
