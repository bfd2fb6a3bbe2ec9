"""A picture of the screen, as an SVG file in the folder of reports."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tui.errors import InvalidInput
from tui.whole_files import replace_file

_ELSEWHERE: Final = re.compile(r",?\s{0,40}url\([^)]*\)(?:\s{0,40}format\([^)]*\))?")
"""Where the picture would have a browser fetch its font from: nothing here asks the network."""


def file_picture(folder: Path, svg: str, at: datetime) -> Path:
    """Write it, for its owner only, and return where; blocks. Raises InvalidInput."""
    path = folder / f"failover-monitor-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.svg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(path, without_links(svg).encode("utf-8", "replace"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    else:
        return path
    raise InvalidInput(f"{path} cannot be written: {reason}.")


def without_links(svg: str) -> str:
    """With the fonts of whoever looks at it: the rules for them keep their local names."""
    head, style, rest = svg.partition("</style>")
    return _ELSEWHERE.sub("", head) + style + rest
