from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import CertificateChanged, CertificateUnknown, ServerCertificate
from tui.fingerprints import parse_fingerprint
from tui.presentation.certificate_lines import certificate_lines, changed_lines
from tui.presentation.text import cells

SHOWN, KNOWN = "0123456789abcdef" * 4, "fedcba9876543210" * 4
CERTIFICATE = ServerCertificate(
    "a-rather-long-name.of.some.provider.example",
    9398,
    "CN=\x1b[2Jvbem01",
    "CN=Veeam, O=" + "long " * 20,
    datetime(2025, 1, 2, tzinfo=UTC),
    datetime(2035, 1, 2, tzinfo=UTC),
    SHOWN,
    "",
)


@given(st.integers(30, 100))
def test_nothing_is_cut_at_any_width(width: int) -> None:
    lines = certificate_lines(CertificateUnknown("Nobody vouches.", None, CERTIFICATE), width)
    assert all(cells(line) <= width for line in lines)
    assert all("\x1b" not in line for line in lines)
    first = next(at for at, line in enumerate(lines) if line.startswith("SHA-256"))
    assert parse_fingerprint("\n".join(lines[first:])) == SHOWN
    assert "".join(" ".join(lines).split()).count("long") == 21


@pytest.mark.parametrize("width", [30, 36, 60, 100])
def test_both_fingerprints_break_at_the_same_places(width: int) -> None:
    error = CertificateChanged("It changed.", "Forget the old one.", CERTIFICATE, KNOWN)
    lines = changed_lines(error, width)
    known = next(at for at, line in enumerate(lines) if line.startswith("Trusted"))
    shown = next(at for at, line in enumerate(lines) if line.startswith("Shown"))
    count = shown - known
    pairs = zip(lines[known:shown], lines[shown : shown + count], strict=True)
    assert [len(one) for one, _ in pairs] == [len(line) for line in lines[shown : shown + count]]
    assert "Forget the old one." in " ".join(lines)
