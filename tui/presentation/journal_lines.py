"""What is said of a journal."""

from __future__ import annotations

from tui.journal.chain import Verification, Wholeness


def verification_text(found: Verification) -> str:
    """What became of a journal's chain, in a sentence."""
    lines = f"{found.lines} line{'' if found.lines == 1 else 's'}"
    match found.wholeness:
        case Wholeness.WHOLE:
            return f"Whole: {lines}."
        case Wholeness.TORN:
            return f"Torn at the end, in line {found.at}; the {lines} before it are whole."
        case Wholeness.ALTERED:
            return f"Altered at line {found.at}; the {lines} before it are whole."
        case Wholeness.EMPTY:
            return "Empty: no line of a journal."
