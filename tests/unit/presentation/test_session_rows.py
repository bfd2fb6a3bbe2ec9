from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, session, stopped, task
from tests.support.outside_texts import OUTSIDE
from tests.support.states import judged, plain, state
from tui.analysis.drill import Goals
from tui.analysis.rto import assess_listed
from tui.enterprise_manager.resources import FailoverSession
from tui.monitor.session_list import SessionListState
from tui.monitor.snapshot import Snapshot
from tui.monitor.trouble import Trouble
from tui.presentation import session_rows
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length
from tui.presentation.session_order import SORTS, SessionOrder, SessionRow, SessionRows, list_title
from tui.presentation.session_rows import SessionNeeds, SessionPainter
from tui.settings.resolved import PlanTarget, Targets


def named(name: str, of: FailoverSession, started: float = 0) -> FailoverSession:
    ended = of.ended and at(started + 10 + len(name))
    return of.model_copy(
        update={"id": name, "plan_name": name, "created": at(started), "ended": ended}
    )


SESSIONS = [
    named("old", stopped(), -300),
    named("failed", stopped(result="Failed"), -200),
    named("busy", session(task("a")), -100),
    named("burning", session(task("a"), done("b", "Failed")), -150),
    named("new", stopped(), -10),
]


def arranged(order: SessionOrder) -> list[str]:
    return [row.session.plan_name for row in order.arrange(SessionRows().of(SESSIONS))]


def test_running_ones_are_on_top_failures_leading_then_newest_first() -> None:
    assert arranged(SessionOrder()) == ["burning", "busy", "new", "failed", "old"]


def test_a_filter_searches_the_verdict_that_stands_in_the_row() -> None:
    painter = SessionPainter(UNICODE, Targets(default=PlanTarget(rto=timedelta(minutes=1))))
    painter.as_of = at(0)
    rows = SessionRows().of(SESSIONS)
    read = {row.session.plan_name: painter.verdict(row).text for row in rows}
    assert "not met" in read["busy"].casefold()
    assert "not met" not in read["new"].casefold() or read["new"] == read["old"]
    for filter_ in ("not met", "NOT MET, run", "!not met", "rto"):
        painter.order = SessionOrder(filter=filter_)
        wanted, inverted = filter_.lstrip("!").casefold(), filter_.startswith("!")
        shown = {row.session.plan_name for row in painter.arranged(rows)}
        assert shown == {
            name
            for name, text in read.items()
            if (wanted in text.casefold() or wanted in name) is not inverted
        }


def test_a_state_unknown_here_without_an_end_counts_as_running() -> None:
    resuming = named("resuming", session(state="Resuming"), -400)
    order = SessionOrder().arrange(SessionRows().of([*SESSIONS, resuming]))
    assert [row.session.id for row in order][:3] == ["burning", "busy", "resuming"]
    painter = SessionPainter(UNICODE)
    painter.as_of = at(-390)
    columns = painter.columns(250)
    cells = painter.cells(order[2], columns)
    shown = {column.id: plain(cell).strip() for column, cell in zip(columns, cells, strict=True)}
    assert (shown["status"], shown["duration"]) == ("? Resuming", "10m00s")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("reverse", [False, True])
def test_running_ones_stay_on_top_in_any_order(sort: str, reverse: bool) -> None:
    assert arranged(SessionOrder(sort, reverse))[:2] == ["burning", "busy"]


def test_sorting_by_plan() -> None:
    assert arranged(SessionOrder("plan"))[2:] == ["failed", "new", "old"]
    assert arranged(SessionOrder("plan", reverse=True))[2:] == ["old", "new", "failed"]


@pytest.mark.parametrize(
    ("needle", "names"),
    [("BUR", ["burning"]), ("failed", ["failed"]), ("vbr01", 5), ("!vbr01", [])],
)
def test_the_filter_finds_plans_words_and_servers(needle: str, names: list[str] | int) -> None:
    found = arranged(SessionOrder(filter=needle))
    assert (len(found) if isinstance(names, int) else found) == names


def test_failures_only_shows_running_ones_with_errors_too() -> None:
    assert arranged(SessionOrder(failures_only=True)) == ["burning", "failed"]


def test_a_session_is_judged_again_only_when_its_reading_changed() -> None:
    rows = SessionRows()
    first = rows.of(SESSIONS)
    assert all(a is b for a, b in zip(first, rows.of(SESSIONS), strict=True))
    changed = [*SESSIONS[:-1], named("new", stopped(result="Failed"), -10)]
    second = rows.of(changed)
    assert second[-1] is not first[-1]
    assert second[0] is first[0]


def test_s_goes_through_all_sorts_and_comes_back() -> None:
    order = SessionOrder()
    for _ in SORTS:
        order = order.next_sort()
    assert order == SessionOrder()
    assert order.sorted_by("start").reverse
    assert order.sorted_by("server") == order


def test_a_row_says_status_plan_start_duration_progress_and_server() -> None:
    painter = SessionPainter(UNICODE)
    painter.as_of = at(-90)
    columns = painter.columns(250)
    (row,) = SessionRows().of([SESSIONS[2]])
    cells = painter.cells(row, columns)
    shown = {column.id: plain(cell).strip() for column, cell in zip(columns, cells, strict=True)}
    assert shown["status"] == "▶ Working"
    assert (shown["plan"], shown["server"], shown["id"]) == ("busy", "vbr01", "busy")
    assert shown["start"] == "2026-11-23 12:10"
    assert shown["duration"] == "10m00s"


def test_plans_of_one_tenant_can_be_told_apart_in_80_columns() -> None:
    painter = SessionPainter(UNICODE)
    columns = painter.columns(78)  # a scrollbar takes two
    shown = set()
    for ending in ("full site", "ERP only"):
        (row,) = SessionRows().of([session(plan=f"Harbour Logistics and Sons Ltd {ending}")])
        cells = painter.cells(row, columns)
        plan = cells[[column.id for column in columns].index("plan")]
        assert plain(plan).rstrip().endswith(ending[-8:])
        shown.add(plain(plan))
    assert len(shown) == 2
    narrow = ["status", "plan", "start", "duration", "percent"]
    assert [column.id for column in columns] == narrow, "long plans have the room of the bars"
    painter.needs = SessionNeeds(status=8, plan=12, server=12)
    narrow.insert(4, "progress")
    assert [column.id for column in painter.columns(78)] == narrow, "short ones leave it to them"
    assert [column.id for column in painter.columns(100)] == [*narrow, "server"]


def test_columns_are_as_wide_as_what_they_hold() -> None:
    painter = SessionPainter(UNICODE)
    rows = SessionRows().of([session(plan="Harbour Logistics full site")])
    painter.measure(rows)
    columns = {column.id: column for column in painter.columns(200)}
    assert columns["plan"].room == len("Harbour Logistics full site")


@pytest.mark.parametrize("width", [35, 39, 48, 59])
def test_where_there_is_no_column_for_it_the_plan_stands_below_in_full(width: int) -> None:
    painter = SessionPainter(UNICODE)
    name = "ABC Company and Sons Failover Plan, second site"
    (row,) = SessionRows().of([session(plan=name, state="Stopped", result="Failed", ended=at(5))])
    painter.measure([row])
    columns = painter.columns(width)
    said = "".join(plain(cell) for cell in painter.cells(row, columns))
    assert "✘ Failed" in said
    below = painter.below(row, width)
    assert " ".join(plain(line).strip() for line in below) == name
    assert all(length(line) == width for line in below)


def test_an_unknown_start_and_duration_are_dashes() -> None:
    painter = SessionPainter(UNICODE)
    columns = painter.columns(250)
    (row,) = SessionRows().of([session(created=None, server=None)])
    cells = painter.cells(row, columns)
    shown = {column.id: plain(cell).strip() for column, cell in zip(columns, cells, strict=True)}
    assert {shown[key] for key in ("start", "local", "duration", "server")} == {"–"}


@given(
    OUTSIDE, OUTSIDE, OUTSIDE | st.just("Working"), st.integers(50, 250),
    st.sampled_from([UNICODE, ASCII]),
)  # fmt: skip
def test_any_row_fills_its_columns_exactly(
    plan: str, server: str, word: str, width: int, glyphs: Glyphs
) -> None:
    painter = SessionPainter(glyphs)
    (row,) = SessionRows().of([session(plan=plan, server=server, state=word)])
    assert isinstance(row, SessionRow)
    columns = painter.columns(width)
    for column, cell in zip(columns, painter.cells(row, columns), strict=True):
        assert length(cell) == column.width == length(painter.header(column))
        assert plain(cell).isprintable()
        assert not glyphs.is_ascii or plain(cell).isascii()


def status_cell(
    of: FailoverSession, minute: float, width: int = 250, seen: Snapshot | None = None
) -> tuple[str, str]:
    """The status cell of a session whose plan has an RTO target of five minutes."""
    targets = Targets(default=PlanTarget(rto=timedelta(minutes=5)))
    painter = SessionPainter(UNICODE, targets, lambda _: seen)
    painter.as_of = at(minute)
    (row,) = SessionRows().of([of])
    ((text, token),) = painter.cells(row, painter.columns(width))[0]
    return text.strip(), token


@pytest.mark.parametrize(
    ("of", "minute", "wide", "narrow", "token"),
    [
        (session(), 4, "▶ Working", "▶ Working", "running"),
        (session(), 4.9, "▶ Working", "▶ Working", "running"),
        (session(), 6, "✘ RTO not met, Working", "✘ not met", "failed"),
        (stopped(), 20, "✘ RTO not met, Success", "✘ not met", "failed"),
        (stopped(result="Failed"), 20, "✘ RTO not met, Failed", "✘ Failed", "failed"),
        (session(state="Stopped", result="Success", ended=at(4)), 9, "✔ Success", "✔ Success",
         "success"),
        (session(result="Failed"), 4, "✘ RTO cannot be met", "✘ cannot be…", "failed"),
    ],
)  # fmt: skip
def test_the_list_carries_the_worst_truth(
    of: FailoverSession, minute: float, wide: str, narrow: str, token: str
) -> None:
    assert status_cell(of, minute) == (wide, token)
    assert status_cell(of, minute, 80) == (narrow, token)


def test_of_a_session_that_was_opened_its_failed_vms_and_its_targets_count_too() -> None:
    opened = state(session(task("a"), done("b", "Failed")))
    listed = session()
    goals = Goals(rto=timedelta(minutes=5))
    known = replace(opened, drill=judged(opened, at(3), goals))
    assert status_cell(listed, 4, seen=known) == ("✘ RTO cannot be met", "failed")
    own = replace(known, goals=Goals(), goals_by_person=True)
    assert status_cell(listed, 4, seen=own) == ("▶ Working", "running")
    over = session(state="Stopped", result="Success", ended=at(4))
    assert status_cell(over, 9, seen=known) == ("✔ Success", "success"), "it went on unseen"


def test_what_is_over_is_judged_once_however_often_the_list_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged_ids = []

    def counted(of: FailoverSession, *others: Any, **named: Any) -> Any:
        judged_ids.append(of.id)
        return assess_listed(of, *others, **named)

    monkeypatch.setattr(session_rows, "assess_listed", counted)
    painter, rows = SessionPainter(UNICODE), SessionRows()
    painter.as_of = at(0)
    for _ in range(3):
        painter.measure(painter.arranged(rows.of(SESSIONS)))
    assert [judged_ids.count(name) for name in ("old", "failed", "new")] == [1, 1, 1]
    assert judged_ids.count("busy") == 3


NO_END = stopped().model_copy(update={"id": "no end", "created": at(-90), "ended": None})
OTHER_READING = named("new", stopped(result="Failed"), -10)
SEEN = replace(state(session(task("a"))), goals=Goals(timedelta(seconds=1)), goals_by_person=True)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*SESSIONS, NO_END, OTHER_READING]),
            st.sampled_from([None, SEEN]),
            st.integers(0, 200),
        ),
        max_size=12,
    )
)
def test_whatever_was_read_before_a_row_says_what_a_fresh_painter_says(
    course: list[tuple[FailoverSession, Snapshot | None, int]],
) -> None:
    opened: dict[str, Snapshot | None] = {}
    targets = Targets(default=PlanTarget(rto=timedelta(seconds=60)))
    painter, rows = SessionPainter(UNICODE, targets, opened.get), SessionRows()
    for listed, seen, second in course:
        opened[listed.id] = seen
        fresh = SessionPainter(UNICODE, targets, opened.get)
        painter.as_of = fresh.as_of = at(second)
        (row,) = rows.of([listed])
        assert painter.verdict(row) == fresh.verdict(row)
        painter.measure([row])
        fresh.measure([row])
        assert painter.needs == fresh.needs


READ = SessionListState(sessions=(stopped(), session()), pages=1, pages_read=1, fetched_at=0.0)


def titled(
    of: SessionListState, order: SessionOrder | None = None, shown: int = 2, width: int = 100
) -> str:
    return plain(list_title(of, order or SessionOrder(), shown, width, UNICODE))


@pytest.mark.parametrize(
    ("of", "left", "right"),
    [
        (SessionListState(), " – cloud failover sessions", "reading the list "),
        (
            SessionListState(trouble=Trouble("x", "Too slow.")),
            " – cloud failover sessions",
            "",
        ),
        (replace(READ, sessions=()), " 0 cloud failover sessions", ""),
        (replace(READ, sessions=(stopped(),)), " 1 cloud failover session", ""),
        (READ, " 2 cloud failover sessions", ""),
        (
            replace(READ, unreadable_on={0: 1, 1: 2}),
            " 2 cloud failover sessions and 3 that cannot be read",
            "",
        ),
        (
            replace(READ, sessions=(stopped(),) * 100, pages=12, pages_wanted=3),
            " 100 of about 1,200 cloud failover sessions read",
            "reading on ",
        ),
        (
            replace(READ, sessions=(stopped(),) * 100, pages=12, pages_wanted=1),
            " 100 of about 1,200 cloud failover sessions read",
            "End reads more ",
        ),
        (
            replace(READ, sessions=(stopped(),), pages=2, pages_wanted=1),
            " 1 of about 1 cloud failover sessions read",
            "End reads more ",
        ),
    ],
)
def test_the_title_tells_how_many_there_are_and_what_is_still_being_read(
    of: SessionListState, left: str, right: str
) -> None:
    assert titled(of) == left + " " * (100 - len(left) - len(right)) + right


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (SessionOrder(filter="abc"), ", filter abc: 2 shown"),
        (SessionOrder(failures_only=True), ", failed only: 2 shown"),
        (SessionOrder(filter="a\x1bb", failures_only=True), ", failed only, filter a␛b: 2 shown"),
    ],
)
def test_the_title_says_that_not_all_are_shown(order: SessionOrder, said: str) -> None:
    assert titled(READ, order).rstrip() == f" 2 cloud failover sessions{said}"


def test_failures_lead_warnings_and_those_the_rest_of_what_runs() -> None:
    running = [
        named("calm", session(task("a")), -5),
        named("warned", session(task("a"), done("b", "Warning")), -300),
        named("failed", session(task("a"), done("b", "Failed")), -400),
    ]
    rows = SessionRows().of([*running, *SESSIONS[:1]])
    shown = [row.session.plan_name for row in SessionOrder().arrange(rows)]
    assert shown == ["failed", "warned", "calm", "old"]


def test_sorting_by_duration_and_by_status_and_equals_newest_first() -> None:
    quick = named("a", stopped(), -500)
    unknown = named("?", stopped(), -600).model_copy(update={"ended": None})
    rows = SessionRows().of([unknown, quick, *SESSIONS[:2], SESSIONS[4]])
    longest_first = [row.session.plan_name for row in SessionOrder("duration").arrange(rows)]
    assert longest_first == ["failed", "new", "old", "a", "?"]
    by_status = [row.session.plan_name for row in SessionOrder("status").arrange(rows)]
    assert by_status.index("failed") < by_status.index("new") < by_status.index("old")


@pytest.mark.parametrize(
    ("column", "sort"),
    [("local", "start"), ("progress", "status"), ("percent", "status"), ("plan", "plan")],
)
def test_a_click_on_a_column_sorts_by_what_it_shows_and_a_second_one_turns_it_round(
    column: str, sort: str
) -> None:
    once = SessionOrder(reverse=True, sort="duration").sorted_by(column)
    assert (once.sort, once.reverse) == (sort, False)
    assert once.sorted_by(column).reverse
    assert not once.sorted_by(column).sorted_by(column).reverse


def test_the_sorted_column_has_an_arrow_and_only_that() -> None:
    painter = SessionPainter(UNICODE)
    columns = painter.columns(250)
    for reverse, arrow in ((False, UNICODE.sorted_up), (True, UNICODE.sorted_down)):
        painter.order = SessionOrder("plan", reverse=reverse)
        shown = {column.id: plain(painter.header(column)) for column in columns}
        assert [name for name, title in shown.items() if arrow in title] == ["plan"]
        assert shown["plan"].startswith(f"PLAN{arrow}")
        assert shown["status"].startswith("   STATUS"), "it stands over the word, not the symbol"


def test_tenants_have_a_column_as_soon_as_one_is_known() -> None:
    painter = SessionPainter(UNICODE)
    (row,) = SessionRows().of([session()])
    painter.measure([row])
    assert "tenant" not in {column.id for column in painter.columns(250)}
    owned = replace(row, tenant="Alpine")
    painter.measure([owned, row])
    columns = painter.columns(250)
    tenant = [column.id for column in columns].index("tenant")
    assert plain(painter.cells(owned, columns)[tenant]).strip() == "Alpine"
    assert plain(painter.cells(row, columns)[tenant]).strip() == "–"


@pytest.mark.parametrize(("width", "stands_below"), [(59, True), (60, False), (61, False)])
def test_from_60_cells_on_the_plan_has_a_column(width: int, stands_below: bool) -> None:
    painter = SessionPainter(UNICODE)
    (row,) = SessionRows().of([session()])
    assert bool(painter.below(row, width)) is stands_below
    assert ("plan" in {column.id for column in painter.columns(width)}) is not stands_below


def test_of_what_is_over_the_duration_ends_with_it_and_of_what_runs_with_the_clock() -> None:
    painter = SessionPainter(UNICODE)
    over, running, endless = SessionRows().of(
        [stopped(), session(), stopped().model_copy(update={"ended": None})]
    )
    assert painter.duration(running) is None
    painter.as_of = at(3)
    assert painter.duration(over) == timedelta(minutes=10)
    assert painter.duration(running) == timedelta(minutes=3)
    assert painter.duration(endless) is None
