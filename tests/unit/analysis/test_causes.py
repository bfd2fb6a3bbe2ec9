from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, assessed, finished
from tests.support.making import at, session, stopped
from tui.analysis.assessment import assess
from tui.analysis.causes import (
    Origin,
    cause_of,
    group_failures,
    session_reason,
)
from tui.enterprise_manager.resources import TaskSession


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Not enough free space on datastore DS-07: 408 GB needed, 43 GB free",
            "Not enough free space on datastore ds-11: 5.5 GB needed,  62 GB free",
        ),
        ("Network 'VLAN 214' not found", "Network 'Prod net' not found"),
        ('Cannot open "C:\\vm\\a.vmdk"', 'Cannot open "D:\\x y\\b.vmdk"'),
        (r"Path \\nas\share missing", "Path /vmfs/volumes/ds missing"),
        ("Host 10.0.0.1 timed out", "Host fe80::1:2 timed out"),
        ("Host esx-a.lab.example timed out.", "Host esx-b.other.example timed out."),
        (
            "Task 4347c445-0000-4000-8000-000000000001 failed",
            "Task abcdef00-dead-4000-8000-00000000000f failed",
        ),
        ("Snapshot [DS alpha] locked", "Snapshot [DS beta] locked"),
        ("Error 0x80041003", "Error 0x8004DEAD"),
    ],
)
def test_one_cause_but_for_what_is_particular(one: str, other: str) -> None:
    assert cause_of(one) == cause_of(other)
    assert "…" in cause_of(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Not enough free space on datastore DS-07", "Datastore DS-07 is not accessible"),
        ("VM can't be started", "VM isn't there"),
        ("Power on failed", "Power off failed"),
        ("'disk full'", "'host down'"),
    ],
)
def test_different_causes_stay_apart(one: str, other: str) -> None:
    assert cause_of(one) != cause_of(other)


def test_an_apostrophe_is_no_quote() -> None:
    assert cause_of("It can't be started, it isn't there") == "it can't be started, it isn't there"


def test_failures_are_grouped_the_most_frequent_first() -> None:
    assessment = assessed(
        finished("dc", 0, 1, "Failed", "VM dc is locked by host alpha"),
        finished("sql01", 0, 5, "Failed", "No space on DS-1: 3 GB"),
        finished("web", 0, 3, "Failed", "No space on DS-2: 4 GB"),
        finished("file server", 0, 4, "Failed", "VM file server is locked by host web"),
        finished("app", 0, 2, "Failed", "VM app is locked by host dc"),
        finished("ok", 0, 2),
    )
    found = [(cause.count, cause.vm_names, cause.first_at) for cause in group_failures(assessment)]
    assert found == [
        (2, ("app", "file server"), at(2)),
        (2, ("web", "sql01"), at(3)),
        (1, ("dc",), at(1)),
    ]
    assert group_failures(assessment)[1].example == "No space on DS-2: 4 GB"


def test_failures_without_a_message_are_a_cause_of_their_own() -> None:
    (cause,) = group_failures(
        assessed(finished("a", 0, 1, "Failed"), finished("b", 0, 2, "Failed"))
    )
    assert (cause.count, cause.example) == (2, None)


def test_the_reason_and_where_it_comes_from() -> None:
    silent = finished("dc", 0, 1, "Failed")
    spoken = finished("web", 0, 2, "Failed", "no space")
    own = session(silent, spoken, message="plan failed")
    reasons = [
        session_reason(one, assess(one))
        for one in (
            own,
            session(silent, spoken),
            session(silent),
            stopped(result="Failed"),
            session(),
        )
    ]
    assert [reason and (reason.message, reason.origin, reason.vm_name) for reason in reasons] == [
        ("plan failed", Origin.SESSION, None),
        ("no space", Origin.TASK, "web"),
        (None, Origin.NOWHERE, None),
        (None, Origin.NOWHERE, None),
        None,
    ]


@settings(deadline=None)
@given(any_tasks())
def test_every_failure_has_exactly_one_cause(tasks: tuple[TaskSession, ...]) -> None:
    assessment = assessed(*tasks)
    causes = group_failures(assessment)
    keys = [key for cause in causes for key in cause.keys]
    assert sorted(map(str, keys)) == sorted(str(view.key) for view in assessment.failures)
    assert all(cause.count == len(cause.keys) >= 1 for cause in causes)
    counts = [cause.count for cause in causes]
    assert counts == sorted(counts, reverse=True)


@settings(deadline=None)
@given(st.text(), st.text(alphabet="abc XYZ'\"[]“”«»", max_size=12))
def test_any_text_has_a_cause_that_numbers_do_not_change(text: str, word: str) -> None:
    assert cause_of(text) == cause_of(text)
    assert cause_of(f"{word} 12 GB") == cause_of(f"{word} 34567 GB")


def test_a_hostile_message_takes_no_time() -> None:
    began = time.process_time()
    for piece in ("'", '"', "[", "“", "a.", "… ", "\\", "'a ", "[ "):
        cause_of(piece * 100_000)
    tasks = [finished(f"vm{n}", 0, 1, "Failed", f"vm{n}: " + "'x " * 4000) for n in range(200)]
    group_failures(assessed(*tasks))
    assert time.process_time() - began < 2
