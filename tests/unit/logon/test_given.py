"""Whose password, whose trust, whose banner: nothing meant for one server reaches another."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from pydantic import SecretStr

from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import CredentialsUnavailable
from tui.logon.given import Given
from tui.settings.resolved import ResolvedSettings, SavedProfile

OURS, THEIRS = parse_server("em01"), parse_server("em02")
PIN = "ab" * 32
START = ResolvedSettings(
    server=OURS,
    user="NOC\\jdoe",
    password=SecretStr("s3cret"),
    fingerprint=PIN,
    banner="red",
    profile="prod",
)
PROFILE = SavedProfile(
    name="lab",
    server=THEIRS,
    user="lab",
    banner="blue",
    interval=30.0,
    password_command=(sys.executable, "-c", "print('from the command')"),
)


def typed(user: str = "NOC\\jdoe", password: str = "") -> Credentials:
    return Credentials(user, SecretStr(password))


@pytest.mark.parametrize("missing", ["server", "user", "password"])
def test_the_start_logs_on_by_itself_only_with_everything(missing: str) -> None:
    attempt = Given(START).at_start()
    assert attempt is not None
    assert (attempt.target.server, attempt.target.fingerprint) == (OURS, PIN)
    assert attempt.again, "nobody may sit in front of it"
    assert attempt.under_way == "Logging on to em01 as NOC\\jdoe ..."
    changes: dict[str, None] = {missing: None}
    assert Given(replace(START, **changes)).at_start() is None  # type: ignore[arg-type]


def test_another_server_gets_neither_pin_nor_banner_nor_profile() -> None:
    given = Given(START)
    same = given.as_typed("em01", typed(password="x"), None)
    other = given.as_typed("em02", typed(password="x"), None)
    assert (same.target.fingerprint, given.banner(same)) == (PIN, "red")
    assert (other.target.fingerprint, given.banner(other)) == (None, None)
    assert given.settings_for(THEIRS).profile is None
    assert given.settings_for(OURS).profile == "prod"


def test_a_profile_whose_server_was_typed_over_lends_nothing() -> None:
    given = Given(replace(START, profiles=(PROFILE,)))
    fits = given.as_typed("em02", typed(), "lab")
    over = given.as_typed("em03", typed(), "lab")
    assert (fits.profile, given.banner(fits)) == (PROFILE, "blue")
    assert (over.profile, given.banner(over)) == (None, None)


def test_the_banner_of_the_start_is_its_profiles() -> None:
    assert Given(START).banner() == "red"
    named = replace(START, profiles=(replace(PROFILE, name="prod"),))
    assert Given(named).banner() == "blue"


async def test_a_typed_password_is_taken_and_kept_as_typed() -> None:
    given = Given(START)
    attempt = given.as_typed("em01", typed(password="typed"), None)
    assert not attempt.again, "somebody sits in front of it"
    assert given.typed == attempt.credentials
    assert (await given.with_password(attempt)) is attempt


async def test_an_empty_one_means_that_of_the_start_for_its_account_and_server() -> None:
    given = Given(START)
    attempt = given.as_typed("em01", typed(), None)
    assert (attempt.again, given.typed) == (True, None)
    found = await given.with_password(attempt)
    assert found is not None
    assert found.credentials.password.get_secret_value() == "s3cret"
    for server, user in (("em02", "NOC\\jdoe"), ("em01", "NOC\\other")):
        with pytest.raises(CredentialsUnavailable):
            await given.with_password(given.as_typed(server, typed(user), None))


async def test_a_password_for_nobody_in_particular_is_bound_by_the_first_logon() -> None:
    given = Given(ResolvedSettings(password=SecretStr("s3cret")))
    await given.with_password(given.as_typed("em01", typed(), None))
    given.bind(OURS, "NOC\\jdoe")
    await given.with_password(given.as_typed("em01", typed(), None))
    with pytest.raises(CredentialsUnavailable):
        await given.with_password(given.as_typed("em02", typed(), None))
    with pytest.raises(CredentialsUnavailable):
        await given.with_password(given.as_typed("em01", typed("other"), None))


async def test_a_refused_password_is_not_sent_again() -> None:
    given = Given(START)
    given.forget_password()
    assert given.at_start() is None
    with pytest.raises(CredentialsUnavailable):
        await given.with_password(given.as_typed("em01", typed(), None))


async def test_a_profiles_command_prints_it_for_its_own_server() -> None:
    given = Given(ResolvedSettings(profiles=(PROFILE,)))
    found = await given.with_password(given.as_typed("em02", typed("lab"), "lab"))
    assert found is not None
    assert found.credentials.password.get_secret_value() == "from the command"
    with pytest.raises(CredentialsUnavailable):
        await given.with_password(given.as_typed("em03", typed("lab"), "lab"))
    assert "from the command" not in repr(vars(given)) + repr(found)
