"""The faults, one row each: what is injected, and what a person is told."""

from __future__ import annotations

import socket
from dataclasses import replace

from tests.faults import answers
from tests.faults.injecting import (
    Row,
    always,
    fill_backlog,
    gate,
    list_of_sessions,
    never_valid,
    no_name,
    on_get,
    other_session,
    quickly,
    refuse,
    same,
)
from tests.support.listening import (
    HEAD,
    never_ends,
    resets_in_mid_answer,
    says_nothing,
    sends,
    stops_after,
    trickles,
)
from tui.simulator.exchange import Response

ACCEPTED = "The server accepted the logon but gave no session: it is not Enterprise Manager."
NO_API = "Enterprise Manager does not answer at em01.test:PORT"
LOST = "The connection to em01.test:PORT ended before the answer did."
NO_HTTP = "What listens at em01.test:PORT does not speak HTTP."
TOO_LONG = "The server's answer is longer than 16 MiB, so it was dropped."
NO_CIPHER = "em01.test:PORT and this computer share no TLS version or cipher"
IN_TROUBLE = "Enterprise Manager is in trouble (500). The server says: Object reference."
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\n\r\n"
ALERT = b"\x15\x03\x03\x00\x02\x02"


NETWORK = [
    same(
        "refused",
        refuse,
        "em01.test refused the connection: nothing listens on port PORT.",
    ),
    same("reset in mid-answer", gate(resets_in_mid_answer), LOST),
    same("closed without an answer", gate(sends(b"")), LOST),
    same("cut below its length", gate(sends(HEAD + b"Content-Length: 99\r\n\r\n{")), LOST),
    same("name not found", no_name(socket.EAI_NONAME), "The name em01.test was not found."),
    same(
        "name server silent",
        no_name(socket.EAI_AGAIN),
        "The name em01.test could not be looked up: the name server does not answer.",
    ),
    same(
        "connect time-out",
        quickly("connecting", fill_backlog),
        "em01.test:PORT did not accept the connection in time",
    ),
    same(
        "read time-out",
        quickly("reading", gate(says_nothing)),
        "em01.test:PORT took the request but did not answer in time",
    ),
    same(
        "headers time-out",
        quickly("reading", gate(stops_after(HEAD))),
        "em01.test:PORT took the request but did not answer in time",
    ),
    same(
        "body time-out",
        quickly("reading", gate(stops_after(HEAD + b'Content-Length: 5000\r\n\r\n{"UID":'))),
        "em01.test:PORT began its answer but did not finish it in time",
    ),
    same(
        "trickling",
        quickly("all", gate(trickles)),
        "em01.test:PORT did not finish its answer in time",
    ),
    same("not HTTP", gate(sends(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n")), NO_HTTP),
    same("TLS on the plain port", gate(sends(ALERT + b"\x28")), NO_HTTP),
    same(
        "TLS handshake cut",
        gate(sends(b"")),
        "em01.test:PORT ended the connection during the TLS handshake or the answer.",
        tls=True,
    ),
    same(
        "TLS handshake silent",
        quickly("connecting", gate(says_nothing)),
        "TLS: em01.test:PORT does not answer the handshake",
        tls=True,
    ),
    same("TLS handshake failure", gate(sends(ALERT + b"\x28")), NO_CIPHER, tls=True),
    same("TLS version", gate(sends(ALERT + b"\x46")), NO_CIPHER, tls=True),
    same(
        "plain HTTP on the TLS port",
        gate(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        "em01.test:PORT does not speak TLS on this port.",
        tls=True,
    ),
]

REFUSALS = [
    Row(
        "400",
        always(lambda: answers.error_json(400, "Node [root] does not exist.")),
        "Enterprise Manager rejected the request (400)."
        " The server says: Node [root] does not exist.",
        f"{NO_API} (400 to a logon).",
    ),
    Row(
        "401 for ever",
        on_get(never_valid),
        "The server refused the request right after a fresh logon."
        " The server says: Session has expired.",
    ),
    Row(
        "403",
        always(lambda: answers.error_json(403, "Access denied")),
        "This account may not read this cloud failover session. The server says: Access denied.",
        "This account may not log on to Enterprise Manager. The server says: Access denied."
        " It needs the role Portal Administrator, Portal User or Restore Operator.",
    ),
    Row(
        "404",
        always(lambda: answers.error_json(404, "Nothing here")),
        "The server does not know this cloud failover session. The server says: Nothing here.",
        f"{NO_API} (404 to a logon).",
    ),
    same(
        "404 as a web page",
        always(lambda: answers.page(404, "Not Found")),
        "A web page came instead of Enterprise Manager's answer (404).",
    ),
    Row(
        "405",
        always(lambda: answers.error_json(405, "Method not allowed")),
        "Enterprise Manager rejected the request (405). The server says: Method not allowed.",
        f"{NO_API} (405 to a logon).",
    ),
    same(
        "407",
        always(lambda: answers.page(407, "Proxy Authentication")),
        "The proxy wants a user name and password.",
    ),
    same("500 in JSON", always(lambda: answers.error_json(500, "Object reference")), IN_TROUBLE),
    same("500 in XML", always(lambda: answers.error_xml(500, "Object reference")), IN_TROUBLE),
    same("500 empty", always(lambda: Response(500)), "Enterprise Manager is in trouble (500)."),
    Row(
        "500 instead of 404",
        always(lambda: answers.error_json(500, "There is no session with id [7]")),
        "The server does not know this cloud failover session."
        " The server says: There is no session with id [7].",
        f"{NO_API} (500 to a logon).",
    ),
    same(
        "408",
        always(lambda: answers.error_json(408, "Request timeout")),
        "Enterprise Manager is busy or hard to reach: the request did not arrive in time (408)."
        " The server says: Request timeout.",
    ),
    same(
        "429",
        always(lambda: answers.error_json(429, "Too many requests")),
        "Enterprise Manager is busy: it gets too many requests (429)."
        " The server says: Too many requests.",
    ),
    Row(
        "410 with an empty body",
        always(lambda: Response(410)),
        "Enterprise Manager rejected the request (410).",
        f"{NO_API} (410 to a logon).",
    ),
    Row(
        "418 with garbage",
        always(lambda: replace(answers.GARBAGE, status=418)),
        "Enterprise Manager rejected the request (418). The server says: ",
        f"{NO_API} (418 to a logon).",
    ),
    same("502 with an endless body", gate(never_ends(BAD_GATEWAY)), TOO_LONG),
    same(
        "500 cut off",
        always(lambda: replace(answers.truncated_json(), status=500)),
        "Enterprise Manager is in trouble (500).",
    ),
    same(
        "503",
        always(lambda: answers.error_json(503, "Service unavailable")),
        "Enterprise Manager is starting, overloaded or in maintenance (503)."
        " The server says: Service unavailable.",
    ),
    same(
        "HTML with 502",
        always(lambda: answers.page(502, "Bad Gateway")),
        "A proxy in between gets no answer from Enterprise Manager (502)."
        " The server says: Bad Gateway.",
    ),
    same(
        "redirect",
        always(answers.redirect),
        "The server sends us elsewhere (https://portal.test); that was not followed.",
    ),
    same(
        "redirect to no address",
        always(lambda: Response(302, {"Location": "http://[bad"})),
        "The server sends us to an address that cannot be read (302); that was not followed.",
    ),
    Row(
        "wrong password",
        always(lambda: answers.error_json(401, "Unauthorized")),
        logging_on="User or password is wrong. The server says: Unauthorized."
        r" Users are written DOMAIN\user or user@domain.",
    ),
]

BODIES = [
    Row(
        "HTML with 200",
        always(lambda: answers.page(200, "Corporate proxy")),
        "A web page came instead of data (“Corporate proxy”).",
        ACCEPTED,
    ),
    Row("empty body", always(lambda: answers.EMPTY), "The server's answer is empty.", ACCEPTED),
    Row(
        "truncated JSON",
        always(answers.truncated_json),
        "The server's answer is damaged JSON (line 1:",
        ACCEPTED,
    ),
    Row(
        "truncated XML",
        always(answers.truncated_xml),
        "The server's answer is damaged XML (line 1:",
        ACCEPTED,
    ),
    Row(
        "garbage",
        always(lambda: answers.GARBAGE),
        "The server's answer is neither JSON nor XML.",
        ACCEPTED,
    ),
    Row(
        "a list instead of an object",
        always(lambda: answers.A_LIST),
        "The server answered with something else than a CloudFailoverSession.",
        ACCEPTED,
    ),
    Row(
        "an object of something else",
        always(answers.other_state),
        "The server's answer does not say which resource it is.",
        ACCEPTED,
    ),
    Row(
        "another session's answer",
        on_get(other_session),
        "The server answered with another CloudFailoverSession than the one asked for",
    ),
    Row(
        "the list instead of the session",
        on_get(list_of_sessions),
        "The server's answer does not say which resource it is.",
    ),
    same("endless", gate(never_ends(HEAD + b"\r\n")), TOO_LONG),
    same("gzip bomb", always(answers.bomb), TOO_LONG),
    same(
        "gzip cut",
        always(answers.cut_gzip),
        "The server's answer is damaged: it could not be decompressed.",
    ),
    same(
        "gzip and more",
        always(answers.gzip_and_more),
        "The server's answer is damaged: it could not be decompressed.",
    ),
    Row("logon without token", always(answers.without_token), logging_on=ACCEPTED),
]

ROWS = NETWORK + REFUSALS + BODIES
