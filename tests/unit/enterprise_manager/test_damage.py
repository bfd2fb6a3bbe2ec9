"""Damage costs one item, not the answer, and is said: never a smaller whole or a better verdict."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import bodies
from tests.support.damage import damaged, tasks_of, trio, with_attributes
from tui.analysis.assessing import assess
from tui.analysis.assessment import Assessment
from tui.analysis.status import Contradiction, Status
from tui.enterprise_manager import readers
from tui.enterprise_manager.decoding import is_web_page, parse
from tui.enterprise_manager.resources import FailoverSession, SessionPage
from tui.enterprise_manager.sessions import LastReading
from tui.errors import UnreadableAnswer
from tui.presentation.doubts import doubts

STOPPED = {"State": "Stopped", "Progress": 100}
ENDED = {**STOPPED, "EndTimeUTC": "2026-03-01T08:20:00Z"}


def xml(tree: Any) -> bytes:
    """The tree in XML, where a list's null item is an empty element."""
    return bodies.xml("CloudFailoverSession", _without_null_items(tree))


def _without_null_items(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_null_items(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [{} if item is None else _without_null_items(item) for item in tree]
    return tree


def read(body: bytes) -> FailoverSession:
    return LastReading(bodies.SESSION_ID).read(body)


WHOLE = read(bodies.v12(trio()))


def counts(seen: Assessment) -> dict[Status, int]:
    return {status: count for status, count in seen.counts.items() if count}


def test_both_forms_of_one_session_read_alike() -> None:
    seen = assess(WHOLE)
    assert read(xml(trio())) == read(bodies.v13(trio())) == WHOLE
    assert seen.status is Status.RUNNING_WITH_ERRORS
    assert counts(seen) == {Status.FAILED: 1, Status.SUCCESS: 1, Status.RUNNING: 1}
    assert (seen.total, doubts(seen)) == (3, [])


@pytest.mark.parametrize("ended", ["1900-01-01T00:00:00Z", "2026-03-01T08:00:00.123Z"])
def test_an_end_that_cannot_be_changes_nothing(ended: str) -> None:
    told = {**trio(), "EndTimeUTC": ended}
    for body in (bodies.v12(told), xml(told)):
        assert read(body) == WHOLE


def test_an_attribute_on_a_text_element_loses_no_text() -> None:
    typed = xml(trio()).replace(b"<Result>", b'<Result xsi:type="xsd:string">')
    assert read(typed) == WHOLE


@pytest.mark.parametrize("beside", [{"TotalCount": 3}, {"TotalCount": 3, "Note": "x"},
                                    {"Links": [], "Odd": {}}, {"Odd": []}])  # fmt: skip
def test_an_unknown_member_beside_the_tasks_hides_none(beside: dict[str, Any]) -> None:
    told = trio()
    told["CloudFailoverTasks"] |= beside
    assert read(bodies.v12(told)) == WHOLE
    told["CloudFailoverTasks"] = {**beside, **trio()["CloudFailoverTasks"]}
    assert read(bodies.v13(told)) == WHOLE


@pytest.mark.parametrize("odd", [None, "x", 5, [], {}, {"Colour": "red"}, [None]])
def test_one_task_that_cannot_be_read_is_counted_and_said(odd: Any) -> None:
    told = trio()
    tasks_of(told)[1] = odd
    session = read(bodies.v12(told))
    assert [task.vm_name for task in session.tasks] == ["sql", "app"]
    seen = assess(session)
    assert (seen.total, seen.unreadable) == (3, 1)
    assert doubts(seen)[0].startswith("1 of 3 VMs cannot be read")


def test_a_nil_task_in_xml_is_counted_too() -> None:
    nil = b'<CloudFailoverTasks xsi:nil="true"/><CloudFailoverTasks VmName="web"'
    body = xml(trio()).replace(b'<CloudFailoverTasks VmName="web"', nil)
    session = read(body)
    assert (len(session.tasks), session.unreadable_tasks) == (3, 1)


def test_success_beside_a_failed_and_a_working_task_is_a_contradiction() -> None:
    told = trio(**ENDED, Result="Success")
    for body in (bodies.v12(told), xml(told)):
        seen = assess(read(body))
        assert seen.status is Status.FAILED
        assert seen.contradictions == (
            Contradiction.SUCCESS_WITH_FAILED,
            Contradiction.OVER_WITH_UNFINISHED,
        )
        assert doubts(seen) == [
            "The server contradicts itself: it says Success, but 1 VM failed and 1 still works."
        ]


def listed(count: int = 3, **page: Any) -> dict[str, Any]:
    items = [
        bodies.session(None, session_id=f"{number:08}-3333-4444-8555-666677778888")
        for number in range(count)
    ]
    return bodies.query("CloudFailoverSessions", items, **page)


def items_in(tree: dict[str, Any]) -> list[Any]:
    items: list[Any] = tree["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"]
    return items


def page_of(tree: Any) -> SessionPage:
    return readers.session_page(parse(bodies.v12(tree)), 1)


@pytest.mark.parametrize("missing", [{"UID": None, "Href": None, "Links": None},
                                     {"UID": "x", "Href": "y", "Links": "z"},
                                     {"Type": "BackupJobSession"}])  # fmt: skip
def test_a_list_item_without_an_identity_costs_itself_only(missing: dict[str, Any]) -> None:
    tree = listed()
    items_in(tree)[1] |= missing
    page = page_of(tree)
    assert (len(page.sessions), page.unreadable) == (2, 1)


def test_links_that_are_text_cost_the_links_only() -> None:
    tree = listed()
    items_in(tree)[1]["Links"] = "text"
    page = page_of(tree)
    assert (len(page.sessions), page.unreadable) == (3, 0)
    assert [session.backup_server for session in page.sessions] == ["vbr07", None, "vbr07"]


EMPTIED = {"CloudFailoverSessions": {"CloudFailoverSessions": None}}


@pytest.mark.parametrize("entities", [None, {}, {"CloudFailoverSessions": None}, EMPTIED])
def test_nothing_on_a_page_of_three_is_no_empty_list(entities: Any) -> None:
    tree = listed(pages=3)
    tree["Entities"] = entities
    with pytest.raises(UnreadableAnswer, match="3 pages"):
        page_of(tree)
    tree["PagingInfo"]["PagesCount"] = 1
    assert page_of(tree).sessions == ()
    # The list may have shrunk while it was paged through.
    tree["PagingInfo"]["PagesCount"] = 3
    assert readers.session_page(parse(bodies.v12(tree)), 4).sessions == ()


@pytest.mark.parametrize(
    "body",
    [
        bodies.xml("CloudFailoverSession", trio(), prefix="p"),
        bodies.xml("CloudFailoverSession", trio(), prefix="title"),
        xml(trio()).split(b"?>", 1)[1],
        b"<!-- a note -->" + xml(trio()).split(b"?>", 1)[1],
    ],
)
def test_a_prefix_or_a_missing_declaration_makes_no_web_page(body: bytes) -> None:
    assert not is_web_page(body)
    assert read(body) == WHOLE


@pytest.mark.parametrize(
    "body", [b"<html>", b"<P>x", b"<!DOCTYPE  html>", b"<h1 class='x'>",
             b"<?xml version='1.0'?>\n<!-- x --><html xmlns='y'>", b"<!---->" * 60 + b"<body>"]
)  # fmt: skip
def test_a_web_page_is_one_all_the_same(body: bytes) -> None:
    assert is_web_page(body)


def test_many_comments_are_looked_through_in_no_time() -> None:
    assert not is_web_page(b"<!---->" * 70 + b"<x")


# Any damage ---------------------------------------------------------------------

BASES = {
    "working": trio(),
    "failed": {**trio(), **ENDED, "Result": "Failed"},
    "warned": {**trio(), **ENDED, "Result": "Warning"},
    "contradicting": {**trio(), **ENDED, "Result": "Success"},
}
_FINE = (Status.SUCCESS, Status.ALREADY)


def assert_no_better(whole: Assessment, seen: Assessment) -> None:
    """What the damaged answer says is no smaller and no healthier, or it says so."""
    unknown = seen.unreadable + seen.count(Status.UNKNOWN) - whole.count(Status.UNKNOWN)
    more = max(0, seen.total - whole.total)
    if seen.total == 0:
        # A session without tasks is a documented one, and is said to list none.
        return
    assert seen.total >= whole.total
    assert seen.count(Status.SUCCESS) <= whole.count(Status.SUCCESS) + more
    for bad in (Status.FAILED, Status.WARNING):
        lost = whole.count(bad) - seen.count(bad)
        assert lost <= max(0, unknown) + more
    if seen.status in _FINE and whole.status not in _FINE:
        assert unknown > 0
    if whole.status is Status.RUNNING_WITH_ERRORS and seen.status is Status.RUNNING:
        assert unknown > 0


@pytest.mark.parametrize("base", list(BASES))
@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_damaged_json_is_never_better_than_the_whole(base: str, data: st.DataObject) -> None:
    tree = BASES[base]
    whole = assess(read(bodies.v12(tree)))
    told = data.draw(damaged(tree))
    form = data.draw(st.sampled_from([bodies.v12, bodies.v13]))
    try:
        session = read(form(told))
    except UnreadableAnswer:
        return
    assert_no_better(whole, assess(session))


@pytest.mark.parametrize("base", list(BASES))
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damaged_xml_is_never_better_than_the_whole(base: str, data: st.DataObject) -> None:
    tree = BASES[base]
    whole = assess(read(xml(tree)))
    told = data.draw(damaged(tree))
    try:
        session = read(xml(told))
    except UnreadableAnswer:
        return
    assert_no_better(whole, assess(session))


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_attributes_and_namespaces_change_nothing(data: st.DataObject) -> None:
    prefix = data.draw(st.sampled_from(["", "p", "ns0"]))
    body = bodies.xml("CloudFailoverSession", trio(), prefix=prefix)
    assert read(data.draw(with_attributes(body))) == WHOLE


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_a_damaged_list_is_no_shorter_or_says_so(data: st.DataObject) -> None:
    tree = listed(pages=2)
    damaged_items = [data.draw(damaged(item, most=4)) for item in items_in(tree)]
    whole = [copy.deepcopy(item) for item in damaged_items]
    tree["Entities"]["CloudFailoverSessions"]["CloudFailoverSessions"] = whole
    try:
        page = page_of(tree)
    except UnreadableAnswer:
        return
    assert len(page.sessions) + page.unreadable == 3
