"""Everything that can go wrong, as one tree.

Each error carries a sentence that a person can read on screen and, where there
is something to do about it, a remedy. Neither ever holds a password, a session
token or the id of a logon session: `tui.enterprise_manager` builds them from
status codes, host names and the server's own error text.

    FailoverMonitorError
    ├── InvalidInput                 what a person typed
    │   ├── InvalidSessionId
    │   │   └── AmbiguousSession
    │   ├── InvalidServer
    │   └── InvalidSettings
    ├── CredentialsUnavailable       a password source that gave none
    ├── ConnectionTrouble            no answer came
    │   ├── NameNotFound
    │   ├── ConnectionRefused
    │   ├── ConnectionLost
    │   ├── Unreachable
    │   ├── TimedOut
    │   ├── ProxyTrouble
    │   └── TlsTrouble
    │       ├── CertificateUnknown
    │       └── CertificateChanged
    ├── RefusedByServer              an answer came: no
    │   ├── WrongCredentials
    │   ├── LogonExpired
    │   ├── NoPermission
    │   ├── NotFound
    │   ├── NoCloudConnect
    │   └── RequestRejected
    ├── ServerTrouble                an answer came: the server is in trouble
    │   └── ServerBusy
    └── UnreadableAnswer             an answer came: not one of Enterprise Manager's
        ├── NotEnterpriseManager
        └── AnswerTooLarge
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui.light import dataclass


class FailoverMonitorError(Exception):
    """The root. `sentence` says what is wrong, `remedy` what to do about it."""

    at_logon = False
    """Whether it was the answer to a logon."""

    def __init__(self, sentence: str, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy

    @property
    def full_text(self) -> str:
        """The sentence and, where there is one, the remedy."""
        return f"{self.sentence} {self.remedy}" if self.remedy else self.sentence


class InvalidInput(FailoverMonitorError):
    """What a person typed cannot be used."""


class InvalidSessionId(InvalidInput):
    """A text that holds no session ID."""


class AmbiguousSession(InvalidSessionId):
    """A text that may mean several sessions: `candidates`, newest first."""

    def __init__(self, sentence: str, candidates: Sequence[object] = ()) -> None:
        super().__init__(sentence)
        self.candidates = tuple(candidates)


class InvalidServer(InvalidInput):
    """A text that names no server."""


class InvalidSettings(InvalidInput):
    """A settings file or environment variable with a wrong value."""


class CredentialsUnavailable(FailoverMonitorError):
    """A password file, command or keyring that gave no password."""


class ConnectionTrouble(FailoverMonitorError):
    """No answer came from the server."""


class NameNotFound(ConnectionTrouble):
    """The host name does not resolve."""


class ConnectionRefused(ConnectionTrouble):
    """Nothing listens on that port."""


class ConnectionLost(ConnectionTrouble):
    """The connection ended before the answer did."""


class Unreachable(ConnectionTrouble):
    """No route to the host."""


class TimedOut(ConnectionTrouble):
    """Connecting, sending or waiting for the answer took too long."""


class ProxyTrouble(ConnectionTrouble):
    """The proxy in between did not pass the request on."""


class TlsTrouble(ConnectionTrouble):
    """The TLS connection could not be made."""


@dataclass(frozen=True)
class ServerCertificate:
    """What a person needs to know to decide whether to trust a certificate.

    `fingerprint` is the SHA-256 of the DER form, as 64 lower-case hex digits.
    """

    host: str
    port: int
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    pem: str


class CertificateUnknown(TlsTrouble):
    """Nobody vouches for the server's certificate; nothing secret was sent."""

    def __init__(self, sentence: str, remedy: str | None, certificate: ServerCertificate) -> None:
        super().__init__(sentence, remedy)
        self.certificate = certificate


class CertificateChanged(TlsTrouble):
    """The server shows another certificate than the one accepted earlier."""

    def __init__(
        self,
        sentence: str,
        remedy: str | None,
        certificate: ServerCertificate,
        known_fingerprint: str,
    ) -> None:
        super().__init__(sentence, remedy)
        self.certificate = certificate
        self.known_fingerprint = known_fingerprint


class RefusedByServer(FailoverMonitorError):
    """Enterprise Manager answered, and the answer is no."""


class WrongCredentials(RefusedByServer):
    """401 to a logon. Never repeated by itself: accounts get locked."""


class LogonExpired(RefusedByServer):
    """401 again, right after a fresh logon."""


class NoPermission(RefusedByServer):
    """403: the account may not read this."""


class NotFound(RefusedByServer):
    """404, or a 500 whose text says that there is no such thing."""


class NoCloudConnect(RefusedByServer):
    """This Enterprise Manager has no Cloud Connect, hence no cloud failover sessions."""


class RequestRejected(RefusedByServer):
    """400, 405 and other answers that say the request itself is wrong."""


class ServerTrouble(FailoverMonitorError):
    """A 5xx answer, or a redirect to something that is no address."""


class ServerBusy(ServerTrouble):
    """503: starting, overloaded or in maintenance; 429: too many requests; 408: too slow.

    `retry_after` is what the server asks to wait before the next try, in seconds, as it
    asked: not bounded. None where it did not ask.
    """

    def __init__(
        self, sentence: str, remedy: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence, remedy)
        self.retry_after = retry_after


class UnreadableAnswer(FailoverMonitorError):
    """A body that is not what Enterprise Manager sends: cut off, garbled, of another resource."""


class NotEnterpriseManager(UnreadableAnswer):
    """Something else listens there: a web page, another product's API, a proxy."""


class AnswerTooLarge(UnreadableAnswer):
    """The body is longer than the stated limit."""
