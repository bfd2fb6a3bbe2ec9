"""A cause in words: what is common, and whom it hit with what."""

from __future__ import annotations

import time

from hypothesis import given

from tests.support.drill_cases import assessed, finished
from tests.support.outside_texts import OUTSIDE
from tui.analysis.causes import Cause, group_failures
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.reasons import cause_text, common_text, who_text

FULL = "Not enough free space on datastore {}: {} GB needed, 62 GB free"


def causes(*failed: tuple[str, str | None]) -> tuple[Cause, ...]:
    tasks = [finished(vm, 0, n + 1, "Failed", text) for n, (vm, text) in enumerate(failed)]
    return group_failures(assessed(*tasks))


def test_the_issues_case_citrix_failed_on_another_datastore() -> None:
    (cause,) = causes(
        ("sql02", FULL.format("DS-11", 534)), ("citrix-broker-prod-01", FULL.format("DS-07", 41))
    )
    assert cause_text(cause, UNICODE, brief=True) == (
        "Not enough free space on datastore:"
        " DS-11 sql02 (534 GB) · DS-07 citrix-broker-prod-01 (41 GB)"
    )
    assert cause_text(cause, ASCII) == (
        "Not enough free space on datastore ..: .. needed, 62 GB free:"
        " DS-11 sql02 (534 GB) - DS-07 citrix-broker-prod-01 (41 GB)"
    )


def test_vms_with_the_same_part_stand_together() -> None:
    (cause,) = causes(
        ("a", FULL.format("DS-1", 5)), ("b", FULL.format("DS-2", 5)), ("c", FULL.format("DS-1", 7))
    )
    assert who_text(cause, UNICODE) == "DS-1 a (5 GB), c (7 GB) · DS-2 b (5 GB)"


def test_one_vm_has_its_whole_message_and_a_missing_one_is_said() -> None:
    (cause,) = causes(("sql02", FULL.format("DS-11", 534)))
    assert cause_text(cause, UNICODE, brief=True) == FULL.format("DS-11", 534)
    (silent,) = causes(("a", None), ("b", None))
    assert cause_text(silent, UNICODE) == "the server gave no message: a, b"


def test_too_little_before_the_first_difference_says_all_that_is_common() -> None:
    (cause,) = causes(("a", "DS-1 is full"), ("b", "DS-2 is full"))
    assert common_text(cause, UNICODE, brief=True) == "… is full"


@given(OUTSIDE, OUTSIDE, OUTSIDE)
def test_hostile_text_stays_one_printable_line(name: str, one: str, other: str) -> None:
    for cause in causes((name, one), ("b", other), ("c", one)):
        for brief in (False, True):
            assert cause_text(cause, UNICODE, brief=brief).isprintable()
            assert cause_text(cause, ASCII, brief=brief).isascii()


def test_messages_of_two_hundred_thousand_characters_cost_little() -> None:
    began = time.process_time()
    text = "No space [on] \x1b[2J 'DS " * 10_000
    (cause,) = causes(("a", text + "1"), ("b", text + "2"))
    assert len(cause_text(cause, UNICODE)) < 10_000
    assert time.process_time() - began < 2
