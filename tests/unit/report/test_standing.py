"""How a session stands, as data, whatever the server told of it; and the table of schemas."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.documents import every_member
from tests.support.making import at, plan, point, session, task
from tests.support.observed import Course
from tui.analysis.drill import Goals
from tui.monitor.snapshot import Snapshot
from tui.presentation.event_data import MEMBERS, Origin, event_data
from tui.presentation.happening import Dated, Happening
from tui.report.plain_data import json_text, members
from tui.report.schemas import described
from tui.report.standing import Standing, standing_of, status_document

MOMENTS = st.one_of(st.none(), st.integers(-3000, 3000).map(lambda minutes: at(minutes)))
SPANS = st.one_of(st.none(), st.timedeltas(timedelta(seconds=1), timedelta(days=3)))
STATES = st.sampled_from(["Starting", "Working", "Stopping", "Stopped", "Resuming", ""])
RESULTS = st.sampled_from(["None", "Success", "Warning", "Failed", "Whatever"])
NAMES = st.sampled_from(["web01", "WEB01", "", "a\tb\n", "\u202egnp", "=1"])
TASKS = st.lists(
    st.builds(
        task,
        NAMES,
        STATES,
        RESULTS,
        progress=st.one_of(st.none(), st.integers(0, 100)),
        created=MOMENTS,
        ended=MOMENTS,
        message=st.one_of(st.none(), NAMES),
    ),
    max_size=4,
)
SESSIONS = TASKS.flatmap(
    lambda tasks: st.builds(
        lambda state, result, created, ended, message: session(
            *tasks, state=state, result=result, created=created, ended=ended, message=message
        ),
        STATES,
        RESULTS,
        MOMENTS,
        MOMENTS,
        st.one_of(st.none(), NAMES),
    )
)


def followed(shown: Any, rto: timedelta | None, rpo: timedelta | None, wait: float) -> Course:
    course = Course()
    course.aim(Goals(rto, rpo, at(-30)))
    course.read(shown)
    points = {name: point(name, at(-60)) for name in ("point-web01", "point-=1")}
    course.detail(points, plan=plan("web01", "db01"), complete=True)
    course.wait(wait)
    return course


@given(SESSIONS, SPANS, SPANS, st.floats(0, 500_000))
def test_no_duration_is_negative_and_everything_is_json(
    shown: Any, rto: timedelta | None, rpo: timedelta | None, wait: float
) -> None:
    course = followed(shown, rto, rpo, wait)
    now = course.server_now
    found = standing_of(course.snapshot, now=now, seen_at=now, stale=False)
    assert found is not None
    told = json.loads(json_text(status_document(found, "em01:9398")))
    assert list(told)[2:] == [member.name for member in members(Standing)]
    happening = Happening(now, "task failed", "x", None, Dated.SERVER, timedelta(seconds=3))
    event = event_data(happening, course.snapshot, Origin("em01"), now=now, seen_at=now)
    assert list(event) == list(MEMBERS)
    for name, value in (*every_member(told), *every_member(event)):
        if name.endswith("_seconds"):
            assert value is None or value >= 0, name
        if name in ("started", "ended", "as_of", "deadline", "at", "seen_at") and value:
            assert datetime.fromisoformat(value).utcoffset() == timedelta()


def test_nothing_seen_is_nothing_told() -> None:
    now = at(0)
    assert standing_of(Snapshot("x"), now=now, seen_at=now, stale=True) is None


def test_every_schema_is_named_once_and_each_of_its_members_means_something() -> None:
    names = [each.schema for each in described() if each.schema is not None]
    assert len(names) == len(set(names)) >= 6
    assert all(name.startswith("failover-monitor-") and name[-2:] == "/1" for name in names)
    for each in described():
        assert each.members
        assert all(member.meaning for member in each.members), each.title
