"""What a failed exchange is called, in whole sentences: the cause, and what to do about it."""

from __future__ import annotations

import errno
import socket
import ssl
import zlib

import httpx
import pytest

from tui import masking
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.failures import (
    AtProxy,
    BodyTimeout,
    HandshakeTimeout,
    explained,
    foreign_encoding,
    too_large,
)
from tui.enterprise_manager.proxies import Proxy
from tui.enterprise_manager.way import is_link_local, port_hint
from tui.errors import (
    AnswerTooLarge,
    ConnectionLost,
    ConnectionRefused,
    ConnectionTrouble,
    FailoverMonitorError,
    NameNotFound,
    NotEnterpriseManager,
    NotFound,
    ProxyTrouble,
    TimedOut,
    TlsTrouble,
    Unreachable,
    UnreadableAnswer,
)
from tui.secret import SecretStr

SERVER = ServerAddress("https", "em01", 9398)
PLAIN = ServerAddress("http", "em01", 9398)
PROXY = Proxy(SecretStr("http://proxy:8080"), "the proxy http://proxy:8080")
OF_ALL = Proxy(SecretStr("http://proxy:8080"), "the proxy of HTTPS_PROXY", given=False)
RESTARTING = "Enterprise Manager may be restarting."


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def caused(cause: Exception) -> Exception:
    """As the HTTP library raises it: the cause is behind its own error."""
    outer = httpx.ConnectError("failed")
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize(
    ("failure", "kind", "sentence", "remedy"),
    [
        (
            caused(ConnectionRefusedError()),
            ConnectionRefused,
            "em01 refused the connection: nothing listens on port 9398.",
            "The service Veeam Backup Enterprise Manager may be stopped.",
        ),
        (
            caused(ConnectionResetError()),
            ConnectionLost,
            "The connection to em01 ended before the answer did.",
            RESTARTING,
        ),
        (caused(TimeoutError()), TimedOut, "em01 does not answer.", None),
        (
            caused(OSError(errno.EHOSTUNREACH, "")),
            Unreachable,
            "There is no way to em01 from here.",
            "Check network, VPN and routing.",
        ),
        (
            caused(OSError(errno.EMFILE, "")),
            ConnectionTrouble,
            "This computer has no file descriptors left for a connection.",
            None,
        ),
        (
            caused(socket.gaierror(socket.EAI_NONAME, "")),
            NameNotFound,
            "The name em01 was not found.",
            "Check the spelling, or give an IP address.",
        ),
        (
            caused(socket.gaierror(socket.EAI_AGAIN, "")),
            NameNotFound,
            "The name em01 could not be looked up: the name server does not answer.",
            "The network or its DNS may be down; an IP address would work without it.",
        ),
        (
            httpx.ConnectTimeout(""),
            TimedOut,
            "em01 did not accept the connection in time (15 s).",
            "A firewall in between, a silent name server or a wrong address would explain it.",
        ),
        (
            httpx.ReadTimeout(""),
            TimedOut,
            "em01 took the request but did not answer in time (15 s).",
            None,
        ),
        (
            BodyTimeout(""),
            TimedOut,
            "em01 began its answer but did not finish it in time (15 s).",
            None,
        ),
        (
            httpx.WriteTimeout(""),
            TimedOut,
            "em01 did not take the request in time (15 s).",
            None,
        ),
        (TimeoutError(), TimedOut, "em01 did not finish its answer in time (15 s).", None),
        (
            httpx.PoolTimeout(""),
            TimedOut,
            "No connection to em01 became free in time.",
            "Earlier requests still wait for their answers.",
        ),
        (
            HandshakeTimeout(""),
            TimedOut,
            "TLS: em01 does not answer the handshake (15 s).",
            "The port is open: the service may hang and need a restart, or a firewall drops TLS.",
        ),
        (
            caused(tls("UNEXPECTED_EOF_WHILE_READING")),
            ConnectionLost,
            "em01 ended the connection during the TLS handshake or the answer.",
            RESTARTING,
        ),
        (
            caused(tls("WRONG_VERSION_NUMBER")),
            TlsTrouble,
            "em01 does not speak TLS on this port.",
            "If it offers plain http, write that out: http://em01:9398; the password then travels"
            " unencrypted.",
        ),
        (
            caused(tls("TLSV1_ALERT_PROTOCOL_VERSION")),
            TlsTrouble,
            "em01 and this computer share no TLS version or cipher (tlsv1 alert protocol version).",
            "Very old servers offer only TLS 1.0; enable TLS 1.2 on the server.",
        ),
        (
            caused(tls("")),
            TlsTrouble,
            "The TLS connection to em01 failed (no reason given).",
            None,
        ),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            ConnectionLost,
            "The connection to em01 ended before the answer did.",
            RESTARTING,
        ),
        (
            httpx.RemoteProtocolError("illegal status line"),
            NotEnterpriseManager,
            "What listens at em01 does not speak HTTP.",
            "Check host and port.",
        ),
        (
            zlib.error(),
            UnreadableAnswer,
            "The server's answer is damaged: it could not be decompressed.",
            "It may have been cut off on the way; trying again may help.",
        ),
        (
            httpx.InvalidURL(""),
            NameNotFound,
            "em01 is not a possible host name.",
            "Check the spelling.",
        ),
        (
            httpx.TooManyRedirects(""),
            ConnectionTrouble,
            "Talking to em01 failed (TooManyRedirects).",
            None,
        ),
    ],
)
def test_each_failure_has_its_sentence_and_its_remedy(
    failure: Exception, kind: type[FailoverMonitorError], sentence: str, remedy: str | None
) -> None:
    found = explained(failure, SERVER, 15.0)
    assert type(found) is kind
    assert (found.sentence, found.remedy) == (sentence, remedy)


def test_what_is_explained_already_stays_as_it_is() -> None:
    error = NotFound("No such session.")
    assert explained(error, SERVER, 15.0) is error


def test_a_cause_is_found_behind_groups_and_rings_of_causes() -> None:
    inner = ConnectionRefusedError()
    ring = httpx.ConnectError("")
    group = ExceptionGroup("", [ring, inner])
    ring.__context__ = group
    assert type(explained(caused(group), SERVER, 15.0)) is ConnectionRefused


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (httpx.ConnectTimeout(""), "does not answer (15 s)"),
        (caused(ConnectionRefusedError()), "refused the connection: nothing listens there"),
        (caused(socket.gaierror()), "was not found by its name"),
        (caused(tls("WRONG_VERSION_NUMBER")),
         "could not be spoken to over TLS (wrong version number)"),
        (caused(OSError(errno.ENETUNREACH, "")), "cannot be reached from here"),
        (caused(ConnectionResetError()), "ended the connection"),
        (httpx.ReadError(""), "ended the connection"),
    ],
)  # fmt: skip
def test_trouble_with_the_proxy_is_not_laid_at_the_servers_door(
    failure: Exception, sentence: str
) -> None:
    found = explained(AtProxy(failure), SERVER, 15.0, PROXY)
    assert type(found) is ProxyTrouble
    assert found.sentence == (f"The proxy http://proxy:8080 {sentence}; em01 was not asked.")
    assert found.remedy == "Check --proxy, or the proxy of the profile."
    nameless = explained(AtProxy(failure), SERVER, 15.0)
    assert nameless.sentence == f"The proxy {sentence}; em01 was not asked."


def test_a_proxy_of_all_programs_can_be_gone_around() -> None:
    found = explained(AtProxy(httpx.ReadError("")), SERVER, 15.0, OF_ALL)
    assert found.remedy == "Check it, or set NO_PROXY=em01 to go around it."


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("407 Proxy Authentication Required", "The proxy wants a user name and password."),
        ("403 Forbidden", "The proxy refused to connect (403 Forbidden)."),
    ],
)
def test_a_proxy_that_refuses_is_quoted(said: str, sentence: str) -> None:
    for failure in (httpx.ProxyError(said), AtProxy(httpx.ProxyError(said))):
        found = explained(failure, SERVER, 15.0, PROXY)
        assert (type(found), found.sentence) == (ProxyTrouble, sentence)


def test_what_a_proxy_says_is_shown_in_part_and_without_our_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = explained(httpx.ProxyError("x" * 500 + "\x1b"), SERVER, 15.0, PROXY)
    assert found.sentence == f"The proxy refused to connect ({'x' * 100})."
    monkeypatch.setattr(masking, "_REGISTRY", masking._Registry())
    masking.register_credentials("jdoe", "Correct-Horse-9")
    # Also where it stands across the place at which the text is cut.
    for before in (0, 95):
        echoed = httpx.ProxyError("x" * before + " Correct-Horse-9 is wrong")
        text = explained(echoed, SERVER, 15.0, PROXY).full_text
        assert "Correct" not in text
        assert "Cor" not in text


def test_behind_a_proxy_either_may_be_the_one_that_hangs() -> None:
    either = "It is reached through the proxy http://proxy:8080: either may hang."
    for failure in (httpx.ConnectTimeout(""), httpx.ReadTimeout(""), HandshakeTimeout("")):
        assert explained(failure, SERVER, 15.0, PROXY).remedy == either
    lost = explained(caused(ConnectionResetError()), SERVER, 15.0, PROXY)
    assert lost.remedy == (
        "Enterprise Manager may be restarting, or the proxy http://proxy:8080 has cut it off."
    )


def test_a_server_that_never_answered_may_want_tls_and_one_that_did_does_not() -> None:
    first = explained(httpx.ReadError(""), PLAIN, 15.0)
    assert first.remedy == "The port may expect TLS: write https:// in front, or nothing."
    later = explained(httpx.ReadError(""), PLAIN, 15.0, answered=True)
    assert later.remedy == RESTARTING
    odd = ServerAddress("https", "em01", 9419)
    eof = caused(tls("EOF occurred"))
    assert "Port 9419 is the REST API" in (explained(eof, odd, 15.0).remedy or "")
    assert explained(eof, odd, 15.0, answered=True).remedy == RESTARTING


@pytest.mark.parametrize(
    ("port", "begin"),
    [
        (9398, None),
        (9419, "Port 9419 is the REST API of Veeam Backup & Replication, another product."),
        (9443, "Port 9443 is Enterprise Manager's web page."),
        (443, "Port 443 was given."),
    ],
)
def test_another_port_than_the_usual_one_is_named(port: int, begin: str | None) -> None:
    hint = port_hint(ServerAddress("https", "em01", port))
    if begin is None:
        assert hint is None
    else:
        assert hint == f"{begin} Enterprise Manager's REST API usually listens on 9398."


def test_how_plain_http_is_written_says_what_it_costs_and_what_speaks_it_here() -> None:
    wrong = caused(tls("WRONG_VERSION_NUMBER"))
    here = explained(wrong, ServerAddress("https", "127.0.0.1", 9443), 15.0).remedy or ""
    assert "http://127.0.0.1:9443" in here
    assert "the password then travels unencrypted." in here
    assert " failover-monitor simulate speaks it unless started with --tls." in here
    assert here.endswith(" Port 9443 is Enterprise Manager's web page.")


@pytest.mark.parametrize(
    ("host", "local"),
    [("fe80::1", True), ("fe80::1%eth0", True), ("2001:db8::1", False), ("em01", False)],
)
def test_which_addresses_mean_something_on_one_network_only(host: str, local: bool) -> None:
    assert is_link_local(host) is local
    found = explained(caused(OSError(errno.EINVAL, "")), ServerAddress("https", host), 15.0)
    assert (type(found) is Unreachable) is local
    if local:
        assert found.remedy == "Write the interface behind it, such as [fe80::1%eth0]."


def test_answers_that_are_too_large_or_packed_in_an_unknown_way() -> None:
    large = too_large(64 * 1024 * 1024)
    assert type(large) is AnswerTooLarge
    assert large.sentence == "The server's answer is longer than 64 MiB, so it was dropped."
    packed = foreign_encoding("br\x1b[2J, zstd" + "x" * 99)
    assert packed.sentence.isprintable()
    assert "(br2J, zstdxxx" in packed.sentence
    assert len(packed.sentence) < 110
