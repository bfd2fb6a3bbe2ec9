"""Rows on standard output: columns that keep to a width, tabs, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.outside_texts import OUTSIDE
from tui.cli import tables
from tui.cli.tables import Field, chosen, csv_of, room, show, tab_lines, table_lines, wrapped
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.text import cells, shorten_middle


@dataclass(frozen=True)
class Plan:
    name: str
    vms: int | None = None
    ready: bool | None = None


PLANS = [Plan("ABC Company", 14, True), Plan("Oak", None, False)]
FIELDS: list[Field[Plan]] = [
    Field("PLAN", lambda plan: plan.name, least=6),
    Field("VMS", lambda plan: "-" if plan.vms is None else str(plan.vms), right=True, drop=1),
]


def test_columns_are_as_wide_as_what_they_hold() -> None:
    assert table_lines(FIELDS, PLANS, None, UNICODE) == [
        "PLAN         VMS",
        "ABC Company   14",
        "Oak            -",
    ]
    assert table_lines(FIELDS, [], 80, UNICODE) == []
    assert table_lines(FIELDS, [Plan("x", 1)], None, UNICODE) == ["PLAN  VMS", "x       1"]


def test_where_there_is_no_room_a_column_gives_way_and_then_goes() -> None:
    assert table_lines(FIELDS, PLANS, 16, UNICODE)[1] == "ABC Company   14"
    assert table_lines(FIELDS, PLANS, 15, UNICODE)[1] == "ABC Compa…   14"
    assert table_lines(FIELDS, PLANS, 11, UNICODE)[1] == "ABC C…   14"
    assert table_lines(FIELDS, PLANS, 10, UNICODE)[1] == "ABC Compa…"
    assert table_lines(FIELDS, PLANS, 10, ASCII)[1] == "ABC Comp.."


def test_a_text_is_cut_as_its_column_says() -> None:
    fields = [Field[Plan]("PLAN", lambda plan: plan.name, least=6, cut=_middle)]
    assert table_lines(fields, PLANS, 8, UNICODE)[1:] == ["ABC …any", "Oak"]
    assert table_lines(fields, PLANS, 11, UNICODE)[1:] == ["ABC Company", "Oak"]


def _middle(plan: Plan, width: int) -> str:
    return shorten_middle(plan.name, width)


def test_for_programs_what_is_unknown_is_a_dash_and_never_a_zero() -> None:
    rows = [*PLANS, Plan(" ", 0, None), Plan("a\tb\nc", 1)]
    assert tab_lines(rows) == [
        "ABC Company\t14\ttrue",
        "Oak\t-\tfalse",
        "-\t0\t-",
        "a␉b ⏎ c\t1\t-",
    ]


@given(st.lists(st.builds(Plan, OUTSIDE, st.none() | st.integers()), max_size=4))
def test_each_row_stays_one_line_of_as_many_fields(rows: list[Plan]) -> None:
    lines = tab_lines(rows)
    assert len("\n".join(lines).splitlines()) == len(rows)
    assert all(len(line.split("\t")) == 3 for line in lines)
    read = list(csv.reader(io.StringIO(csv_of(Plan, rows), newline="")))
    assert read[0] == ["name", "vms", "ready"]
    assert [len(row) for row in read] == [3] * (len(rows) + 1)


def test_csv_has_a_header_and_what_all_rows_share_stands_in_front() -> None:
    read = list(csv.DictReader(io.StringIO(csv_of(Plan, PLANS, server="em01"), newline="")))
    assert [list(row) for row in read] == [["server", "name", "vms", "ready"]] * 2
    assert [row["server"] for row in read] == ["em01", "em01"]
    assert [row["vms"] for row in read] == ["14", ""]


@pytest.mark.parametrize(
    ("line", "width", "lines"),
    [
        ("a short one", 20, ["a short one"]),
        ("a line of just thirty letters.", 30, ["a line of just thirty letters."]),
        (
            "a line of just thirty letters.",
            29,
            ["a line of just thirty", "    letters."],
        ),
        ("  " + "word " * 8, None, ["  " + "word " * 8]),
        (
            "      an indented one that is longer",
            30,
            ["      an indented one that is", "      longer"],
        ),
    ],
)
def test_what_is_wider_than_the_terminal_goes_on_below(
    line: str, width: int | None, lines: list[str]
) -> None:
    assert wrapped([line], width) == lines
    assert all(width is None or cells(each) <= width for each in wrapped([line], width))


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_pipe_gets_tabs_and_no_limit_unless_asked_otherwise(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "is_terminal", lambda _: is_terminal)
    assert chosen(None) == ("table" if is_terminal else "tab")
    assert chosen("json") == "json"
    assert room("wide") is None
    if not is_terminal:
        assert room("table") is None


@pytest.mark.parametrize("output", ["table", "wide", "json", "csv", "tab"])
def test_each_form_is_what_was_asked_for(
    output: tables.Output, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"plans": [{"name": "ABC Company"}]}
    show(output, document, Plan, PLANS, lambda: ["for people"], server="em01")
    out = capsys.readouterr().out
    match output:
        case "json":
            assert json.loads(out) == document
        case "csv":
            assert out.splitlines()[0] == "server,name,vms,ready"
        case "tab":
            assert out.splitlines() == tab_lines(PLANS)
        case _:
            assert out == "for people\n"


def test_what_the_encoding_lacks_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, shown in (("utf-8", "–"), ("ascii", "\\u2013")):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
        tables.print_lines(["–"])
        assert raw.getvalue().decode(encoding) == f"{shown}\n"
        raw.truncate(0)
        raw.seek(0)
        tables.print_json({"dash": "–"})
        assert json.loads(raw.getvalue().decode(encoding)) == {"dash": "–"}
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(BrokenPipeError):
        tables.write("x")


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5), st.integers(40, 200))
def test_a_table_keeps_to_its_width(rows: list[tuple[str, str]], width: int) -> None:
    for glyphs in (ASCII, UNICODE):
        fields = [
            Field[tuple[str, str]]("ONE", lambda row, g=glyphs: g.clean(row[0]), least=10),  # type: ignore[misc]
            Field[tuple[str, str]]("TWO", lambda row, g=glyphs: g.clean(row[1]), least=10, drop=1),  # type: ignore[misc]
        ]
        lines = table_lines(fields, rows, width, glyphs)
        assert len(lines) == len(rows) + 1
        assert all(cells(line) <= width for line in lines)
        assert all(line.isprintable() for line in lines)
