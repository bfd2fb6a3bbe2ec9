"""Lists in every shape that servers give them: each item counted, nothing guessed."""

from __future__ import annotations

from typing import Any

import pytest

from tui.enterprise_manager.decoding import items_of, parse
from tui.enterprise_manager.xml_tree import parse_xml
from tui.errors import UnreadableAnswer

MARKS = frozenset({"uid", "href"})
ONE, OTHER = {"uid": "1"}, {"uid": "2"}


@pytest.mark.parametrize(
    ("value", "found", "lost"),
    [
        (None, [], 0),
        ("", [], 0),
        ([], [], 0),
        ({}, [], 0),
        ([ONE], [ONE], 0),
        ([ONE, OTHER], [ONE, OTHER], 0),
        (ONE, [ONE], 0),
        ({"ref": ONE}, [ONE], 0),
        ({"refs": [ONE, OTHER]}, [ONE, OTHER], 0),
        ({"refs": []}, [], 0),
        ({"refs": None}, [], 0),
        # What is no item is counted.
        ([ONE, None], [ONE], 1),
        ([ONE, {}, "x", OTHER], [ONE, OTHER], 2),
        # What stands beside a list says nothing of it.
        ({"refs": [ONE], "links": [{"rel": "Up"}], "paginginfo": {"a": "b"}}, [ONE], 0),
        ({"refs": [ONE], "count": 1}, [ONE], 0),
        ({"count": 0}, [], 0),
        ({"count": "0"}, [], 0),
    ],
)
def test_a_list_in_any_of_its_shapes(value: Any, found: list[Any], lost: int) -> None:
    items = items_of(value, MARKS)
    assert (items.found, items[1]) == (found, lost)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        5,
        [None],
        ["x", "y"],
        [{}],
        {"count": 1},
        {"count": -1},
        {"text": "x"},
        {"refs": [ONE], "others": [OTHER]},
        {"some": [], "others": {}},
    ],
)
def test_where_no_item_can_be_told_it_is_said_instead_of_counted(value: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        items_of(value, MARKS)


@pytest.mark.parametrize(
    ("attributes", "members"),
    [
        ('State="Working"', {"state": "Working"}),
        # With the element's own prefix it is the resource's, with another one it is not.
        ('v:State="Working"', {"state": "Working"}),
        ('w:State="Working"', {}),
        ('v:State="Odd" State="Working"', {"state": "Working"}),
    ],
)
def test_whose_an_attribute_with_a_prefix_is(attributes: str, members: dict[str, str]) -> None:
    body = f'<v:Task xmlns:v="urn:v" xmlns:w="urn:w" {attributes}/>'.encode()
    root, content = parse_xml(body)
    assert root == "task"
    assert (content or {}) == members


@pytest.mark.parametrize(
    ("value", "is_nil"), [("true", True), ("1", True), (" true ", True), ("false", False)]
)
def test_an_element_that_says_it_is_nil_is_unknown(value: str, is_nil: bool) -> None:
    schema = "http://www.w3.org/2001/XMLSchema-instance"
    body = f'<T xmlns:i="{schema}"><P i:nil="{value}">7</P></T>'.encode()
    assert (parse_xml(body)[1]["p"] is None) is is_nil


@pytest.mark.parametrize("body", [b"", b"{", b"[1, 2", b"<T>", b"<T><P></T>"])
def test_a_damaged_body_is_said_to_be_one(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        parse(body)
