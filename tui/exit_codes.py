"""The exit codes of `failover-monitor`: one table for code, `--help` and README."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    CredentialsUnavailable,
    FailoverMonitorError,
    InvalidInput,
    NoCloudConnect,
    NoPermission,
    WrongCredentials,
)


class ExitCode(IntEnum):
    """What the command's end says. `MEANINGS` has the words for people."""

    SUCCESS = 0
    FAILED = 1
    """Also where a session is over without a result: no verdict is no success."""

    USAGE = 2
    """A wrong argument, setting or password source; several sessions may be meant."""

    WARNING = 3
    LOGON_REFUSED = 4
    NO_DATA = 5
    TARGET_MISSED = 6
    """Success or Warning, and the RTO or RPO target is *not met*. One of which it cannot be
    told changes no code."""

    STILL_RUNNING = 7
    """Only `status --exit-status` says so."""

    UNFORESEEN = 70
    """The program could not go on, for a reason that is none of the session's: a defect, or
    surroundings that it needs (standard output on a full disk). Said in one sentence."""

    TIMED_OUT = 124
    """`watch --timeout`, as `timeout` of the shell counts it."""

    TERMINAL_LOST = 129
    """128 + SIGHUP, as shells count it."""

    INTERRUPTED = 130
    """128 + SIGINT."""

    NOBODY_READS = 141
    """128 + SIGPIPE: standard output was a pipe that closed."""

    TERMINATED = 143
    """128 + SIGTERM. Logged off first."""


MEANINGS: Final[Mapping[ExitCode, str]] = MappingProxyType(
    {
        ExitCode.SUCCESS: "the session ended with Success, or you left; check: READY",
        ExitCode.FAILED: "it ended with Failed, or without a result; check: NOT READY",
        ExitCode.USAGE: "wrong usage, settings or password source, or SESSION may be several",
        ExitCode.WARNING: "it ended with Warning; check: READY WITH WARNINGS",
        ExitCode.LOGON_REFUSED: "the logon was refused",
        ExitCode.NO_DATA: "there never was any data, or there is no such session",
        ExitCode.TARGET_MISSED: "it recovered, but missed its RTO or RPO target",
        ExitCode.STILL_RUNNING: "it still runs (status --exit-status)",
        ExitCode.UNFORESEEN: "the program itself could not go on",
        ExitCode.TIMED_OUT: "the time of --timeout is over",
        ExitCode.TERMINAL_LOST: "the terminal closed (SIGHUP); logged off first",
        ExitCode.INTERRUPTED: "interrupted (Ctrl+C)",
        ExitCode.NOBODY_READS: "nobody reads standard output any more",
        ExitCode.TERMINATED: "ended from outside (SIGTERM); logged off first",
    }
)
"""In the order in which they are shown."""

_MISTAKES: Final = (InvalidInput, CredentialsUnavailable)
_REFUSED: Final = (WrongCredentials, CertificateUnknown, CertificateChanged)
_MAY_NOT: Final = (NoPermission, NoCloudConnect)


def code_of(error: FailoverMonitorError) -> ExitCode:
    """What an error ends a command with."""
    if isinstance(error, _MISTAKES):
        return ExitCode.USAGE
    if isinstance(error, _REFUSED) or (error.at_logon and isinstance(error, _MAY_NOT)):
        return ExitCode.LOGON_REFUSED
    return ExitCode.NO_DATA
