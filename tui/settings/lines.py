"""Where in a TOML text a key stands: the parser does not say, a person needs to know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_MOST_SPLITS = 8
"""Equals signs in one line that are tried as the end of its key."""


def find_line(text: str, path: Sequence[str]) -> int | None:
    """The line, from 1, of the key at `path`, or of the nearest table around it.

    None where not even the outermost table of the path is written in the text.
    A line inside a multi-line string can be mistaken for a key: the number is a
    hint for a reader, nothing depends on it.
    """
    wanted = tuple(path)
    best: tuple[int, int] | None = None
    for number, found in _written_paths(text):
        if found[: len(wanted)] == wanted:
            return number
        if wanted[: len(found)] == found and (best is None or len(found) > best[0]):
            best = (len(found), number)
    return best[1] if best else None


def _written_paths(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each line that opens a table or sets a key, with the full path of what it names."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            header = _path_of(stripped)
            if header:
                table = header
                yield number, table
        elif "=" in stripped:
            key = _key_before_equals(stripped)
            if key:
                yield number, (*table, *key)


def _key_before_equals(line: str) -> tuple[str, ...]:
    """The key of `key = value`; a quoted key may itself hold an equals sign."""
    pieces = line.split("=", _MOST_SPLITS)
    for count in range(1, len(pieces)):
        key = _path_of("=".join(pieces[:count]) + "= 0")
        if key:
            return key
    return ()


def _path_of(toml: str) -> tuple[str, ...]:
    """The only path in a piece of TOML, empty if it is none."""
    import tomllib

    try:
        node: object = tomllib.loads(toml)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ()
    path: list[str] = []
    while isinstance(node, dict) and len(node) == 1:
        [(key, node)] = node.items()
        path.append(key)
    return tuple(path)


def place_of(path: Path, text: str, keys: Sequence[str]) -> str:
    """`FILE, line N`; without the line where the key is not found."""
    line = find_line(text, keys)
    return f"{path}, line {line}" if line else str(path)


def name_of(keys: Sequence[str]) -> str:
    """`KEY in [TABLE]`."""
    *tables, key = keys
    return f"{key!r} in [{'.'.join(map(_quoted, tables))}]" if tables else repr(key)


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else repr(key)
