"""Cells whose place, text and style are known: what is painted without a stream of escapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Run(NamedTuple):
    """Text in one style from a cell on. Column and row count from 0.

    `sgr` are the parameters of the SGR that leads there from the default style.
    """

    x: int
    y: int
    text: str
    sgr: str


def as_written(runs: Iterable[Run]) -> str:
    """The runs as a terminal takes them. The style in use must be the default one, and stays."""
    return "".join(
        f"\x1b[{y + 1};{x + 1}H" + (f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text)
        for x, y, text, sgr in runs
    )
