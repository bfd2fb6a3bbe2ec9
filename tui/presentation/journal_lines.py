"""What is said of a journal."""

from __future__ import annotations

from tui.journal.chain import Verification, Wholeness


def journal_trouble_text(reason: str) -> str:
    """`The journal cannot be kept as it should: No space left on device.`"""
    return f"The journal cannot be kept as it should: {reason}."


def journal_lacks_text(missing: int) -> str:
    """`3 records are missing in the journal: they could not be written.`"""
    records = "1 record is" if missing == 1 else f"{missing} records are"
    return f"{records} missing in the journal: they could not be written."


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
