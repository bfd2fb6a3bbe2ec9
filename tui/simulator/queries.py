"""Answers `GET /api/query`: filter, sort, page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from tui.simulator import query_answers
from tui.simulator.filters import BadFilter, parse
from tui.simulator.queryable import QUERIED, Queried, Source
from tui.simulator.refusal import Refusal
from tui.simulator.wire import Listing, Node

PAGE_SIZE: Final = 100
"""What a page holds unless asked otherwise; undocumented, but recorded."""


def answer(source: Source, query: str) -> Node:
    """The QueryResult for a percent-encoded query string; Refusal when it makes no sense."""
    given = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
    kind = QUERIED.get(given.get("type", "").lower())
    if kind is None:
        raise Refusal(400, f"Unknown entity type: '{given.get('type', '')}'")
    try:
        items = _chosen(source, kind, given.get("filter", ""), given)
    except BadFilter as error:
        raise Refusal(400, str(error)) from error
    size = _number(given, "pagesize", PAGE_SIZE)
    page = _number(given, "page", 1)
    count = max(1, -(-len(items) // size))
    shown = items[(page - 1) * size : page * size]
    paging = query_answers.paging_info(
        page, size, count, _page_links(source, query, page, size, count)
    )
    if given.get("format", "").lower() == "entities":
        nodes = [kind.entity(source, item) for item in shown]
        return query_answers.query_result((kind.key, Listing(kind.plural, nodes)), None, paging)
    refs = [source.documents.reference(item) for item in shown]
    return query_answers.query_result(None, refs, paging)


def _chosen(source: Source, kind: Queried, condition: str, given: dict[str, str]) -> Sequence[Any]:
    columns = kind.columns(source)
    items = kind.items(source)
    if condition:
        test = parse(condition, columns)
        items = [item for item in items if test(item)]
    order = given.get("sortdesc") or given.get("sortasc")
    if not order:
        return items
    column = columns.get(order.lower())
    if column is None:
        raise BadFilter(f"Unknown field to sort by: '{order}'")
    # What has no value yet (EndTime of a running session) sorts as the lowest.
    keys = [(value is not None, value) for value in map(column.read, items)]
    places = sorted(range(len(items)), key=keys.__getitem__, reverse="sortdesc" in given)
    return [items[place] for place in places]


def _number(given: dict[str, str], name: str, default: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise Refusal(400, f"The value of '{name}' must be a positive number")
    return int(text)


def _page_links(
    source: Source, query: str, page: int, size: int, count: int
) -> list[tuple[str, str]]:
    """Relations and addresses: the query as it was asked, with another page."""
    kept = [
        f"{name}={_encoded(value, lower=source.dialect.api == 'v12')}"
        for name, value in parse_qsl(query, keep_blank_values=True)
        if name.lower() not in {"page", "pagesize"}
    ]
    pages = {"First": 1, "Previous": page - 1, "Next": page + 1, "Last": count}
    if page <= 1:
        del pages["Previous"]
    if page >= count:
        del pages["Next"]
    return [
        (rel, source.documents.href("query?" + "&".join([*kept, f"pageSize={size}&page={number}"])))
        for rel, number in pages.items()
    ]


def _encoded(value: str, *, lower: bool) -> str:
    text = quote(value, safe="")
    return re.sub("%..", lambda match: match[0].lower(), text) if lower else text
