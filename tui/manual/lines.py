"""A page as lines of text, and the list of the pages as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from tui.manual.blocks import Block, Code, Heading, Item, Paragraph, Term
from tui.manual.pages import Page
from tui.presentation.columns import Column, ColumnWish, lay_out
from tui.presentation.glyphs import Glyphs
from tui.presentation.line import Line, fit_line
from tui.presentation.text import cells, wrap

_INDENT: Final = "    "
_LEAST: Final = 20
_PLAIN: Final = str.maketrans({"–": "-", "…": "...", "“": '"', "”": '"'})
_WISHES: Final = (
    ColumnWish("page", "PAGE", 15, 17),
    ColumnWish("about", "ABOUT", 10, 10_000, share=1),
)


def page_lines(page: Page, width: int, glyphs: Glyphs, *, whole_code: bool = True) -> list[Line]:
    """The page in lines of at most `width` cells.

    With `whole_code`, lines of code keep their own length, for whoever copies them.
    """
    return block_lines(page.blocks, width, glyphs, whole_code=whole_code)


def block_lines(
    blocks: Sequence[Block], width: int, glyphs: Glyphs, *, whole_code: bool = True
) -> list[Line]:
    """The same for some blocks of a page, with a blank line between those that need one."""
    lines: list[Line] = []
    for before, block in pairwise((None, *blocks)):
        if before is not None and not (isinstance(before, Item) and isinstance(block, Item)):
            lines.append((("", ""),))
        if block is not None:
            shown = _in_ascii(block) if glyphs.is_ascii else block
            lines += [(span,) for span in _lines(shown, max(_LEAST, width), whole_code)]
    return lines


def _in_ascii(block: Block) -> Block:
    """The block with the few signs of the pages spelt out, before its lines are measured."""

    match block:
        case Heading(level, title):
            return Heading(level, title.translate(_PLAIN))
        case Paragraph(text) | Item(text):
            return type(block)(text.translate(_PLAIN))
        case Term(terms, text):
            spelt = tuple(term.translate(_PLAIN) for term in terms)
            return Term(spelt, text.translate(_PLAIN))
        case Code(code, language, marker):
            return Code(tuple(line.translate(_PLAIN) for line in code), language, marker)
    return block


def _lines(block: Block, width: int, whole_code: bool) -> Iterator[tuple[str, str]]:
    match block:
        case Heading(level, title):
            yield from ((line, "title") for line in wrap(_bare(title), width))
            yield ("=" if level == 1 else "-") * min(width, cells(_bare(title))), "rule"
        case Paragraph(text):
            yield from ((line, "") for line in wrap(_bare(text), width))
        case Item(text):
            yield from _indented(text, width, "- ", "  ")
        case Term(terms, text):
            yield from ((line, "title") for term in terms for line in wrap(_bare(term), width))
            yield from _indented(text, width, _INDENT, _INDENT)
        case Code(code):
            room = width - len(_INDENT)
            parts = code if whole_code else [part for line in code for part in wrap(line, room)]
            yield from ((f"{_INDENT}{part}".rstrip(), "note") for part in parts)


def _indented(text: str, width: int, first: str, rest: str) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(wrap(_bare(text), width - len(first))):
        yield (rest if place else first) + line, ""


def _bare(text: str) -> str:
    """Without the marks of Markdown: a terminal shows them as they are."""
    return text.replace("**", "").replace("`", "")


class PagePainter:
    """Turns pages into the rows of a table."""

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs

    def columns(self, width: int) -> Sequence[Column]:
        """The name, and in what is left what it is about."""
        return lay_out(_WISHES, width)

    def header(self, column: Column) -> Line:
        """The title."""
        return tuple(
            (text, "header")
            for text, _ in fit_line([(column.title, "")], column.width, self._glyphs)
        )

    def key(self, row: Page) -> str:
        """The page's name."""
        return row.name

    def cells(self, row: Page, columns: Sequence[Column]) -> Sequence[Line]:
        """A cell for each column."""
        said = {"page": (row.name, "title"), "about": (row.title, "")}
        return [fit_line([said[each.id]], each.width, self._glyphs) for each in columns]

    def below(self, row: Page, width: int) -> Sequence[Line]:
        """Nothing stands under a row."""
        return ()
