"""Every verdict in its words, and every front end in the same ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drill_cases import any_tasks, working
from tests.support.heads import summary_lines, target_line
from tests.support.making import at, done, point, session, stopped, task
from tests.support.states import judged, plain, state
from tui.analysis.assessing import assess
from tui.analysis.drill import Drill, DrillView, Goals
from tui.analysis.rpo import PointStanding, RpoView, VmRpo, assess_rpo
from tui.analysis.targets import Recovery, RtoGround, RtoView, TargetVerdict, Undecided
from tui.enterprise_manager.resources import TaskSession
from tui.monitor.clock import Freshness
from tui.monitor.snapshot import Snapshot
from tui.presentation.drill_lines import rpo_spans, rto_spans, title_text
from tui.presentation.farewell import farewell_lines, verdict_lines
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.session_layout import tiny_lines
from tui.presentation.verdict import TARGET_TOKENS, head_verdict, rpo_text, rto_text

TEN = timedelta(minutes=10)
FOUR = timedelta(minutes=4)
FRESH = Freshness(3.0, stale=False)
V = TargetVerdict
RUNNING = RtoView(V.ON_COURSE, TEN, at(0), at(10), FOUR, recovery=Recovery(14, 5))
OVER = replace(RUNNING, over=True, in_time=True, overrun=timedelta(), recovery=Recovery(14))
LATE = replace(OVER, in_time=False, overrun=timedelta(seconds=130), elapsed=timedelta(seconds=730))
TWO_LOST = Recovery(14, 2, failed=2)


@pytest.mark.parametrize(
    ("view", "minute", "text"),
    [
        (RUNNING, 4, "RTO 10 min ON COURSE, 6 min left"),
        (replace(RUNNING, verdict=V.OPEN), 4, "RTO 10 min OPEN, 6 min left"),
        (replace(RUNNING, verdict=V.UNKNOWN), 4, "RTO 10 min CANNOT TELL, 6 min left"),
        (
            replace(RUNNING, verdict=V.AT_RISK, since=at(3), behind_inferred=True),
            4,
            "RTO 10 min AT RISK, 6 min left, behind ~since 13:53:00 or earlier",
        ),
        (
            replace(RUNNING, verdict=V.AT_RISK, since=at(3)),
            11,
            "RTO 10 min AT RISK, 1 min over, behind since 13:53:00",
        ),
        (
            replace(
                RUNNING, verdict=V.CANNOT_BE_MET, recovery=Recovery(14, 5, 3), doomed_since=at(3.5)
            ),
            4,
            "RTO 10 min CANNOT BE MET, 3 of 14 failed, since 13:53:30, 6 min left",
        ),
        (
            replace(
                RUNNING,
                verdict=V.CANNOT_BE_MET,
                recovery=Recovery(14, 9, stopping=True),
                doomed_since=at(3),
                doomed_inferred=True,
            ),
            4,
            "RTO 10 min CANNOT BE MET, it is being stopped with 9 of 14 not up,"
            " ~since 13:53:00 or earlier, 6 min left",
        ),
        (
            replace(RUNNING, verdict=V.NOT_MET, since=at(3), recovery=Recovery(14, 5, 1)),
            12 + 1 / 6,
            "RTO 10 min NOT MET, 2 min 10 s over, 1 of 14 failed, behind since 13:53:00",
        ),
        (replace(RUNNING, verdict=V.NOT_MET, since=at(10)), 11, "RTO 10 min NOT MET, 1 min over"),
        (replace(OVER, verdict=V.MET), 99, "RTO 10 min MET, took 4 min"),
        (
            replace(OVER, verdict=V.NOT_MET, recovery=Recovery(14, 9)),
            99,
            "RTO 10 min NOT MET, 9 of 14 VMs not recovered, took 4 min",
        ),
        (
            replace(OVER, verdict=V.NOT_MET, recovery=Recovery(1, 1)),
            99,
            "RTO 10 min NOT MET, 1 of 1 VM not recovered, took 4 min",
        ),
        (
            replace(OVER, verdict=V.NOT_MET, recovery=Recovery(session_failed=True)),
            99,
            "RTO 10 min NOT MET, the session failed, took 4 min",
        ),
        (
            replace(LATE, verdict=V.NOT_MET, recovery=TWO_LOST),
            99,
            "RTO 10 min NOT MET, 2 min 10 s over, 2 of 14 VMs not recovered, took 12 min 10 s",
        ),
        (
            replace(
                OVER,
                verdict=V.UNKNOWN,
                ground=RtoGround.UNDECIDED,
                recovery=Recovery(14, undecided=Undecided.WITHOUT_A_RESULT, undecided_vms=1),
            ),
            99,
            "RTO 10 min CANNOT TELL, 1 VM without a result, took 4 min",
        ),
        (
            replace(RUNNING, declared=at(-12), counted_from=at(-12)),
            4,
            "RTO 10 min ON COURSE, 6 min left, from declared 13:38:00",
        ),
        (
            replace(RUNNING, verdict=V.AT_RISK, since=at(-60 * 24)),
            4,
            "RTO 10 min AT RISK, 6 min left, behind since 2026-11-22 13:50:00",
        ),
        (RtoView(V.NO_TARGET), 4, "RTO without a target"),
    ],
)
def test_each_rto_verdict_in_its_words(view: RtoView, minute: float, text: str) -> None:
    assert rto_text(view, at(minute)) == text
    if view.target is not None:
        assert plain(tuple(rto_spans(view, at(minute), UNICODE))) == text
        tokens = {token for _, token in rto_spans(view, at(minute), UNICODE)}
        assert tokens - {"title", "dim"} == {TARGET_TOKENS[view.verdict]} - {"title", "dim"}


def rpo(**standings: int) -> RpoView:
    """`over` and `read` VMs, then what is known of the other points."""
    hours = [5] * standings.pop("over", 0)
    hours += [1] * (standings.pop("read", 0) - len(hours))
    key = assess(session(task("web02"))).tasks[0].key
    goal = timedelta(hours=4)
    vms = [VmRpo(key, None, timedelta(hours=h), h <= 4) for h in hours]
    to_begin = standings.pop("to_begin", 0)
    counts = {PointStanding[name.upper()]: count for name, count in standings.items()}
    inside = False if 5 in hours else True if hours and not counts and not to_begin else None
    counts[PointStanding.READ] = len(hours)
    worst = max(vms, key=lambda vm: vm.rpo or timedelta(), default=None)
    median = timedelta(hours=1) if vms else None
    return RpoView(goal, tuple(vms), worst, median, 0, inside, counts, to_begin)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (
            rpo(over=2, read=88, to_come=516),
            "RPO 4 h NOT MET, 2 over of 88 read, 516 to come, worst 5 h (web02), median 1 h",
        ),
        (
            rpo(read=88, to_come=500, to_begin=16),
            "RPO 4 h OPEN, 0 over of 88 read, 516 to come, worst 1 h (web02), median 1 h",
        ),
        (rpo(to_come=604), "RPO 4 h OPEN, no replica point read, 604 to come"),
        (rpo(over=2, read=14), "RPO 4 h NOT MET, 2 over of 14, worst 5 h (web02), median 1 h"),
        (rpo(read=14), "RPO 4 h MET, worst 1 h (web02), median 1 h"),
        (
            rpo(read=12, gone=2),
            "RPO 4 h CANNOT TELL, 0 over of 12 read, 2 gone from the server,"
            " worst 1 h (web02), median 1 h",
        ),
        (rpo(gone=14), "RPO 4 h CANNOT TELL, no replica point read, 14 gone from the server"),
        (
            replace(rpo(read=88, to_come=516), target=None),
            "RPO without a target, 88 read, 516 to come, worst 1 h (web02), median 1 h",
        ),
    ],
)
def test_each_rpo_verdict_in_its_words_and_of_how_many(view: RpoView, text: str) -> None:
    assert rpo_text(view) == text
    if view.target is not None:
        assert plain(tuple(rpo_spans(view, ASCII))) == text
        brief = plain(tuple(rpo_spans(view, ASCII, figures=0)))
        assert brief == text.partition(", worst")[0]


def head(shown: Snapshot, drill: DrillView | None = None, *, stale: bool = False) -> str:
    assert shown.assessment is not None
    found = head_verdict(shown.assessment, drill, UNICODE, stale=stale)
    return f"{found.symbol} {found.text} [{found.token}]"


def test_the_head_carries_the_worst_truth() -> None:
    hour, minute = Goals(rto=timedelta(hours=1)), Goals(rto=timedelta(minutes=1))
    running = state(session(working("a", 0), working("b", 0)))
    assert head(running) == "▶ WORKING [running]"
    assert head(running, judged(running, at(4), hour)) == "▶ WORKING [running]"
    assert head(running, judged(running, at(4), minute)) == "✘ RTO NOT MET, WORKING [failed]"
    failed = state(session(done("a", "Failed"), working("b", 0)))
    said = "✘ RTO CANNOT BE MET, RUNNING WITH ERRORS [failed]"
    assert head(failed, judged(failed, at(4), hour)) == said
    up = state(stopped(done("a"), done("b", "Warning"), result="Warning"))
    assert head(up, judged(up, at(12), hour)) == "⚠ WARNING, RTO MET [warning]"
    assert head(up, judged(up, at(12), minute)) == "✘ RTO NOT MET, WARNING [failed]"
    good = state(stopped(done("a")))
    assert head(good, judged(good, at(12), hour)) == "✔ SUCCESS, RTO MET [success]"
    assert head(running, stale=True) == "▶ LAST SEEN WORKING [running]"
    assert head(good, stale=True) == "✔ SUCCESS [success]"
    lost = replace(judged(good, at(12), hour), rpo=rpo(over=2, read=14))
    assert head(good, lost) == "✘ RPO NOT MET, SUCCESS, RTO MET [failed]"


def test_a_stalled_vm_and_a_missed_target_are_never_blue() -> None:
    running = state(session(working("a", 0), working("b", 0, 50)))
    drill, goals = Drill(timedelta(minutes=5)), Goals(rto=timedelta(minutes=12))
    judged(running, at(4), goals, drill=drill)
    view = judged(running, at(11), goals, drill=drill)
    assert head(running, view) == "⚠ RTO AT RISK, ~2 STALLED, WORKING [warning]"
    late = judged(running, at(13), goals, drill=drill)
    assert head(running, late) == "✘ RTO NOT MET, ~2 STALLED, WORKING [failed]"


def test_where_there_is_little_room_the_worst_word_stays() -> None:
    shown = state(session(done("a", "Failed"), working("b", 0), plan="P" * 60))
    view = judged(shown, at(4), Goals(rto=TEN))
    shown = replace(shown, drill=view)
    assert shown.assessment is not None
    assert "✘ RTO CANNOT BE MET " in plain(summary_lines(shown, at(4), 80, UNICODE)[0])
    tiny = tiny_lines(shown, at(4), (36, 10), UNICODE, FRESH)
    assert plain(tiny[1]).strip() == "✘ RTO CANNOT BE MET"
    title = title_text(head_verdict(shown.assessment, view, UNICODE), shown.assessment, "P")
    assert title == "RTO CANNOT BE MET 1 failed 0/2 55% P"


@settings(max_examples=60, deadline=None)
@given(any_tasks(), st.booleans(), st.integers(1, 700), st.sampled_from([60, 80, 120, 200]))
def test_screen_scrollback_and_watch_say_the_same(
    tasks: tuple[TaskSession, ...], over: bool, minutes: int, width: int
) -> None:
    read = session(*tasks, state="Working")
    if over:
        read = read.model_copy(update={"state": "Stopped", "result": "Success", "ended": at(90)})
    shown, now = state(read), at(700)
    view = judged(shown, now, Goals(timedelta(minutes=minutes), timedelta(hours=1)))
    assert shown.assessment is not None
    scrollback = farewell_lines(replace(shown, drill=view), now, FRESH)
    said_rto, said_rpo = rto_text(view.rto, now), rpo_text(view.rpo)
    assert verdict_lines(view, now) == [said_rto, said_rpo]
    assert [line.strip() for line in scrollback[-2:]] == [said_rto, said_rpo]
    screen = plain(target_line(view, now, width, ASCII)).strip()
    verdict = said_rto.partition(", ")[0]
    assert screen.startswith(verdict)
    shown_rto = plain(tuple(rto_spans(view.rto, now, ASCII, width - 1)))
    assert said_rto.startswith(shown_rto)
    words = head_verdict(shown.assessment, view, ASCII).text
    assert scrollback[0].removeprefix("ABC Company Failover Plan: ").startswith(words)
    top = plain(summary_lines(replace(shown, drill=view), now, 200, ASCII)[0])
    assert top.rstrip().endswith(words)
    healthy = view.rto.verdict in (V.MET, V.ON_COURSE, V.OPEN)
    assert not (healthy and any(each.status.value == "failed" for each in shown.assessment.tasks))


def test_the_rpo_is_said_of_how_many_at_every_width() -> None:
    views = assess(session(*(task(f"vm{n:03}") for n in range(604)))).tasks
    ids = [f"point-vm{n:03}" for n in range(88)]
    points = {name: point(name, at(-60 * (5 if n < 2 else 1))) for n, name in enumerate(ids)}
    view = assess_rpo(timedelta(hours=4), at(0), views, points)
    for figures in (0, 1, 2):
        said = plain(tuple(rpo_spans(view, UNICODE, figures=figures)))
        assert "NOT MET, 2 over of 88 read, 516 to come" in said
