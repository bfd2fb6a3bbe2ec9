"""Whom the client believes, on real TLS connections."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support import bodies
from tests.support.certificates import DAY, NOW, Issued, issue, named
from tests.support.fake_server import (
    CREDENTIALS,
    FakeServer,
    http,
    proper,
    serving,
    session_body,
)
from tests.support.listening import listening, tunnels_to
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.client import EnterpriseManager
from tui.enterprise_manager.known_servers import KnownServers
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import (
    CertificateChanged,
    CertificateUnknown,
    TlsTrouble,
)

EM01 = ServerAddress("https", "em01")


@pytest.fixture(scope="module")
def own() -> Issued:
    """Self-signed, as Enterprise Manager's is by default."""
    return issue(named("em01.harbour.example"))


@pytest.fixture(scope="module")
def authority() -> Issued:
    return issue(named("Harbour CA"), authority=True)


@asynccontextmanager
async def manager(shown: Issued, folder: Path) -> AsyncIterator[FakeServer]:
    async with serving(proper(http(200, session_body())), shown.context(folder)) as server:
        yield server


async def reads(server: FakeServer, trust: ServerTrust | None) -> bool:
    """Whether the session can be read; errors pass."""
    client = EnterpriseManager(server.address, CREDENTIALS, trust=trust)
    try:
        return bool((await client.failover_session(bodies.SESSION_ID)).session.tasks)
    finally:
        await client.aclose()


async def test_an_unknown_certificate_stops_before_anything_is_sent(
    own: Issued, tmp_path: Path
) -> None:
    async with manager(own, tmp_path) as server:
        with pytest.raises(CertificateUnknown) as caught:
            await reads(server, None)
        assert server.requests == []
    certificate = caught.value.certificate
    assert certificate.fingerprint == own.fingerprint
    assert certificate.subject == "CN=em01.harbour.example, O=Harbour Ltd"
    assert certificate.issuer == certificate.subject
    assert (certificate.not_before, certificate.not_after) == (NOW - DAY, NOW + 30 * DAY)
    assert (certificate.host, certificate.port) == ("127.0.0.1", server.port)
    assert "self-signed" in caught.value.sentence
    assert own.fingerprint in caught.value.full_text


async def test_accepting_pins_it_for_this_host_and_port(own: Issued, tmp_path: Path) -> None:
    known = KnownServers(tmp_path / "deep" / "known.json")
    trust = ServerTrust(known_servers=known)
    async with manager(own, tmp_path) as server:
        client = EnterpriseManager(server.address, CREDENTIALS, trust=trust)
        with pytest.raises(CertificateUnknown) as caught:
            await client.log_on()
        known.add(caught.value.certificate)
        await client.log_on()
        await client.aclose()
        async with manager(own, tmp_path) as elsewhere:
            with pytest.raises(CertificateUnknown):
                await reads(elsewhere, trust)


async def test_a_changed_certificate_is_refused_with_both_fingerprints(
    own: Issued, tmp_path: Path
) -> None:
    known = KnownServers(tmp_path / "known.json")
    new = issue(named("em01.harbour.example"))
    async with manager(new, tmp_path) as server:
        known.add(describe(own.der, server.address))
        with pytest.raises(CertificateChanged) as caught:
            await reads(server, ServerTrust(known_servers=known))
        assert server.requests == []
        assert caught.value.certificate.fingerprint == new.fingerprint
        assert caught.value.known_fingerprint == own.fingerprint
        assert own.fingerprint in caught.value.sentence
        assert new.fingerprint in caught.value.sentence
        assert f"trust remove 127.0.0.1:{server.port}" in caught.value.full_text
        assert known.remove(server.address)
        known.add(caught.value.certificate)
        assert await reads(server, ServerTrust(known_servers=known))


async def test_a_change_while_the_monitor_runs_is_noticed(own: Issued, tmp_path: Path) -> None:
    known = KnownServers(tmp_path / "known.json")
    shown = own.context(tmp_path)
    async with serving(proper(http(200, session_body())), shown) as server:
        known.add(describe(own.der, server.address))
        client = EnterpriseManager(
            server.address, CREDENTIALS, trust=ServerTrust(known_servers=known)
        )
        await client.failover_session(bodies.SESSION_ID)
        other = issue(named("intruder"))
        other.context(tmp_path)
        shown.load_cert_chain(tmp_path / f"{other.fingerprint[:12]}.pem")
        sent = len(server.requests)
        await client._transport.aclose()
        with pytest.raises(CertificateChanged):
            await client.failover_session(bodies.SESSION_ID)
        assert len(server.requests) == sent
        await client.aclose()


async def test_a_certificate_signed_by_the_pinned_one_is_not_the_pinned_one(
    tmp_path: Path,
) -> None:
    pinned = issue(named("em01"), authority=True)
    signed = issue(named("em01"), by=pinned)
    known = KnownServers(tmp_path / "known.json")
    async with manager(signed, tmp_path) as server:
        known.add(describe(pinned.der, server.address))
        with pytest.raises(CertificateChanged) as caught:
            await reads(server, ServerTrust(known_servers=known))
        assert caught.value.certificate.fingerprint == signed.fingerprint
        assert server.requests == []


async def test_a_pinned_certificate_may_be_expired_and_for_another_host(tmp_path: Path) -> None:
    expired = issue(named("x"), hosts=("192.0.2.1",), begins=NOW - 9 * DAY, ends=NOW - DAY)
    async with manager(expired, tmp_path) as server:
        with pytest.raises(CertificateUnknown):
            await reads(server, None)
        assert await reads(server, ServerTrust(fingerprint=expired.fingerprint))


async def test_a_ca_file(own: Issued, authority: Issued, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text(authority.pem)
    trust = ServerTrust(ca_file=ca_file)
    # Without the identifier of its issuer's key, as private authorities sign: on each Python.
    async with manager(issue(named("em01"), by=authority), tmp_path) as server:
        assert await reads(server, trust)
    between = issue(named("Between"), by=authority, authority=True)
    ca_file.write_text(between.pem)
    async with manager(issue(named("em01"), by=between), tmp_path) as server:
        assert await reads(server, ServerTrust(ca_file=ca_file))
    ca_file.write_text(authority.pem)
    for shown, words in (
        (own, "it is self-signed"),
        (
            issue(named("em01"), by=issue(named("Pirates"), authority=True)),
            "its issuer is not known",
        ),
        (issue(named("em01"), by=authority, hosts=("192.0.2.1",)), "mismatch"),
        (issue(named("em01"), by=authority, begins=NOW - 9 * DAY, ends=NOW - DAY), "expired"),
    ):
        async with manager(shown, tmp_path) as server:
            with pytest.raises(CertificateUnknown, match=words):
                await reads(server, trust)
            assert server.requests == []


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
async def test_an_unusable_ca_file_is_named(content: bytes | None, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)
    client = EnterpriseManager(EM01, CREDENTIALS, trust=ServerTrust(ca_file=ca_file))
    with pytest.raises(TlsTrouble, match=r"ca\.pem cannot be used"):
        await client.log_on()
    await client.aclose()


async def test_a_fingerprint_given_by_the_user(own: Issued, tmp_path: Path) -> None:
    colons = ":".join(own.fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    async with manager(own, tmp_path) as server:
        assert await reads(server, ServerTrust(fingerprint=colons))
        sent = len(server.requests)
        with pytest.raises(CertificateChanged) as caught:
            await reads(server, ServerTrust(fingerprint="0" * 64))
        assert caught.value.known_fingerprint == "0" * 64
        assert len(server.requests) == sent


async def test_another_certificate_between_look_and_logon_gets_no_password(
    own: Issued, tmp_path: Path
) -> None:
    """The fingerprint is right when looked at, the next connection goes to another server."""
    intruder = issue(named("em01.harbour.example"))
    shown = own.context(tmp_path)
    async with serving(proper(http(200, session_body())), shown) as server:
        trust = ServerTrust(fingerprint=own.fingerprint)
        connection = await trust.connection(server.address)
        intruder.context(tmp_path)
        shown.load_cert_chain(tmp_path / f"{intruder.fingerprint[:12]}.pem")
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", server.port, ssl=connection.context)
        assert server.requests == []


async def test_through_a_proxy_the_servers_certificate_counts(own: Issued, tmp_path: Path) -> None:
    async with (
        manager(own, tmp_path) as server,
        listening(tunnels_to(server.port)) as through,
    ):
        proxy = f"http://127.0.0.1:{through.port}"
        target = ServerAddress("https", "em01.invalid", 443)
        client = EnterpriseManager(target, CREDENTIALS, proxy=proxy)
        with pytest.raises(CertificateUnknown) as caught:
            await client.log_on()
        assert caught.value.certificate.fingerprint == own.fingerprint
        assert server.requests == []
        await client.aclose()
        trusting = ServerTrust(fingerprint=own.fingerprint)
        client = EnterpriseManager(target, CREDENTIALS, trust=trusting, proxy=proxy)
        assert (await client.failover_session(bodies.SESSION_ID)).session.tasks
        await client.aclose()
        assert server.paths("DELETE")
