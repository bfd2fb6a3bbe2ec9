"""The parsing pieces of the benchmarks, without measuring anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from tests.benchmarks.endurance import grown
from tests.benchmarks.latency import percentages
from tests.benchmarks.plain_server import Load
from tests.benchmarks.ratios import MONITOR, WATCH, Case, Window, figures_of, ratio, slope_of
from tests.benchmarks.replay import Replay, frames
from tests.benchmarks.report import (
    BEGIN,
    END,
    README,
    Figure,
    Machine,
    as_json,
    from_json,
    markdown,
    put_between_marks,
    table,
)
from tests.benchmarks.serving import Exchange
from tests.benchmarks.stages import slope
from tests.benchmarks.starting import moments
from tests.benchmarks.walks import walked
from tui.presentation import times

MACHINE = Machine(2, "Linux x86_64", "3.11.9", {"textual": "8.2.8"})


def test_replay_counts_the_cells_that_look_different() -> None:
    replay = Replay((20, 3))
    assert replay.feed(b"\x1b[1;1Hab\x1b[31mc") == 3
    assert replay.feed(b"\x1b[1;1H\x1b[0mab\x1b[31mc") == 0
    assert replay.feed(b"\x1b[1;2H\x1b[0mX") == 1
    assert replay.feed(b"\x1b[?2026$p\x1b[>1u\x1b[?2026h\x1b[?2026l") == 0
    assert replay.shows("aXc")


def test_replay_puts_sequences_together_that_were_read_in_two() -> None:
    replay = Replay((20, 3))
    replay.feed(b"\x1b[2")
    replay.feed(b";1H\xe2\x94")
    replay.feed(b"\x80")
    assert replay.rows[1] == "─"


def test_output_that_comes_together_is_one_frame() -> None:
    chunks = [(1.0, b"a"), (1.01, b"b"), (1.5, b"c")]
    found = frames(Replay((20, 3)), chunks)
    assert [(frame.begun, frame.ended, frame.size, frame.cells) for frame in found] == [
        (1.0, 1.01, 2, 2),
        (1.5, 1.5, 1, 1),
    ]


def test_the_cursor_bar_is_found_by_its_background() -> None:
    replay = Replay((20, 4))
    ground, bar = b"\x1b[48;2;1;1;1m", b"\x1b[48;2;9;9;9m"
    for y, style in enumerate((ground, ground, bar, ground), 1):
        replay.feed(b"\x1b[%d;1H%s%s" % (y, style, b" " * 20))
    assert replay.selected_row() == 2


def test_percentages_are_read_from_the_rows() -> None:
    rows = [
        " ▶ web01          Working   ━━━━━━━╸───────  64   2:07  13:54:51",
        " ✘ sql02          Failed    ━━━━━━━────────  38   4:10  13:50:02  Not enough",
        " ✘ 1 failed  ⚠ 0  ✔ 6 done",
    ]
    assert percentages(rows, {"web01", "sql02"}) == {"web01": 64, "sql02": 38}


def test_kinds_of_requests() -> None:
    def kind(path: str) -> str:
        return Exchange(0.0, 0.0, "GET", path, 200, 0).kind

    assert kind("/api/cloud/failoverSessions/1?format=Entity") == "session"
    assert kind("/api/query?type=CloudFailoverSession&format=Entities") == "list"
    assert kind("/api/cloud/vmReplicaPoints/1?format=Entity") == "point"
    assert kind("/api/query?type=CloudFailoverPlan") == "plan"
    assert kind("logon") == "other"


def test_slope_is_one_for_what_is_linear() -> None:
    assert slope((10, 100, 1000), (0.1, 1.0, 10.0)) == pytest.approx(1.0)
    assert slope((10, 100, 1000), (3.0, 3.0, 3.0)) == pytest.approx(0.0)


def test_growth_counts_from_the_first_sample_and_its_rate_from_the_later_ones() -> None:
    samples = [(100, 50), (200, 90), (300, 90), (400, 90), (500, 90), (600, 90)]
    assert grown(samples) == (40, 0.0)


def test_a_figure_says_by_how_much_a_target_is_missed() -> None:
    assert Figure("what", 1.0, "s", 2.0).verdict == "met"
    assert Figure("what", 2.5, "s", 2.0).verdict == "missed by 0.50 s"
    assert Figure("what", 2.5, "s").verdict == ""
    assert Figure("what", None, "s", 2.0).verdict == ""


def test_figures_survive_json_and_reach_the_readme() -> None:
    sections: dict[str, Sequence[Figure]] = {
        "Start": [Figure("--version", 0.1, "s", 0.12, "fastest 0.09", 20)]
    }
    assert from_json(as_json(sections, MACHINE)) == sections
    text = put_between_marks(
        f"# Title\n\n{BEGIN}\nold\n{END}\n\nrest\n", markdown(sections, MACHINE, "2026-01-01")
    )
    assert "| --version (fastest 0.09) | 0.10 s | ≤ 0.12 s | met |" in text
    assert "old" not in text
    assert text.endswith(f"{END}\n\nrest\n")
    assert "missed" not in table(sections["Start"])


def test_the_readme_has_a_place_for_figures() -> None:
    assert put_between_marks(README.read_text(), "new")
    with pytest.raises(ValueError, match="figures begin"):
        put_between_marks("no marks", "new")


def test_the_plain_server_moves_a_tenth_of_its_tasks_a_second_and_nothing_else() -> None:
    load = Load(50)
    first, second, later = (json.loads(load.body(second)) for second in (0, 1, 3))
    tasks = [each["CloudFailoverTasks"]["CloudFailoverTasks"] for each in (first, second, later)]
    moved = [sum(map(dict.__ne__, tasks[0], after)) for after in tasks[1:]]
    assert moved == [5, 15]
    still = [{**each, "CloudFailoverTasks": None} for each in (first, second, later)]
    assert still[0] == still[1] == still[2]


def test_ratios_are_of_the_same_window() -> None:
    found = {
        MONITOR: [Window(10, 0.2, 100, 30), Window(10, 0.4, 100, 30), Window(10, 0.3, 100, 30)],
        WATCH: [Window(10, 0.4, 0, 0), Window(10, 0.8, 0, 0), Window(10, 0.4, 0, 0)],
    }
    assert ratio(found, MONITOR, WATCH) == pytest.approx([0.5, 0.5, 0.75])
    figure, *_ = figures_of(Case("few", 10, most_of_watch=0.4), found)
    assert (figure.value, figure.note) == (0.5, "0.50 to 0.75")
    assert figure.verdict.startswith("missed by 0.10")
    assert slope_of({"10": 0.01, "1000": 0.02, "10000": 0.11}) == pytest.approx(1.0)


def test_a_start_is_told_by_what_the_terminal_shows_not_by_the_bytes() -> None:
    class Recorded:
        size, started = (20, 3), 10.0
        chunks = ((10.5, b"\x1b[1;1Hre\x1b[2;1Hx"), (10.7, b"\x1b[1;3Hady"), (11.0, b"!"))
        cpu_at = (0.1, 0.2, 0.4)

    found = moments(Recorded(), ["ready", "never"])  # type: ignore[arg-type]
    assert list(found) == ["ready"]
    assert found["ready"].cpu == 0.2
    assert found["ready"].wall == pytest.approx(0.7)


def test_a_walk_counts_the_files_of_the_program_that_are_entered() -> None:
    with walked() as calls:
        Figure("x", 1.0, "s").verdict  # noqa: B018
        times.iso(datetime(2026, 1, 1, tzinfo=UTC))
        times.age(3.0)
    assert calls["presentation/times.py"] >= 2, "iso, age and what they call"
    assert not [name for name in calls if name.startswith(("simulator", "..", "/"))]
