from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.outside_texts import HOSTILE, OUTSIDE, WIDTHS
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.text import LINE_BREAK, cells, clean, cut, fit, shorten_middle, wrap

ELLIPSES = st.sampled_from(["…", ".."])

# clean ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("VM[prod]", "VM[prod]"),
        ("[/foo]", "[/foo]"),
        ("\x1b[2J", "␛[2J"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("one\r\ntwo", f"one{LINE_BREAK}two"),
        ("one \n\n\n two", f"one{LINE_BREAK}two"),
        ("one\u2028two\x85three", f"one{LINE_BREAK}two{LINE_BREAK}three"),
        ("a\tb\x7f\x00", "a␉b␡␀"),
        ("a\xa0b", "a b"),
        ("\u202eabc", "\N{REPLACEMENT CHARACTER}abc"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("👩\u200d👧", "👩👧"),
        ("❤\ufe0f", "❤"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 50, "e\u0301\u0301"),
        ("\u0301x", "\N{DOTTED CIRCLE}\u0301x"),
        ("漢字 שלום", "漢字 שלום"),
    ],
)
def test_text_from_outside_is_shown_as_data(outside: str, shown: str) -> None:
    assert clean(outside) == shown


@given(OUTSIDE)
@example("x" * 10_000 + "\x1b")
def test_a_clean_text_is_one_line_without_control_or_formatting(outside: str) -> None:
    shown = clean(outside)
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in shown} & {
        "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp",
    }  # fmt: skip
    assert shown.isprintable()
    shown.encode("utf-8")


@given(OUTSIDE)
def test_cleaning_twice_changes_nothing(outside: str) -> None:
    assert clean(clean(outside)) == clean(outside)


@given(OUTSIDE)
def test_the_ascii_form_is_plain_ascii(outside: str) -> None:
    shown = ASCII.clean(outside)
    assert shown.isascii()
    assert shown.isprintable()
    assert UNICODE.clean(outside) == clean(outside)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(plain: str) -> None:
    assert clean(plain) == plain


# Widths -----------------------------------------------------------------------


@given(OUTSIDE, WIDTHS, ELLIPSES)
def test_a_cut_text_never_takes_more_than_its_width(
    outside: str, width: int, ellipsis: str
) -> None:
    text = clean(outside)
    for short in (cut(text, width, ellipsis), shorten_middle(text, width, ellipsis)):
        assert cells(short) <= width
        if cells(text) <= width:
            assert short == text


@given(OUTSIDE, WIDTHS, st.booleans(), ELLIPSES)
def test_a_fitted_text_takes_exactly_its_width(
    outside: str, width: int, right: bool, ellipsis: str
) -> None:
    assert cells(fit(clean(outside), width, right=right, ellipsis=ellipsis)) == width


@pytest.mark.parametrize("outside", HOSTILE)
@pytest.mark.parametrize("width", [0, 1, 2, 3, 10, 80])
def test_hostile_text_fits_any_column(outside: str, width: int) -> None:
    assert cells(fit(clean(outside), width)) == width
    assert cells(shorten_middle(clean(outside), width)) <= width


def test_what_is_cut_says_so_and_is_as_long_as_it_can_be() -> None:
    assert cut("datastore", 6) == "datas…"
    assert cut("datastore", 6, "..") == "data.."
    assert cut("漢字漢字", 4) == "漢…"
    assert cut("datastore", 1, "..") == "d"
    assert cut("datastore", 0) == ""
    assert fit("7", 3, right=True) == "  7"


def test_marks_do_not_count_as_letters() -> None:
    assert cut("e\u0301" * 10, 10) == "e\u0301" * 10
    assert shorten_middle("e\u0301" * 10, 10) == "e\u0301" * 10
    assert cut("e\u0301" * 10, 3) == "e\u0301e\u0301…"


def test_a_name_keeps_both_ends() -> None:
    assert shorten_middle("customer-database-prod-01", 13) == "custom…rod-01"
    assert shorten_middle("customer-database-prod-02", 13).endswith("-02")
    assert shorten_middle("abcdef", 2) == "a…"


# wrap -------------------------------------------------------------------------


@given(OUTSIDE, st.integers(2, 60))
def test_wrapped_lines_are_narrow_enough_and_lose_nothing_but_blanks(
    outside: str, width: int
) -> None:
    text = clean(outside)
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_blanks_and_long_words_anywhere() -> None:
    assert wrap("Not enough free space on DS-07", 12) == ["Not enough", "free space", "on DS-07"]
    assert wrap("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]
    assert wrap("", 10) == [""]


def test_ten_thousand_characters_are_ten_thousand_characters() -> None:
    assert wrap("x" * 10_000, 80) == ["x" * 80] * 125


def test_the_end_of_a_name_does_not_begin_with_a_mark_that_lost_its_letter() -> None:
    name = "abcdefgh" + "e\u0301" + "xyz"
    for width in range(3, 14):
        short = shorten_middle(name, width)
        tail = short.partition("…")[2]
        assert not tail or not unicodedata.combining(tail[0])
        assert cells(short) <= width


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("漢字漢字漢字", 12, "漢字漢字漢字"),
        ("漢字漢字漢字", 11, "漢字…漢字"),
        ("漢字漢字漢字", 8, "漢字…字"),
        ("漢字漢字漢字", 5, "漢…字"),
        ("ab漢字漢字yz", 7, "ab…yz"),
        ("abcdefgh", 8, "abcdefgh"),
        ("abcdefgh", 7, "abc…fgh"),
        ("abcdefgh", 4, "ab…h"),
        ("abcdefgh", 3, "a…h"),
    ],
)
def test_a_shortened_name_is_as_long_as_its_room_allows(text: str, width: int, short: str) -> None:
    assert shorten_middle(text, width) == short


@pytest.mark.parametrize("marks", [0, 1, 2, 3, 400, 1000])
def test_marks_take_no_room_however_many_there_are(marks: int) -> None:
    text = "e" + "\u0301" * marks
    assert cells(cut(text, 1)) == 1
    if marks <= 2:
        assert cut(text, 1) == text


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("ab cd", 5, ["ab cd"]),
        ("ab cd", 4, ["ab", "cd"]),
        ("ab  cd", 5, ["ab", "cd"]),
        ("abcd", 4, ["abcd"]),
        ("abcde", 4, ["abcd", "e"]),
        ("漢字漢", 4, ["漢字", "漢"]),
        ("漢字漢", 5, ["漢字", "漢"]),
        ("  ab", 4, ["  ab"]),
        ("ab   ", 4, ["ab"]),
        ("x abcdefgh y", 4, ["x", "abcd", "efgh", "y"]),
    ],
)
def test_a_line_that_just_fits_is_not_broken(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_a_long_message_is_cleaned_as_a_short_one_is() -> None:
    for length in (299, 300, 301, 2_000):
        assert clean("\x1b" * length) == "␛" * length
