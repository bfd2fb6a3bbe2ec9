from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.terminal.styles import (
    BOLD,
    DEFAULT,
    DIM,
    ITALIC,
    REVERSE,
    STRIKE,
    UNDERLINE,
    Style,
    StyleTable,
    after_sgr,
    sgr_between,
)


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("", Style()),
        ("0", Style()),
        ("1;2;3;4;7;9", Style(BOLD | DIM | ITALIC | UNDERLINE | REVERSE | STRIKE)),
        ("01;31", Style(BOLD, "31")),
        ("91;104", Style(0, "91", "104")),
        ("38;5;99;48;5;7", Style(0, "38;5;99", "48;5;7")),
        ("38;2;1;2;3;1", Style(BOLD, "38;2;1;2;3")),
        ("38:2::1:2:3;3", Style(ITALIC, "38:2::1:2:3")),
        ("31;39;41;49", Style()),
        ("1;2;22", Style()),
        ("1;0;3", Style(ITALIC)),
        ("4:3", Style(rare=("4:3",))),
        ("21;4;24", Style()),
        ("51;53;54", Style(rare=("53",))),
        ("58;5;1;59", Style()),
        ("8;28;6;25", Style()),
        ("38", Style(0, "38")),
    ],
)
def test_sgr_is_understood(parameters: str, style: Style) -> None:
    assert after_sgr(Style(), parameters) == style


@pytest.mark.parametrize(
    ("old", "new", "sequence"),
    [
        (Style(), Style(), ""),
        (Style(BOLD, "31"), Style(), "\x1b[m"),
        (Style(BOLD, "31"), Style(BOLD, "32"), "\x1b[32m"),
        (Style(BOLD | ITALIC, "31", "48;2;1;2;3"), Style(ITALIC, "31", "48;2;1;2;3"), "\x1b[22m"),
        (Style(BOLD | DIM, "38;5;1"), Style(DIM, "38;5;1"), "\x1b[22;2m"),
        (Style(0, "38;2;9;9;9", "41"), Style(0, "", "41"), "\x1b[39m"),
        (Style(rare=("53",)), Style(BOLD), "\x1b[0;1m"),
        (None, Style(), "\x1b[m"),
        (None, Style(BOLD), "\x1b[0;1m"),
        (Style(link="a"), Style(link="b"), ""),
    ],
)
def test_the_shortest_way_between_styles(old: Style | None, new: Style, sequence: str) -> None:
    assert sgr_between(old, new) == sequence


COLOURS = ["", "31", "97", "38;5;8", "38;2;1;2;3"]
STYLES = st.builds(
    Style,
    attributes=st.integers(0, 127),
    foreground=st.sampled_from(COLOURS),
    background=st.sampled_from(["", "44", "48;5;8"]),
    rare=st.lists(st.sampled_from(["21", "8", "53"]), unique=True).map(tuple),
    link=st.just(""),
)


@settings(max_examples=50)
@given(STYLES, STYLES)
def test_the_way_leads_there(old: Style, new: Style) -> None:
    sequence = sgr_between(old, new)
    assert (old == new) == (sequence == "")
    reached = after_sgr(old, sequence[2:-1]) if sequence else old
    assert reached._replace(rare=()) == new._replace(rare=())
    assert set(reached.rare) == set(new.rare)


def _console(sequences: list[str]) -> tuple[str, str]:
    """Colour and intensity on the Linux console, by the kernel's `csi_m`."""
    colour, intensity = "39", "22"
    for sequence in sequences:
        for code in sequence[2:-1].split(";"):
            number = int(code or 0)
            if number == 0:
                colour, intensity = "39", "22"
            elif number in (1, 2, 22):
                intensity = code
            elif 90 <= number <= 97:
                colour, intensity = str(number - 60), "1"
            elif 30 <= number <= 39:
                colour = code
    return colour, intensity


SIXTEEN = st.builds(
    Style,
    attributes=st.sampled_from([0, BOLD, ITALIC, BOLD | ITALIC]),
    foreground=st.sampled_from(["", "30", "37", "90", "97"]),
    background=st.sampled_from(["", "44"]),
    rare=st.just(()),
    link=st.just(""),
)


@settings(max_examples=300)
@given(st.lists(SIXTEEN, min_size=1, max_size=5))
def test_on_the_linux_console_brightness_ends_where_it_should(styles: list[Style]) -> None:
    styles = [Style(), *styles]
    ways = [sgr_between(old, new) for old, new in pairwise(styles)]
    assert _console([way for way in ways if way]) == _console([sgr_between(None, styles[-1])])


def test_links_are_told_apart_by_their_uri_and_keep_their_first_id() -> None:
    table = StyleTable()
    first = table.after_link(DEFAULT, "id=1", "http://x")
    assert table.after_link(DEFAULT, "id=2", "http://x") == first
    assert table.between(DEFAULT, first) == "\x1b]8;id=1;http://x\x1b\\"
    other = table.after_link(DEFAULT, "", "http://y")
    assert table.between(first, other) == "\x1b]8;;http://y\x1b\\"
    assert table.between(other, table.after_link(other, "", "")) == "\x1b]8;;\x1b\\"


def test_what_a_space_looks_like() -> None:
    table = StyleTable()
    plain, red, bold = (table.after_sgr(DEFAULT, p) for p in ("", "31", "1;3;35"))
    assert {table.blank[number] for number in (plain, red, bold)} == {DEFAULT}
    on_blue = table.after_sgr(DEFAULT, "44")
    assert table.blank[table.after_sgr(DEFAULT, "1;31;44")] == on_blue
    underlined = table.after_sgr(DEFAULT, "4;31")
    assert table.blank[underlined] == underlined
    linked = table.after_link(red, "", "http://x")
    assert table.blank[linked] == linked


def test_unused_styles_go_and_the_used_keep_their_meaning() -> None:
    table = StyleTable()
    numbers = [
        table.after_sgr(DEFAULT, f"38;2;1;2;{n % 256};48;2;0;0;{n // 256}") for n in range(2100)
    ]
    assert table.crowded
    linked = table.after_link(numbers[5], "id=9", "http://x")
    meaning = table.style(linked)
    new = table.keep([linked])
    assert table.style(new[linked]) == meaning
    assert new[DEFAULT] == DEFAULT
    assert len(table) < 6
    assert "id=9" in table.between(DEFAULT, new[linked])
