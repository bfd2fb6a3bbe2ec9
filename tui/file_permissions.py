"""Who besides its owner can change a file, where the system tells."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def changeable_by_others(path: Path, *, group: bool) -> str | None:
    """Why the file is not its owner's alone, and how to mend that; None where it is.

    `group` counts its group among the others; many systems give each user a group of
    their own, and let it write whatever the user makes. Who can write to the folder can put
    another file in its place, unless only owners may (the sticky bit). Systems without
    such modes, and what cannot be looked at, give None.
    """
    if os.name != "posix":
        return None
    file = Path(os.path.realpath(path))
    others = stat.S_IWOTH | (stat.S_IWGRP if group else 0)
    try:
        modes = ((file, file.stat().st_mode), (file.parent, file.parent.stat().st_mode))
    except OSError:
        return None
    for what, mode in modes:
        owners_only = what is not file and mode & stat.S_ISVTX
        if mode & others and not owners_only:
            name = "it" if what is file else "its folder"
            bits = "go-w" if group else "o-w"
            return (
                f"other users can change {name} (mode {stat.S_IMODE(mode):04o});"
                f" chmod {bits} {what} takes that away"
            )
    return None
