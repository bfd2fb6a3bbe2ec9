from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.report.cases import START, drill, large, vm
from tui.report.data import as_csv, as_json
from tui.report.html import as_html
from tui.report.model import Report, Target
from tui.report.plain import as_markdown, as_text

Format = Callable[[Report], str]
READABLE: list[Format] = [as_html, as_markdown, as_text]
VOID = {"meta", "br", "hr", "line", "rect"}

HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "| a | b |",
        "[x](javascript:alert(1))",
        "\x1b[2J",
        "two\nlines",
        "\u202eright to left",
        '" onload="x',
        "&lt;b&gt;",
    ]
)


class Reader(HTMLParser):
    """Collects the elements and texts, and checks that every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def read(self, text: str) -> Reader:
        self.feed(text)
        self.close()
        assert self._open == []
        return self

    def count(self, tag: str) -> int:
        return sum(1 for found, _ in self.elements if found == tag)


@pytest.mark.parametrize("write", READABLE)
@pytest.mark.parametrize(
    "told",
    [
        "ABC Company",
        "4347c445",
        "em01:9398",
        "vbr01",
        "NOT MET",
        "2026-11-26 12:00:00",
        "DS-07",
        "534 GB needed",
        "storage team called",
        "AB:CD",
        "f" * 64,
        "noc1",
        "dc01 took 1 min longer",
        "Outage since",
        "when sql02 failed",
        "Drill leader",
        "attempt 2",
        "Nobody watched before",
        "12:09:00",
    ],
)
def test_every_readable_format_tells_it(write: Format, told: str) -> None:
    plain = write(drill()).replace("\\", "")
    assert told in plain


@pytest.mark.parametrize("write", [*READABLE, as_json, as_csv])
def test_the_same_report_is_the_same_to_the_byte(write: Format) -> None:
    assert write(drill()) == write(drill())


def test_local_time_is_told_with_its_offset() -> None:
    assert "2026-11-26 12:00:00 UTC (13:00:00 +01:00)" in as_text(drill())


def test_a_time_that_was_only_seen_here_is_marked() -> None:
    assert "~2026-11-26 12:01:00  connection lost" in as_text(drill())


def test_sections_without_content_are_left_out() -> None:
    bare = Report(
        as_of=None,
        plan="p",
        session_id="s",
        server="em01",
        status="running",
        headline="running",
        over=False,
        rto=Target(),
        rpo=Target(),
    )
    for write in READABLE:
        text = write(bare)
        assert "Outage" not in text
        assert "Compared with" not in text
        assert "not over when this was written" in text
    assert "none set" in as_text(bare)
    json.loads(as_json(bare))


def test_html_is_accessible_and_self_contained() -> None:
    page = Reader().read(as_html(drill()))
    heads = [attrs for tag, attrs in page.elements if tag == "th"]
    assert heads
    assert all(attrs.get("scope") in ("row", "col") for attrs in heads)
    assert page.elements[0] == ("html", {"lang": "en"})
    assert page.count("h1") == 1
    assert page.count("script") == 0
    assert page.count("caption") >= 5
    outside = ("src", "href", "action", "data", "srcset", "poster")
    assert not [attrs for _, attrs in page.elements if any(name in attrs for name in outside)]
    assert "url(" not in as_html(drill())
    (picture,) = [attrs for tag, attrs in page.elements if tag == "svg"]
    assert picture["role"] == "img"


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_a_server_says_becomes_markup(name: str, message: str, plan: str) -> None:
    usual = Reader().read(as_html(drill(vm("x", "failed", "Failed", message="m"))))
    odd = drill(vm(name, "failed", "Failed", message=message), name=plan)
    hostile = Reader().read(as_html(odd))
    with_message = usual.count("tr") - (0 if message else 1)
    assert hostile.count("tr") == with_message
    assert {tag for tag, _ in hostile.elements} == {tag for tag, _ in usual.elements}
    assert all(not name.startswith("on") for _, attrs in hostile.elements for name in attrs)
    for write in (as_text, as_markdown):
        lines = write(odd).splitlines()
        assert len(lines) == len(
            write(drill(vm("x", "failed", "Failed", message=message and "m"))).splitlines()
        )
        assert not any("\x1b" in line for line in lines)


def test_markdown_tables_keep_their_columns() -> None:
    text = as_markdown(drill(vm("a|b", "failed", "Failed", message="x|y")))
    heads = next(line for line in text.splitlines() if line.startswith("| VM |"))
    (row,) = [line for line in text.splitlines() if line.startswith("| a\\|b | Failed")]
    assert row.replace("\\|", "").count("|") == heads.count("|")


def test_text_tables_are_aligned() -> None:
    lines = as_text(drill(vm("日本語サーバー", "success", "Success"))).splitlines()
    start = next(place for place, line in enumerate(lines) if line == "Each VM:")
    table = lines[start + 1 : start + 6]
    assert table[1].index("Failed") == table[0].index("Result")
    assert table[4].index("Success") + 7 == table[0].index("Result")  # seven wide letters


def test_json_has_a_schema_and_plain_numbers() -> None:
    read = json.loads(as_json(drill()))
    assert read["schema"] == "failover-monitor-report/1"
    assert read["started"] == "2026-11-26T12:00:00Z"
    assert read["duration_seconds"] == 300.0
    assert read["rto"]["target_seconds"] == 300.0
    assert read["rto"]["actual_seconds"] is None
    assert read["counts"] == {"failed": 1, "success": 2}
    assert read["vms"][0]["name"] == "sql02"
    assert read["gaps"][1]["end"] is None
    assert read["clock_offset_seconds"] == -7.0


def test_parts_of_a_second_are_kept_in_json() -> None:
    moment = START.replace(microsecond=795_000)
    assert json.loads(as_json(replace(drill(), ended=moment)))["ended"].endswith("12:00:00.795Z")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_csv_holds_no_formula(evil: str) -> None:
    text = as_csv(drill(vm(evil, "failed", "Failed", message=evil)))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows[-1]["name"] == f"'{evil}"
    assert rows[-1]["message"] == f"'{evil}"


def test_csv_has_a_row_for_each_vm() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(drill()), newline="")))
    assert [row["name"] for row in rows] == ["sql02", "web01", "dc01"]
    assert rows[0]["rpo_seconds"] == "3600"
    assert rows[0]["session_id"].startswith("4347c445")
    assert rows[2]["attempts"] == "2"


def test_a_large_report_has_every_vm_and_its_picture_says_what_it_left_out() -> None:
    page = Reader().read(as_html(large(1_000)))
    assert page.count("rect") == 200
    assert any("The 803 that started last are left out" in text for text in page.texts)
    names = {text for text in page.texts if text.startswith("vm-") and len(text) == 7}
    assert len(names) == 1_000


def test_a_browser_is_told_to_load_nothing_before_it_reads_anything() -> None:
    page = Reader().read(as_html(drill()))
    metas = [attrs for tag, attrs in page.elements if tag == "meta"]
    (policy,) = [each for each in metas if each.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(None, 1) for rule in (policy["content"] or "").split("; "))
    assert rules.pop("default-src") == "'none'"
    # What is allowed beside it: the page's own style, and nothing that runs.
    assert rules == {"style-src": "'unsafe-inline'"}
    assert metas[0] == {"charset": "utf-8"}
    tags = [tag for tag, _ in page.elements]
    assert tags.index("meta") < tags.index("title") < tags.index("style")


def test_what_is_not_known_of_how_it_was_watched_is_a_dash_or_none() -> None:
    bare = replace(
        drill(), clock_offset=None, fingerprint=None, journal=None, journal_state=None,
        journal_hash=None, watches=(), gaps=(), unseen=(),
    )  # fmt: skip
    text = as_text(bare)
    told = {
        line.rsplit("  ", 1)[0].strip(): line.rsplit("  ", 1)[1].strip()
        for line in text.splitlines()
        if "ournal" in line or "Certificate" in line or "Clock of" in line
    }
    assert told["Journal"] == "none"
    unknown = [value for name, value in told.items() if name != "Journal"]
    assert unknown == ["–"] * 4
    assert "Who ran the monitor" not in text
    assert "Gaps" not in text
