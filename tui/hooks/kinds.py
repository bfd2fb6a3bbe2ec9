"""The kinds of events, as `watch` prints them in its second field and as commands ask for them.

What a kind stands for is told where it is worded: `tui.presentation.changes`,
`.targets_and_stalls`, and `.connection_news` for the connection.
"""

from __future__ import annotations

from typing import Final

CALLING: Final = (
    "session started",
    "session success",
    "session warning",
    "session failed",
    "session unknown",
    "task failed",
    "task unknown",
    "task stalled",
    "rto at risk",
    "rto cannot be met",
    "rto not met",
    "rto met",
    "no data yet",
    "connection lost",
    "connection back",
    "refused",
)
"""What calls for somebody's attention, a good end included: told unless others are named."""

CHATTING: Final = (
    "session state",
    "session message",
    "task started",
    "task success",
    "task warning",
    "task running",
    "task stopping",
    "task message",
    "task slow",
    "rto open",
    "rto on course",
    "rto cannot tell",
)
"""What goes on besides: several for each VM of a failover, told to whoever asks for it."""

KINDS: Final = (*CALLING, *CHATTING)

FAMILIES: Final = ("session", "task", "rto", "connection")
"""A first word stands for all kinds that begin with it."""

ALL: Final = "all"


def kinds_named(name: str) -> frozenset[str]:
    """The kinds that a name stands for: one kind, the first word of several, or `all`.

    Empty where there is no such kind.
    """
    if name == ALL:
        return frozenset(KINDS)
    if name in FAMILIES:
        return frozenset(kind for kind in KINDS if kind.startswith(f"{name} "))
    return frozenset({name}) & frozenset(KINDS)


def is_about_a_vm(kind: str) -> bool:
    """Whether there can be as many of them as VMs."""
    return kind.startswith("task ")
