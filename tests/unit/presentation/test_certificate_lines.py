from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import CertificateChanged, CertificateUnknown, ServerCertificate
from tui.fingerprints import parse_fingerprint
from tui.presentation.certificate_lines import (
    certificate_lines,
    certificate_sentences,
    changed_lines,
)
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


def test_what_a_person_compares_stands_beside_its_label() -> None:
    plain = replace(CERTIFICATE, host="em01", subject="CN=em01", issuer="CN=us")
    lines = certificate_lines(CertificateUnknown("Nobody vouches.", None, plain), 80)
    assert lines[0] == "UNKNOWN CERTIFICATE"
    assert lines[2] == "Nobody vouches."
    assert lines[-7:] == [
        "Server    em01:9398",
        "Subject   CN=em01",
        "Issuer    CN=us",
        "Valid     2025-01-02 00:00:00 UTC",
        "   to     2035-01-02 00:00:00 UTC",
        "SHA-256   0123 4567 89ab cdef 0123 4567 89ab cdef",
        "          0123 4567 89ab cdef 0123 4567 89ab cdef",
    ]


@pytest.mark.parametrize(
    ("width", "groups"),
    [(49, 8), (48, 4), (29, 4), (28, 2), (19, 2), (18, 1)],
)
def test_a_fingerprint_has_as_many_groups_a_line_as_there_is_room_for(
    width: int, groups: int
) -> None:
    error = CertificateChanged("It changed.", None, CERTIFICATE, KNOWN)
    lines = changed_lines(error, width)
    first = next(line for line in lines if line.startswith("Trusted"))
    assert len(first.split()) - 1 == groups
    assert len(first) <= width


def test_for_who_reads_lines_it_says_how_to_trust_exactly_this_one() -> None:
    what, how = certificate_sentences(CertificateUnknown("Nobody.", None, CERTIFICATE))
    assert what.isprintable()
    assert "valid 2025-01-02T00:00:00Z to 2035-01-02T00:00:00Z" in what
    assert f"--trust-fingerprint {SHOWN}" in how
