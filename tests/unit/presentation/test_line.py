from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.outside_texts import OUTSIDE, WIDTHS
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import Span, bar, fit_line, labelled, length, percent, spread

GLYPHS = st.sampled_from([UNICODE, ASCII])
TOKENS = st.sampled_from(["", "title", "failed"])
SPANS = st.lists(st.tuples(OUTSIDE, TOKENS), max_size=5)


def cleaned(spans: list[Span], glyphs: Glyphs) -> list[Span]:
    return [(glyphs.clean(text), token) for text, token in spans]


@given(SPANS, WIDTHS, GLYPHS)
def test_a_fitted_line_takes_exactly_its_width(
    spans: list[Span], width: int, glyphs: Glyphs
) -> None:
    assert length(fit_line(cleaned(spans, glyphs), width, glyphs)) == width


@given(SPANS, SPANS, WIDTHS, GLYPHS)
def test_two_edges_take_exactly_the_width(
    left: list[Span], right: list[Span], width: int, glyphs: Glyphs
) -> None:
    line = spread(cleaned(left, glyphs), cleaned(right, glyphs), width, glyphs)
    assert length(line) == width


def test_the_left_edge_is_cut_before_the_right_one() -> None:
    line = spread([("a long plan name", "title")], [(" 46 %", "")], 12, UNICODE)
    assert "".join(text for text, _ in line) == "a long… 46 %"


@given(st.none() | st.integers(-50, 200), st.integers(0, 120), GLYPHS)
def test_a_bar_takes_exactly_its_width(progress: int | None, width: int, glyphs: Glyphs) -> None:
    assert length(bar(progress, width, "running", glyphs)) == width


@given(st.integers(1, 120), GLYPHS)
def test_a_bar_is_full_at_a_hundred_and_only_then(width: int, glyphs: Glyphs) -> None:
    assert bar(100, width, "t", glyphs) == [(glyphs.bar_full * width, "t")]
    assert bar(99, width, "t", glyphs) != bar(100, width, "t", glyphs)
    assert bar(0, width, "t", glyphs) == [(glyphs.bar_track * width, "track")]


@given(st.integers(0, 99), st.integers(1, 120))
def test_a_bar_never_shrinks_while_progress_grows(progress: int, width: int) -> None:
    def halves(percent_: int) -> int:
        text = "".join(text for text, token in bar(percent_, width, "t", ASCII) if token == "t")
        return 2 * text.count(ASCII.bar_full) + text.count(ASCII.bar_half)

    assert halves(progress) <= halves(progress + 1)


def test_a_bar_has_half_cells() -> None:
    assert bar(25, 2, "t", UNICODE) == [("╸", "t"), ("─", "track")]
    assert bar(50, 2, "t", UNICODE) == [("━", "t"), ("─", "track")]


def test_an_unknown_progress_is_an_empty_track_and_a_dash_never_a_zero() -> None:
    assert bar(None, 3, "t", UNICODE) == [("───", "track")]
    assert percent(None, UNICODE) == "–"
    assert percent(None, ASCII) == "-"


@pytest.mark.parametrize(("inferred", "text"), [(False, "46 %"), (True, "~46 %")])
def test_what_the_server_did_not_say_is_marked(inferred: bool, text: str) -> None:
    assert percent(46, UNICODE, inferred=inferred) == text


def test_a_line_that_just_fits_is_left_as_it_is() -> None:
    spans: list[Span] = [("ab", "title"), ("cd", "failed")]
    assert fit_line(spans, 4, UNICODE) == tuple(spans)
    assert fit_line(spans, 5, UNICODE) == (*spans, (" ", ""))
    assert fit_line(spans, 3, UNICODE) == (("ab", "title"), ("…", "failed"))


@given(SPANS, st.integers(8, 120), GLYPHS)
def test_what_stands_behind_a_label_is_never_cut(
    spans: list[Span], width: int, glyphs: Glyphs
) -> None:
    shown = cleaned(spans, glyphs)
    lines = labelled("Plan", shown, width, 6, glyphs)
    assert {length(line) for line in lines} == {width}
    assert [line[0] for line in lines] == [(" Plan ", "label"), *[(" " * 6, "")] * (len(lines) - 1)]

    def visible(some: Iterable[Span]) -> str:
        return "".join("".join(text.split()) for text, _ in some)

    assert visible(span for line in lines for span in line[1:]) == visible(shown)
    for _, token in shown:
        kept = [span for line in lines for span in line[1:] if span[1] == token]
        assert visible(kept) == visible(span for span in shown if span[1] == token)


def test_a_span_stands_whole_on_one_line_where_one_can_hold_it() -> None:
    joined = labelled("", [("Comparison ", "label"), ("Plan", "title")], 28, 1, UNICODE)
    assert "".join(text for text, _ in joined[0]).rstrip() == " Comparison Plan"
    spans = [("then 10 min", ""), ("   now 12 min", ""), ("   a word that is too long", "")]
    lines = labelled("Total", spans, 28, 8, UNICODE)
    assert ["".join(text for text, _ in line).rstrip() for line in lines] == [
" Total  then 10 min", "        now 12 min   a word", "        that is too long",
    ]  # fmt: skip
