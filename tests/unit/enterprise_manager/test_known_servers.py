"""The file of known servers, and reading certificates."""

from __future__ import annotations

import base64
import json
import os
import resource
import stat
import subprocess
import sys
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
    assert known.find("em01", 9398) == (None, "")
    assert not known.remove(EM01)
    certificate = describe(own.der, EM01)
    known.add(certificate)
    known.add(describe(own.der, ServerAddress("https", "fe80::1", 443)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.label for entry in known.entries()] == ["[fe80::1]:443", "em01:9398"]
    again, doubt = KnownServers(path).find("EM01", 9398)
    assert again is not None
    assert doubt == ""
    assert (again.fingerprint, again.subject) == (own.fingerprint, certificate.subject)
    assert again.pem == certificate.pem
    assert known.remove(EM01)
    assert [entry.host for entry in known.entries()] == ["fe80::1"]
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        ".known.json.lock",
        "known.json",
    ]


DAMAGED = ("", "{", "[]", '{"servers": 5}', "[" * 100_000, "\x00" * 50, '{"servers"')


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_not_taken_for_an_empty_one_and_locks_nobody_out(
    own: Issued, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "known.json"
    path.write_text(content)
    known = KnownServers(path)
    for use in (known.entries, lambda: known.remove(EM01)):
        with pytest.raises(InvalidSettings, match="cannot be read"):
            use()
    assert path.read_text() == content
    found, doubt = known.find("em01", 9398)
    assert found is None
    assert "cannot be read: its content is damaged" in doubt
    assert known.accept(describe(own.der, EM01)) is None, "kept, and the damaged one put aside"
    assert [entry.label for entry in KnownServers(path).entries()] == ["em01:9398"]
    (aside,) = path.parent.glob("known.json.damaged-*")
    assert aside.read_text() == content


@pytest.mark.parametrize(
    "bad", [{}, None, 5, "x", {"pem": ""}, {"pem": "x", "fingerprint": "y"}, [1], {"new": True}]
)
def test_one_bad_entry_concerns_its_own_server_only(
    own: Issued, tmp_path: Path, bad: object
) -> None:
    path = tmp_path / "known.json"
    KnownServers(path).add(describe(own.der, EM01))
    document = json.loads(path.read_text())
    document["servers"]["other:9398"] = bad
    path.write_text(json.dumps(document))
    known = KnownServers(path)
    assert [entry.label for entry in known.entries()] == ["em01:9398"]
    assert known.damaged() == ("other:9398",)
    assert known.find("em01", 9398)[0] is not None
    found, doubt = known.find("other", 9398)
    assert found is None
    assert "damaged" in doubt
    known.add(describe(own.der, ServerAddress("https", "third")))
    assert json.loads(path.read_text())["servers"]["other:9398"] == bad, "it stays as it is"
    assert known.remove(ServerAddress("https", "other"))
    assert known.damaged() == ()


def test_a_certificate_and_a_fingerprint_that_differ_are_no_pin(
    own: Issued, tmp_path: Path
) -> None:
    path = tmp_path / "known.json"
    KnownServers(path).add(describe(own.der, EM01))
    swapped = json.loads(path.read_text())
    swapped["servers"]["em01:9398"]["fingerprint"] = "0" * 64
    path.write_text(json.dumps(swapped))
    assert KnownServers(path).find("em01", 9398)[0] is None


@pytest.mark.parametrize("version", [2, 99, "1", None, [1]])
def test_the_file_of_a_newer_version_is_left_alone(
    own: Issued, tmp_path: Path, version: object
) -> None:
    path = tmp_path / "known.json"
    path.write_text(json.dumps({"format": version, "servers": {}}))
    before = path.read_text()
    known = KnownServers(path)
    notice = known.accept(describe(own.der, EM01))
    assert notice is not None
    assert "format" in notice
    assert path.read_text() == before
    assert known.find("em01", 9398)[0] is not None, "for this run"
    assert KnownServers(path).find("em01", 9398)[0] is None


def test_what_cannot_be_kept_holds_for_this_run(own: Issued, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    known = KnownServers(tmp_path / "file" / "known.json")
    notice = known.accept(describe(own.der, EM01))
    assert notice is not None
    assert notice.startswith("Trusted for this run only: The file of known servers ")
    assert f"--trust-fingerprint {own.fingerprint}" in notice
    found, doubt = known.find("em01", 9398)
    assert found is not None
    assert (found.fingerprint, doubt) == (own.fingerprint, "")


def test_a_disk_that_is_full(own: Issued, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    known = KnownServers(path)
    known.add(describe(own.der, ServerAddress("https", "other")))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        notice = known.accept(describe(own.der, EM01))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert notice is not None
    assert [entry.label for entry in KnownServers(path).entries()] == ["other:9398"]
    assert known.find("em01", 9398)[0] is not None
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".known.json.") and
                not each.name.endswith(".lock")]  # fmt: skip


def test_a_link_stays_a_link(own: Issued, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "known"
    real.parent.mkdir()
    link = tmp_path / "state" / "known.json"
    link.parent.mkdir()
    link.symlink_to(real)
    KnownServers(link).add(describe(own.der, EM01))
    assert link.is_symlink()
    assert real.is_file()
    assert KnownServers(link).find("em01", 9398)[0] is not None
    assert KnownServers(link).remove(EM01)
    assert link.is_symlink()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_folders_are_for_their_owner_whatever_the_umask(
    own: Issued, tmp_path: Path, umask: int
) -> None:
    path = tmp_path / "state" / "failover-monitor" / "known"
    before = os.umask(umask)
    try:
        KnownServers(path).add(describe(own.der, EM01))
    finally:
        os.umask(before)
    for folder in (path.parent, path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


ACCEPTING = """
import sys
from pathlib import Path
from tui.enterprise_manager.known_servers import KnownServers
from tui.enterprise_manager.address import ServerAddress
from tui.enterprise_manager.certificate import describe
known, der = KnownServers(Path(sys.argv[1])), Path(sys.argv[2]).read_bytes()
sys.stdin.read(1)
for number in range(8):
    known.add(describe(der, ServerAddress("https", f"{sys.argv[3]}-{number}")))
"""


def test_acceptances_at_once_lose_nothing(own: Issued, tmp_path: Path) -> None:
    path, der = tmp_path / "known", tmp_path / "der"
    der.write_bytes(own.der)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ACCEPTING, str(path), str(der), f"em{number}"],
            stdin=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        for number in range(4)
    ]
    for process in processes:
        process.communicate(b".", timeout=60)
    assert [process.returncode for process in processes] == [0] * 4
    assert len(KnownServers(path).entries()) == 32


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
