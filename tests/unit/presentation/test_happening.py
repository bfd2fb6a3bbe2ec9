"""What happened, as one line of six fields."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from tests.support.making import at
from tests.support.outside_texts import OUTSIDE
from tui.presentation.glyphs import ASCII
from tui.presentation.happening import Dated, Happening, dated

FAILED = Happening(at(4), "task failed", "sql02", "Disk full", Dated.SERVER, timedelta(seconds=125))


def test_a_line_has_six_fields_and_a_dash_for_what_there_is_none_of() -> None:
    assert FAILED.text(ASCII) == (
        "2026-11-23T13:54:00Z\ttask failed\tsql02\tDisk full\tserver\t2 min 05 s"
    )
    bare = Happening(at(4), "session state", "", " ")
    assert bare.text(ASCII) == "2026-11-23T13:54:00Z\tsession state\t-\t-\tseen\t-"


@given(OUTSIDE, OUTSIDE)
def test_nothing_from_outside_makes_another_field_or_line(vm: str, message: str) -> None:
    text = Happening(at(4), "task failed", vm, message).text(ASCII)
    assert text.count("\t") == 5
    assert len(text.splitlines()) == 1
    assert all(field.strip() for field in text.split("\t"))


@pytest.mark.parametrize(
    ("clock", "server_known", "expected"),
    [
        (Dated.SEEN, True, Dated.SEEN),
        (Dated.SEEN, False, Dated.HERE),
        (Dated.SERVER, True, Dated.SERVER),
        (Dated.SERVER, False, Dated.SERVER),
        (Dated.HERE, True, Dated.HERE),
    ],
)
def test_whose_clock_it_is_by(clock: Dated, server_known: bool, expected: Dated) -> None:
    happening = Happening(at(1), "session state", dated=clock)
    assert happening.by_clock(server_known=server_known).dated is expected


def test_a_moment_of_the_server_is_dated_by_it() -> None:
    assert dated(at(1)) is Dated.SERVER
    assert dated(None) is Dated.SEEN
