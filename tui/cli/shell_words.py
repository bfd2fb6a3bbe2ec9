"""A command line as a shell reads it, up to the cursor, and values as a shell takes them."""

from __future__ import annotations

from typing import Final

from tui.light import dataclass

_BLANKS: Final = " \t\n"
_SPECIAL: Final = frozenset(" \t\n\"'\\$`&;|<>()[]{}*?!#~=^")
"""What a shell may take for something else where no quote stands around it."""

_IN_DOUBLE: Final = frozenset('"\\$`')


@dataclass(frozen=True)
class Words:
    """The words before the one at the cursor, and that one as far as it is typed.

    `quote` is the quote that is open at the cursor, empty where none is. `breaks` are the
    places in `word` right after a character outside of quotes at which bash breaks words.
    """

    before: tuple[str, ...]
    word: str
    quote: str = ""
    breaks: tuple[int, ...] = ()


def words_of(line: str, breaking: str = "") -> Words:
    """Read the line as bash and zsh do: backslashes, single and double quotes."""
    done: list[str] = []
    word: list[str] = []
    breaks: list[int] = []
    quote, begun, at = "", False, 0
    while at < len(line):
        character = line[at]
        following = line[at + 1 : at + 2]
        if quote == "'" and character != "'":
            word.append(character)
        elif character == "\\" and following and (not quote or following in _IN_DOUBLE):
            word.append(following)
            begun, at = True, at + 1
        elif quote and character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote, begun = character, True
        elif not quote and character in _BLANKS:
            if begun or word:
                done.append("".join(word))
            word, breaks, begun = [], [], False
        else:
            word.append(character)
            if not quote and character in breaking:
                breaks.append(len(word))
        at += 1
    return Words(tuple(done), "".join(word), quote, tuple(breaks))


def quoted(value: str, quote: str = "") -> str:
    """The value as it continues an open quote, or stands without one."""
    if quote == "'":
        return value.replace("'", "'\\''")
    special = _IN_DOUBLE if quote else _SPECIAL
    return "".join(f"\\{each}" if each in special else each for each in value)
