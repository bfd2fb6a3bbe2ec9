"""The forms in which a fingerprint is given, each in every place that takes one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli.option_types import FingerprintType
from tui.enterprise_manager.trust import ServerTrust
from tui.errors import CertificateUnknown, InvalidInput, ServerCertificate
from tui.fingerprints import parse_fingerprint
from tui.presentation.certificate_lines import certificate_lines
from tui.settings.file import find_problems
from tui.settings.model import SettingsTable

PLAIN = "00ff" + "a1b2" * 15
PAIRS = [PLAIN[i : i + 2] for i in range(0, 64, 2)]
FORMS = [
    PLAIN,
    PLAIN.upper(),
    ":".join(PAIRS).upper(),
    "-".join(PAIRS),
    "\N{EN DASH}".join(PAIRS),
    " ".join(PAIRS),
    f"sha256 Fingerprint={':'.join(PAIRS).upper()}",
    f"SHA256 Fingerprint={':'.join(PAIRS).upper()}\n",
    f"SHA256:{PLAIN}",
    f"SHA-256: {PLAIN}",
    f"sha-256 {PLAIN}",
    f"\N{LEFT-TO-RIGHT MARK}{' '.join(PAIRS)}",
    f"  {PLAIN[:32]}\n  {PLAIN[32:]}\n",
]
NONE = ["", "   ", "a1" * 31, PLAIN + "a", "g" + PLAIN[1:], "SHA1:" + PLAIN, "１" * 64, "x" * 9999]
WEAK = ["a1" * 20, ":".join(["A1"] * 20), f"SHA1 Fingerprint={':'.join(['A1'] * 20)}"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_in_every_place(form: str) -> None:
    assert parse_fingerprint(form) == PLAIN
    assert FingerprintType().convert(form, None, None) == PLAIN
    assert ServerTrust(fingerprint=form).fingerprint == PLAIN
    written = form.replace("\n", "\\n")
    table = find_problems(Path("c.toml"), f'[profiles.a]\nfingerprint = "{written}"')
    assert isinstance(table, SettingsTable)
    assert table.profiles["a"].fingerprint == PLAIN


def test_what_the_dialog_shows_can_be_pasted(certificate: ServerCertificate) -> None:
    lines = certificate_lines(CertificateUnknown("Nobody vouches for it.", None, certificate), 76)
    first = next(n for n, line in enumerate(lines) if line.startswith("SHA-256"))
    assert parse_fingerprint("\n".join(lines[first : first + 2])) == PLAIN


@pytest.fixture
def certificate() -> ServerCertificate:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return ServerCertificate("em01", 9398, "CN=em01", "CN=em01", day, day, PLAIN, "")


@pytest.mark.parametrize("text", NONE)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_fingerprint(text)
    assert caught.value.full_text == (
        "That is not a SHA-256 fingerprint. It is 64 hex digits, with or without colons."
    )


@pytest.mark.parametrize("text", WEAK)
def test_a_sha1_thumbprint_gets_its_own_sentence_in_every_place(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_fingerprint(text)
    sentence = refused.value.full_text
    assert "40 digits: a SHA-1 thumbprint" in sentence
    with pytest.raises(click.BadParameter) as flag:
        FingerprintType().convert(text, None, None)
    assert flag.value.message == sentence
    assert find_problems(Path("c.toml"), f'[profiles.a]\nfingerprint = "{text}"') == [
        f"c.toml, line 2: 'fingerprint' in [profiles.a] cannot be used. {sentence}"
    ]


@given(st.binary(min_size=32, max_size=32), st.sampled_from([":", "-", " ", "", "\t", "\n"]))
def test_any_separator_any_case(digest: bytes, between: str) -> None:
    pairs = [f"{byte:02x}" for byte in digest]
    assert parse_fingerprint(between.join(pairs).upper()) == digest.hex()


@given(st.text(st.sampled_from("0aFf:- \n\u200eg"), min_size=60, max_size=140))
def test_nothing_but_64_digits_is_taken(text: str) -> None:
    digits = re.sub("[^0-9a-fA-F]", "", text).lower()
    if len(digits) == 64 and "g" not in text:
        assert parse_fingerprint(text) == digits
    else:
        with pytest.raises(InvalidInput):
            parse_fingerprint(text)
