"""Notifications: three ways, three kinds of wrapping, and nothing of a server's in between."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.terminal.filter import CellFilter
from tui.terminal.notifying import LEAD, WAYS, Way, notification, way_of, way_wanted

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/run/tmux,1,0"}
SCREEN = {"TERM": "screen", "STY": "1234.pts-0.host"}


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("osc9", "\x1b]9;failover-monitor: Plan A: task failed sql02\x07"),
        ("osc777", "\x1b]777;notify;Plan A;task failed sql02\x07"),
        (
            "osc99",
            "\x1b]99;i=1:d=0:p=title;Plan A\x1b\\\x1b]99;i=1:d=1:p=body;task failed sql02\x1b\\",
        ),
    ],
)
def test_as_each_terminal_wants_it(way: Way, expected: str) -> None:
    assert notification("Plan A", "task failed sql02", way, XTERM) == expected


def test_through_tmux_each_escape_is_doubled() -> None:
    plain = notification("Plan A", "x", "osc99", XTERM)
    wrapped = notification("Plan A", "x", "osc99", TMUX)
    assert wrapped.startswith("\x1bPtmux;")
    assert wrapped.endswith("\x1b\\")
    inner = wrapped.removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert inner.replace("\x1b\x1b", "\x1b") == plain


@pytest.mark.parametrize("way", WAYS)
def test_through_screen_nothing_ends_the_wrapping_early(way: Way) -> None:
    wrapped = notification("Plän", "✘" * 500, way, SCREEN)
    assert wrapped.startswith("\x1bP\x1b]")
    assert wrapped.count("\x1b\\") == 1
    assert wrapped.endswith("\x1b\\")
    assert wrapped.isascii()
    assert len(wrapped) < 768


def test_screen_inside_of_tmux_is_tmux() -> None:
    assert notification("a", "b", "osc9", {**SCREEN, **TMUX}).startswith("\x1bPtmux;")


@settings(max_examples=200)
@given(st.text(), st.text(), st.sampled_from(WAYS), st.sampled_from([XTERM, TMUX, SCREEN]))
def test_whatever_a_server_sends_is_text(
    title: str, body: str, way: Way, environ: dict[str, str]
) -> None:
    """It ends no sequence, begins none, and changes nothing on the screen."""
    plain = notification("a", "b", way, environ)
    said = notification(title, body, way, environ)
    controls = [c for c in said if not c.isprintable()]
    assert controls == [c for c in plain if not c.isprintable()]
    assert said.count(";") <= plain.count(";") + (title + body).count(";")
    assert len(said) < 600
    picture = CellFilter(20, 5)
    picture.feed("\x1b[1;1Hx")
    picture.paint()
    assert picture.feed(said) == said
    assert picture.paint() == ""


@pytest.mark.parametrize("title", ["4;1;50", "9 lives", "2;boo"])
def test_what_begins_with_a_figure_is_no_other_command(title: str) -> None:
    """OSC 9 with a number is ConEmu's: a progress bar, a message box, a wait for a key."""
    assert notification(title, "x", "osc9", XTERM).startswith(f"\x1b]9;{LEAD}")
    assert not LEAD[0].isdigit()


def test_a_title_is_never_taken_for_the_text() -> None:
    said = notification("a;b", "c;d", "osc777", XTERM)
    assert said == "\x1b]777;notify;a,b;c,d\x07"


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "osc99"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "foot"}, "osc777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "screen-256color"}, "osc9"),
        ({"TERM": "linux"}, None),
        ({"TERM": "vt220"}, None),
        ({"TERM": "dumb"}, None),
        ({}, None),
    ],
)
def test_the_way_that_suits(environ: dict[str, str], way: Way | None) -> None:
    assert way_of(environ) == way
    assert way_wanted("auto", environ) == way


def test_what_a_person_names_holds() -> None:
    for way, environ in itertools.product(WAYS, [{"TERM": "linux"}, XTERM]):
        assert way_wanted(way, environ) == way
    assert way_wanted("off", XTERM) is None
