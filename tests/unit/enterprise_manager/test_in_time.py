"""Newest first: one order for whatever the server dates, and for what it does not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tui.enterprise_manager.in_time import began, newest_first, newest_of

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    name: str
    created: datetime | None


def item(name: str, hours: float | None) -> Item:
    return Item(name, None if hours is None else NOON + timedelta(hours=hours))


def names(items: list[Item]) -> str:
    return "".join(each.name for each in items)


def test_the_undated_are_the_oldest_also_beside_the_year_1() -> None:
    first_day = Item("z", datetime(1, 1, 1, tzinfo=UTC))
    items = [item("a", 1), item("u", None), first_day, item("b", 2)]
    assert names(newest_first(items)) == "bazu"
    assert newest_of(items) == item("b", 2)
    assert began(first_day) > began(item("u", None))


def test_an_instant_counts_not_its_zone() -> None:
    east = Item("e", datetime(2026, 11, 26, 13, tzinfo=timezone(timedelta(hours=2))))
    assert names(newest_first([east, item("n", 0)])) == "ne"


def test_what_began_at_one_time_stays_in_its_order() -> None:
    items = [item("a", 1), item("x", None), item("b", 1), item("y", None)]
    assert names(newest_first(items)) == "abxy"
    assert newest_of(items) == item("a", 1)


def test_nothing_has_no_newest() -> None:
    assert newest_first([]) == []
    assert newest_of(list[Item]()) is None
    assert newest_of([item("u", None)]) == item("u", None)


@given(st.lists(st.none() | st.integers(-3, 3)))
def test_the_newest_is_the_first(hours: list[int | None]) -> None:
    items = [item(str(number), hour) for number, hour in enumerate(hours)]
    ordered = newest_first(items)
    assert sorted(ordered, key=lambda each: each.name) == sorted(items, key=lambda each: each.name)
    assert newest_of(items) == (ordered[0] if ordered else None)
    starts = [began(each) for each in ordered]
    assert starts == sorted(starts, reverse=True)
