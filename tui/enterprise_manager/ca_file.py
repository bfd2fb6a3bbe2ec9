"""The certificates that somebody else vouches with. Loads nothing but the standard library."""

from __future__ import annotations

import ssl
from pathlib import Path

from tui.errors import TlsTrouble


def verifying(ca_file: Path | None) -> ssl.SSLContext:
    """Certificate and host name verified against the CA file, or the system's store.

    Blocks while it reads. Raises `TlsTrouble` for an unusable file.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        problem = "it holds no certificate in PEM form"
    except OSError as failure:
        problem = failure.strerror or type(failure).__name__
    raise TlsTrouble(f"The CA file {ca_file} cannot be used: {problem}.")
