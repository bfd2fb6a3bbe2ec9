"""What a user name may be, the same wherever one is given."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from tui.cli.resolving import Flags, resolve
from tui.enterprise_manager.credentials import Credentials
from tui.errors import InvalidInput
from tui.settings.file import SettingsFile, find_problems
from tui.settings.model import SettingsTable
from tui.user_names import parse_user_name, parse_user_name_of_file

VARIABLE = "FAILOVER_MONITOR_USER"
NAMES = ["NOC\\jdoe", "jdoe@noc.example.com", "jdoe", "NOC\\Jürgen Müller", "ドメイン\\太郎"]
AROUND = ["{}", " {}", "{} ", "\t{}\n", "\N{NO-BREAK SPACE}{}"]
IMPOSSIBLE = ["user:x", "a\nb", "a\x00", "a\x1b[2J", "a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\ud800"]


def file_with(user: str) -> SettingsFile:
    text = f"[defaults]\nuser = '''{user}'''"
    table = find_problems(Path("c.toml"), text)
    assert isinstance(table, SettingsTable)
    return SettingsFile(Path("c.toml"), table, text, exists=True)


NO_FILE = SettingsFile(Path("c.toml"), SettingsTable())


def resolved(flags: Flags, environ: dict[str, str], file: SettingsFile) -> str | None:
    user = environ.get("FAILOVER_MONITOR_USER")
    if user:
        flags = replace(flags, user=user, variables={"user": "FAILOVER_MONITOR_USER"})
    return resolve(flags, file, Path("known")).settings.user


@pytest.mark.parametrize("form", AROUND)
@pytest.mark.parametrize("name", NAMES)
def test_every_place_keeps_the_same_name(name: str, form: str) -> None:
    typed = form.format(name)
    assert parse_user_name(typed) == name
    assert resolved(Flags(user=typed), {}, NO_FILE) == name
    assert resolved(Flags(), {VARIABLE: typed}, NO_FILE) == name
    assert resolved(Flags(), {}, file_with(typed)) == name
    assert Credentials(typed, SecretStr("x")).user == name


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_every_place_refuses_what_cannot_be_sent(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_user_name(name)
    sentence = refused.value.full_text
    assert name not in sentence
    for origin, flags, environ in (
        ("--user", Flags(user=name), {}),
        (VARIABLE, Flags(), {VARIABLE: name}),
    ):
        with pytest.raises(InvalidInput) as said:
            resolved(flags, environ, NO_FILE)
        assert said.value.full_text == f"{origin}: {sentence}"
    with pytest.raises(InvalidInput) as form:
        Credentials(name, SecretStr("x"))
    assert form.value.full_text == sentence


def test_a_file_names_its_line() -> None:
    with pytest.raises(InvalidInput) as said:
        resolved(Flags(), {}, file_with("user:x"))
    assert said.value.sentence.startswith("c.toml, line 2: 'user' in [defaults]: The user name")


@pytest.mark.parametrize("nothing", ["", " ", "\t\n"])
def test_none_is_none(nothing: str) -> None:
    for refuse in (
        lambda: parse_user_name(nothing),
        lambda: resolved(Flags(user=nothing), {}, NO_FILE),
        lambda: Credentials(nothing, SecretStr("x")),
    ):
        with pytest.raises(InvalidInput, match="No user name given"):
            refuse()


def test_an_empty_variable_is_no_variable() -> None:
    assert resolved(Flags(), {VARIABLE: ""}, NO_FILE) is None


@pytest.mark.parametrize("letter", ["b", "t", "n", "f", "r"])
def test_a_backslash_between_double_quotes_in_toml_is_explained(letter: str) -> None:
    user = tomllib.loads(rf'user = "NOC\{letter}om"')["user"]
    with pytest.raises(InvalidInput) as caught:
        parse_user_name_of_file(user)
    assert "single quotes, as in user = 'DOMAIN\\user'" in caught.value.full_text
    assert parse_user_name_of_file(tomllib.loads(rf"user = 'NOC\{letter}om'")["user"])


def test_a_colon_in_toml_has_nothing_to_do_with_quotes() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_user_name_of_file("NOC:tom")
    assert "quotes" not in caught.value.full_text
