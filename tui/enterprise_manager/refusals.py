"""Answers that are not 2xx -> `tui.errors`.

The meaning of the codes is that of the error table of Veeam's reference and of
what clients have recorded; notably a 500 may mean 'not found'.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.decoding import error_text, is_web_page, one_line
from tui.enterprise_manager.failures import SOMETHING_ELSE
from tui.enterprise_manager.scalars import http_date, retry_after
from tui.enterprise_manager.transport import Answer
from tui.enterprise_manager.way import port_hint
from tui.errors import (
    FailoverMonitorError,
    NoCloudConnect,
    NoPermission,
    NotEnterpriseManager,
    NotFound,
    ProxyTrouble,
    RequestRejected,
    ServerBusy,
    ServerTrouble,
)

_GONE: Final = re.compile(r"\bthere is no\b|\bnot found\b|\bdoes not exist\b", re.IGNORECASE)


_BUSY: Final = {
    408: "busy or hard to reach: the request did not arrive in time",
    429: "busy: it gets too many requests",
    503: "starting, overloaded or in maintenance",
}


def _wait_asked(answer: Answer) -> float | None:
    """The wait that the server asks for, in seconds, by its own clock where it tells one."""
    return retry_after(answer.retry_after, http_date(answer.date) or datetime.now(UTC))


def server_says(said: str | None) -> str:
    """The server's own words as a sentence to go behind another one; "" where it gave none."""
    if not said:
        return ""
    return f" The server says: {said}{'' if said[-1] in '.!?…' else '.'}"


def redirected(answer: Answer, server: ServerAddress) -> NotEnterpriseManager | ServerTrouble:
    """A 3xx: Enterprise Manager's API never redirects. `ServerTrouble` for one to no address."""
    try:
        target = urlsplit(answer.location or "")
    except ValueError:  # such as a bracket that is not closed
        return ServerTrouble(
            f"The server sends us to an address that cannot be read ({answer.status});"
            " that was not followed.",
            SOMETHING_ELSE,
        )
    where = one_line(f"{target.scheme}://{target.hostname}", 100) if target.hostname else ""
    return NotEnterpriseManager(
        f"The server sends us elsewhere{f' ({where})' if where else ''}; that was not followed.",
        port_hint(server) or "A proxy or a web page may be answering at this address and port.",
    )


def refusal(answer: Answer, server: ServerAddress, what: str) -> FailoverMonitorError:
    """The error for a status other than 2xx and 401. `what` is what was asked for."""
    status = answer.status
    if 300 <= status < 400:
        return redirected(answer, server)
    if status == 404 and is_web_page(answer.body):
        return NotEnterpriseManager(
            "A web page came instead of Enterprise Manager's answer (404).",
            "Its service may be stopped, or a proxy answers at this address and port.",
        )
    said = error_text(answer.body)
    words = server_says(said)
    if status == 403:
        return NoPermission(
            f"This account may not read {what}.{words}",
            "Portal Administrators may; tenant accounts see no failover sessions.",
        )
    if status == 404 or (status == 500 and said and _GONE.search(said)):
        return NotFound(f"The server does not know {what}.{words}")
    if status == 407:
        return ProxyTrouble("The proxy wants a user name and password.")
    if status in _BUSY:
        return ServerBusy(
            f"Enterprise Manager is {_BUSY[status]} ({status}).{words}",
            "That usually passes within minutes; trying again helps then.",
            _wait_asked(answer),
        )
    if status in (502, 504):
        return ServerTrouble(
            f"A proxy in between gets no answer from Enterprise Manager ({status}).{words}"
        )
    if status >= 500:
        return ServerTrouble(f"Enterprise Manager is in trouble ({status}).{words}")
    return RequestRejected(f"Enterprise Manager rejected the request ({status}).{words}")


def list_refusal(
    answer: Answer, server: ServerAddress, what: str, cloud_connect: bool | None
) -> FailoverMonitorError:
    """The same for a list, where a 404 means that the server has no such list for us.

    `cloud_connect` is what the logon told of it, None if there was none yet.
    """
    found = refusal(answer, server, what)
    if not isinstance(found, NotFound):
        return found
    if cloud_connect is False:
        return NoCloudConnect(
            "This Enterprise Manager has no Cloud Connect, hence no cloud failover sessions.",
            "It needs a service provider's licence and Enterprise Manager on Windows.",
        )
    return NotFound(
        f"This Enterprise Manager gives this account no list of {what}. {found.sentence}",
        "The account may be a tenant's, or lack the right to see them.",
    )
