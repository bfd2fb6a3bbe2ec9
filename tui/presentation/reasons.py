"""Why something failed, in the server's words, and that it gave none."""

from __future__ import annotations

from typing import Final

from tui.analysis.cause_parts import GAP
from tui.analysis.causes import Cause
from tui.presentation.glyphs import Glyphs

NO_MESSAGE: Final = "the server gave no message"
_LONGEST: Final = 2_000
_LEAST_BRIEF: Final = 12
_BETWEEN: Final = " ,;:.-([{'\""


def reason_text(message: str | None) -> str:
    """The server's message as it is, or that there is none. Not yet fit for a terminal."""
    return message or NO_MESSAGE


def cause_text(cause: Cause, glyphs: Glyphs, *, brief: bool = False) -> str:
    """One VM's reason in full; of several what is common, then whom it hit with what.

    `Not enough free space on datastore …: … needed: DS-11 sql02 (534 GB) · DS-07 citrix`.
    Where `brief`, of the common text only what comes before the first difference.
    """
    if cause.count == 1:
        return glyphs.clean(reason_text(cause.example))
    return f"{common_text(cause, glyphs, brief=brief)}: {who_text(cause, glyphs)}"


def common_text(cause: Cause, glyphs: Glyphs, *, brief: bool = False) -> str:
    """What the reasons of a cause have in common, `…` where they differ."""
    common = reason_text(cause.common)
    head, gap, _ = common.partition(GAP)
    head = head.rstrip(_BETWEEN)
    if brief and gap and len(head) >= _LEAST_BRIEF:
        common = head
    return glyphs.clean(common[:_LONGEST].replace(GAP, glyphs.ellipsis)).rstrip(" :.,;")


def who_text(cause: Cause, glyphs: Glyphs) -> str:
    """`DS-07 citrix, web01 (41 GB) · DS-11 sql02 (534 GB)`: the VMs by what differs first."""
    groups: dict[str, list[str]] = {}
    for place, key in enumerate(cause.keys):
        first, *rest = (cause.differing[place] if cause.differing else ()) or ("",)
        name = glyphs.clean(key.vm_name).strip() or glyphs.dash
        more = f" ({', '.join(map(glyphs.clean, rest))})" if any(rest) else ""
        groups.setdefault(glyphs.clean(first), []).append(f"{name}{more}")
    between = " - " if glyphs.is_ascii else " · "
    return between.join(f"{what} {', '.join(who)}".strip() for what, who in groups.items())
