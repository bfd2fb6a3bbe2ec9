from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_clock import START
from tests.support.making import at, done, session, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import plain
from tui.analysis.assessing import assess
from tui.analysis.assessment import TaskKey
from tui.analysis.events import Event, EventKind, EventLog, changes
from tui.analysis.status import Status
from tui.presentation.event_lines import (
    EventPainter,
    event_lines,
    event_rows,
    event_text,
)
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length

GLYPHS = st.sampled_from([UNICODE, ASCII])
WIDTHS = st.integers(1, 260)
EVENTS = st.builds(
    Event,
    st.integers(0, 10_000).map(at),
    st.sampled_from(EventKind),
    st.booleans(),
    st.none() | st.builds(TaskKey, OUTSIDE, st.none(), st.just(0)),
    st.none() | st.sampled_from(Status),
    st.none() | OUTSIDE,
    st.none() | st.timedeltas(timedelta(), timedelta(days=40)),
)
KEY = TaskKey("sql02", "point-sql02", 0)
FAILED = Event(
    at(4.85), EventKind.TASK_FAILED, key=KEY, status=Status.FAILED, text="Not enough space"
)


def shown(event: Event, width: int = 80, glyphs: Glyphs = UNICODE) -> str:
    painter = EventPainter(glyphs)
    return "".join(plain(painter.cell(event, column)) for column in painter.columns(width))


@given(EVENTS, GLYPHS, WIDTHS)
def test_cells_are_exactly_as_wide_as_their_columns(
    event: Event, glyphs: Glyphs, width: int
) -> None:
    painter = EventPainter(glyphs)
    columns = painter.columns(width)
    row = event_rows(EventLog((event,)))[0]
    for column, cell in zip(columns, painter.cells(row, columns), strict=True):
        assert length(cell) == length(painter.header(column)) == column.width


@given(EVENTS, GLYPHS, st.integers(20, 200))
def test_in_full_nothing_is_cut_but_everything_fits(
    event: Event, glyphs: Glyphs, width: int
) -> None:
    lines = event_lines(event, width, glyphs)
    assert all(length(line) == width for line in lines)
    assert all(plain(line).isprintable() for line in lines)
    if event.text and event.kind not in (EventKind.CONNECTION_BACK, EventKind.UNWATCHED):
        told = "".join("".join(plain(line).split()) for line in lines)
        assert told.endswith("".join(glyphs.clean(event.text).split()))


@given(EVENTS, GLYPHS)
def test_for_the_clipboard_it_is_one_printable_line(event: Event, glyphs: Glyphs) -> None:
    text = event_text(event, glyphs)
    assert text.isprintable()
    assert text.lstrip("~")[:20].endswith("Z")


@given(st.lists(st.sampled_from([FAILED, Event(at(1), EventKind.CONNECTION_LOST)])))
def test_equal_events_have_keys_of_their_own_that_stay(events: list[Event]) -> None:
    rows = event_rows(EventLog(tuple(events)))
    keys = [EventPainter(UNICODE).key(row) for row in rows]
    assert len(set(keys)) == len(keys) == len(events)
    grown = event_rows(EventLog((*events, FAILED)))
    assert grown[:-1] == rows


def test_a_failure_at_eighty_columns() -> None:
    line = shown(FAILED)
    assert line.startswith(" 13:54:51 ")
    assert "sql02" in line
    assert "✘ failed" in line
    assert line.rstrip().endswith("Not enough space")


def test_local_time_stands_beside_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Etc/GMT-5")
    time.tzset()
    try:
        assert shown(FAILED).startswith(" 13:54:51  18:54:51 ")
        assert "2026-11-23 18:54:51" in shown(FAILED, 200)
        assert "18:54:51" in "\n".join(plain(line) for line in event_lines(FAILED, 80, UNICODE))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_moment_of_our_own_is_marked() -> None:
    lost = Event(START, EventKind.CONNECTION_LOST, inferred=True, text="No answer within 10 s.")
    assert shown(lost).startswith("~13:50:00 ")
    assert "✘ lost " in shown(lost)
    assert "✘ connection lost" in shown(lost, 120)
    assert event_text(lost, ASCII) == (
        "~2026-11-23T13:50:00Z  x  connection  connection lost  No answer within 10 s."
    )
    full = "\n".join(plain(line) for line in event_lines(lost, 90, UNICODE))
    assert "~2026-11-23 13:50:00 UTC, as seen here" in full


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event(START, EventKind.SESSION, status=Status.STARTING), "session"),
        (Event(START, EventKind.SESSION, status=Status.FAILED, text="None left"), "✘ Failed"),
        (Event(START, EventKind.SESSION, status=Status.UNKNOWN, text="Odd"), "Odd"),
        (Event(START, EventKind.TASK_STARTED, key=KEY), "▶ started"),
        (Event(START, EventKind.TASK_FINISHED, key=KEY, status=Status.SUCCESS), "✔ finished"),
        (Event(START, EventKind.TASK_FINISHED, key=KEY, status=Status.WARNING), "⚠ finished, w"),
        (
            Event(START, EventKind.TASK_UNLISTED, key=KEY, status=Status.UNKNOWN),
            "? no longer listed",
        ),
        (Event(START, EventKind.CONNECTION_BACK, lasted=timedelta(seconds=92)), "after 1 min 32 s"),
        (Event(START, EventKind.NOTE, text="called [the] network team"), "* note"),
        (Event(START, EventKind.NOTE, text="called [the] network team"), "called [the] network"),
    ],
)
def test_what_happened_in_words_and_symbols(event: Event, said: str) -> None:
    assert said in shown(event, 120)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event(START, EventKind.SESSION, status=Status.RUNNING_WITH_WARNINGS), "⚠ warnings"),
        (Event(START, EventKind.SESSION, status=Status.RUNNING_WITH_ERRORS), "✘ errors"),
        (Event(START, EventKind.TASK_UNLISTED, key=KEY), "? not listed"),
    ],
)
def test_at_eighty_columns_what_happened_is_short_rather_than_cut(event: Event, said: str) -> None:
    assert f" {said} " in shown(event)


def test_a_narrow_terminal_keeps_when_and_what() -> None:
    ids = [[each.id for each in EventPainter(UNICODE).columns(width)] for width in (80, 50, 40, 30)]
    assert ids[0] == ["utc", "local", "vm", "what", "text"]
    assert ids[1] == ["utc", "vm", "what", "text"]
    assert ids[2] == ["utc", "vm", "what"]
    assert ids[3] == ["utc", "what"]


def test_the_events_of_a_real_fold() -> None:
    read = session(done("dc01"), done("sql02", "Failed", "DS-07 is full"), task("web01"))
    log = EventLog(changes(None, read, assess(read), at(3)))
    lines = [shown(row.event, 90).rstrip() for row in event_rows(log)]
    assert len(lines) == len(log.events)
    assert sum("▶ started" in line for line in lines) == 3
    assert [line for line in lines if line.endswith("DS-07 is full")]


def below(event: Event, width: int) -> list[str]:
    (row,) = event_rows(EventLog((event,)))
    lines = EventPainter(UNICODE).below(row, width)
    assert all(length(line) == width for line in lines)
    return [plain(line).rstrip() for line in lines]


def test_the_rest_of_a_text_stands_below_its_column_and_all_of_it_where_there_is_none() -> None:
    long = replace(FAILED, text="Not enough free space on datastore DS-11: 534 GB needed")
    column = EventPainter(UNICODE).columns(80)[-1]
    first = shown(long)[column.x :].rstrip()
    rest = below(long, 80)
    assert all(line.startswith(" " * column.x) for line in rest)
    assert " ".join([first, *(line.strip() for line in rest)]) == long.text
    assert below(replace(FAILED, text="Short"), 80) == []
    narrow = below(long, 40)
    assert " ".join(line.strip() for line in narrow) == long.text
    assert all(line.startswith("   ") and line[3] != " " for line in narrow)
    assert below(replace(FAILED, text=None), 40) == []


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (
            FAILED,
            [
                " What     ✘ failed",
                " About    sql02",
                " UTC      2026-11-23 13:54:51 UTC, as the server gave it",
            ],
        ),
        (
            Event(START, EventKind.CONNECTION_BACK, inferred=True, lasted=timedelta(seconds=92)),
            [
                " What     ● connection back",
                " About    connection",
                " UTC      ~2026-11-23 13:50:00 UTC, as seen here: the server gave no time",
            ],
        ),
        (
            Event(START, EventKind.NOTE, inferred=True, text="called"),
            [" What     * note", " UTC      2026-11-23 13:50:00 UTC, when it was noted"],
        ),
        (
            Event(START, EventKind.SESSION, status=Status.RUNNING),
            [
                " What     ▶ Working",
                " About    session",
                " UTC      2026-11-23 13:50:00 UTC, as the server gave it",
            ],
        ),
    ],
)
def test_an_event_in_full_says_what_about_whom_when_and_by_whose_clock(
    event: Event, facts: list[str]
) -> None:
    lines = [plain(line).rstrip() for line in event_lines(event, 100, UNICODE)]
    assert lines[: len(facts)] == facts
    assert lines[len(facts)].startswith(" Local    2026-11-23 1")
    rest = lines[len(facts) + 1 :]
    text = event.text or ("after 1 min 32 s" if event.lasted else "")
    assert rest == (["", f" {text}"] if text else [])


def test_in_a_narrow_box_a_fact_goes_on_below_itself() -> None:
    lines = [plain(line).rstrip() for line in event_lines(FAILED, 30, UNICODE)]
    begin = lines.index(" UTC      2026-11-23 13:54:51")
    assert lines[begin + 1 : begin + 3] == ["          UTC, as the server", "          gave it"]


def test_a_time_in_which_nobody_watched_says_for_how_long_and_what_that_means() -> None:
    gap = Event(START, EventKind.UNWATCHED, lasted=timedelta(minutes=5))
    assert event_text(gap, ASCII) == (
        "2026-11-23T13:50:00Z  ?  not watched  "
        "for 5 min: what the server does not date was seen later"
    ).replace("not watched", gap.kind.value)
    nameless = replace(FAILED, key=TaskKey(" ", None, 0))
    assert "✘" in shown(nameless)
