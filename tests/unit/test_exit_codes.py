"""What an error ends a command with."""

from __future__ import annotations

import pytest

from tests.support.fake_clock import START
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    ConnectionRefused,
    CredentialsUnavailable,
    FailoverMonitorError,
    InvalidInput,
    NoCloudConnect,
    NoPermission,
    NotFound,
    ServerCertificate,
    TimedOut,
    WrongCredentials,
)
from tui.exit_codes import MEANINGS, ExitCode, code_of

SHOWN = ServerCertificate("em01", 9398, "CN=em01", "CN=em01", START, START, "ab" * 32, "PEM")


def at_logon(error: FailoverMonitorError) -> FailoverMonitorError:
    error.at_logon = True
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("no"), 2),
        (CredentialsUnavailable("no"), 2),
        (WrongCredentials("no"), 4),
        (CertificateUnknown("no", None, SHOWN), 4),
        (CertificateChanged("no", None, SHOWN, "cd" * 32), 4),
        # Who may not do it at the logon was refused; who may not read it later has no data.
        (at_logon(NoPermission("no")), 4),
        (at_logon(NoCloudConnect("no")), 4),
        (NoPermission("no"), 5),
        (NoCloudConnect("no"), 5),
        (at_logon(TimedOut("no")), 5),
        (NotFound("no"), 5),
        (ConnectionRefused("no"), 5),
    ],
)
def test_the_code_of_an_error(error: FailoverMonitorError, code: int) -> None:
    assert code_of(error) == code


def test_no_two_ends_share_a_code_and_each_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)
    assert len(set(MEANINGS.values())) == len(ExitCode) == len({int(each) for each in ExitCode})
    assert [code for code in ExitCode if code == 0] == [ExitCode.SUCCESS]
