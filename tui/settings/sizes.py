"""Sizes of files as people write them: `500 MB`, `2 GB`."""

from __future__ import annotations

import re

SIZE_EXAMPLES = "a size such as 500 MB or 2 GB"
"""What to answer when somebody wrote something else."""

_SIZE = re.compile(r"(\d{1,6}(?:\.\d)?)([kmgt]?)b?", re.ASCII)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parse_size(text: str) -> int:
    """Bytes, more than none. Raises ValueError for what is no size, a bare number included."""
    written = text.strip().lower().replace(" ", "")
    match = _SIZE.fullmatch(written)
    if match is None or written[-1].isdigit() or not float(match[1]):
        raise ValueError(SIZE_EXAMPLES)
    return round(float(match[1]) * _UNITS[match[2]])


def format_size(size: int) -> str:
    """`0 B`, `999 B`, `1.2 kB`, `20 MB`: two figures at least, so that it stays short."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            value = size / factor
            return f"{value:.1f} {unit}" if value < 10 else f"{value:.0f} {unit}"
    return f"{size} B"
