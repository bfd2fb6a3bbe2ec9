from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.errors import InvalidSettings
from tui.settings.file import find_problems, read_settings
from tui.settings.lines import find_line
from tui.settings.model import SettingsTable
from tui.settings.unwritten import UNWRITTEN

GOOD = r"""
theme = "textual-dark"
bell = true
stall_after = "10m"

[defaults]
interval = 10
profile = "prod"
log_file = "/var/log/fm.log"

[profiles.prod]
server = "em01"
user = 'NOC\jdoe'
banner = "red"
fingerprint = "SHA256:ABCD000000000000000000000000000000000000000000000000000000000001"
password_command = ["pass", "show", "veeam"]

[profiles."drill site"]
server = "https://em02:9999"

[keys]
quit = ["q", "ctrl+x"]
filter = "slash,f3"

[targets]
rto = "1h"

[targets."ABC Company Failover Plan"]
rto = "30m"
rpo = "15m"

[targets.rpo]
rto = "5m"
"""


def problems(text: str) -> list[str]:
    found = find_problems(Path("c.toml"), text)
    assert isinstance(found, list)
    return found


def test_reads_a_full_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD, encoding="utf-8")
    table = read_settings(path).table
    prod = table.profiles["prod"]
    assert prod.user == "NOC\\jdoe"
    assert prod.fingerprint == "abcd" + "0" * 58 + "01"
    assert table.profiles["drill site"].server == "https://em02:9999"
    assert table.keys == {"quit": ["q", "ctrl+x"], "filter": ["slash", "f3"]}
    assert table.stall_after == timedelta(minutes=10)
    assert table.targets.rto == timedelta(hours=1)
    assert table.targets.plans["ABC Company Failover Plan"].rpo == timedelta(minutes=15)
    assert table.targets.plans["rpo"].rto == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[profiles.prod]\nintervall = 3", ["c.toml, line 2", "[profiles.prod]", "'interval'"]),
        ("[defaults]\n\ninterval = 1", ["line 3", "'interval'", "is 1.", "2 to 3600"]),
        ("[defaults]\ninterval = true", ["line 2", "2 to 3600"]),
        ("[defaults]\ninterval = nan", ["line 2", "2 to 3600"]),
        ('[profiles.a]\nbanner = "pink"', ["line 2", "'pink'", "magenta"]),
        ('[profiles.a]\naccept = "html"', ["line 2", "json or xml"]),
        ("interval = 5", ["line 1", "[defaults]"]),
        ("[defaults]\nbell = true", ["line 2", "at the top"]),
        ("[profiles]\nprod = 3", ["line 2", "'prod' in [profiles]", "a table"]),
        ("profiles = 3", ["line 1", "a table"]),
        ('[targets]\nrto = "5"', ["line 2", "'5'", "1h30m"]),
        ('[targets."A = B"]\nrpo = 3', ["line 2", "[targets.'A = B']", "1h30m"]),
        ("[keys]\nquit = 5", ["line 2", "'quit' in [keys]", "list of keys"]),
        ("[keys]\nquit = []", ["line 2", "list of keys"]),
        ("[profiles.a]\npassword_command = 'x y'", ["line 2", '["pass"']),
        ("[profiles.a]\nfingerprint = '12'", ["line 2", "64 hex digits"]),
        ("profiles.a.user = 5", ["line 1", "DOMAIN"]),
        ("profiles = {a = {servr = 'x'}}", ["line 1", "'server'"]),
        ("thme = 'x'", ["line 1", "Did you mean 'theme'?"]),
        ("intervall = 3", ["line 1", "Did you mean 'interval' under [defaults]?"]),
        ("[defaults]\nintervall = 3\n", ["'interval'"]),
        ("a = ", ["at the end", "not valid TOML"]),
        ("[defaults]\ninterval 5", ["line 2, column 10", "not valid TOML"]),
        ("[[", ["not valid TOML"]),
        ("a = [" * 5000, ["not valid TOML"]),
    ],
)
def test_names_line_key_and_what_is_allowed(text: str, says: list[str]) -> None:
    [problem] = problems(text)
    for words in says:
        assert words in problem


def test_problems_come_in_the_order_of_the_file() -> None:
    found = problems("bell = 1\n[profiles.a]\naccept = 'x'\n[defaults]\ninterval = 0\n")
    assert [line.split(":")[0] for line in found] == [
        "c.toml, line 1",
        "c.toml, line 3",
        "c.toml, line 5",
    ]


def test_a_password_is_refused_and_not_repeated() -> None:
    [problem] = problems("[profiles.a]\npassword = 'hunter2'")
    assert "password_command" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize("key", ["password_command", "proxy", "server", "user", "fingerprint"])
def test_values_that_may_be_secret_are_not_repeated(key: str) -> None:
    [problem] = problems(f"[profiles.a]\n{key} = {{ x = 'hunter2' }}")
    assert "line 2" in problem
    assert "hunter2" not in problem


def test_a_missing_file_is_empty_unless_it_was_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    assert read_settings(path).table == UNWRITTEN
    assert not read_settings(path).exists
    with pytest.raises(InvalidSettings, match="there is no such settings file"):
        read_settings(path, required=True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"theme = 'a'\nbell = '\xff'", "line 2: not UTF-8"),
        (b"# x\n" * 300_000, "larger than 1 MiB"),
    ],
)
def test_unreadable_files_are_explained(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidSettings, match=says):
        read_settings(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="cannot be read"):
        read_settings(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfbell = true\r\n[defaults]\r\ninterval = 1\r\n")
    with pytest.raises(InvalidSettings, match="line 3"):
        read_settings(path)


def test_the_first_of_several_problems_says_how_many_more(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = 1\nb = 2\nc = 3\n", encoding="utf-8")
    with pytest.raises(InvalidSettings) as caught:
        read_settings(path)
    assert "line 1" in caught.value.sentence
    assert "2 more" in caught.value.full_text


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("profiles", "prod", "banner"), 14),
        (("profiles", "prod", "missing"), 11),
        (("profiles", "drill site", "server"), 19),
        (("profiles",), 11),
        (("targets", "ABC Company Failover Plan", "rpo"), 30),
        (("nowhere",), None),
    ],
)
def test_finds_the_line_of_a_key(path: tuple[str, ...], line: int | None) -> None:
    assert find_line(GOOD, path) == line


@given(st.text(max_size=200))
def test_any_text_gives_a_table_or_sentences(text: str) -> None:
    found = find_problems(Path("c.toml"), text)
    assert isinstance(found, SettingsTable) or all(found)


@pytest.mark.parametrize("table", ["defaults", "profiles.em01"])
def test_a_weak_thumbprint_is_explained_with_its_line(table: str) -> None:
    thumbprint = ":".join(["A1"] * 20)
    problems = find_problems(Path("c.toml"), f'\n[{table}]\nfingerprint = "{thumbprint}"')
    assert isinstance(problems, list)
    [sentence] = problems
    assert sentence.startswith(f"c.toml, line 3: 'fingerprint' in [{table}] cannot be used. ")
    assert "SHA-1" in sentence
    assert thumbprint not in sentence


def test_a_fingerprint_as_openssl_prints_it_is_kept_in_its_one_form() -> None:
    printed = "sha256 Fingerprint=" + ":".join(["A1"] * 32)
    table = find_problems(Path("c.toml"), f'[defaults]\nfingerprint = "{printed}"')
    assert isinstance(table, SettingsTable)
    assert table.defaults.fingerprint == "a1" * 32
