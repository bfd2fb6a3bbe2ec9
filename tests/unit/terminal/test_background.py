"""What terminals say about their background, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.background import asked, colour_told, is_light, light_by_environment


@pytest.mark.parametrize(
    ("answer", "light"),
    [
        ("11;rgb:0000/0000/0000", False),
        ("11;rgb:ffff/ffff/ffff", True),
        ("11;rgb:1e/1e/2e", False),
        ("11;rgb:fdfd/f6f6/e3e3", True),  # Solarized light
        ("11;rgb:0000/2b2b/3636", False),  # Solarized dark
        ("11;rgba:ffff/ffff/dddd/ffff", True),
        ("11;rgb:f/f/f", True),
        ("11;#ffffff", True),
        ("11;#000", False),
        ("11;#300a24300a24", False),
    ],
)
def test_answers_of_terminals(answer: str, light: bool) -> None:
    colour = colour_told(answer)
    assert colour is not None
    assert is_light(colour) is light


@pytest.mark.parametrize(
    "answer", ["", "11;", "11;?", "10;rgb:0/0/0", "11;rgb:0/0", "11;#12", "11;red", "52;c;YWJj"]
)
def test_what_is_no_answer(answer: str) -> None:
    assert colour_told(answer) is None


@given(st.text(max_size=40))
def test_anything_in_an_answer_is_a_colour_or_nothing(text: str) -> None:
    for answer in (text, f"11;{text}", f"11;rgb:{text}"):
        colour = colour_told(answer)
        assert colour is None or all(0 <= channel <= 1 for channel in colour)


@pytest.mark.parametrize(
    ("value", "light"),
    [
        *(("15;0", False), ("0;15", True), ("0;default;15", True), ("15;default;0", False)),
        *(("7;8", False), ("0;7", True), ("12;11", True), ("default;default", None)),
        *(("", None), ("15;", None), ("0;16", None), ("0;-1", None), ("0;²", None)),
    ],
)
def test_colorfgbg(value: str, light: bool | None) -> None:
    assert light_by_environment({"COLORFGBG": value}) is light
    assert light_by_environment({}) is None


def test_who_is_asked() -> None:
    assert all(asked({"TERM": t}) for t in ("xterm", "xterm-256color", "tmux-256color", "screen"))
    assert not any(asked({"TERM": t}) for t in ("linux", "vt100", "dumb", ""))
    assert not asked({})
