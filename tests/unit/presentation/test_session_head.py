from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.heads import head_lines, summary_lines
from tests.support.making import at, done, plan, session, stopped, task
from tests.support.observed import Course
from tests.support.outside_texts import OUTSIDE
from tests.support.states import EMPTY, RUNNING, plain, state
from tui.analysis.causes import group_failures
from tui.analysis.drill import Goals
from tui.enterprise_manager.resources import TaskSession
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import length
from tui.presentation.session_head import counts, journal_lines, title
from tui.presentation.session_layout import Shape, failure_lines, reason_lines, tiny_lines
from tui.presentation.text import cells

FRESH = Freshness(3.0, stale=False)


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


def _numbers(of: Snapshot, width: int, minutes: float = 12) -> str:
    return plain(summary_lines(of, at(minutes), width, UNICODE)[2])


def test_where_it_gets_narrow_counts_lose_zeros_then_words_then_all_but_failures() -> None:
    assessment = RUNNING.assessment
    assert assessment is not None

    def shown(room: int) -> str:
        return plain(tuple(counts(assessment, UNICODE, room)))

    whole = " ✘ 1 failed  ⚠ 0  ✔ 1 done  ▶ 1 running  · 2 waiting  ? 1 unknown  of 6"
    assert shown(len(whole)) == whole
    without = whole.replace("⚠ 0  ", "")
    assert shown(len(whole) - 1) == shown(len(without)) == without
    bare = " ✘1 ✔1 ▶1 ·2 ?1 of 6"
    assert shown(len(without) - 1) == shown(len(bare)) == bare
    assert shown(len(bare) - 1) == " ✘1 2 of 6 VMs"


def test_without_a_failure_the_shortest_counts_name_none() -> None:
    calm = state(session(done("a"), task("b"))).assessment
    assert calm is not None
    assert plain(tuple(counts(calm, UNICODE, 5))) == " 1 of 2 VMs"
    assert plain(tuple(counts(calm, UNICODE, 5, all_known=False))) == " 1 of 2+ VMs"


def test_a_zero_of_failures_stays_beside_the_words() -> None:
    calm = state(session(done("a"), task("b"))).assessment
    assert calm is not None
    whole = plain(tuple(counts(calm, UNICODE)))
    assert whole == " ✘ 0 failed  ⚠ 0  ✔ 1 done  ▶ 1 running  · 0 waiting  of 2"
    assert plain(tuple(counts(calm, UNICODE, 40))) == " ✘ 0 failed  ✔ 1 done  ▶ 1 running  of 2"


def test_what_cannot_be_read_and_what_was_done_before_is_counted() -> None:
    damaged = session(done("a")).model_copy(update={"unreadable_tasks": 2})
    of = state(damaged)
    assert "? 2 unreadable  of 3+" in _numbers(of, 120)
    none = state(session())
    assert _numbers(none, 100).startswith(" – the server lists no tasks for this session")


@pytest.mark.parametrize("failed", [0, 1])
def test_the_elapsed_time_gives_its_words_before_the_counts_give_theirs(failed: int) -> None:
    lost = [done(f"f{number}", "Failed") for number in range(failed)]
    of = state(
        session(*lost, done("a"), task("b")), plan=plan("a", "b", *(each.vm_name for each in lost))
    )
    worded = next(
        shown.rstrip()
        for width in range(40, 90)
        if "running" in (shown := _numbers(of, width)) and "⚠" not in shown
    )
    counted = len(worded.partition("  12")[0].partition(" 12")[0].rstrip())
    for elapsed in ("  elapsed 12 min ", "  12 min ", " 12m00s "):
        shown = _numbers(of, counted + len(elapsed))
        assert shown.endswith(elapsed)
        assert "running" in shown


def test_an_unknown_start_is_a_dash_beside_the_counts() -> None:
    of = state(session(task("a"), created=None))
    assert _numbers(of, 100).endswith("elapsed – ")


def test_the_note_about_the_plan_is_not_said_where_there_is_none_to_say() -> None:
    unplanned = state(session(task("web01")))
    assert len(summary_lines(unplanned, at(12), 100, UNICODE)) == 3


def test_a_journal_that_cannot_be_kept_is_said_below_the_counts() -> None:
    broken = replace(state(session(task("a")), plan=plan("a")), journal_trouble="Disk full")
    lines = [plain(line).rstrip() for line in summary_lines(broken, at(12), 100, UNICODE)]
    assert lines[3:] == [" ⚠ The journal cannot be kept as it should: Disk full."]


def _own(message: str | None, *tasks: TaskSession, width: int = 80) -> list[str]:
    failed = session(*tasks, message=message, result="Failed", state="Stopped", ended=at(5))
    return [plain(line).rstrip() for line in reason_lines(state(failed), width, UNICODE)]


def test_the_sessions_own_reason_stands_in_full_and_a_missing_one_is_said_once() -> None:
    assert _own("The plan was aborted") == [" ✘ The plan was aborted"]
    assert _own(None) == [" ✘ the server gave no message"]
    # With a failed VM, its reason is the one; that the session has none is no news.
    assert _own(None, done("a", "Failed")) == []
    assert reason_lines(EMPTY, 80, UNICODE) == []
    assert reason_lines(RUNNING, 80, UNICODE) == []


@pytest.mark.parametrize(("words", "lines"), [(6, 6), (7, 6)])
def test_a_long_reason_of_the_session_has_six_lines_and_says_that_there_is_more(
    words: int, lines: int
) -> None:
    # The sign stands before the first word, so each word fills a line.
    shown = _own(" ".join(["x" * 30] * words), width=34)
    assert len(shown) == lines
    assert (shown[-1] == " … (Y copies all)") is (words > 6)
    assert sum("x" * 30 in line for line in shown) == (6 if words == 6 else 5)


def test_reasons_stand_in_the_order_in_which_they_came_undated_ones_last() -> None:
    early = done("early", "Failed", "First.")
    late = replace(done("late", "Failed", "Second."), created=at(3), ended=at(4))
    undated = replace(done("undated", "Failed", "Third."), created=None, ended=None)
    of = state(session(undated, late, early))
    causes = group_failures(of.assessment) if of.assessment else ()
    lines = [plain(line).rstrip() for line in failure_lines(causes, 80, 9, UNICODE)]
    assert lines == [
        " ✘ early failed 13:52:00 UTC: First.",
        " ✘ late failed 13:54:00 UTC: Second.",
        " ✘ undated failed: Third.",
    ]


def test_a_tiny_terminal_waits_for_the_first_data_and_says_how_the_target_stands() -> None:
    (line,) = tiny_lines(EMPTY, at(12), (40, 8), UNICODE, FRESH)
    assert plain(line).rstrip() == "waiting for the first data"
    course = Course()
    course.aim(Goals(rto=timedelta(minutes=1)))
    course.wait(120)
    course.read(session(task("a")))
    for height, said in ((4, False), (5, True)):
        lines = tiny_lines(course.snapshot, at(3), (40, height), UNICODE, FRESH)
        assert any("RTO NOT MET" in plain(each) for each in lines) is said


def test_the_totals_of_a_tiny_terminal_lose_zeros_then_the_time_then_all_but_failures() -> None:
    def shown(width: int) -> str:
        return plain(tiny_lines(RUNNING, at(12), (width, 3), UNICODE, FRESH)[0]).rstrip()

    whole = "✘ 46 % ✘1 ⚠0 ✔1 ▶1 of 6 12m00s"
    assert shown(len(whole)) == whole
    needed = whole.replace("⚠0 ", "")
    assert shown(len(whole) - 1) == shown(len(needed)) == needed
    timeless = needed.replace(" 12m00s", "")
    assert shown(len(needed) - 1) == shown(len(timeless)) == timeless
    assert shown(len(timeless) - 1) == "✘ 46 % ✘1 of 6"
    assert shown(len("✘ 46 % ✘1 of 6") - 1) == "✘ 46 % of 6"


def test_failing_names_share_the_last_line_where_there_are_more_than_lines() -> None:
    many = state(session(*(done(f"vm{number}", "Failed") for number in range(4))))
    for height, names in (
        (7, ["✘ vm0", "✘ vm1", "✘ vm2", "✘ vm3"]),
        (6, ["✘ vm0", "✘ vm1", "✘ vm2, vm3"]),
        (4, ["✘ vm0, vm1, vm2, vm3"]),
    ):
        lines = tiny_lines(many, at(12), (40, height), UNICODE, FRESH)
        assert [plain(line).rstrip() for line in lines][1:] == names


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (99, "  tenant Oak  on vbr01  started 2026-11-23 13:50:00 UTC"),
        (54, "  tenant Oak  started 2026-11-23 13:50:00 UTC"),
        (44, "  tenant Oak  13:50:00 UTC"),
        (25, "  tenant Oak"),
    ],
)
def test_whose_since_when_and_where_give_way_one_by_one(room: int, said: str) -> None:
    named = session(task("a")).model_copy(update={"plan_name": "DR", "name": "DR"})
    told = "".join(text for text, _ in title(named, "Oak", room + 3, UNICODE))
    assert told == f" DR{said}"


def test_without_a_tenant_the_start_stands_beside_the_plan() -> None:
    named = session(task("a"), server=None).model_copy(update={"plan_name": "DR"})
    for room, said in ((40, " DR  started 2026-11-23 13:50:00 UTC"), (20, " DR  13:50:00 UTC")):
        assert "".join(text for text, _ in title(named, None, room, UNICODE)) == said
    assert [text for text, _ in title(named, None, 10, UNICODE)] == [" DR"]


def test_beside_that_there_are_no_tasks_the_elapsed_time_is_as_long_as_it_can_be() -> None:
    none = state(session())
    said = " – the server lists no tasks for this session"
    for elapsed in ("  elapsed 12 min ", "  12 min ", " 12m00s "):
        assert _numbers(none, len(said + elapsed)) == said + elapsed
    assert _numbers(none, len(said) + 1) == f"{said} "


@pytest.mark.parametrize("width", range(50, 140, 3))
def test_on_a_low_screen_plan_verdict_and_progress_share_a_line_and_both_ends_of_the_plan_stay(
    width: int,
) -> None:
    name = "ABC Company and Sons Failover Plan of the second site, XYZ"
    of = state(session(done("a"), task("b"), progress=46, plan=name), plan=plan("a", "b"))
    first, *rest = (plain(line) for line in head_lines(of, at(12), Shape(width, 14), UNICODE))
    assert len(first) == width
    assert first.startswith(" ABC")
    assert "XYZ" in first.partition("▶")[0], "it is shortened in the middle, and not cut"
    assert first.endswith("  46 % ")
    assert "▶ WORKING" in first
    assert len(rest) == 1, "the bar's line is the rows'"
    assert rest[0].startswith(" ✘")


@pytest.mark.parametrize(("height", "lines"), [(14, 2), (30, 4)])
def test_a_phone_has_the_verdict_first_and_where_there_is_room_the_plan_and_the_bar(
    height: int, lines: int
) -> None:
    of = state(session(done("a"), task("b"), progress=50), plan=plan("a", "b"))
    shown = [plain(line) for line in head_lines(of, at(12), Shape(36, height), UNICODE)]
    assert len(shown) == lines
    assert all(len(line) == 36 for line in shown)
    assert shown[0].startswith(" ▶ WORKING")
    assert shown[0].endswith("  50 % ")
    if lines == 4:
        assert shown[1].rstrip() == " ABC Company Failover Plan"
        assert shown[2].strip(" ─") == "━" * 17
    assert "1" in shown[-1]
