"""Files that are replaced in one step, so that nobody ever reads half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def replace_file(path: Path, content: bytes, *, mode: int = PRIVATE, sync: bool = True) -> None:
    """Write beside the file, then put it in place; a link stays one, and its target changes.

    `sync` forces the content to the disk first, for what must survive a loss of power.
    Raises OSError, and leaves nothing behind then.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
