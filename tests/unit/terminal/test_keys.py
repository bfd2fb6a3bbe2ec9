"""Names of keys: those that Textual's own parser gives, where that one is right."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser

from tui.terminal import keys
from tui.terminal.reader import InputReader

Pressed = list[tuple[str, str | None]]


def ours(sequence: str) -> Pressed:
    reader = InputReader(0.1)
    told = [*reader.feed(sequence, 0.0), *reader.tick(1.0)]
    return [(key.key, key.character) for key in told if isinstance(key, events.Key)]


def textuals(sequence: str) -> Pressed:
    told = XTermParser().feed(sequence)
    return [(key.key, key.character) for key in told if isinstance(key, events.Key)]


OTHERWISE = {
    # An ESC alone is known after a while only; two are two.
    *("\x1b", "\x1b\x1b"),
    # Where Textual takes a number of a function key for a character.
    *(f"\x1b[{n}~" for n in (25, 26, 28, 29, 31, 32, 33, 34, 62, 63)),
    *(f"\x1b[5{letter}" for letter in "ABCD"),
    # Not told apart by it, or mixed up.
    *("\x1b[~", "\x1bOb", "\x1b[7^", "\x1b[8^", "\x1b[23@", "\x1b[24@", "\x1b[23$", "\x1b[24$"),
    "\x1bOM",
    # What a US Mac types with Option, although no Mac sends it so: here alt and a digit.
    *(f"\x1b{c}" for c in "0123456789§=-"),
    # Of no terminal in use; the finals are those of answers.
    *(f"\x1b[1;{n}{c}" for n in (5, 6, 7, 8) for c in "pqrstuvwxy"),
    # The start of a control sequence in eight bits; presses nothing.
    *("\x9b", "\x1b[E"),
}  # fmt: skip


@pytest.mark.parametrize("sequence", sorted(set(ANSI_SEQUENCES_KEYS) - OTHERWISE))
def test_every_sequence_that_textual_knows_is_the_same_key(sequence: str) -> None:
    assert ours(sequence) == textuals(sequence)


PRINTABLE = st.characters(exclude_categories=["C", "Z"])


@given(PRINTABLE)
def test_every_character_is_the_same_key_typed_or_told_by_the_kitty_protocol(typed: str) -> None:
    assert ours(typed) == textuals(typed)
    told = f"\x1b[{ord(typed)};;{ord(typed)}u"
    assert ours(told) == ours(typed)


@pytest.mark.parametrize("letter", string.ascii_lowercase)
@pytest.mark.parametrize("modifiers", range(2, 9))
def test_modifiers_are_named_alike(letter: str, modifiers: int) -> None:
    told = f"\x1b[{ord(letter)};{modifiers}u"
    assert ours(told) == textuals(told)


@pytest.mark.parametrize(
    ("sequence", "pressed"),
    [
        ("\x1b[57413;;43u", [("plus", "+")]),  # on the number pad
        ("\x1b[57414u", [("enter", "\r")]),
        ("\x1b[97;1:1u", [("a", "a")]),
        ("\x1b[97;1:2u", [("a", "a")]),  # held down
        ("\x1b[97;1:3u", []),  # released
        ("\x1b[57441;2u", []),  # shift itself
        ("\x1b[27;5;99~", [("ctrl+c", None)]),
        ("\x1b[9;2u", [("shift+tab", None)]),
        ("\x1b[32;;32u", [("space", " ")]),
        ("\x1b[1114112u", []),
        ("\x1b[55296u", []),
        ("\x1b[99999999999999999999u", []),
        ("\x1b[;;;;u", []),
        ("\x1b[15;2~", [("shift+f5", None)]),
        ("\x1bO5P", [("ctrl+f1", None)]),
        ("\x1b[1;2R", []),  # where the cursor is
        ("\x1bb", [("ctrl+left", None)]),
        ("\x1bQ", [("alt+shift+q", None)]),
    ],
)
def test_what_the_protocols_say(sequence: str, pressed: Pressed) -> None:
    assert ours(sequence) == pressed


@given(st.text("0123456789:;", max_size=12), st.sampled_from("~^$@ABCDEFHPQRSZabcdu"))
def test_any_numbers_make_keys_or_nothing(numbers: str, final: str) -> None:
    for key in keys.of_csi(f"{numbers}{final}"):
        assert key.name
        assert key.character is None or not unicodedata.category(key.character).startswith("Cs")
