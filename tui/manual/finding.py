"""Which passage of the manual a message, or a few words of it, lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tui.light import dataclass
from tui.manual.blocks import Block, Heading, Item, Paragraph, Term
from tui.manual.pages import Page

_WORD: Final = re.compile(r"[a-z0-9]+")
_COMMON: Final = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from in is it no not of on or the to")
)
_MOST: Final = 3
_CLOSE: Final = 0.8
"""Which part of the best one's score another one needs, to be shown as well."""
_WHOLE_PHRASE: Final = 3.0
_ENOUGH: Final = 0.5
"""The share of the words that a passage must hold."""


@dataclass(frozen=True)
class Passage:
    """A part of a page: a term with its text, or a section."""

    page: Page
    blocks: tuple[Block, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """What it is about: the terms, or the section's title."""
        first = self.blocks[0]
        return first.terms if isinstance(first, Term) else (_text_of(first),)


def find(words: str, pages: Sequence[Page]) -> list[Passage]:
    """The passages that hold the most of these words, at most three, the best one first.

    A message may be given as it stood on the screen: names and numbers in it match nothing
    and do no harm as long as half of the words are found.
    """
    wanted = _words(words)
    rated = [
        (score, passage)
        for page in pages
        for passage in passages(page)
        if (score := _score(wanted, words, passage))
    ]
    best = max((score for score, _ in rated), default=0.0)
    close = [(score, passage) for score, passage in rated if score > _CLOSE * best]
    return [passage for _, passage in sorted(close, key=lambda each: -each[0])[:_MOST]]


def _score(wanted: frozenset[str], phrase: str, passage: Passage) -> float:
    """How well it fits; 0 where too little of what is wanted is in it.

    What it is about counts more than what else it says, most of all where it holds the whole
    phrase; of two that hold the same words the one with fewer others is meant.
    """
    heads = [_words(head) for head in passage.heads]
    everything = frozenset().union(*heads, *(_words(_text_of(each)) for each in passage.blocks))
    found = wanted & everything
    if not found or len(found) < _ENOUGH * len(wanted):
        return 0.0
    in_heads = max(len(wanted & head) + len(wanted & head) / len(head or "-") for head in heads)
    whole = any(_spelt(phrase) in _spelt(head) for head in passage.heads)
    return len(found) + 2 * in_heads + (_WHOLE_PHRASE if whole else 0.0)


def passages(page: Page) -> Iterator[Passage]:
    """The page in its parts: each term by itself, else what stands under one heading."""
    section: list[Block] = []
    for block in page.blocks:
        if isinstance(block, Heading | Term) and section:
            yield Passage(page, tuple(section))
            section = []
        if isinstance(block, Term):
            yield Passage(page, (block,))
        else:
            section.append(block)
    if section:
        yield Passage(page, tuple(section))


def _spelt(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _COMMON


def _text_of(block: Block) -> str:
    if isinstance(block, Term):
        return " ".join((*block.terms, block.text))
    if isinstance(block, Heading | Paragraph | Item):
        return block.text
    return " ".join(getattr(block, "lines", ()))
