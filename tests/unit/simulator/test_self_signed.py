"""The certificate of a rehearsal: made twice over, shown as unknown, gone afterwards."""

from __future__ import annotations

import hashlib
import http.client
import shutil
import ssl
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.simulated import serve
from tui.simulator import build_service, self_signed

Maker = Callable[[list[str], Path, Path], None]


@pytest.fixture(params=["library", "program"])
def maker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "program":
        if shutil.which("openssl") is None:
            pytest.skip("no openssl program here, so that its way was not tried")
        monkeypatch.setattr(self_signed, "find_spec", lambda _: None)
    return str(request.param)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "em-drill.example"])
def test_a_server_with_it_is_reached_by_every_name_of_this_computer(maker: str, host: str) -> None:
    with self_signed.self_signed(host) as made:
        assert stat.S_IMODE(made.cert.parent.stat().st_mode) == 0o700
        trust = ssl.create_default_context(cafile=str(made.cert))
        trust.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_STRICT
        with serve(build_service(), cert=made.cert, key=made.key) as serving:
            connection = http.client.HTTPSConnection(
                "127.0.0.1", serving.port, context=trust, timeout=10
            )
            connection.request("GET", "/api/")
            assert connection.getresponse().status == 200
            assert connection.sock is not None
            der = connection.sock.getpeercert(binary_form=True)
            connection.close()
    assert der is not None
    assert ssl.DER_cert_to_PEM_cert(der)
    assert hashlib.sha256(der).hexdigest() == made.fingerprint
    assert not made.key.exists()
    assert not made.cert.parent.exists()


def test_each_one_is_another(maker: str) -> None:
    with self_signed.self_signed("a") as one, self_signed.self_signed("a") as other:
        assert one.fingerprint != other.fingerprint


def test_without_library_and_program_it_is_said_what_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(self_signed, "find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    making = self_signed.self_signed("a")
    with pytest.raises(self_signed.NoCertificate, match=r"openssl program.*--tls-cert"):
        making.__enter__()


def test_what_the_program_complains_of_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_signed, "find_spec", lambda _: None)
    failed = subprocess.CompletedProcess([], 1, "", "first\nno such curve\n")
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/openssl")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: failed)
    making = self_signed.self_signed("a")
    with pytest.raises(self_signed.NoCertificate, match=r"no such curve"):
        making.__enter__()
