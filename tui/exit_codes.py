"""The exit codes of `failover-monitor`, as documented for scripts."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's end says; `watch` uses all of them."""

    SUCCESS = 0
    """The session ended with Success, or the person left."""

    FAILED = 1
    """The session ended with Failed."""

    USAGE = 2
    """A wrong argument, setting or password source; nothing was sent to a server."""

    WARNING = 3
    """The session ended with Warning."""

    LOGON_REFUSED = 4
    """The server was reached and refused the logon."""

    NO_DATA = 5
    """The session was never seen."""

    UNFORESEEN = 70
    """The program could not go on, for a reason that is none of the session's: a defect, or
    surroundings that it needs (standard output on a full disk). Said in one sentence."""

    TERMINAL_LOST = 129
    """The terminal was closed, as shells count it: 128 + SIGHUP."""

    INTERRUPTED = 130
    """Ctrl+C, as shells count it: 128 + SIGINT."""

    NOBODY_READS = 141
    """Standard output was a pipe that closed, as shells count it: 128 + SIGPIPE."""

    TERMINATED = 143
    """Ended from outside, as shells count it: 128 + SIGTERM. Logged off first."""
