"""What a password may be, wherever one comes from: one cleaning, and one refusal.

A wrong password that is sent counts as an attempt, and accounts get locked. So nothing is
sent that cannot be one: nothing empty, and nothing that a line end or a control character
shows to be more than the password.
"""

from __future__ import annotations

from typing import Final

LONGEST: Final = 4096
"""Bytes; Windows takes 127 or 256 characters."""

_MARKS: Final = "\ufeff\u200b\u200e\u200f\u2060"
"""Byte order mark and invisible marks, which editors and web pages leave at the ends."""


def cleaned_password(text: str) -> str:
    """Without the line end and the invisible marks around it. Blanks may belong to it."""
    return text.strip(_MARKS).rstrip("\r\n").strip(_MARKS)


def password_fault(text: str) -> str | None:
    """Why a cleaned text must not be sent as a password, to go behind `it `; None if it may."""
    if not text:
        return "is empty"
    if any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in text):
        return "holds a line end or another control character"
    if "\N{REPLACEMENT CHARACTER}" in text:
        return "holds a character that was damaged on its way here"
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST:
        return f"is longer than {LONGEST} bytes"
    return None
