"""What the messages of one cause have in common, and in what each of them differs.

Linear in the length of the messages, which are data from outside: compared by words,
never interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tui.light import dataclass

GAP: Final = "…"
"""Stands in the common text for a part that differs."""

_OWN: Final = "\0"
_LONGEST_PART: Final = 80
_EDGES: Final = "()<>{}[]\"'“”‘’«»,;:.!?"
_WORD: Final = re.compile(
    r"""'[^'\s][^'\n]{0,80}'(?!\w)[,;:.!?)]*|"[^"\s][^"\n]{0,80}"[,;:.!?)]*"""
    r"""|\d[\d.,]{0,20} (?:[kKMGTP]i?B|%|ms|s|min|h)(?!\w)[,;:.!?)]*|\S+"""
)


@dataclass(frozen=True, slots=True)
class Parts:
    """`common` with `…` where the messages differ; `differing` holds what each has there.

    One tuple for each message, in order; the VM's own name is left out of it.
    """

    common: str
    differing: tuple[tuple[str, ...], ...]


def parts_of(messages: Sequence[str], names: Sequence[str]) -> Parts:
    """Compare messages with each other; `names` holds the VM that each is about."""
    split, owns = [], []
    for message, name in zip(messages, names, strict=True):
        own = name.strip().casefold()
        if " " in own:  # one word, for the time being
            message = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", _OWN, message, flags=re.IGNORECASE)
            own = _OWN
        split.append(_WORD.findall(message))
        owns.append(own)
    if len({len(words) for words in split}) > 1:
        split = _aligned(split)
    common: list[str] = []
    differing: list[list[str]] = [[] for _ in split]
    for column in zip(*split, strict=True):
        bare = [_bare(word) for word in column]
        folded = [word.casefold() for word in bare]
        own_names = folded == owns
        if len(set(folded)) == 1 and not (own_names and _OWN in owns):
            common.append(column[0])
            continue
        common.append(column[0].replace(bare[0], GAP, 1) if bare[0] else GAP)
        if own_names:
            continue
        for found, word in zip(differing, bare, strict=True):
            found.append(_short(word))
    return Parts(" ".join(common), tuple(tuple(own) for own in differing))


def _bare(word: str) -> str:
    return word.strip(_EDGES)


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_PART else word[: _LONGEST_PART - 1] + GAP


def _aligned(split: Sequence[list[str]]) -> list[list[str]]:
    """Of different lengths: what all begin and end with, and one part in between."""
    folded = [[_bare(word).casefold() for word in words] for words in split]
    shortest = min(len(words) for words in folded)
    head = 0
    while head < shortest and len({words[head] for words in folded}) == 1:
        head += 1
    tail = 0
    while tail < shortest - head and len({words[-1 - tail] for words in folded}) == 1:
        tail += 1
    return [
        [*words[:head], " ".join(words[head : len(words) - tail]), *words[len(words) - tail :]]
        for words in split
    ]
