"""For all tests: properties are never timed, since a busy machine proves nothing."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

os.umask(0o022)
"""What others may write is not believed: what the tests write is not for others."""

if hasattr(signal, "SIGHUP"):
    # Inherited as ignored where the tests run under nohup; their programs are to meet it.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
