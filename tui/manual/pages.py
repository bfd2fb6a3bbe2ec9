"""The pages of the manual, read from the package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from tui.light import dataclass
from tui.manual.blocks import Block, Generated, Heading, blocks
from tui.manual.generated import GENERATED_PARTS
from tui.manual.names import NAMES

_FOLDER: Final = Path(__file__).parent / "text"


@dataclass(frozen=True)
class Page:
    """One page: its name, its title, and its blocks with the generated parts in place."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@lru_cache(maxsize=len(NAMES))
def page(name: str) -> Page:
    """The page of that name. Raises KeyError where there is none."""
    if name not in NAMES:
        raise KeyError(name)
    found = tuple(_complete(source(name)))
    title = next(each.text for each in found if isinstance(each, Heading))
    return Page(name, title, found)


def pages() -> tuple[Page, ...]:
    """All of them."""
    return tuple(page(name) for name in NAMES)


def source(name: str) -> str:
    """The page as it is written."""
    return (_FOLDER / f"{name}.md").read_text("utf-8")


def _complete(text: str) -> Iterator[Block]:
    for block in blocks(text):
        if isinstance(block, Generated):
            yield from GENERATED_PARTS[block.name]()
        else:
            yield block
