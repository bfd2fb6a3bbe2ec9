"""A home of its own for a program that a test starts."""

from __future__ import annotations

import os
from pathlib import Path


def environment_of(folder: Path) -> dict[str, str]:
    """All that the program inherits: its files are under `folder`.

    No keyring of the machine may be asked, nor a proxy of its environment used.
    """
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "TMPDIR": str(folder),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "NO_PROXY": "*",
    }
