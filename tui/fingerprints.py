"""The one form of a certificate's fingerprint, and what a person may write for it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tui.errors import InvalidInput

_NAMED: Final = re.compile(r"^sha-?256(?:\s*fingerprint)?\s*[:=]?")
_NAMED_WEAK: Final = re.compile(r"^sha-?1(?:\s*fingerprint)?\s*[:=]?")
_LENGTH: Final = 64
_LENGTH_OF_SHA1: Final = 40
_BETWEEN: Final = frozenset({"Cc", "Cf", "Pd", "Zl", "Zp", "Zs"})
"""Unicode categories: dashes, blanks, line ends, and the invisible mark that Windows' own
certificate dialog puts before the first digit of what is copied from it."""


def parse_fingerprint(text: str) -> str:
    """A SHA-256 fingerprint as 64 lower-case hex digits.

    Takes what programs print and people paste: `sha256 Fingerprint=AB:CD:…` of openssl,
    `SHA256:` before it, colons, dashes or blanks between the digits, upper case, and the
    two lines in which this program shows one. Raises `InvalidInput`.
    """
    written = "".join(char for char in text if unicodedata.category(char) != "Cf")
    written = written.strip().lower()
    digits = _digits(_NAMED.sub("", written))
    if len(digits) == _LENGTH and _is_hex(digits):
        return digits
    remedy = "It is 64 hex digits, with or without colons."
    weak = _digits(_NAMED_WEAK.sub("", written))
    if len(weak) == _LENGTH_OF_SHA1 and _is_hex(weak):
        remedy = (
            "This one has 40 digits: a SHA-1 thumbprint, as Windows shows it, which is too weak."
            " `openssl x509 -noout -sha256 -fingerprint` prints the right one."
        )
    raise InvalidInput("That is not a SHA-256 fingerprint.", remedy)


def _digits(written: str) -> str:
    return "".join(
        char for char in written if char != ":" and unicodedata.category(char) not in _BETWEEN
    )


def _is_hex(digits: str) -> bool:
    return re.fullmatch(r"[0-9a-f]*", digits) is not None
