"""Symbols and words of a status, in Unicode and in plain ASCII."""

from __future__ import annotations

from tui.analysis.status import Status
from tui.light import dataclass
from tui.presentation import text

_UNICODE_SYMBOLS = {
    Status.WAITING: "·",
    Status.STARTING: "▷",
    Status.RUNNING: "▶",
    Status.STOPPING: "■",
    Status.SUCCESS: "✔",
    Status.ALREADY: "◂",
    Status.WARNING: "⚠",
    Status.FAILED: "✘",
    Status.UNKNOWN: "?",
    Status.RUNNING_WITH_WARNINGS: "⚠",
    Status.RUNNING_WITH_ERRORS: "✘",
}
_ASCII_SYMBOLS = {
    Status.WAITING: ".",
    Status.STARTING: ">",
    Status.RUNNING: ">",
    Status.STOPPING: "#",
    Status.SUCCESS: "+",
    Status.ALREADY: "<",
    Status.WARNING: "!",
    Status.FAILED: "x",
    Status.UNKNOWN: "?",
    Status.RUNNING_WITH_WARNINGS: "!",
    Status.RUNNING_WITH_ERRORS: "x",
}
_WORDS = {
    Status.WAITING: "Waiting",
    Status.STARTING: "Starting",
    Status.RUNNING: "Working",
    Status.STOPPING: "Stopping",
    Status.SUCCESS: "Success",
    Status.ALREADY: "Done before",
    Status.WARNING: "Warning",
    Status.FAILED: "Failed",
    Status.UNKNOWN: "Unknown",
    Status.RUNNING_WITH_WARNINGS: "Running with warnings",
    Status.RUNNING_WITH_ERRORS: "Running with errors",
}
TOKENS = {
    Status.WAITING: "waiting",
    Status.STARTING: "running",
    Status.RUNNING: "running",
    Status.STOPPING: "running",
    Status.SUCCESS: "success",
    Status.ALREADY: "waiting",
    Status.WARNING: "warning",
    Status.FAILED: "failed",
    Status.UNKNOWN: "unknown",
    Status.RUNNING_WITH_WARNINGS: "warning",
    Status.RUNNING_WITH_ERRORS: "failed",
}
"""The style token of each status."""


def word(status: Status, server_word: str | None = None) -> str:
    """The word for a status; an unknown one in the server's own spelling."""
    return text.clean(server_word) if server_word else _WORDS[status]


@dataclass(frozen=True)
class Glyphs:
    """The characters that the screens are drawn with."""

    is_ascii: bool
    symbols: dict[Status, str]
    bar_full: str
    bar_half: str
    bar_track: str
    rule: str
    dash: str
    ellipsis: str
    dot: str
    cross: str
    pause: str
    sorted_up: str
    sorted_down: str

    def clean(self, outside: str) -> str:
        """Text from outside as one line that this character set can show."""
        shown = text.clean(outside)
        if not self.is_ascii or shown.isascii():
            return shown
        return shown.replace("⏎", "|").encode("ascii", "replace").decode("ascii")


UNICODE = Glyphs(False, _UNICODE_SYMBOLS, "━", "╸", "─", "─", "–", "…", "●", "✘", "‖", "▲", "▼")
ASCII = Glyphs(True, _ASCII_SYMBOLS, "=", "-", ".", "-", "-", "..", "*", "x", "=", "^", "v")
