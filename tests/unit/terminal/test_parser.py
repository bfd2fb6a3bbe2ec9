from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.parser import MAX_UNFINISHED, Kind, Tokeniser


def tokens(*writes: str) -> list[tuple[Kind, str]]:
    tokeniser = Tokeniser()
    return [(Kind(kind), text) for data in writes for kind, text in tokeniser.feed(data)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("naïve 漢字 ✔", [(Kind.TEXT, "naïve 漢字 ✔")]),
        ("\x1b[m", [(Kind.SGR, "")]),
        ("\x1b[1;38;2;1;2;3m", [(Kind.SGR, "1;38;2;1;2;3")]),
        ("\x1b[4:3m", [(Kind.SGR, "4:3")]),
        ("\x1b[>4;1m", [(Kind.CSI, "\x1b[>4;1m")]),
        ("\x1b[H\x1b[5;7H\x1b[3f", [(Kind.CUP, ""), (Kind.CUP, "5;7"), (Kind.CUP, "3")]),
        ("\x1b[?2026h", [(Kind.CSI, "\x1b[?2026h")]),
        ("\x1b[?2048$p", [(Kind.CSI, "\x1b[?2048$p")]),
        ("\x1b[2 q", [(Kind.CSI, "\x1b[2 q")]),
        ("\x1b]8;id=1;http://x\x1b\\", [(Kind.OSC, "\x1b]8;id=1;http://x\x1b\\")]),
        ("\x1b]22;text\x07a", [(Kind.OSC, "\x1b]22;text\x07"), (Kind.TEXT, "a")]),
        ("\x1bP$qm\x1b\\", [(Kind.STRING, "\x1bP$qm\x1b\\")]),
        (
            "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\z",
            [(Kind.STRING, "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"), (Kind.TEXT, "z")],
        ),
        ("\x1b7\x1b(B", [(Kind.ESCAPE, "\x1b7"), (Kind.ESCAPE, "\x1b(B")]),
        ("a\r\x9b", [(Kind.TEXT, "a"), (Kind.CONTROL, "\r"), (Kind.CONTROL, "\x9b")]),
        ("\x1b\x1b[m", [(Kind.BROKEN, "\x1b"), (Kind.SGR, "")]),
        ("\x1b[1\x01", [(Kind.BROKEN, "\x1b"), (Kind.TEXT, "[1"), (Kind.CONTROL, "\x01")]),
    ],
)  # fmt: skip
def test_each_kind_of_token(written: str, expected: list[tuple[Kind, str]]) -> None:
    assert tokens(written) == expected


WRITTEN = (
    "ab\x1b[1;31mc\x1b]8;;http://x\x1b\\d\x1b]0;t\x07\x1bP$q\x1b\x1b\x1b\\\x1b(B\x1b[?25l\x1b[2;3H"
)


@given(st.lists(st.integers(0, len(WRITTEN))))
def test_sequences_cut_by_writes_come_out_whole(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(WRITTEN)]
    pieces = [WRITTEN[a:b] for a, b in pairwise(cuts)]
    joined = tokens(*pieces)
    assert [t for t in joined if t[0] != Kind.TEXT] == [
        t for t in tokens(WRITTEN) if t[0] != Kind.TEXT
    ]
    assert "".join(text for kind, text in joined if kind == Kind.TEXT) == "abcd"


@given(st.text(alphabet="\x1b[]P\\;:?m1H \x07\x01\x9bab漢", max_size=40))
def test_nothing_is_lost_whatever_is_written(written: str) -> None:
    tokeniser = Tokeniser()
    length = 0
    for kind, text in tokeniser.feed(written):
        length += len(text) + {Kind.SGR: 3, Kind.CUP: 3}.get(Kind(kind), 0)
    assert length + len(tokeniser.drop()) == len(written)
    assert tokeniser.unfinished == ""


def test_a_sequence_without_end_is_not_kept_for_ever() -> None:
    tokeniser = Tokeniser()
    assert list(tokeniser.feed("\x1b]52;c;")) == []
    assert tokeniser.unfinished == "\x1b]52;c;"
    kinds = [kind for kind, _ in tokeniser.feed("A" * MAX_UNFINISHED)]
    assert kinds[0] == Kind.BROKEN
    assert tokeniser.unfinished == ""
