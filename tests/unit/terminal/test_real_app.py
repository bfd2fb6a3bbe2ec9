"""The driver under a real Textual app, in a real process, behind a real pseudo-terminal."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.pseudo_terminal import PseudoTerminal, wait_for
from tui.terminal import FULL_PAINT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")

APP = ("-m", "tests.support.sample_app")
Two = tuple[PseudoTerminal, PseudoTerminal]


@pytest.fixture
def both() -> Iterator[Two]:
    """The same app with the cell driver, and with everything let through."""
    with ExitStack() as stack:
        quiet = stack.enter_context(PseudoTerminal(*APP))
        full = stack.enter_context(PseudoTerminal(*APP, environment={FULL_PAINT: "1"}))
        both_show((quiet, full), "frame=1 ")
        yield quiet, full


def both_show(both: Two, text: str) -> None:
    """Wait until both show `text`, and show the same everywhere."""
    quiet, full = both
    wait_for(lambda: quiet.shows(text) and full.shows(text), *both)
    wait_for(lambda: quiet.emulator.picture() == full.emulator.picture(), *both)
    assert quiet.emulator.scrolled == quiet.emulator.wrapped == 0


def type_in(both: Two, keys: str) -> None:
    for terminal in both:
        terminal.keys(keys)


def test_frames_a_dialog_and_new_sizes_look_the_same_in_fewer_bytes(both: Two) -> None:
    quiet, full = both
    before = quiet.sent, full.sent
    for frame in (2, 3, 4):
        type_in(both, "n")
        both_show(both, f"frame={frame} ")
    assert (quiet.sent - before[0]) * 3 < full.sent - before[1]

    type_in(both, "x")
    both_show(both, "a dialog over it")
    type_in(both, "\x1b")
    wait_for(lambda: not quiet.shows("a dialog") and not full.shows("a dialog"), *both)

    for width, height in ((60, 12), (110, 30)):
        for terminal in both:
            terminal.resize(width, height)
        wait_for(lambda: not quiet.shows("##") and not full.shows("##"), *both)
        both_show(both, "frame=4 ")
    type_in(both, "q")
    wait_for(lambda: all(t.has_ended for t in both), *both)
    assert [t.wait().code for t in both] == [0, 0]
    assert "\x1b[?1049l" in quiet.emulator.passed
    assert quiet.emulator.wraps


def test_after_being_suspended_the_screen_is_whole_again(both: Two) -> None:
    type_in(both, "z")
    wait_for(lambda: all(t.stopped() for t in both), *both)
    for terminal in both:
        terminal.signal(signal.SIGCONT)
    wait_for(lambda: all(t.emulator.passed.count("\x1b[?1049h") == 2 for t in both), *both)
    both_show(both, "frame=1 ")
    type_in(both, "n")
    both_show(both, "frame=2 ")


def test_redraw_repairs_what_something_else_wrote(both: Two) -> None:
    quiet, _ = both
    quiet.emulator.scribble()
    assert quiet.shows("###")
    type_in(both, "d")
    both_show(both, "frame=1 ")
    assert not quiet.shows("###")


def test_a_terminal_that_takes_nothing_for_a_while_blocks_nothing_and_gets_no_old_frames(
    tmp_path: Path,
) -> None:
    progress = tmp_path / "frame"
    with PseudoTerminal(
        *APP, environment={"PROGRESS": str(progress)}, width=200, height=60
    ) as terminal:
        terminal.until(lambda: terminal.shows("frame=1 "))
        before = terminal.sent
        deadline = time.monotonic() + 20
        for frame in range(2, 102):
            terminal.keys("n")
            while progress.read_text() != str(frame):
                assert time.monotonic() < deadline, f"blocked at frame {progress.read_text()}"
        terminal.until(lambda: terminal.shows("frame=101 "))
        assert terminal.sent - before < 40_000


@pytest.mark.parametrize(
    ("environment", "code"),
    [({}, 129), ({FULL_PAINT: "1"}, 129), ({"HOOK": "1"}, 7)],
    ids=["cells", "full paint", "hook"],
)
def test_a_closed_terminal_ends_the_app_although_sighup_is_ignored(
    environment: dict[str, str], code: int
) -> None:
    with PseudoTerminal(*APP, environment={"IGNORE_HUP": "1", **environment}) as terminal:
        terminal.until(lambda: terminal.shows("frame=1 "))
        before = terminal.cpu_seconds()
        terminal.hang_up()
        start = time.monotonic()
        ended = terminal.wait(10)
        assert time.monotonic() - start < 2
        assert ended.code == code
        assert ended.cpu - before < 0.5


TERMINAL_SIZES = st.tuples(st.integers(20, 120), st.integers(6, 30))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TERMINAL_SIZES, min_size=1, max_size=4), st.booleans())
def test_any_sequence_of_sizes_ends_in_the_picture_of_a_fresh_start(
    sizes: list[tuple[int, int]], at_once: bool
) -> None:
    width, height = sizes[-1]
    with PseudoTerminal(*APP) as resized:
        resized.until(lambda: resized.shows("frame=1 "))
        for size in sizes:
            resized.resize(*size)
            if not at_once:
                resized.until(lambda: resized.shows("frame=1 ") and not resized.shows("##"))
        full = {FULL_PAINT: "1"}
        with PseudoTerminal(*APP, environment=full, width=width, height=height) as fresh:
            both = resized, fresh
            wait_for(lambda: fresh.shows("frame=1 "), *both)
            wait_for(lambda: resized.emulator.picture() == fresh.emulator.picture(), *both)


def test_a_size_that_is_left_at_once_loses_nothing() -> None:
    with PseudoTerminal(*APP) as resized, PseudoTerminal(*APP) as fresh:
        both = resized, fresh
        wait_for(lambda: all(each.shows("frame=1 ") for each in both), *both)
        # The terminal shrinks and grows before the app has laid out the first of it.
        resized.emulator.resize(20, 5)
        resized.emulator.resize(80, 20)
        resized.keys("b")
        wait_for(lambda: resized.emulator.picture() == fresh.emulator.picture(), *both)
