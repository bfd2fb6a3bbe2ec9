"""What comes from a terminal, in any pieces: keys are keys, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events, messages
from textual.message import Message

from tui.terminal.messages import BackgroundTold
from tui.terminal.reader import InputReader
from tui.terminal.sequences import ESCAPE_SECONDS, GRACE, MOST_PASTED

ESC = "\x1b"


class Typist:
    """A reader, and the time that passes between what comes."""

    def __init__(self) -> None:
        self.reader = InputReader(ESCAPE_SECONDS)
        self.now = 100.0
        self.told: list[Message] = []

    def send(self, text: str) -> None:
        self.told += self.reader.feed(text, self.now)
        self.told += self.reader.tick(self.now)

    def wait(self, seconds: float) -> None:
        """Ticks come every tenth of a second, as from the input thread."""
        for _ in range(int(seconds * 10 + 0.5)):
            self.now += 0.1
            self.told += self.reader.tick(self.now)

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.told if isinstance(message, events.Key)]

    @property
    def typed(self) -> str:
        keys = (message for message in self.told if isinstance(message, events.Key))
        return "".join(key.character or "" for key in keys if key.is_printable)


def keys_of(*pieces: str, between: float = 0.0) -> list[str]:
    typist = Typist()
    for piece in pieces:
        typist.send(piece)
        typist.wait(between)
    typist.wait(3)
    return typist.keys


# What terminals send by themselves or in answer, seen in the field.
ANSWERS = [
    *("\x1b[>0;276;0c", "\x1b[?0u", "\x1b[8;24;80t", "\x1b[?997;1n", "\x1b[?62;1;2;4c"),
    *("\x1b[?1;2c", "\x1b[>41;354;0c", "\x1b[=0c", "\x1b[24;80R", "\x1b[0n", "\x1b[?2026;2$y"),
    *("\x1b[?2048;0$y", "\x1b[4;2$y", "\x1b[4;600;800t", "\x1b[48;24;80;480;800t", "\x1b[I"),
    *("\x1b[O", "\x1b[<35;10;10M", "\x1b[<0;10;10m", "\x1b[<64;1;1M", "\x1b[32;10;10M"),
    *("\x1b[M !!", "\x1b[M#~~", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", "\x1b]10;rgb:ff/ff/ff\x07"),
    *("\x1b]52;c;Y2VieQ==\x07", "\x1b]4;1;rgb:cd/00/00\x1b\\", "\x1bP>|XTerm(390)\x1b\\"),
    *("\x1bP1$r0m\x1b\\", "\x1bP!|00000000\x1b\\", "\x1bP1+r544e=787465726d\x1b\\"),
    *("\x1b_Gi=31;OK\x1b\\", "\x1b^private [ycec] message\x1b\\", "\x1bXstart [of] string\x1b\\"),
    *("\x1b(B", "\x1b#8", "\x1b%G", "\x1b[1;3x", "\x1b[2;1;1;112;112;1;0x", "\x1b[?1;3;256S"),
    *("\x1b[97;1:3u", "\x1b[57441;2u", "\x1b[?15u", "\x1b[1000z", "\x1b[ q", "\x1b[!p"),
    *("\x9b>0;276;0c", "\x9b?62c", "\x9d11;rgb:0/0/0\x9c", "\x90>|tmux 3.4\x9c", "\x9fx\x9c"),
    *("\udc9b?1;2c", "\udc9d11;rgb:0/0/0\x07", "\x85", "\x84", "\x8e", "\x1b\\", "\x9c"),
]  # fmt: skip


def control_sequences() -> st.SearchStrategy[str]:
    """Any that ECMA-48 knows, but for those that are keys."""
    parameters = st.text("0123456789:;<=>?", max_size=8)
    intermediates = st.text(" !\"#%&'()*+,-./", min_size=1, max_size=2)
    final = st.characters(min_codepoint=0x40, max_codepoint=0x7E)
    odd = st.builds("{}{}{}".format, parameters, intermediates, final)
    private = st.builds("{}{}{}".format, st.sampled_from("<=>?"), parameters, final)
    answers = st.builds("{}{}".format, parameters, st.sampled_from("cntxywzqp"))
    return st.builds(
        "{}{}".format, st.sampled_from(["\x1b[", "\x9b", "\udc9b"]), odd | private | answers
    )


def control_strings() -> st.SearchStrategy[str]:
    begin = st.sampled_from([*(f"\x1b{c}" for c in "]PX^_"), *"\x9d\x90\x98\x9e\x9f", "\udc9d"])
    body = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.sampled_from("\tä漢"))
    end = st.sampled_from(["\x1b\\", "\x07", "\x9c"])
    return st.builds("{}{}{}".format, begin, body, end)


def no_key(sequence: str) -> bool:
    return not keys_of(sequence)


SEQUENCES = st.sampled_from(ANSWERS) | control_strings() | control_sequences().filter(no_key)
PAUSES = st.sampled_from([0.0, 0.02, 0.2, 0.5, 0.9, 5.0])


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_presses_nothing_whole_or_in_single_bytes_at_any_pace(answer: str) -> None:
    assert keys_of(answer) == []
    rest = answer[2:] if answer[0] == ESC else answer[1:]
    for between in (0.0, 0.2, 0.9, 60.0):
        assert keys_of(answer[: len(answer) - len(rest)], *rest, between=between) == []


@given(SEQUENCES, st.data())
def test_a_sequence_cut_anywhere_presses_nothing(sequence: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(1, max(1, len(sequence) - 1)), max_size=4))
    # An ESC that nothing follows in time is the Esc key: nobody can know better.
    whole = {place for place in places if sequence[place - 1] != ESC}
    cuts = sorted({0, len(sequence), *whole})
    typist = Typist()
    for start, end in pairwise(cuts):
        typist.send(sequence[start:end])
        typist.wait(data.draw(PAUSES))
    typist.wait(3)
    assert typist.keys == []
    typist.send("q")
    assert typist.keys == ["q"]


@given(SEQUENCES.filter(lambda s: s[0] == ESC and s[1] in "[]PX^_"), st.data())
def test_cut_behind_its_esc_it_presses_esc_and_no_letter(
    sequence: str, data: st.DataObject
) -> None:
    typist = Typist()
    typist.send(ESC)
    pause = data.draw(st.sampled_from([0.2, 0.5, 0.9]))
    typist.wait(pause)
    for start, end in pairwise(
        sorted({1, len(sequence), *data.draw(st.sets(st.integers(2, len(sequence)), max_size=3))})
    ):
        typist.send(sequence[start:end])
        typist.wait(data.draw(st.sampled_from([0.0, 0.2, 0.9])))
    assert typist.keys == (["escape"] if pause > ESCAPE_SECONDS else [])


def test_cut_behind_its_esc_and_long_afterwards_it_still_presses_no_letter() -> None:
    for rest in (
        "[>0;276;0c",
        "[<35;10;10M",
        "[6~",
        "[A",
        "OA",
        "]11;rgb:0/0/0\x1b\\",
        "P>|x\x1b\\",
    ):
        assert keys_of(ESC, rest, between=30.0) == ["escape"], rest


KEYS = {
    **{c: c for c in "abcqyz[]OPX^_\\Aä漢0"},
    **{"/": "slash", "?": "question_mark", " ": "space", "\r": "enter", "\t": "tab"},
    **{"\x7f": "backspace", "\x03": "ctrl+c", "\x10": "ctrl+p", "\x1a": "ctrl+z"},
    **{"\x1b[A": "up", "\x1bOB": "down", "\x1b[6~": "pagedown", "\x1b[15~": "f5"},
    **{"\x1b[1;5C": "ctrl+right", "\x1b[[A": "f1", "\x1bOP": "f1", "\x1b[24~": "f12"},
    **{"\x1b[97;;97u": "a", "\x1b[27u": "escape", "\x1b[99;5u": "ctrl+c", "\x1b[H": "home"},
    **{"\x1bq": "alt+q", "\x1bOM": "enter", "\x1bOk": "plus", "\x1b[3$": "shift+delete"},
    **{"\x1b[Z": "shift+tab", "\x15": "ctrl+u"},
}  # fmt: skip
KEYS["["], KEYS["]"], KEYS["^"] = "left_square_bracket", "right_square_bracket", "circumflex_accent"
KEYS["_"], KEYS["\\"] = "underscore", "backslash"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.just(True), st.sampled_from(sorted(KEYS)))
        | st.tuples(st.just(False), SEQUENCES),
        max_size=8,
    ),
    st.data(),
)
def test_any_mix_of_keys_and_answers_presses_exactly_the_keys(
    mix: list[tuple[bool, str]], data: st.DataObject
) -> None:
    stream = "".join(text for _, text in mix)
    wanted = [KEYS[text] for is_key, text in mix if is_key]
    places = data.draw(st.sets(st.integers(0, len(stream)), max_size=6))
    whole = {place for place in places if stream[place - 1 : place] != ESC}
    typist = Typist()
    for start, end in pairwise(sorted({0, len(stream), *whole})):
        typist.send(stream[start:end])
        typist.wait(data.draw(PAUSES))
    typist.wait(3)
    assert typist.keys == wanted


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b[]OPX^_<?;0123~Mm\x9b\x9d")))
def test_after_anything_at_all_the_keyboard_lives(text: str) -> None:
    typist = Typist()
    typist.send(text)
    typist.wait(3)
    # What a person tries who is not heard. The first may end what is still open.
    for key in ("\x03", ESC):
        typist.send(key)
        typist.wait(3)
    typist.told.clear()
    typist.send("\x03")
    assert typist.keys == ["ctrl+c"]


@pytest.mark.parametrize("key", [key for key in KEYS if len(key) > 2])
@pytest.mark.parametrize("between", [0.2, 1.5])
def test_a_key_in_pieces_is_one_key(key: str, between: float) -> None:
    assert keys_of(key[:2], *key[2:], between=between) == [KEYS[key]]


def test_esc_by_itself() -> None:
    assert keys_of(ESC) == ["escape"]
    assert keys_of(ESC, ESC) == ["escape", "escape"]
    assert keys_of(f"{ESC}{ESC}") == ["escape", "escape"]
    for between in (0.1, 0.2, 0.5):
        assert keys_of(ESC, "q", "j", between=between) == ["escape", "q", "j"]
        assert keys_of(ESC, "\t", between=between) == ["escape", "tab"]
    assert keys_of(f"{ESC}q") == ["alt+q"]
    assert keys_of(ESC, "[A", between=0.2) == ["up"]
    assert keys_of(f"{ESC}/sql\r") == ["escape", "slash", "s", "q", "l", "enter"]
    assert keys_of(f"{ESC}\r") == ["escape", "enter"]
    assert keys_of(f"{ESC}\x03") == ["escape", "ctrl+c"]
    typist = Typist()
    typist.send(ESC)
    assert typist.reader.waits
    typist.now += ESCAPE_SECONDS / 2
    typist.send("")
    assert typist.keys == []
    typist.wait(ESCAPE_SECONDS)
    assert typist.keys == ["escape"]


def test_a_bracket_typed_a_while_after_esc_is_a_key() -> None:
    typist = Typist()
    typist.send(ESC)
    typist.wait(ESCAPE_SECONDS + GRACE + 0.2)
    typist.send("[")
    assert typist.keys == ["escape", "left_square_bracket"]


PASTES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


@given(PASTES.filter(lambda text: "\x1b[201~" not in text), st.data())
def test_a_paste_is_one_thing_however_it_comes(text: str, data: st.DataObject) -> None:
    stream = f"a\x1b[200~{text}\x1b[201~b"
    places = data.draw(st.sets(st.integers(3, len(stream)), max_size=6))
    pieces = [stream[i:j] for i, j in pairwise(sorted({0, len(stream), *places}))]
    if "\x03" in pieces:
        return
    typist = Typist()
    for piece in pieces:
        typist.send(piece)
        typist.wait(data.draw(st.sampled_from([0.0, 0.2, 2.0])))
    pasted = [m.text for m in typist.told if isinstance(m, events.Paste)]
    assert pasted == [text]
    assert typist.keys == ["a", "b"]


def test_a_large_paste_is_bounded_and_a_lost_end_is_got_over() -> None:
    typist = Typist()
    typist.send("\x1b[200~")
    for _ in range(6):
        typist.send("x" * (1 << 20))
    typist.send("\x1b[201~")
    (paste,) = typist.told
    assert isinstance(paste, events.Paste)
    assert len(paste.text) == MOST_PASTED
    typist = Typist()
    typist.send("\x1b[200~half")
    typist.wait(5)
    typist.send("\x03")
    assert [type(m) for m in typist.told] == [events.Paste, events.Key]
    assert typist.keys == ["ctrl+c"]


def _of(text: str, kind: type[Message]) -> Iterable[Message]:
    typist = Typist()
    typist.send(text)
    assert all(isinstance(message, kind) for message in typist.told)
    return typist.told


def test_mouse() -> None:
    told = [
        *_of("\x1b[<35;11;6M", events.MouseMove),
        *_of("\x1b[<0;11;6M", events.MouseDown),
        *_of("\x1b[<0;11;6m", events.MouseUp),
        *_of("\x1b[<32;11;6M", events.MouseMove),
        *_of("\x1b[<64;11;6M", events.MouseScrollUp),
        *_of("\x1b[<65;11;6M", events.MouseScrollDown),
    ]
    assert all(isinstance(m, events.MouseEvent) and (m.x, m.y) == (10, 5) for m in told)
    buttons = [m.button for m in told if isinstance(m, events.MouseEvent)]
    assert buttons == [0, 1, 1, 1, 0, 0]
    assert list(_of("\x1b[<0;-1;6M", events.MouseEvent)) == []


def test_mouse_as_gnu_screen_sends_it_after_it_was_attached_anew() -> None:
    (event,) = _of("\x1b[M0;11;6m", events.MouseUp)
    assert isinstance(event, events.MouseUp)
    assert (event.x, event.y) == (10, 5)
    assert keys_of("\x1b[M35;10;10M", "q") == ["q"]
    assert keys_of("\x1b[M3", "5;1", "0;10", "M", between=0.5) == []
    # An old report that looks alike, and the key after it.
    assert keys_of("\x1b[M5;6q") == ["q"]


def test_focus_modes_and_background() -> None:
    assert len(list(_of("\x1b[I", events.AppFocus))) == 1
    assert len(list(_of("\x1b[O", events.AppBlur))) == 1
    supported = messages.TerminalSupportsSynchronizedOutput
    assert len(list(_of("\x1b[?2026;2$y", supported))) == 1
    assert len(list(_of("\x1b[?2026;0$y", supported))) == 0
    (light,) = _of("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", BackgroundTold)
    assert isinstance(light, BackgroundTold)
    assert light.light


def test_bytes_that_do_not_decode_reach_no_field_as_surrogates() -> None:
    typist = Typist()
    typist.send("a\udce4b\x1b\udce4")
    assert typist.typed == "a\ufffdb"
    typist = Typist()
    typist.send("\x1b[200~a\udce4b\x1b[201~")
    (paste,) = typist.told
    assert isinstance(paste, events.Paste)
    assert "\udce4" not in paste.text
