from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import openmetrics, parser
from prometheus_client.openmetrics import parser as openmetrics_parser

import tui.metrics
from tui.analysis.status import Status
from tui.metrics.text import (
    FAMILIES,
    SESSION_STATUSES,
    VM_STATUSES,
    SessionSample,
    metrics_text,
)
from tui.presentation import event_data

NAMES = set(FAMILIES)
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DRILL = SessionSample(
    server="em01:9398",
    session_id="4347c445",
    plan="ABC Company Failover Plan",
    tenant="ABC Company",
    status="running with errors",
    verdict="cannot be met",
    vms=(("failed", 3), ("success", 10), ("running", 1)),
    progress=46,
    started_at=NOW - timedelta(seconds=261),
    elapsed=timedelta(seconds=261.795),
    interval=timedelta(seconds=5),
    rto_target=timedelta(minutes=5),
    rto_left=timedelta(seconds=-1.5),
    rpo_worst=timedelta(hours=1),
    rpo_known=14,
    unacknowledged=2,
    fetched_at=NOW - timedelta(seconds=3),
    age=timedelta(seconds=3),
    polls=50,
    errors=1,
)


def read(text: str, *, strict: bool = True) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    assert openmetrics
    parse: Any = (
        openmetrics_parser.text_string_to_metric_families
        if strict
        else parser.text_string_to_metric_families
    )
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def value(text: str, name: str, **labels: str) -> float:
    own = {"server": "em01:9398", "session": "4347c445", **labels}
    return read(text)[(name, frozenset(own.items()))]


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("failover_session_failures", {}, 3),
        ("failover_session_failures_unacknowledged", {}, 2),
        ("failover_session_vms", {"status": "success"}, 10),
        ("failover_session_vms", {"status": "waiting"}, 0),
        ("failover_session_status", {"status": "running with errors"}, 1),
        ("failover_session_status", {"status": "running"}, 0),
        ("failover_session_up", {}, 1),
        ("failover_session_start_timestamp_seconds", {}, NOW.timestamp() - 261),
        ("failover_session_interval_seconds", {}, 5),
        ("failover_monitor_written_timestamp_seconds", {}, NOW.timestamp()),
        ("failover_session_status", {"status": "failed"}, 0),
        ("failover_session_verdict", {"verdict": "cannot be met"}, 1),
        ("failover_session_progress_ratio", {}, 0.46),
        ("failover_session_elapsed_seconds", {}, 261.795),
        ("failover_session_rto_target_seconds", {}, 300),
        ("failover_session_rto_left_seconds", {}, -1.5),
        ("failover_session_rpo_worst_seconds", {}, 3600),
        ("failover_session_rpo_known_vms", {}, 14),
        ("failover_session_data_age_seconds", {}, 3),
        ("failover_session_data_timestamp_seconds", {}, NOW.timestamp() - 3),
        ("failover_monitor_polls_since_start", {}, 50),
        ("failover_monitor_errors_since_start", {}, 1),
    ],
)
def test_each_figure_reads_back(name: str, labels: dict[str, str], expected: float) -> None:
    assert value(metrics_text([DRILL], NOW), name, **labels) == expected


def test_both_formats_read_the_same() -> None:
    text = metrics_text([DRILL, replace(DRILL, session_id="other")], NOW)
    assert read(text) == read(text, strict=False)


def test_what_is_unknown_has_no_sample() -> None:
    bare = SessionSample(server="em01", session_id="s", plan="p", status="running")
    text = metrics_text([bare], NOW)
    for absent in ("rto_", "rpo_", "progress", "elapsed", "data_", "vms", "failures", "verdict"):
        assert f"failover_session_{absent}" not in text
    read(text)


def test_a_status_that_is_none_of_ours_is_unknown() -> None:
    text = metrics_text([replace(DRILL, status="Rebooting")], NOW)
    assert value(text, "failover_session_status", status="unknown") == 1


def test_without_sessions_there_is_nothing() -> None:
    assert metrics_text([], NOW) == "# EOF\n"


def test_every_sample_names_its_session() -> None:
    """Two files of one machine must not hold the same sample twice."""
    for _, labels in read(metrics_text([DRILL], NOW)):
        assert {"server", "session"} <= set(dict(labels))


@given(st.text(), st.text())
def test_names_from_the_server_are_data(plan: str, tenant: str) -> None:
    text = metrics_text([replace(DRILL, plan=plan, tenant=tenant)], NOW)
    (labels,) = [dict(labels) for name, labels in read(text) if name == "failover_session_info"]
    if plan.isprintable():
        assert labels["plan"] == plan
    assert text.count("\n") == metrics_text([DRILL], NOW).count("\n")


def test_every_status_has_its_sample() -> None:
    text = metrics_text([DRILL], NOW)
    found = {dict(labels)["status"] for name, labels in read(text) if name.endswith("session_vms")}
    assert found == set(VM_STATUSES)
    found = {dict(each)["status"] for name, each in read(text) if name.endswith("session_status")}
    assert found == set(SESSION_STATUSES)


FULL = replace(
    DRILL,
    rpo_target=timedelta(hours=4),
    ended_at=NOW,
    watch_ended_at=NOW,
)
_METRIC = re.compile(r"failover_(?:session|monitor)_[a-z_]+")


def test_every_metric_can_be_there() -> None:
    assert {name for name, _ in read(metrics_text([FULL], NOW))} == NAMES


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_what_goes_with_them_names_metrics_that_there_are(name: str) -> None:
    text = (Path(tui.metrics.__file__).parent / name).read_text()
    used = set(_METRIC.findall(text))
    assert used - NAMES == set()
    assert len(used) >= 6


def test_the_dashboard_shows_every_metric_but_what_another_one_tells() -> None:
    text = (Path(tui.metrics.__file__).parent / "dashboard.json").read_text()
    told_otherwise = {
        "failover_session_start_timestamp_seconds",
        "failover_session_end_timestamp_seconds",
        "failover_session_watch_end_timestamp_seconds",
        "failover_session_interval_seconds",
        "failover_session_data_age_seconds",
        "failover_monitor_written_timestamp_seconds",
    }
    assert NAMES - set(_METRIC.findall(text)) == told_otherwise


def test_the_dashboard_holds_together() -> None:
    board = json.loads((Path(tui.metrics.__file__).parent / "dashboard.json").read_text())
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    places: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= 24
        taken = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not taken & places, panel["title"]
        places |= taken
        for target in panel["targets"]:
            assert "$server" in target["expr"]
            assert "$session" in target["expr"]


def test_statuses_are_those_that_vms_are_counted_by() -> None:
    assert set(VM_STATUSES) == set(event_data.VM_STATUSES)
    assert {status for each in event_data.VM_STATUSES.values() for status in each} == set(Status)


promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Debian: prometheus) is not installed"
)


@promtool
def test_promtool_finds_nothing_wrong() -> None:
    checked = subprocess.run(
        ["promtool", "check", "metrics"],
        input=metrics_text([FULL], NOW),
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@promtool
def test_promtool_takes_the_alert_rules() -> None:
    rules = Path(tui.metrics.__file__).parent / "alerts.yml"
    checked = subprocess.run(
        ["promtool", "check", "rules", str(rules)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


ALERTS = (
    "CloudFailoverVmFailed",
    "CloudFailoverTargetMissed",
    "CloudFailoverTargetAtRisk",
    "CloudFailoverNoAnswer",
    "CloudFailoverDataOld",
    "CloudFailoverMonitorGone",
)
_EVERY = "0+60x200"
"""The time of each minute: what is written anew each time."""

_FINE = {
    "failover_session_up{}": "1x200",
    "failover_session_interval_seconds{}": "5x200",
    "failover_session_data_timestamp_seconds{}": _EVERY,
    "failover_monitor_written_timestamp_seconds{}": _EVERY,
    "failover_session_failures_unacknowledged{}": "0x200",
}
_FAILED = {**_FINE, "failover_session_failures_unacknowledged{}": "3x200"}
_OUTAGE = {
    **_FINE,
    "failover_session_up{}": "0x200",
    "failover_session_data_timestamp_seconds{}": "0x200",
}
_GONE = {**_OUTAGE, "failover_session_up{}": "1x200",
         "failover_monitor_written_timestamp_seconds{}": "0x200"}  # fmt: skip
_LEFT = {**_GONE, "failover_session_watch_end_timestamp_seconds{}": "0x200"}


@promtool
@pytest.mark.parametrize(
    ("samples", "minutes", "firing"),
    [
        (_FINE, 60, set()),
        (_FAILED, 10, {"CloudFailoverVmFailed"}),
        ({**_FAILED, "failover_session_end_timestamp_seconds{}": "0x200"}, 59,
         {"CloudFailoverVmFailed"}),
        ({**_FAILED, "failover_session_end_timestamp_seconds{}": "0x200"}, 62, set()),
        ({**_FINE, 'failover_session_verdict{verdict="cannot be met"}': "1x200"}, 10,
         {"CloudFailoverTargetMissed"}),
        ({**_FINE, 'failover_session_verdict{verdict="at risk"}': "1x200"}, 10,
         {"CloudFailoverTargetAtRisk"}),
        (_OUTAGE, 10, {"CloudFailoverNoAnswer", "CloudFailoverDataOld"}),
        ({**_OUTAGE, "failover_session_interval_seconds{}": "600x200"}, 20,
         {"CloudFailoverNoAnswer"}),
        (_GONE, 10, {"CloudFailoverDataOld", "CloudFailoverMonitorGone"}),
        (_LEFT, 10, set()),
        ({**_LEFT, "failover_session_failures_unacknowledged{}": "1x200"}, 30,
         {"CloudFailoverVmFailed"}),
        ({**_LEFT, "failover_session_failures_unacknowledged{}": "1x200"}, 70, set()),
    ],
)  # fmt: skip
def test_each_alarm_is_raised_and_no_other(
    tmp_path: Path, samples: dict[str, str], minutes: int, firing: set[str]
) -> None:
    """Asked as if none were expected: promtool names those that fire all the same."""
    own = 'server="em01",session="s"'
    series = [
        {"series": name.replace("{}", f"{{{own}}}").replace("{verdict", f"{{{own},verdict"),
         "values": values}
        for name, values in samples.items()
    ]  # fmt: skip
    asked = [{"eval_time": f"{minutes}m", "alertname": name, "exp_alerts": []} for name in ALERTS]
    rules = Path(tui.metrics.__file__).parent / "alerts.yml"
    case = {"interval": "1m", "input_series": series, "alert_rule_test": asked}
    path = tmp_path / "case.yml"
    path.write_text(json.dumps({"rule_files": [str(rules)], "tests": [case]}))
    done = subprocess.run(["promtool", "test", "rules", str(path)], capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert {name for name in ALERTS if f"alertname: {name}," in said} == firing, said
    assert ("SUCCESS" in said) is (not firing), said


@pytest.mark.parametrize(
    ("name", "read_back"),
    [
        ('a"b', 'a"b'),
        ("a\\b", "a\\b"),
        ("a\nb", "a\nb"),
        ("a\\nb", "a\\nb"),
        ("a\x1bb\tc", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"),
        ("", ""),
    ],
)
def test_a_name_from_outside_is_read_back_as_it_was_and_makes_no_line_of_its_own(
    name: str, read_back: str
) -> None:
    text = metrics_text([replace(DRILL, plan=name)], NOW)
    plans = {dict(labels).get("plan") for _, labels in read(text)} - {None}
    assert plans == {read_back}
    assert len(text.splitlines()) == len(metrics_text([DRILL], NOW).splitlines())
