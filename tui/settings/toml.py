"""Keys and values as TOML writes them, for whatever this program writes into settings."""

from __future__ import annotations

import json
import re

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_key(name: str) -> str:
    """A key, quoted where it must be."""
    return name if _BARE.fullmatch(name) else toml_value(name)


def toml_value(value: object) -> str:
    r"""A text, number, truth or list of them. A text with a backslash goes between single quotes.

    That is how people are to write it: `'NOC\jdoe'`. JSON's texts, numbers, truths and lists
    are TOML as well, once no character is written as two halves and DEL is escaped.
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, str) and "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    if isinstance(value, str) and not value.isprintable():
        return _escaped(value)
    return json.dumps(value, ensure_ascii=False)


def _escaped(text: str) -> str:
    """Whatever cannot be seen, by its number; half a character, which TOML cannot hold, marked."""
    inner = "".join(
        character
        if character.isprintable() and character not in '"\\'
        else "\\ufffd"
        if 0xD800 <= ord(character) <= 0xDFFF
        else f"\\U{ord(character):08x}"
        for character in text
    )
    return f'"{inner}"'
