"""Desktop notifications that a terminal shows, on the machine where the person sits.

There are three ways: OSC 9 (iTerm2, then WezTerm, Ghostty, foot, kitty), OSC 777 (urxvt, then
VTE, foot, WezTerm, Ghostty), OSC 99 (kitty, then foot). A terminal that knows none passes over
them. Multiplexers keep them to themselves unless wrapped: tmux since 3.3 only with its option
`allow-passthrough`. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from tui.presentation.text import clean

Way = Literal["osc9", "osc777", "osc99"]

WAYS: Final[tuple[Way, ...]] = ("osc9", "osc777", "osc99")

MOST_TITLE: Final = 80
MOST_BODY: Final = 200
"""Characters. GNU screen passes on 768 bytes at most."""

LEAD: Final = "failover-monitor: "
"""Before the text of OSC 9: what begins with a digit there is another command (ConEmu's)."""

_WITHOUT: Final = ("dumb", "linux", "vt", "ansi", "cons25", "sun")
_OSC_777: Final = ("rxvt-unicode", "foot")


def way_of(environ: Mapping[str, str]) -> Way | None:
    """The way that suits the terminal, as far as the environment tells; None: it has none.

    Through SSH only TERM and what begins with LC_ comes along. OSC 9 where nothing is known: most
    terminals that have one of them have it.
    """
    term = environ.get("TERM", "")
    if term == "" or term.startswith(_WITHOUT):
        return None
    if term == "xterm-kitty" or "KITTY_WINDOW_ID" in environ:
        return "osc99"
    if term.startswith(_OSC_777) or "VTE_VERSION" in environ:
        return "osc777"
    return "osc9"


def way_wanted(wanted: str, environ: Mapping[str, str]) -> Way | None:
    """The way that a person names; for `auto` the one that suits, for `off` none."""
    named: Mapping[str, Way] = {way: way for way in WAYS}
    return way_of(environ) if wanted == "auto" else named.get(wanted)


def notification(title: str, body: str, way: Way, environ: Mapping[str, str]) -> str:
    """What is to be written to the terminal; both texts made visible, one line, and short."""
    in_screen = "STY" in environ and "TMUX" not in environ
    title, body = _bounded(title, MOST_TITLE), _bounded(body, MOST_BODY)
    if in_screen:
        title, body = (text.encode("ascii", "replace").decode() for text in (title, body))
    end = "\x07" if in_screen else "\x1b\\"
    if way == "osc9":
        said = f"\x1b]9;{LEAD}{title}: {body}\x07"
    elif way == "osc777":
        said = f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}\x07"
    else:
        said = f"\x1b]99;i=1:d=0:p=title;{title}{end}\x1b]99;i=1:d=1:p=body;{body}{end}"
    if "TMUX" in environ:
        return f"\x1bPtmux;{said.replace(chr(27), chr(27) * 2)}\x1b\\"
    return f"\x1bP{said}\x1b\\" if in_screen else said


def _bounded(text: str, most: int) -> str:
    """Visible characters only: none of them can end the sequence, or begin another."""
    shown = clean(text).strip()
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
