from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, assessed, finished
from tests.support.making import at, session, stopped
from tui.analysis.assessing import assess
from tui.analysis.cause_parts import Parts, parts_of
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


# What a group has in common, and what differs ------------------------------------------


@pytest.mark.parametrize(
    ("messages", "common", "differing"),
    [
        (
            (
                "Not enough free space on datastore DS-11: 534 GB needed",
                "Not enough free space on datastore DS-07: 41 GB needed",
            ),
            "Not enough free space on datastore …: … needed",
            (("DS-11", "534 GB"), ("DS-07", "41 GB")),
        ),
        (
            ("No space on DS-1: 5.5 GB", "no space on DS-1: 1 TB"),
            "No space on DS-1: …",
            (("5.5 GB",), ("1 TB",)),
        ),
        (
            ("VM a is locked by host esx-1", "VM b is locked by host esx-1"),
            "VM … is locked by host esx-1",
            ((), ()),
        ),
        (
            ("Network 'VLAN 214 App' not found", "Network 'Prod net' not found"),
            "Network '…' not found",
            (("VLAN 214 App",), ("Prod net",)),
        ),
        (
            ("Hosts 10.0.0.1 timed out", "Hosts 10.0.0.1 10.0.0.2 timed out"),
            "Hosts 10.0.0.1 … timed out",
            (("",), ("10.0.0.2",)),
        ),
        (("Network gone", "Network gone"), "Network gone", ((), ())),
    ],
)
def test_what_is_common_and_what_each_has_of_its_own(
    messages: tuple[str, str], common: str, differing: tuple[tuple[str, ...], ...]
) -> None:
    assert parts_of(messages, ("a", "b")) == Parts(common, differing)


def test_a_vm_name_of_several_words_is_no_difference() -> None:
    said = ("VM File Server is locked by host web", "VM app is locked by host dc")
    parts = parts_of(said, ("file server", "app"))
    assert parts == Parts("VM … is locked by host …", (("web",), ("dc",)))


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab 1.'\":…[]-", max_size=40), min_size=1, max_size=5))
def test_parts_put_back_give_each_message(messages: list[str]) -> None:
    parts = parts_of(messages, ["…no VM…"] * len(messages))
    assert len(parts.differing) == len(messages)
    assert len({len(own) for own in parts.differing}) == 1
    if len({" ".join(message.split()) for message in messages}) == 1:
        assert all(own == () for own in parts.differing)


def test_long_hostile_messages_are_compared_in_linear_time() -> None:
    began = time.process_time()
    for piece in ("'", '"', "'a ", "1 ", "1, ", "x", " "):
        texts = [piece * 100_000 + str(n) for n in range(2)]
        parts_of(texts, ("a", "b"))
    texts = [f"'x {n} " * 2_000 for n in range(4)]
    tasks = [finished(f"vm{n}", 0, 1, "Failed", text * 10) for n, text in enumerate(texts)]
    group_failures(assessed(*tasks))
    assert time.process_time() - began < 3


def test_what_is_common_to_a_cause_is_told_where_there_is_something() -> None:
    same = assessed(
        finished("a", 0, 1, "Failed", "No space on DS-07"),
        finished("b", 0, 2, "Failed", "No space on DS-11"),
    )
    (cause,) = group_failures(same)
    assert cause.common == "No space on …"
    assert cause.differing == (("DS-07",), ("DS-11",))
    (alone,) = group_failures(assessed(finished("a", 0, 1, "Failed", "No space")))
    assert alone.common == "No space"
    mute = assessed(finished("a", 0, 1, "Failed"), finished("b", 0, 1, "Failed"))
    (cause,) = group_failures(mute)
    assert (cause.common, cause.example) == (None, None)
