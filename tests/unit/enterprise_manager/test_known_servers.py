"""The file of known servers, and reading certificates."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.support.certificates import Issued, issue, named
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import describe
from tui.enterprise_manager.known_servers import KnownServers
from tui.errors import (
    InvalidSettings,
    ServerCertificate,
    TlsTrouble,
)

EM01 = ServerAddress("https", "em01")


@pytest.fixture(scope="module")
def own() -> Issued:
    return issue(named("em01.harbour.example"))


def test_the_file_of_known_servers(own: Issued, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "known.json"
    known = KnownServers(path)
    assert known.entries() == ()
    assert known.find("em01", 9398) is None
    assert not known.remove(EM01)
    certificate = describe(own.der, EM01)
    known.add(certificate)
    known.add(describe(own.der, ServerAddress("https", "fe80::1", 443)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.label for entry in known.entries()] == ["[fe80::1]:443", "em01:9398"]
    again = KnownServers(path).find("EM01", 9398)
    assert again is not None
    assert (again.fingerprint, again.subject) == (own.fingerprint, certificate.subject)
    assert again.pem == certificate.pem
    assert known.remove(EM01)
    assert [entry.host for entry in known.entries()] == ["fe80::1"]
    assert [entry.name for entry in path.parent.iterdir()] == ["known.json"]


def test_a_damaged_file_of_known_servers_is_not_taken_for_an_empty_one(
    own: Issued, tmp_path: Path
) -> None:
    path = tmp_path / "known.json"
    KnownServers(path).add(describe(own.der, EM01))
    good = json.loads(path.read_text())
    swapped = json.loads(path.read_text())
    swapped["servers"]["em01:9398"]["fingerprint"] = "0" * 64
    for content in ("", "{", "[]", '{"servers": 5}', '{"servers": {"em01:9398": {}}}',
                    json.dumps(swapped), "[" * 100_000):  # fmt: skip
        path.write_text(content)
        for use in (KnownServers(path).entries, lambda: KnownServers(path).remove(EM01)):
            with pytest.raises(InvalidSettings, match="cannot be read"):
                use()
        assert path.read_text() == content
    path.write_text(json.dumps(good))
    assert KnownServers(path).entries()


def test_a_file_that_cannot_be_written_is_named(own: Issued, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InvalidSettings):
        KnownServers(tmp_path / "file" / "known.json").add(describe(own.der, EM01))


def described(certificate: Issued) -> ServerCertificate:
    return describe(certificate.der, EM01)


def test_names_in_every_alphabet_and_none() -> None:
    assert described(issue(x509.Name([]))).subject == "(empty)"
    assert described(issue(named("höst-геслó"))).subject == "CN=höst-геслó, O=Harbour Ltd"
    hostile = described(issue(named("a\x1b[2J\nb", "x" * 64))).subject
    assert hostile.isprintable()
    odd = x509.Name([x509.NameAttribute(NameOID.PSEUDONYM, "nick")])
    assert described(issue(odd)).subject == "550441=nick"


def test_dates_after_2050() -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert described(issue(named("x"), ends=late)).not_after == late


@given(st.binary(max_size=300))
def test_damaged_certificates_are_refused(data: bytes) -> None:
    with pytest.raises(TlsTrouble):
        describe(data, EM01)


@given(st.data())
def test_certificates_damaged_anywhere_are_read_or_refused(data: st.DataObject) -> None:
    der = bytearray(base64.b64decode(SAMPLE))
    position = data.draw(st.integers(0, len(der) - 1))
    der[position] = data.draw(st.integers(0, 255))
    try:
        certificate = describe(bytes(der[: data.draw(st.integers(1, len(der)))]), EM01)
    except TlsTrouble:
        return
    assert certificate.subject.isprintable()


SAMPLE = base64.b64encode(issue(named("em01")).der)
