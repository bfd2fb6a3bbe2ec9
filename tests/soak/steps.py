"""One step of a soak: what a person, a terminal, a network or a clock does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.soak.trouble import FAULTS

KEYS = (
    "up", "down", "enter", "escape", "tab", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "g", "s",
    "f", "e", "v", "c", "?", "T", "r", "R", "y", "Y", "/", "t", "N", "o", "m", "j", "k", "1", " ",
)  # fmt: skip
"""None that leaves the program, logs off, suspends, or asks for a password. The texts are
typed wherever the focus is, and there their letters may be such keys."""

TEXTS = ("sql", "VM[prod]", "[/foo]", "漢字", "not such a thing", "4347c445-0a1b", "!failed")

LEAVES = "q"
"""The key among the texts that leaves the program, where no field has the focus."""

ANSWERS = (
    "\x1b[?2026;2$y", "\x1b[?62;22c", "\x1b[>0;276;0c", "\x1b[?0u", "\x1b[8;24;80t", "\x1b[?997;1n",
    "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b[I", "\x1b[O", "\x1b[<35;10;10M", "\x1b[<0;5;5M",
    "\x1b[<0;5;5m", "\x1bP>|XTerm(390)\x1b\\", "\x1b[200~pasted\ntext\x1b[201~", "\x1b[1;5C",
)  # fmt: skip
"""What terminals send without anybody pressing a key, and pastes."""

SIZES = ((80, 24), (200, 60), (60, 14), (45, 10), (12, 4), (120, 40), (1, 1))


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, and with what; its repr is how it is printed and typed in again."""

    what: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.value!r}" if self.value else self.what


def draw(chance: random.Random, count: int) -> list[Step]:
    """So many steps; the same ones for the same seed."""
    kinds: dict[str, tuple[int, Callable[[], str]]] = {
        "key": (10, lambda: chance.choice(KEYS)),
        "type": (2, lambda: chance.choice(TEXTS)),
        "answer": (4, lambda: chance.choice(ANSWERS)),
        "half": (2, lambda: chance.choice(ANSWERS)),
        "resize": (2, lambda: "x".join(map(str, chance.choice(SIZES)))),
        "fault": (4, lambda: chance.choice(sorted(FAULTS))),
        "mend": (3, lambda: ""),
        "forget logons": (1, lambda: ""),
        "jump": (1, lambda: str(chance.choice((-3600, -60, 60, 900)))),
        "skip": (2, lambda: str(chance.choice((1, 10, 60)))),
        "wait": (3, lambda: str(chance.choice((0.05, 0.2, 0.6)))),
        "pause": (1, lambda: ""),
    }
    names = list(kinds)
    weights = [kinds[name][0] for name in names]
    return [Step(what, kinds[what][1]()) for what in chance.choices(names, weights, k=count)]
