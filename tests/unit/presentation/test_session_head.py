from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.making import at, done, plan, session, stopped, task
from tests.support.observed import Course
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, plain, state
from tui.analysis.drill import Goals
from tui.monitor.clock import Freshness
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length
from tui.presentation.session_head import counts, journal_lines, summary_lines, title
from tui.presentation.session_layout import tiny_lines
from tui.presentation.text import cells

FRESH = Freshness(3.0, stale=False)
RUNNING = state(
    session(
        done("dc01"), done("sql02", "Failed", "No space"), task("web01"), task("x", "Odd"),
        progress=46,
    ),
    plan=plan("dc01", "sql02", "web01", "x", "app03", "app04"),
)  # fmt: skip


def test_plan_status_bar_and_counts() -> None:
    head, gauge, numbers = (plain(line) for line in summary_lines(RUNNING, at(12), 100, UNICODE))
    assert head.startswith(" ABC Company Failover Plan")
    assert head.endswith("✘ RUNNING WITH ERRORS ")
    assert gauge.endswith("46 % ")
    assert "✘ 1 failed" in numbers
    assert "✔ 1 done" in numbers
    assert "▶ 1 running" in numbers
    assert "· 2 waiting" in numbers
    assert "? 1 unknown" in numbers
    assert "of 6" in numbers
    assert numbers.endswith("elapsed 12 min ")


def test_unknown_tasks_are_mentioned_only_when_there_are_some() -> None:
    assessment = state(session(task("a"))).assessment
    assert assessment is not None
    assert "unknown" not in plain(tuple(counts(assessment, UNICODE)))


def test_the_tenant_and_the_vms_nobody_can_tell_apart_are_told() -> None:
    waiting = state(session(task("a")), plan=plan("a", "b", "c"))
    details = replace(waiting.details, tenant="Oak [x]", ambiguous=frozenset({"b", "a"}))
    told = replace(waiting, details=details)
    shown = [plain(line) for line in summary_lines(told, at(12), 120, UNICODE)]
    assert "tenant Oak [x]" in shown[0]
    note = " ? Several replicas have the name of b: whether it runs already is not known."
    assert [line.rstrip() for line in shown if "replicas" in line] == [note]
    assert not any("replicas" in plain(line) for line in summary_lines(waiting, at(1), 80, UNICODE))


def test_before_the_first_data_only_the_session_is_named() -> None:
    (line,) = summary_lines(EMPTY, at(0), 80, UNICODE)
    assert EMPTY.session_id in plain(line)
    assert "0" not in plain(line).replace(EMPTY.session_id, "")


def test_an_unknown_progress_is_a_dash_not_a_zero() -> None:
    shown = summary_lines(state(stopped(result="Failed", progress=0)), at(12), 80, UNICODE)
    assert plain(shown[1]).endswith("– ")


@given(
    OUTSIDE, OUTSIDE, OUTSIDE, st.integers(20, 200), st.sampled_from([UNICODE, ASCII]),
    st.sampled_from(["Working", "Stopped", "Odd"]),
)  # fmt: skip
def test_any_names_fill_the_width_exactly(
    name: str, vm: str, server: str, width: int, glyphs: Glyphs, word: str
) -> None:
    shown = state(
        session(done(vm, "Failed", name), state=word + vm, plan=name, server=server or None)
    )
    lines = [
        *summary_lines(shown, at(5), width, glyphs),
        *tiny_lines(shown, at(5), (width, 6), glyphs, FRESH),
    ]
    assert {length(line) for line in lines} == {width}
    assert all(plain(line).isprintable() for line in lines)
    if glyphs is ASCII:
        assert all(plain(line).isascii() for line in lines)


def test_narrow_counts_leave_out_what_is_zero() -> None:
    assessment = RUNNING.assessment
    assert assessment is not None
    assert "⚠ 0" in plain(tuple(counts(assessment, UNICODE)))
    narrow = plain(tuple(counts(assessment, UNICODE, 60)))
    assert "⚠ 0" not in narrow
    assert narrow.endswith("of 6")


NOTE = "2 cloud failover plans have that name"


def test_without_the_plan_nobody_knows_how_many_wait() -> None:
    unplanned = state(session(done("dc01"), task("web01")), note=NOTE)
    lines = [plain(line) for line in summary_lines(unplanned, at(12), 100, UNICODE)]
    assert "· ? waiting" in lines[2]
    assert "of 2+" in lines[2]
    assert lines[3].strip() == f"? VMs still waiting are not known: {NOTE}"


def test_the_note_about_the_plan_goes_once_nothing_is_to_come() -> None:
    lines = summary_lines(state(stopped(done("dc01")), note=NOTE), at(12), 100, UNICODE)
    assert len(lines) == 3
    assert "of 1 " in plain(lines[2])


@pytest.mark.parametrize("width", range(40, 121))
@pytest.mark.parametrize("planned", [True, False])
def test_how_many_of_how_many_is_never_cut(width: int, *, planned: bool) -> None:
    tasks = [
        *(done(f"f{number}", "Failed") for number in range(120)),
        *(done(f"w{number}", "Warning") for number in range(110)),
        *(done(f"s{number}") for number in range(1000)),
        *(task(f"r{number}") for number in range(100)),
        task("odd", "Odd"),
    ]
    names = [item.vm_name for item in tasks]
    many = state(session(*tasks), plan=plan(*names, "x") if planned else None)
    total = "of 1332" if planned else "of 1331+"
    shown = plain(summary_lines(many, at(3000), width, UNICODE)[2])
    assert f"{total} " in f"{shown} "
    assert "…" not in shown
    tiny = plain(tiny_lines(many, at(3000), (width, 8), UNICODE, FRESH)[0])
    assert f"{total} " in f"{tiny} "


LONG = "Full site failover of everything that there is"


@pytest.mark.parametrize("plan", ["DR", "ABC Company Failover Plan", LONG])
@pytest.mark.parametrize("tenant", ["Oak", "Harbour Logistics", "A tenant of a very long name"])
@pytest.mark.parametrize("room", range(32, 90, 9))
def test_whose_it_is_stands_beside_the_plan_in_any_room(plan: str, tenant: str, room: int) -> None:
    named = session(task("a")).model_copy(update={"plan_name": plan, "name": plan})
    shown = "".join(text for text, _ in title(named, tenant, room, UNICODE))
    assert cells(shown) <= room
    assert shown.startswith(f" {plan[:2]}")
    assert tenant[:3] in shown
    assert tenant[-3:] in shown


def test_a_plan_that_holds_the_tenants_name_gives_nothing_up_for_it() -> None:
    named = session(task("a")).model_copy(update={"plan_name": "Oak full site", "name": "x"})
    assert [text for text, _ in title(named, "OAK", 20, UNICODE)] == [" Oak full site"]


def test_at_80_columns_the_tenant_stands_beside_a_long_verdict() -> None:
    failed = [done(f"vm{n}", "Failed", "No space") for n in range(3)]
    running = [task(f"on{n}") for n in range(5)]
    plan = {"plan_name": "ABC Company Failover Plan", "name": "ABC Company Failover Plan"}
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=1)))
    course.wait(120)
    course.read(session(*failed, *running).model_copy(update=plan))
    state = course.snapshot
    state = replace(state, details=replace(state.details, tenant="Harbour Logistics"))
    first = plain(summary_lines(state, at(3), 80, UNICODE)[0])
    assert "NOT MET" in first
    assert " of Harbou…stics " in first


def test_while_the_journal_can_be_kept_nothing_is_said() -> None:
    assert journal_lines(None, 80, UNICODE) == []


def test_why_the_journal_cannot_be_kept_is_one_line_of_warning() -> None:
    (line,) = journal_lines("No space left on device", 80, UNICODE)
    assert plain(line).rstrip() == (
        " ⚠ The journal cannot be kept as it should: No space left on device."
    )
    assert {token for text, token in line if text.strip()} == {"warning"}
    (narrow,) = journal_lines("\x1b[2J漢字", 30, ASCII)
    assert length(narrow) == 30
    assert plain(narrow).isprintable()
