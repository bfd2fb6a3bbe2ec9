"""What key a sequence is. Pure.

Sources: xterm's control sequences (PC-style function keys), the Linux console, rxvt, and the
kitty keyboard protocol, which the driver asks terminals for. Names of keys are Textual's.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple


class Key(NamedTuple):
    """A key's name, as bindings use it, and the character that it types, if any."""

    name: str
    character: str | None = None


_SHIFT, _ALT, _CTRL = 1, 2, 4
_MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")
"""In the order of their bits; caps lock and num lock, the next two, are no part of a name."""

_RELEASED = "3"

_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

_CONTROLS = {
    "\0": "ctrl+@",
    "\b": "backspace",
    "\t": "tab",
    "\r": "enter",
    "\x1c": "ctrl+backslash",
    "\x1d": "ctrl+right_square_bracket",
    "\x1e": "ctrl+circumflex_accent",
    "\x1f": "ctrl+underscore",
    "\x7f": "backspace",
    **{chr(code): f"ctrl+{chr(code + 96)}" for code in range(1, 27) if code not in (8, 9, 13)},
}

_LETTERS = {
    **{"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end"},
    **{"P": "f1", "Q": "f2", "R": "f3", "S": "f4"},
}
_TILDE = {
    **{1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown"},
    **{7: "home", 8: "end"},
    **{11 + n: f"f{n + 1}" for n in range(5)},
    **{17 + n: f"f{n + 6}" for n in range(5)},
    **{23: "f11", 24: "f12", 25: "f13", 26: "f14", 28: "f15", 29: "f16"},
    **{31 + n: f"f{n + 17}" for n in range(4)},
}
_LINUX = {f"[{letter}": f"f{n}" for n, letter in enumerate("ABCDE", 1)}
_RXVT_MODIFIERS = {"$": _SHIFT, "^": _CTRL, "@": _SHIFT | _CTRL}
_KEYPAD = {**dict(zip("jklmnopqrstuvwxy", "*+,-./0123456789", strict=True)), "X": "="}
_ARROWS = {"a": "up", "b": "down", "c": "right", "d": "left"}

# Of the kitty protocol's private code points; those of modifiers and media keys press nothing.
_KITTY = {
    **{27: "escape", 13: "enter", 9: "tab", 127: "backspace"},
    **{57376 + n: f"f{n + 13}" for n in range(23)},
    **{57399 + n: str(n) for n in range(10)},
    **{57409: "full_stop", 57410: "slash", 57411: "asterisk", 57412: "minus", 57413: "plus"},
    **{57414: "enter", 57415: "equals_sign", 57417: "left", 57418: "right", 57419: "up"},
    **{57420: "down", 57421: "pageup", 57422: "pagedown", 57423: "home", 57424: "end"},
    **{57425: "insert", 57426: "delete"},
}
_KITTY_PRIVATE = range(57344, 63744)
_TYPED_BY = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": None}

_NUMBERS = re.compile(r"([\d:;]{0,64})([~^$@A-DFHPQRSZabcdu])")
_MOST_DIGITS = 7


def of_character(character: str) -> Key:
    """The key that sends this character by itself."""
    if character in _CONTROLS:
        return Key(_CONTROLS[character], character)
    return Key(_name(character), character)


def of_alt(character: str) -> Key:
    """The key that sends this character right after an ESC."""
    # Word by word in a field: what iTerm sends for alt and an arrow, and a shell's own keys.
    usual = {"f": "ctrl+right", "b": "ctrl+left", "\x7f": "ctrl+w", "\t": "shift+tab"}
    if character in usual:
        return Key(usual[character])
    name = _name(character)
    if len(name) == 1 and name.isupper():
        return Key(f"alt+shift+{name.lower()}")
    return Key(f"alt+{name}")


def of_ss3(text: str) -> Key | None:
    """The key of `ESC O text`, if there is one."""
    modifiers, final = text[:-1], text[-1]
    if final == "M":
        return Key("enter", "\r")
    if final in _KEYPAD:
        return Key(_name(_KEYPAD[final]), _KEYPAD[final])
    if final in _ARROWS:
        return Key(f"ctrl+{_ARROWS[final]}")
    if final in _LETTERS and (not modifiers or modifiers.isdigit()):
        return Key(_with(_bits(modifiers.rpartition(";")[2]), _LETTERS[final]))
    return None


def of_csi(text: str) -> list[Key]:
    """The keys of `ESC [ text`: none, one, or more where one press types several characters."""
    if text in _LINUX:
        return [Key(_LINUX[text])]
    found = _NUMBERS.fullmatch(text)
    if found is None or any(len(n) > _MOST_DIGITS for n in re.split("[:;]", found[1])):
        return []
    fields = [field.split(":") for field in found[1].split(";")]
    final = found[2]
    if len(fields) > 1 and fields[1][1:2] == [_RELEASED]:
        return []
    if final == "u":
        return _kitty(fields)
    name = _named(fields, final)
    return [name] if name else []


def _named(fields: list[list[str]], final: str) -> Key | None:
    number = int(fields[0][0] or 1)
    bits = _bits(fields[1][0]) if len(fields) > 1 else 0
    if final == "Z":
        return Key("shift+tab")
    if final in _ARROWS:
        return Key(f"shift+{_ARROWS[final]}")
    if final in _RXVT_MODIFIERS:
        return _function(number, _RXVT_MODIFIERS[final]) if len(fields) == 1 else None
    if final == "~":
        return _tilde(fields, number, bits)
    if number == 5 and len(fields) == 1 and final in "ABCD":
        return Key(f"ctrl+{_LETTERS[final]}")
    # Two numbers and an R are an answer: where the cursor is.
    if number != 1 or (final == "R" and len(fields) > 1):
        return None
    return Key(_with(bits, _LETTERS[final]))


def _tilde(fields: list[list[str]], number: int, bits: int) -> Key | None:
    if fields == [[""]]:
        return Key("shift+tab")  # the console of Windows
    if number == 27 and len(fields) == 3 and fields[2][0]:
        return _character(int(fields[2][0]), bits)  # xterm's modifyOtherKeys
    return _function(number, bits)


def _function(number: int, bits: int) -> Key | None:
    return Key(_with(bits, _TILDE[number])) if number in _TILDE else None


def _kitty(fields: list[list[str]]) -> list[Key]:
    """`code:alternates ; modifiers:event ; text` of the kitty protocol."""
    bits = _bits(fields[1][0]) if len(fields) > 1 else 0
    codes = [int(code) for code in fields[2] if code] if len(fields) > 2 else []
    typed = [chr(code) for code in codes if _is_text(code)]
    if typed and not bits & _CTRL:
        return [_typed(character, bits) for character in typed]
    found = _character(int(fields[0][0] or 1), bits)
    return [found] if found else []


def _typed(character: str, bits: int) -> Key:
    """A key whose text the terminal has told: shift and alt are in it, but for blanks."""
    shift = bits & _SHIFT if character.isspace() else 0
    return Key(_with(shift, _name(character)), character)


def _character(code: int, bits: int) -> Key | None:
    if code in _KITTY:
        name = _KITTY[code]
        return Key(_with(bits, name), None if bits else _TYPED_BY.get(name))
    if not _is_text(code):
        return None
    character = chr(code)
    return Key(_with(bits, _name(character)), None if bits else character)


def _is_text(code: int) -> bool:
    return (
        32 <= code < 0x110000
        and not 0xD800 <= code < 0xE000
        and code not in _KITTY_PRIVATE
        and chr(code).isprintable()
    )


def _bits(field: str) -> int:
    return max(0, int(field or 1) - 1) & 0x3F


def _with(bits: int, name: str) -> str:
    held = sorted(word for n, word in enumerate(_MODIFIERS) if bits & 1 << n)
    return "+".join([*held, name])


def _name(character: str) -> str:
    if character.isalnum():
        return character
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return character
    return _RENAMED.get(name, name)
