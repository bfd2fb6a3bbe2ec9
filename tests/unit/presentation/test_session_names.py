"""A session in one line of plain text."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.support.making import SESSION_ID, at, session, stopped
from tests.support.outside_texts import OUTSIDE
from tui.presentation.session_names import candidate_lines, named_session, plan_name, sought_text
from tui.session_selector import Selector, Which


def test_a_session_is_named_by_plan_start_and_id() -> None:
    assert named_session(session(created=at(13.5))) == (
        f"ABC Company Failover Plan, started 2026-11-23T14:03:30Z, {SESSION_ID}"
    )
    assert named_session(session(created=None, plan=" ")) == f"-, {SESSION_ID}"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("4347", "session 4347"),
        (Selector(Which.LATEST), "the latest session"),
        (Selector(Which.RUNNING), "the running session"),
        (Selector(Which.PREFIX, "4347"), "the session whose ID begins with 4347"),
        (Selector(Which.PLAN, "ABC\x1b"), "the newest session of ABC"),
    ],
)
def test_what_is_looked_for(wanted: str | Selector, said: str) -> None:
    assert sought_text(wanted).startswith(said)
    assert sought_text(wanted).isprintable()


def test_what_to_choose_from_stands_in_columns() -> None:
    lines = candidate_lines(
        [
            session(session_id="one", created=None, server=None),
            stopped(result="Failed").model_copy(update={"id": "two"}),
            object(),
        ]
    )
    assert lines == [
        "  one  Working  -                     ABC Company Failover Plan",
        "  two  Failed   2026-11-23T13:50:00Z  ABC Company Failover Plan on vbr01",
    ]
    assert candidate_lines([]) == []


@given(OUTSIDE, OUTSIDE, OUTSIDE)
def test_each_stays_one_printable_line(plan: str, server: str, state: str) -> None:
    of = session(plan=plan, server=server, state=state, session_id="one")
    for line in (plan_name(of), named_session(of), *candidate_lines([of])):
        assert line.isprintable()
        assert line.strip()
