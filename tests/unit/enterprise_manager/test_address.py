from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.enterprise_manager.address import ServerAddress, parse_server, parse_session_id
from tui.errors import InvalidServer, InvalidSessionId

GUID = "4347c445-0a1b-4c2d-8e3f-001122334455"


@pytest.mark.parametrize(
    ("typed", "url", "label"),
    [
        ("em01", "https://em01:9398", "em01"),
        ("  EM01.example.com ", "https://em01.example.com:9398", "em01.example.com"),
        ("em01:443", "https://em01:443", "em01:443"),
        ("10.0.0.5", "https://10.0.0.5:9398", "10.0.0.5"),
        ("[::1]:9399", "https://[::1]:9399", "[::1]:9399"),
        ("[fe80::1]", "https://[fe80::1]:9398", "fe80::1"),
        ("2001:db8::7", "https://[2001:db8::7]:9398", "2001:db8::7"),
        ("https://em01:9398/api/?v=latest", "https://em01:9398", "em01"),
        ("HTTPS://em01/", "https://em01:9398", "em01"),
        ("http://em01:9399/api", "http://em01:9399", "em01:9399"),
        ("bücher.example", "https://bücher.example:9398", "bücher.example"),
        ('"em01"', "https://em01:9398", "em01"),
    ],
)
def test_a_server_is_read_in_every_form(typed: str, url: str, label: str) -> None:
    server = parse_server(typed)
    assert (server.url, server.label) == (url, label)


def test_plain_http_only_when_written_out() -> None:
    assert parse_server("http://em01").is_plain_http
    assert not parse_server("em01:80").is_plain_http


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "em 01", "em01:port", "em01:0", "em01:70000", "ftp://em01", "https://", "[::1",
     "em01:9398:1", "em\x1b[2J01",
     "em\x1b01", "em\u202e01", "https:///api", "em01\\share", "::::", "[not-v6]"],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(InvalidServer) as caught:
        parse_server(typed)
    assert caught.value.remedy
    assert caught.value.full_text.isprintable()


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidServer) as caught:
        parse_server("https://jdoe:hunter2@em01:9398/api")
    assert "hunter2" not in caught.value.full_text
    assert "jdoe" not in caught.value.full_text
    assert "user name or password" in caught.value.sentence


@given(st.text())
def test_any_text_gives_a_server_or_a_clear_refusal(typed: str) -> None:
    refused = None
    try:
        server = parse_server(typed)
    except InvalidServer as met:
        refused = met
    if refused is None:
        assert 1 <= server.port <= 65535
        assert server.url.isprintable()
        assert parse_server(server.url) == server
    else:
        assert refused.sentence.isprintable()


@pytest.mark.parametrize(
    "typed",
    [
        GUID,
        f"  {GUID}\n",
        f'"{GUID}"',
        f"{{{GUID.upper()}}}",
        f"urn:veeam:CloudFailoverSession:{GUID}",
        f"urn:veeam:CloudFailoverSession: {GUID}",
        f"URN:VEEAM:CLOUDFAILOVERSESSION:{GUID}",
        f"https://em01:9398/api/cloud/failoverSessions/{GUID}",
        f"https://em01:9398/api/cloud/failoverSessions/{GUID}?format=Entity",
        f"http://x:9399/api//cloud/failoversessions/{GUID}/?format=Entity#top",
        f"/api/backupServers/11112222-3333-4444-8555-666677778888/cloud/failoverSessions/{GUID}",
    ],
)
def test_a_session_id_is_found_in_every_form(typed: str) -> None:
    if "backupServers" in typed:
        typed = typed.replace("/api/backupServers", "/em")
    assert parse_session_id(typed) == GUID


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (f"urn:veeam:BackupServer:{GUID}", "BackupServer"),
        (f"urn:veeam:BackupServer: {GUID}", "BackupServer"),
        (f"https://em01:9398/api/cloud/vmReplicaPoints/{GUID}?format=Entity", "vmReplicaPoints"),
        (f"https://em01:9398/api/logonSessions/{GUID}", "logonSessions"),
    ],
)
def test_the_id_of_another_kind_is_named(typed: str, kind: str) -> None:
    with pytest.raises(InvalidSessionId, match=kind):
        parse_session_id(typed)


@pytest.mark.parametrize("typed", ["", " ", "Harbour plan", GUID[:-1], f"{GUID}0", "\x1b]0;x\x07"])
def test_what_holds_no_id_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidSessionId) as caught:
        parse_session_id(typed)
    assert caught.value.remedy
    assert caught.value.full_text.isprintable()


def test_a_very_long_text_is_not_repeated_in_full() -> None:
    with pytest.raises(InvalidSessionId) as caught:
        parse_session_id("x" * 10_000)
    assert len(caught.value.full_text) < 400


@given(st.uuids(), st.sampled_from(["{}", "urn:veeam:CloudFailoverSession:{}", "'{}' ", "({})"]))
def test_any_guid_is_found(guid: object, form: str) -> None:
    assert parse_session_id(form.format(str(guid).upper())) == str(guid)


@given(st.text())
def test_any_text_gives_an_id_or_a_clear_refusal(typed: str) -> None:
    refused = None
    try:
        found = parse_session_id(typed)
    except InvalidSessionId as met:
        refused = met
    if refused is None:
        assert len(found) == 36
    else:
        assert refused.full_text.isprintable()


def test_an_address_needs_no_http_library() -> None:
    code = "import sys, tui.enterprise_manager.address; print('httpx' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert printed.stdout.strip() == b"False"


def test_addresses_compare_by_value() -> None:
    assert parse_server("em01") == ServerAddress("https", "em01")


GUID = "4347c445-0a1b-4c2d-8e3f-001122334455"


@pytest.mark.parametrize(
    "copied",
    [
        f"Session ID:\n{GUID}",
        f"\n\n{GUID}\n",
        f"{GUID[:20]}\n{GUID[20:]}",
        f"Session: {GUID[:17]}\n  {GUID[17:]}",
        f"urn:veeam:CloudFailover\nSession:{GUID}",
        f"urn:veeam:CloudFailoverSession:{GUID[:9]} {GUID[9:]}",
    ],
)
def test_a_session_id_that_was_broken_over_lines(copied: str) -> None:
    assert parse_session_id(copied) == GUID
