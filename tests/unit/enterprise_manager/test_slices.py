"""What changed of an answer is read as the whole would be, whatever the server makes of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bodies
from tui.enterprise_manager import slices
from tui.enterprise_manager.decoding import parse
from tui.enterprise_manager.entities import entity
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.sessions import LastReading, session_of
from tui.enterprise_manager.slices import TaskSlices
from tui.enterprise_manager.tasks import Doubt, TaskReader
from tui.errors import UnreadableAnswer

TEXTS = (
    "",
    "disk full",
    "},{",
    "}]",
    '"},{"',
    '\\"Progress":7,',
    ',"Progress":7,',
    '[{"a":1},{"b":2}]',
    "{[<" * 9,
    "Ω},{Ω",
)
ODD: tuple[Any, ...] = (None, True, False, -4, 7.5, 1e30, "12", "x", [], [1], {}, {"Progress": 3})
STRANGE: tuple[Any, ...] = ({}, None, "task", 7, [], {"Name": "x"})
SPELLINGS = ("progress", "PROGRESS", "Pro\\u0067ress", "Progress")


def wholly(body: bytes) -> FailoverSession:
    """Read from its first to its last byte, knowing nothing."""
    content = entity(parse(body), "CloudFailoverSession", bodies.SESSION_ID)
    return session_of(content, TaskReader())


def outcome(read: Callable[[bytes], FailoverSession], body: bytes) -> object:
    """What was read, or what was said instead."""
    try:
        return read(body)
    except UnreadableAnswer as error:
        return error.sentence


def compact(tree: Any) -> bytes:
    """As the server writes it: no blanks between members."""
    return json.dumps(tree, separators=(",", ":")).encode()


class Following:
    """One session, read answer after answer as the client does."""

    def __init__(self) -> None:
        self.reading = LastReading(bodies.SESSION_ID)

    def __call__(self, body: bytes) -> FailoverSession:
        reading = self.reading
        return reading.same(body) or reading.quickly(body) or reading.read(body)


class Course:
    """A server's answers, one after the other: a tree, and how it is written."""

    def __init__(self) -> None:
        self.tasks: list[Any] = [bodies.task(f"vm{number}") for number in range(5)]
        self.head: dict[str, Any] = {}
        self.writing: Callable[[Any], bytes] = compact
        self.shape: Callable[..., Any] = bodies.wrapped
        self.tasks_last = False

    def body(self) -> bytes:
        tree = bodies.session(self.shape(*self.tasks), **self.head)
        if self.tasks_last:
            tree["CloudFailoverTasks"] = tree.pop("CloudFailoverTasks")
        return self.writing(tree)


def _camel(tree: Any) -> bytes:
    return compact(json.loads(bodies.v13(tree)))


def _xml(tree: Any) -> bytes:
    return bodies.xml("CloudFailoverSession", tree)


def _spread(tree: Any) -> bytes:
    return json.dumps(tree, indent=1).encode()


def _bare(*tasks: Any) -> Any:
    return list(tasks)


def _in_lists(*tasks: Any) -> Any:
    return {"CloudFailoverTasks": list(tasks), "Others": [{"State": "x"}], "Count": len(tasks)}


@st.composite
def courses(draw: st.DrawFn) -> list[bytes]:
    """Some answers, each a little different from the one before; some of them damaged."""
    course, found = Course(), []
    for _ in range(draw(st.integers(2, 7))):
        for _ in range(draw(st.integers(0, 3))):
            _change(draw, course)
        body = course.body()
        if draw(st.integers(0, 4)) == 0:
            body = _damaged(draw, body)
        found.append(body)
    return found


_NUMBER = st.integers(0, 100)
_OVER = {"State": "Stopped", "Result": "Failed", "EndTimeUTC": "2026-03-01T08:09:00Z"}


def _change(draw: st.DrawFn, course: Course) -> None:
    tasks = course.tasks
    at = draw(st.integers(0, len(tasks) - 1)) if tasks else 0
    kind = draw(st.sampled_from(["progress", "progress", "task", "list", "writing", "head"]))
    if kind == "progress":
        course.tasks = [
            each | {"Progress": draw(_NUMBER)} if place >= at and isinstance(each, dict) else each
            for place, each in enumerate(tasks)
        ]
    elif kind == "task" and tasks and isinstance(tasks[at], dict):
        odd, text = draw(st.sampled_from(ODD)), draw(st.sampled_from(TEXTS))
        told = [{"Progress": odd}, {"FailureMessage": text}, _OVER, {"State": "Stopped"}]
        tasks[at] = tasks[at] | draw(st.sampled_from(told))
    elif kind == "list":
        _change_list(draw, course, at)
    elif kind == "writing":
        course.writing = draw(st.sampled_from([compact, compact, _camel, _xml, _spread]))
        course.shape = draw(st.sampled_from([bodies.wrapped, _bare, _in_lists]))
        course.tasks_last = not course.tasks_last
    elif kind == "head":
        text = draw(st.sampled_from(TEXTS))
        course.head = draw(
            st.sampled_from(
                [{"Progress": 7}, {"State": "Stopped"}, {"State": None}, {"FailureMessage": text},
                 {"Links": []}, {"CloudFailoverTasks": None}, {"UID": bodies.OTHER_ID},
                 {"Type": "Other"}]
            )
        )  # fmt: skip


def _change_list(draw: st.DrawFn, course: Course, at: int) -> None:
    tasks, number = course.tasks, draw(_NUMBER)
    strange: Any = draw(st.sampled_from(STRANGE))
    changed: list[list[Any]] = [
        [*tasks[:at], bodies.task(f"new{number}"), *tasks[at:]],
        [*tasks, bodies.task(f"last{number}", Progress=number)],
        tasks[:at],
        list(draw(st.permutations(tasks))),
        [*tasks, *tasks[at : at + 1]],
        [*tasks, strange],
    ]
    course.tasks = draw(st.sampled_from(changed))


def _damaged(draw: st.DrawFn, body: bytes) -> bytes:
    at = draw(st.integers(0, len(body)))
    length = draw(st.integers(0, 8))
    spelled = draw(st.sampled_from(SPELLINGS))
    inserted = draw(
        st.sampled_from(
            [b"", b"},{", b"}]", b"]", b'"', b"\\", b",", b"0", b"9", b"\xff", b'"Progress":4,',
             b'{"VmName":"no task of this name"},', b'"CloudFailoverTasks":[{', b"\n"]
        )
    )  # fmt: skip
    match draw(st.integers(0, 3)):
        case 0:
            return body[:at]
        case 1:
            return body.replace(b'"Progress"', b'"%s"' % spelled.encode(), 1 + at % 3)
        case _:
            return body[:at] + inserted + body[at + length :]


@settings(max_examples=300, deadline=None)
@given(courses(), st.integers(1, 4))
def test_the_short_way_says_what_the_long_way_says(course: list[bytes], block: int) -> None:
    following = Following()
    with patch.object(slices, "_BLOCK", block):
        for body in course:
            assert outcome(following, body) == outcome(wholly, body)


def _numbered(count: int, **changes: Any) -> list[bodies.Tree]:
    return [bodies.task(f"vm{number}", **changes) for number in range(count)]


def _body(tasks: list[bodies.Tree], **head: Any) -> bytes:
    return compact(bodies.session(bodies.wrapped(*tasks), **head))


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_as_many_tasks_are_decoded_as_changed_however_many_there_are(count: int) -> None:
    following = Following()
    tasks = _numbered(count)
    following(_body(tasks))
    known = following.reading.decoded
    tasks[3] = tasks[3] | {"State": "Stopped", "Result": "Success"}
    tasks[7] = tasks[7] | {"Progress": 41}
    before = following(_body(tasks, Progress=3))
    assert following.reading.decoded - known == 2
    tasks[7] = tasks[7] | {"Progress": 100}
    after = following(_body(tasks, Progress=100))
    # It moved on in its digits alone, which were seen to be those of the progress.
    assert following.reading.decoded - known == 2
    assert (before.tasks[7].progress, after.tasks[7].progress) == (41, 100)
    kept = [place for place in range(count) if before.tasks[place] is after.tasks[place]]
    assert kept == [place for place in range(count) if place != 7]


@pytest.mark.parametrize("count", [100, 1_000])
def test_where_nothing_changes_many_tasks_are_passed_at_once(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_through: list[int] = []
    go_through = slices._Cutting._through_block

    def counted(self: slices._Cutting, block: int, first: int, at: int) -> int:
        gone_through.append(block)
        return go_through(self, block, first, at)

    following, tasks = Following(), _numbered(count)
    for progress in range(20, 26):
        if progress == 23:
            monkeypatch.setattr(slices._Cutting, "_through_block", counted)
        tasks[40] = tasks[40] | {"Progress": progress}
        assert following(_body(tasks)).tasks[40].progress == progress
    assert gone_through == [1, 1, 1]
    # What moved in the last answer is looked at once more, and then no more.
    for head in range(3):
        following(_body(tasks, Progress=head))
    assert gone_through == [1, 1, 1, 1]


def test_a_thread_that_nobody_waits_for_any_more_meets_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    following, tasks = Following(), _numbered(3)
    following(_body(tasks))
    begun, going = threading.Event(), threading.Event()
    read = TaskSlices.read

    def slowly(self: TaskSlices, body: bytes, most: int | None = None) -> slices.SlicedAnswer:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            assert going.wait(10)
        return read(self, body, most)

    monkeypatch.setattr(TaskSlices, "read", slowly)
    first, second = (_body([tasks[0] | {"Progress": n}, *tasks[1:]]) for n in (70, 80))
    given_up = threading.Thread(target=following.reading.read, args=(first,))
    given_up.start()
    assert begun.wait(10)
    assert following.reading.quickly(second) is None
    going.set()
    assert following.reading.read(second).tasks[0].progress == 80
    given_up.join(10)
    assert following(second).tasks[0].progress == 80


def test_a_list_that_grows_is_not_decoded_anew() -> None:
    following = Following()
    tasks = _numbered(50)
    before = following(_body(tasks[:40]))
    known = following.reading.decoded
    after = following(_body(tasks))
    assert following.reading.decoded - known == 11  # the one that was the last ends otherwise
    assert all(map(lambda one, other: one is other, before.tasks, after.tasks))
    assert following(_body(tasks[:20])).tasks == after.tasks[:20]


def test_a_cut_inside_a_text_is_a_doubt_and_not_a_task() -> None:
    slices = TaskSlices(TaskReader())
    with pytest.raises(Doubt):
        slices.read(_body([bodies.task("a", FailureMessage="one },{ two"), bodies.task("b")]))
    nested = bodies.task("a", More=[{"VmName": "x"}, {"VmName": "y"}])
    with pytest.raises(Doubt):
        slices.read(_body([nested, bodies.task("b")]))


def test_digits_that_are_not_the_progress_are_not_read_by_themselves() -> None:
    """The key stands twice, and the second one counts."""
    following = Following()

    def body(first: int, second: int) -> bytes:
        text = _body(_numbered(3)).replace(b'"Progress":40', b'"Progress":%d' % first, 1)
        return text.replace(b'"VmName":"vm0"', b'"VmName":"vm0","Progress":%d' % second, 1)

    for pair in ((1, 2), (3, 2), (3, 4), (5, 4), (5, 6)):
        assert following(body(*pair)).tasks[0].progress == pair[1]


def test_more_than_can_be_decoded_in_between_is_left_to_the_long_way() -> None:
    slices = TaskSlices(TaskReader())
    with pytest.raises(Doubt):
        slices.read(_body(_numbered(6)), most=5)
    assert slices.known == 0
    assert len(slices.read(_body(_numbered(6)), most=6).tasks.found) == 6


def _following_to_digits() -> tuple[Following, list[bodies.Tree]]:
    """One that reads the progress of `vm1` by its digits."""
    following, tasks = Following(), _numbered(4)
    for progress in (1, 2, 3):
        tasks[1] = tasks[1] | {"Progress": progress}
        following(_body(tasks))
    return following, tasks


@pytest.mark.parametrize(
    "change",
    [
        {"State": "Stopped"},  # as long as before, and before the digits
        {"FailureMessage": "full"},  # as long as null, and behind them
        {"VmName": "vm9"},
        {"Progress": 33, "FailureMessage": "disk full"},
        {"Progress": -3},
        {"Progress": 3.5},
        {"Progress": 1000},
        {"Progress": None},
        {"Progress": True},
        {"Progress": "4"},
    ],
)
def test_digits_are_read_by_themselves_only_where_nothing_else_changed(
    change: dict[str, Any],
) -> None:
    following, tasks = _following_to_digits()
    assert following.reading.decoded == 4 + 1
    tasks[1] = tasks[1] | {"Progress": 4} | change
    assert following(_body(tasks)) == wholly(_body(tasks))


@pytest.mark.parametrize("number", [b"04", b"+4", b"4.", b"4e0", b"4_", b" 4", b"", b"4,4", b"4 "])
def test_digits_in_another_writing_are_what_the_whole_says(number: bytes) -> None:
    following, tasks = _following_to_digits()
    body = _body(tasks).replace(b'"Progress":3,', b'"Progress":%s,' % number)
    assert outcome(following, body) == outcome(wholly, body)


@pytest.mark.parametrize("depth", [10, 190, 194, 195, 196, 197, 198, 199, 200, 201, 250])
def test_how_deep_a_task_is_nested_is_judged_within_the_whole(depth: int) -> None:
    following, tasks = Following(), _numbered(3)
    following(_body(tasks))
    body = _body(tasks).replace(
        b'"VmName":"vm1"', b'"VmName":"vm1","X":' + b"[" * depth + b"]" * depth
    )
    assert outcome(following, body) == outcome(wholly, body)


def test_tasks_that_tell_neither_vm_nor_state_are_told_apart_within_the_whole() -> None:
    nameless = [{"VmReplicaPointLink": {"Name": f"vm{number}@x"}} for number in range(3)]
    tree = bodies.session({"CloudFailoverTasks": nameless, "Other": {"a": 1}})
    assert outcome(Following(), compact(tree)) == outcome(wholly, compact(tree))
