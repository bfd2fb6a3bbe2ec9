"""How keys are spelled for people."""

from __future__ import annotations

_SPELLED = {
    "slash": "/",
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "colon": ":",
    "escape": "Esc",
    "enter": "Enter",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "up": "Up",
    "down": "Down",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left": "Left",
    "right": "Right",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}


def key_name(key: str) -> str:
    """`/` for `slash`, `Ctrl+P` for `ctrl+p`, `F5` for `f5`."""
    if key in _SPELLED:
        return _SPELLED[key]
    if key.startswith("ctrl+"):
        return "Ctrl+" + key[5:].upper()
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return key
