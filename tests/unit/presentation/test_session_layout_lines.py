"""The lines below the rows, and those of a terminal that is too small for rows."""

from __future__ import annotations

import pytest

from tests.support.making import at, done, session
from tests.support.states import EMPTY, RUNNING, plain, state
from tui.analysis.causes import group_failures
from tui.monitor.clock import Freshness
from tui.presentation.glyphs import UNICODE
from tui.presentation.header_lines import Place, safety_spans
from tui.presentation.line import length
from tui.presentation.session_layout import failure_lines, tiny_lines

FRESH = Freshness(3.0, stale=False)


def test_a_tiny_terminal_keeps_the_totals_and_the_failing_names() -> None:
    lines = [plain(line) for line in tiny_lines(RUNNING, at(12), (40, 8), UNICODE, FRESH)]
    assert lines[0].startswith("✘ 46 % ✘1 ⚠0 ✔1 ▶1 of 6 12m00s")
    assert lines[1].strip() == "✘ sql02"


@pytest.mark.parametrize("height", [2, 4, 6, 12])
def test_a_tiny_terminal_names_every_failure_it_has_room_for(height: int) -> None:
    many = state(session(*(done(f"vm{number}", "Failed") for number in range(9))))
    lines = tiny_lines(many, at(12), (80, height), UNICODE, FRESH)
    assert len(lines) <= max(2, height - 2)
    assert all(f"vm{number}" in "".join(map(plain, lines)) for number in range(9))


def test_old_data_is_said_first_in_a_tiny_terminal() -> None:
    lines = tiny_lines(RUNNING, at(12), (40, 8), UNICODE, Freshness(92.0, stale=True))
    assert plain(lines[0]).startswith("✘ STALE 1 min 32 s old")
    assert {token for _, token in lines[1]} == {"stale", ""}


@pytest.mark.parametrize("width", [30, 40, 49])
def test_a_tiny_terminal_says_read_only_and_unsafe(width: int) -> None:
    marks = safety_spans(Place("em", "u", plain_http=True))
    for shown in (RUNNING, EMPTY):
        line = tiny_lines(shown, at(12), (width, 8), UNICODE, FRESH, marks)[0]
        assert plain(line).endswith(" RO HTTP")
        assert length(line) == width


def _reasons(room: int) -> list[str]:
    long = "Not enough free space on datastore DS-11: 534 GB needed, 62 GB free. " * 2
    failed = state(session(done("a", "Failed", long), done("b", "Failed", "No.")))
    causes = group_failures(failed.assessment) if failed.assessment else ()
    return [plain(line).rstrip() for line in failure_lines(causes, 80, room, UNICODE)]


def test_reasons_stand_in_full_where_lines_are_free() -> None:
    one = _reasons(room=1)
    assert len(one) == 1
    assert one[0].endswith("1 more, f shows them")
    full = _reasons(room=10)
    assert 3 < len(full) <= 10
    words = " ".join(" ".join(full).split())
    assert words.count("534 GB needed, 62 GB free.") == 2
    assert "b failed" in words
    assert "more, f shows" not in words
    assert all(line.startswith(" " * 20) for line in full[1:-1]), "below each other"


def test_with_too_few_free_lines_each_reason_has_one() -> None:
    assert len(_reasons(room=2)) == 2
    assert _reasons(room=0) == []


def test_names_give_way_before_common_reasons_are_cut() -> None:
    names = [f"virtual-machine-{number}" for number in range(9)]
    failed = state(session(*(done(name, "Failed", "No space.") for name in names)))
    causes = group_failures(failed.assessment) if failed.assessment else ()
    (line,) = failure_lines(causes, 80, 1, UNICODE, cut=False)
    assert plain(line).rstrip() == " ✘ 9x since 13:52:00 UTC: No space"
    assert len(failure_lines(causes, 80, 8, UNICODE)) > 1


def test_the_common_reason_comes_before_names_that_are_cut() -> None:
    names = [f"virtual-machine-{number}" for number in range(9)]
    failed = state(session(*(done(name, "Failed", "No space.") for name in names)))
    causes = group_failures(failed.assessment) if failed.assessment else ()
    lines = failure_lines(causes, 80, 8, UNICODE)
    assert plain(lines[0]).startswith(" ✘ 9x since 13:52:00 UTC: No space: virtual-machine-0, ")
