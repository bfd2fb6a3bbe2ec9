"""What to do about a file that is no TOML: the mistakes that people make, from the parser's word.

The line is looked at, never repeated: it may hold what is secret.
"""

from __future__ import annotations

import re

from tui.escapes import NO_ESCAPE

_TRUTHS = frozenset(("true", "false", "yes", "no", "on", "off"))
_TEXT_QUOTES = "A text stands between quotes, as in server = 'em01'; a number and true do not."
_HINTS = (
    (("Unescaped", "hex value", "Unicode scalar"), NO_ESCAPE),
    (("Unterminated", "Illegal character '\\n'", "Expected \"'"), "A quote is opened, not closed."),
    (("Unclosed array",), "A list ends with ]."),
    (("table declaration",), "A name with blanks stands between quotes: [profiles.'drill site']."),
    (
        ("twice", "overwrite"),
        "It stands in the file twice: put what belongs together in one place.",
    ),
)


def toml_hint(reason: str, line: str) -> str | None:
    """A sentence for the parser's `reason`, about the text of its line; None for the rest."""
    for parts, sentence in _HINTS:
        if any(part in reason for part in parts):
            return sentence
    _, equals, value = line.partition("=")
    value = value.strip()
    if reason.startswith("Expected '='") or not equals:
        key, colon, _ = line.partition(":")
        is_key = bool(colon) and re.fullmatch(r"[\w.-]+", key.strip()) is not None
        return "Between a key and its value stands =, not a colon." if is_key else None
    if value.split("#")[0].strip().lower() in _TRUTHS:
        return "Write true or false, in small letters."
    if value[:1] in "“”„‘’«»":
        return "Those are quotes for print: write ' or \"."
    if value and value[0] not in "'\"[{":
        return _TEXT_QUOTES
    return None
