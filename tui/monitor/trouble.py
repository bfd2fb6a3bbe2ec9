"""Why there is no newer data, and what can be done about it: an error as a value."""

from __future__ import annotations

from dataclasses import field, replace

from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    FailoverMonitorError,
    NoCloudConnect,
    NoPermission,
    NotFound,
    ServerBusy,
    WrongCredentials,
)
from tui.light import dataclass

_HOPELESS = (NoPermission, NoCloudConnect)
_CERTIFICATE = (CertificateUnknown, CertificateChanged)


@dataclass(frozen=True)
class Trouble:
    """Why there is no newer data. `since` is a reading of `Clock.monotonic`.

    `kind` names it for logs; what to do about it say the properties that follow from the
    error: `needs_logon` where the account was refused, `needs_person` where time alone
    mends nothing, `hopeless` where asking again cannot help as long as the account may
    not read it, `not_found` where the server has no such session, `about_certificate`
    where nothing was sent because of one, `acceptable` where a person may accept that.
    `retry_after` is what the server asks to wait, in seconds, None where it does not.
    """

    kind: str
    sentence: str
    remedy: str | None = None
    failures: int = 1
    since: float = field(default=0.0, compare=False)
    needs_logon: bool = False
    retry_after: float | None = field(default=None, compare=False)
    needs_person: bool = False
    hopeless: bool = False
    not_found: bool = False
    about_certificate: bool = False
    acceptable: bool = False

    @classmethod
    def of(cls, error: FailoverMonitorError, before: Trouble | None, at: float) -> Trouble:
        """The trouble that an error is; one trouble goes on over several failures."""
        found = cls(
            type(error).__name__,
            error.sentence,
            error.remedy,
            since=at,
            needs_logon=isinstance(error, WrongCredentials),
            retry_after=error.retry_after if isinstance(error, ServerBusy) else None,
            needs_person=isinstance(error, (*_HOPELESS, NotFound, *_CERTIFICATE)),
            hopeless=isinstance(error, _HOPELESS),
            not_found=isinstance(error, NotFound),
            about_certificate=isinstance(error, _CERTIFICATE),
            acceptable=isinstance(error, CertificateUnknown),
        )
        return found.after(before)

    def as_error(self) -> FailoverMonitorError:
        """An error to raise for it, where nobody asks again."""
        kind: type[FailoverMonitorError] = FailoverMonitorError
        if self.needs_logon:
            kind = WrongCredentials
        elif self.not_found:
            kind = NotFound
        return kind(self.sentence, self.remedy)

    def after(self, before: Trouble | None) -> Trouble:
        """The same as the next failure of a trouble that goes on."""
        if before is None:
            return self
        return replace(self, failures=before.failures + 1, since=before.since)
