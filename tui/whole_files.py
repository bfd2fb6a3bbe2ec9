"""Files that are replaced in one step, so that nobody ever reads half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def replace_file(path: Path, content: bytes, *, mode: int = PRIVATE, sync: bool = True) -> None:
    """Write beside the file, then put it in place; a link stays one, and its target changes.

    `sync` forces the content to the disk first, for what must survive a loss of power.
    A device, such as /dev/null or a terminal, is written to and stays one; so does a pipe,
    which is refused. Raises OSError, and leaves nothing behind then.
    """
    target = path.resolve()
    if not _is_replaceable(target):
        with target.open("wb") as device:
            device.write(content)
        return
    import tempfile

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


def _is_replaceable(target: Path) -> bool:
    """A file or nothing. False for a device; whoever may write to its folder could replace it."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return True
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # a folder refuses by itself
        return True
    if not stat.S_ISCHR(mode):
        raise OSError(errno.EINVAL, "It is no file", str(target))
    return False
