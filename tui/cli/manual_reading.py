"""`manual [PAGE|WORDS]`: the pages, or the passages that words of a message lead to."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from tui.cli import PROGRAM
from tui.errors import InvalidInput
from tui.exit_codes import ExitCode
from tui.manual.finding import find
from tui.manual.lines import block_lines, page_lines
from tui.manual.names import NAMES
from tui.manual.pages import page, pages
from tui.presentation.glyphs import ASCII, UNICODE, Glyphs
from tui.presentation.line import Line, plain_text

_WIDEST: Final = 100
"""Cells: longer lines of running text are hard to read."""


def read(words: Sequence[str], *, everything: bool, pager: bool) -> int:
    """Print the page of that name, the passages that hold the words, or what pages there are.

    Raises InvalidInput where nothing in the manual holds the words.
    """
    glyphs = ASCII if _ascii_only() else UNICODE
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    lines = list(_lines(words, width, glyphs, everything=everything))
    text = "\n".join(lines) + "\n"
    if pager and sys.stdout.isatty():
        click.echo_via_pager(text, color=False)
    else:
        click.echo(text, nl=False)
    return ExitCode.SUCCESS


def _lines(words: Sequence[str], width: int, glyphs: Glyphs, *, everything: bool) -> Iterator[str]:
    if everything:
        for each in pages():
            yield from (*_plain(page_lines(each, width, glyphs)), "", "")
    elif not words:
        yield from _contents()
    elif len(words) == 1 and words[0] in NAMES:
        yield from _plain(page_lines(page(words[0]), width, glyphs))
    else:
        yield from _found(" ".join(words), width, glyphs)


def _plain(lines: Iterable[Line]) -> Iterator[str]:
    return map(plain_text, lines)


def _contents() -> Iterator[str]:
    yield f"The manual of {PROGRAM}, in pages:"
    yield ""
    longest = max(map(len, NAMES))
    for each in pages():
        yield f"  {each.name:{longest}}  {each.title}"
    yield ""
    yield f"'{PROGRAM} manual PAGE' prints one; in place of PAGE, words of a message"
    yield "lead to what is to be done about it. On screen: ? and then m."


def _found(words: str, width: int, glyphs: Glyphs) -> Iterator[str]:
    found = find(words, pages())
    if not found:
        raise InvalidInput(
            f"The manual has no page and no passage about “{words}”.",
            f"Its pages: {', '.join(NAMES)}.",
        )
    for place, passage in enumerate(found):
        if place:
            yield ""
        yield f"[{passage.page.name}]"
        yield from _plain(block_lines(passage.blocks, width, glyphs))


def _ascii_only() -> bool:
    """Whether standard output takes nothing else, as a terminal in the C locale."""
    try:
        "–…“".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
