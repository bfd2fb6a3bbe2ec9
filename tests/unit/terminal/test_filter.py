from __future__ import annotations

import pytest

from tests.support.emulator import Emulator
from tui.terminal.filter import CellFilter

START = "\x1b[?1049h\x1b[?7l"
SEEN_AGAIN = ("\x1b[?25h", "\x1b[!p", "\x1bc")


def started(width: int = 20, height: int = 4) -> CellFilter:
    """A filter before a screen of blank, known cells, cursor in the corner."""
    filtered = CellFilter(width, height)
    sent(filtered, START + "\x1b[H\x1b[2J")
    return filtered


def sent(filtered: CellFilter, data: str) -> str:
    out = filtered.feed(data)
    return out if filtered.in_frame else out + filtered.paint()


def test_what_is_shown_already_is_not_sent_again() -> None:
    filtered = started()
    line = "\x1b[2;3H\x1b[1;31mhello\x1b[0m\x1b[H"
    assert sent(filtered, line) == "\x1b[2;3H\x1b[1;31mhello\x1b[H"
    assert sent(filtered, line) == ""
    assert sent(filtered, line.replace("31", "32")) == "\x1b[2;3H\x1b[32mhello\x1b[H"


def test_one_changed_cell_costs_a_move_and_a_character() -> None:
    filtered = started()
    sent(filtered, "\x1b[2;1Habcdefghij")
    assert sent(filtered, "\x1b[2;1HabcdefXhij") == "\x1b[4DX\x1b[3C"


def test_a_digit_of_a_clock_costs_a_step_back_and_itself() -> None:
    filtered = started()
    sent(filtered, "\x1b[?25l\x1b[3;15H17\x1b[1;9H17\x1b[1;1H")
    for second, painted in [
        (18, "\x1b[9C8\x1b[3;16H8"),
        (19, "\b9\x1b[1;10H9"),
        (20, "\b\b20\x1b[3;15H20"),
    ]:
        assert sent(filtered, f"\x1b[3;15H{second}\x1b[1;9H{second}") == painted


def test_a_column_of_changed_cells_is_gone_down_by_steps() -> None:
    filtered = started()
    sent(filtered, "\x1b[?25l" + "".join(f"\x1b[{y};15H7" for y in (1, 2, 4)) + "\x1b[H")
    ticked = "".join(f"\x1b[{y};15H8" for y in (1, 2, 4))
    assert sent(filtered, ticked) == "\x1b[14C8\b\x1b[B8\b\x1b[2B8"


@pytest.mark.parametrize("before", ["", *(f"\x1b[?25l{seen}" for seen in SEEN_AGAIN)])
def test_a_cursor_that_is_seen_goes_behind_the_text(before: str) -> None:
    filtered = started()
    sent(filtered, f"{before}\x1b[?7l\x1b[H\x1b[2J\x1b[1;5Hb\x1b[3;1Ha")
    # Nothing of the last row differs, yet that is where the writer left the cursor.
    assert sent(filtered, "\x1b[1;5Hc\x1b[3;1Ha").endswith("c\x1b[3;2H")


def test_a_hidden_cursor_goes_where_it_is_placed_and_where_a_terminal_looks_at_it() -> None:
    filtered = started()
    sent(filtered, "\x1b[?25l\x1b[1;5Hb\x1b[3;1Ha")
    assert sent(filtered, "\x1b[1;5Hc\x1b[3;1Ha").endswith("c")
    assert sent(filtered, "\x1b[6n").startswith("\x1b[3;2H")
    assert sent(filtered, "\x1b[1;5Hd\x1b[2;4H").endswith("d\b\b\x1b[B")


def test_what_is_not_known_scrolls_in_the_terminal_itself() -> None:
    filtered, terminal = CellFilter(4, 2), Emulator(4, 2)
    for written in (f"{START}\x1b[1;1Haaaa\x1b[2;1Hbbbb", "\x1b[1;1H\x1b[P", "\x1b[2;1H\r\n"):
        terminal.feed(sent(filtered, written))
    assert ["".join(text for text, _ in row) for row in terminal.picture()] == ["bbbb", "    "]


def test_a_short_gap_is_written_again_and_a_long_one_skipped() -> None:
    filtered = started()
    sent(filtered, "\x1b[1;1H0123456789\x1b[H")
    assert sent(filtered, "\x1b[1;1H0X2X456789\x1b[H") == "\x1b[CX2X\r"
    assert sent(filtered, "\x1b[1;1HYX2X4567Z9\x1b[H") == "Y\x1b[7CZ\r"


def test_spaces_need_no_change_of_foreground_and_long_blank_tails_are_erased() -> None:
    filtered = started()
    frame = "\x1b[31ma\x1b[0m \x1b[31mb\x1b[0m"
    assert sent(filtered, f"{frame}\x1b[H") == "\x1b[31ma b\r"
    sent(filtered, "\x1b[2;1H" + "x" * 20 + "\x1b[H")
    assert sent(filtered, "\x1b[2;1Hxx" + " " * 18 + "\x1b[H") == "\x1b[2;3H\x1b[K\x1b[H"
    sent(filtered, "\x1b[3;1H" + "x" * 20 + "\x1b[H")
    coloured = sent(filtered, "\x1b[3;1H\x1b[44m" + " " * 20 + "\x1b[m\x1b[H")
    assert "\x1b[K" not in coloured, "erasing with a background is not the same everywhere"


def test_rows_are_painted_from_the_end_that_needs_no_change_of_style() -> None:
    filtered = started()
    frame = "\x1b[1;1H\x1b[31m{0}\x1b[2;1H\x1b[32m{0}\x1b[0m\x1b[H"
    assert sent(filtered, frame.format("a")).count("m") == 2
    assert sent(filtered, frame.format("b")) == "\x1b[Bb\x1b[H\x1b[31mb\r"


def test_emoji_are_followed_by_an_absolute_move_and_the_rest_of_the_row() -> None:
    filtered = started()
    sent(filtered, "\x1b[1;1Hab 👍 rest\x1b[H")
    changed = sent(filtered, "\x1b[1;1Hab 🎉 rest\x1b[H")
    assert changed == "\x1b[3C🎉\x1b[1;6H rest\x1b[K\r"
    assert sent(filtered, "\x1b[1;1Hab 🎉 resT\x1b[H") == "\x1b[9CT\r"
    sent(filtered, "\x1b[1;1Hab 👍🏽 rest\x1b[H")
    changed = sent(filtered, "\x1b[1;1Hab 👍🏽Xrest\x1b[H")
    assert changed.startswith("\x1b[3C👍🏽\x1b[1;6HXrest"), "X may lie under the emoji"


def test_symbols_of_one_cell_do_not_repaint_the_row() -> None:
    filtered = started()
    sent(filtered, "\x1b[1;1H▶ web01\x1b[H")
    assert sent(filtered, "\x1b[1;1H✔ web01\x1b[H") == "✔\x1b[H"


@pytest.mark.parametrize(
    "sequence",
    [
        *("\x1b[?25l", "\x1b[?1000h", "\x1b[?2004h", "\x1b[?2026$p", "\x1b[>11u", "\x1b[<u"),
        *("\x07", "\x1b]0;FAIL 2/14\x07", "\x1b]52;c;eA==\x07", "\x1b]22;text\x07", "\x1b="),
        *("\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\", "\x1b[c", "\x1b[22;0t", "\x1b(B", "\x1b[2 q"),
    ],
)  # fmt: skip
def test_harmless_sequences_pass_untouched_and_nothing_is_forgotten(sequence: str) -> None:
    filtered = started()
    sent(filtered, "\x1b[1;1Hhello\x1b[H")
    assert sent(filtered, sequence) == sequence
    assert sent(filtered, "\x1b[1;1Hhello\x1b[H") == ""


@pytest.mark.parametrize(
    "sequence",
    [
        *("\x1b[2L", "\x1b[M", "\x1b[4@", "\x1b[3b", "\x1b[2S", "\x1b[T", "\x1b#8", "\x1bM"),
        *("\x1bPq#0\x1b\\", "\x1b[1;1;2;2$x", "\x1b[5X", "\x1b_Gi=1;\x1b\\", "\x1bc", "\x05"),
        *("\x1b[?1049h", "\x9b"),
    ],
)  # fmt: skip
def test_after_a_sequence_that_may_change_the_screen_everything_is_sent_again(
    sequence: str,
) -> None:
    filtered = started()
    sent(filtered, "\x1b[1;1Hhello\x1b[H")
    assert sequence in sent(filtered, sequence)
    assert "hello" in sent(filtered, "\x1b[1;1Hhello\x1b[H")


@pytest.mark.parametrize(
    "sequence", ["\x1b[4h", "\x1b[2;3r", "\x1b[?6h", "\x1b(0", "\x0e", "\x1bH"]
)
def test_a_sequence_that_gives_writing_another_meaning_ends_the_filtering(sequence: str) -> None:
    filtered = started()
    rest = "\x1b[1;1Hhello\x1b[1;1Hhello\x1b[0m"
    assert sent(filtered, f"{sequence}{rest}").endswith(f"{sequence}{rest}")
    assert sent(filtered, rest) == rest
    filtered.reset()
    assert sent(filtered, f"{START}{rest}") != f"{START}{rest}"


def test_a_frame_is_painted_at_its_end_and_marked_only_if_it_is_large() -> None:
    filtered = started(80, 24)
    assert sent(filtered, "\x1b[?2026h") == ""
    assert sent(filtered, "\x1b[1;1Hsmall") == ""
    assert sent(filtered, "\x1b[?2026l") == "small"
    large = "".join(f"\x1b[{y};1H{'x' * 70}" for y in range(2, 20))
    painted = sent(filtered, f"\x1b[?2026h{large}\x1b[?2026l")
    assert painted.startswith("\x1b[?2026h")
    assert painted.endswith("\x1b[?2026l")
    assert sent(filtered, f"\x1b[?2026h{large}\x1b[?2026l") == ""


def test_half_a_sequence_waits_for_the_other_half() -> None:
    filtered = started()
    assert sent(filtered, "\x1b[1;1Hab\x1b[3") == "ab"
    assert sent(filtered, "1mcd\x1b[H") == "\x1b[31mcd\r"
    assert sent(filtered, "\x1b]0;ti") == ""
    assert sent(filtered, "tle\x07") == "\x1b]0;title\x07"
    filtered.feed("\x1b]0;ti")
    assert filtered.reset() == "\x1b]0;ti"


def test_nothing_lets_the_terminal_wrap() -> None:
    filtered = CellFilter(4, 2)
    terminal = Emulator(4, 2, wraps_at_once=True)
    for frame in ("\x1b[2J\x1b[H", "\x1b[1;1Habcd\x1b[2;1Hefgh", "\x1b[2;4HX", "\x1b[2;2HY"):
        terminal.feed(sent(filtered, frame))
    assert terminal.lines() == ["abcd", "eYgX"]
    assert terminal.scrolled == 0


def test_a_new_size_keeps_what_is_wanted_and_sends_it_again() -> None:
    filtered = started(10, 3)
    sent(filtered, "\x1b[1;1Hab\x1b[3;1Hcd\x1b[H")
    filtered.resize(6, 2)
    assert filtered.size == (6, 2)
    painted = sent(filtered, "")
    assert "ab" in painted
    assert "cd" not in painted
    assert sent(filtered, "\x1b[1;1Hab\x1b[H") == ""


def test_a_wide_character_cut_by_a_new_size_is_unknown_until_written() -> None:
    filtered = started(10, 1)
    sent(filtered, "\x1b[1;1Habc漢\x1b[H")
    filtered.resize(4, 1)
    assert "漢" not in sent(filtered, "")
    assert "d" in sent(filtered, "\x1b[1;1Habcd\x1b[H")


def test_years_of_new_colours_leave_few_styles_behind() -> None:
    filtered = started()
    terminal = Emulator(20, 4)
    terminal.feed(START)
    for step in range(6000):
        red, green, blue = step % 256, step // 256, step % 7
        frame = f"\x1b[1;{step % 20 + 1}H\x1b[38;2;{red};{green};{blue}mx\x1b[0m\x1b[H"
        terminal.feed(sent(filtered, frame))
    assert len(filtered.styles) < 2200
    assert terminal.rows[0][5999 % 20] == ("x", (frozenset(), "38;2;111;23;0", "", ""))


def test_combining_characters_do_not_pile_up_in_a_cell() -> None:
    filtered = started()
    filtered.feed("\x1b[1;1Hx")
    for _ in range(1000):
        filtered.feed("\u0301")
    assert len(filtered.screen.picture.texts[0][0]) <= 32


def test_nothing_old_shows_beside_an_emoji_that_the_terminal_draws_in_one_cell() -> None:
    filtered = CellFilter(8, 1)
    terminal = Emulator(8, 1, width_of=lambda text: 1)
    for frame in (START, "\x1b[1;1HabXd    \x1b[H", "\x1b[1;1Ha👍d    \x1b[H"):
        terminal.feed(sent(filtered, frame))
    assert terminal.lines() == ["a👍 d    "]


@pytest.mark.parametrize("written", ["\x1b[?7h\x1b[1;1Habcdefgh", "\x1b[?7h\x1b[1;1Habcdefghij漢k"])
def test_a_writer_that_relies_on_wrapping_gets_it_without_the_terminal_wrapping(
    written: str,
) -> None:
    filtered = CellFilter(4, 2)
    bare, behind = Emulator(4, 2), Emulator(4, 2)
    for frame in ("\x1b[?1049h\x1b[H\x1b[2J", written, "\x1b[H"):
        bare.feed(frame)
        behind.feed(sent(filtered, frame))
        assert behind.picture() == bare.picture()
    assert behind.wrapped == behind.scrolled == 0
    assert bare.wrapped > 0


def test_marks_for_the_last_column_stay_there() -> None:
    filtered = started(3, 1)
    assert sent(filtered, "\x1b[1;1Habx\x1b[1m\u0301\x1b[m\x1b[H") == "abx\u0301\x1b[H"


def test_rows_written_before_the_terminal_shrank_in_mid_frame_are_forgotten() -> None:
    cells = CellFilter(80, 40)
    cells.reset()
    cells.feed("\x1b[?2026h\x1b[40;1Hx")
    cells.resize(45, 10)
    cells.feed("\x1b[?2026l")
    assert "x" not in cells.paint()


def test_where_erasing_takes_the_colour_a_coloured_screen_costs_a_few_bytes_a_row() -> None:
    row = "\x1b[37;44mname" + " " * 40 + "message" + " " * 29 + "\x1b[0m"
    frame = "".join(f"\x1b[{y + 1};1H{row}" for y in range(4)) + "\x1b[H"
    sizes = []
    for erases in (False, True):
        filtered = CellFilter(80, 4, erases_in_colour=erases)
        sent(filtered, START)
        sizes.append(len(sent(filtered, frame)))
    assert sizes[1] < sizes[0] / 2


def test_the_cursor_is_left_where_it_is_before_the_terminal_keeps_its_place() -> None:
    filtered = CellFilter(20, 4)
    filtered.reset()
    assert sent(filtered, START) == f"\x1b[m{START}"
    assert sent(filtered, "\x1b[2;1Hx\x1b[H\x1b[?1049l").endswith("\x1b[?1049l")
    filtered.reset()  # suspended; and now it comes back
    assert sent(filtered, START) == f"\x1b[m{START}"
