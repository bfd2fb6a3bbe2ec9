"""What a page consists of: the small part of Markdown that pages are written in.

Headings (`#`, `##`), paragraphs, lists (`- `, the text going on with an indent of two),
terms (one on a line, and below them `: ` with what there is to say), fenced code, and
comments in `<!-- -->`, of which `<!-- generated: NAME -->` stands for a part that is made
from the program itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tui.light import dataclass

_FENCE: Final = "```"
_COMMENT: Final = re.compile(r"<!-- (.*?) -->")
GENERATED: Final = "generated: "


@dataclass(frozen=True)
class Heading:
    """The title of the page (`level` 1) or of a section (2)."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Item:
    """One point of a list."""

    text: str


@dataclass(frozen=True)
class Term:
    """A word, a key, an option, messages that mean the same, and what there is to say."""

    terms: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Code:
    """Lines to be typed or read as they are; `marker` are the comments before them."""

    lines: tuple[str, ...]
    language: str = ""
    marker: str = ""


@dataclass(frozen=True)
class Generated:
    """Stands for a part that is made from the program itself."""

    name: str


Block = Heading | Paragraph | Item | Term | Code | Generated


def blocks(text: str) -> tuple[Block, ...]:
    """A page's text in blocks. Raises ValueError for a fence that is not closed."""
    return tuple(_blocks(text.splitlines()))


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    at, marker = 0, ""
    while at < len(lines):
        line = lines[at]
        if line.startswith(_FENCE):
            end = _closing(lines, at)
            yield Code(tuple(lines[at + 1 : end]), line.removeprefix(_FENCE).strip(), marker)
            at, marker = end + 1, ""
        elif comment := _COMMENT.fullmatch(line.strip()):
            if comment[1].startswith(GENERATED):
                yield Generated(comment[1].removeprefix(GENERATED))
            else:
                marker = f"{marker}; {comment[1]}" if marker else comment[1]
            at += 1
        elif not line.strip():
            at += 1
        elif line.startswith("#"):
            hashes, _, title = line.partition(" ")
            yield Heading(len(hashes), title.strip())
            at += 1
        else:
            end = _end_of_text(lines, at)
            yield _text(lines[at:end])
            at = end


def _closing(lines: Sequence[str], at: int) -> int:
    for end in range(at + 1, len(lines)):
        if lines[end].startswith(_FENCE):
            return end
    raise ValueError(f"the code at line {at + 1} has no end")


def _end_of_text(lines: Sequence[str], at: int) -> int:
    """Where something else begins: a blank line, another point, a heading, code, a comment."""
    end = at + 1
    while end < len(lines) and lines[end].strip():
        if lines[end].startswith(("- ", "#", _FENCE, "<!--")):
            break
        end += 1
    return end


def _text(lines: Sequence[str]) -> Block:
    first, *rest = lines
    if first.startswith("- "):
        return Item(_joined([first[2:], *rest]))
    said = next((place for place, line in enumerate(lines) if line.startswith(": ")), 0)
    if said:
        return Term(tuple(lines[:said]), _joined([lines[said][2:], *lines[said + 1 :]]))
    return Paragraph(_joined(lines))


def _joined(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines)
