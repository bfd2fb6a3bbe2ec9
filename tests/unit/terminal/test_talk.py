from __future__ import annotations

import base64

from tui.terminal.talk import TerminalTalk


def talking(**environ: str) -> tuple[TerminalTalk, list[str]]:
    written: list[str] = []
    return TerminalTalk(written.append, environ), written


def test_a_title_is_written_once_and_clean() -> None:
    talk, written = talking()
    for _ in range(2):
        talk.show_title("FAIL 1/2 \x1b]0;x\x07plan")
    assert len(written) == 1
    assert written[0].startswith("\x1b]2;FAIL 1/2 ")
    assert written[0].count("\x1b") == written[0].count("\x07") == 1
    assert written[0] == f"\x1b]2;{talk.title}\x07"


def test_a_copy_is_wrapped_for_tmux_only() -> None:
    talk, written = talking()
    talk.copied("VM[prod] ✘")
    assert written == []
    talk, written = talking(TMUX="/run/tmux,1,0")
    talk.copied("VM[prod] ✘")
    (text,) = written
    assert text.startswith("\x1bPtmux;\x1b\x1b]52;c;")
    assert text.endswith("\x07\x1b\\")
    encoded = text.removeprefix("\x1bPtmux;\x1b\x1b]52;c;").removesuffix("\x07\x1b\\")
    assert base64.b64decode(encoded).decode() == "VM[prod] ✘"


def test_the_last_words_take_a_title_back_that_was_set() -> None:
    talk, _ = talking()
    talk.farewell = ["one", "two"]
    assert talk.last_words() == "one\ntwo\n"
    talk.show_title("running")
    assert talk.last_words() == "\x1b]2;\x07one\ntwo\n"
    talk.show_title("")
    assert talk.last_words() == "one\ntwo\n"


def test_half_a_character_stops_no_copy() -> None:
    talk, written = talking(TMUX="x")
    talk.copied("a\ud800b")
    assert len(written) == 1


def test_a_notification_goes_the_way_that_is_wanted() -> None:
    talk, written = talking(TERM="xterm-kitty")
    talk.notify("Plan", "session failed", "off")
    assert written == []
    talk.notify("Plan", "session failed", "auto")
    talk.notify("Plan", "session failed", "osc9")
    assert [text[:5] for text in written] == ["\x1b]99;", "\x1b]9;f"]
