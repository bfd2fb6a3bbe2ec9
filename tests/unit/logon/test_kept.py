"""What is kept of a logon that worked: when it is offered, and what the next start begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui.errors import InvalidSettings
from tui.logon.kept import KeptLogons
from tui.server_address import ServerAddress
from tui.settings.file import read_settings
from tui.settings.remembered import LastLogon, remembered_logon
from tui.settings.resolved import ResolvedSettings, SavedProfile

EM01, EM02 = ServerAddress("https", "em01"), ServerAddress("https", "em02")
LOGON = LastLogon(EM01, r"NOC\jdoe")


@pytest.fixture
def given(tmp_path: Path) -> Any:
    def settings(**more: Any) -> ResolvedSettings:
        files = {
            "last_logon_file": tmp_path / "last_logon",
            "settings_file": tmp_path / "config.toml",
        }
        return ResolvedSettings(**{**files, **more})

    return settings


def test_a_logon_that_was_typed_is_offered_once_and_kept(given: Any, tmp_path: Path) -> None:
    kept = KeptLogons(given())
    assert not kept.may_keep
    assert kept.worked(LOGON, typed=True)
    assert not kept.worked(LOGON, typed=True), "who logs on again is not asked again"
    assert kept.may_keep
    assert kept.keep() == "em01"
    assert not kept.may_keep
    kept.settle(30)
    profile = read_settings(tmp_path / "config.toml").table.profiles["em01"]
    assert (profile.server, profile.user) == ("em01", r"NOC\jdoe")
    assert remembered_logon(tmp_path / "last_logon") == LOGON


def test_the_same_one_at_the_next_start_may_be_kept_but_is_not_offered(given: Any) -> None:
    kept = KeptLogons(given(last_logon=LOGON))
    assert not kept.worked(LOGON, typed=True)
    assert kept.may_keep


@pytest.mark.parametrize("user", [None, r"NOC\jdoe"])
def test_what_a_profile_holds_is_not_offered(given: Any, user: str | None) -> None:
    kept = KeptLogons(given(profiles=(SavedProfile(name="a", server=EM01, user=user),)))
    assert not kept.worked(LOGON, typed=True)
    assert not kept.may_keep
    assert kept.worked(LastLogon(EM02, r"NOC\jdoe"), typed=True), "another server is another one"


def test_who_typed_nothing_is_not_asked(given: Any) -> None:
    kept = KeptLogons(given())
    assert not kept.worked(LOGON, typed=False)
    assert kept.may_keep


def test_a_rehearsal_and_who_does_not_want_it_leave_nothing_behind(tmp_path: Path) -> None:
    kept = KeptLogons(ResolvedSettings())
    assert not kept.worked(LOGON, typed=True)
    assert not kept.may_keep
    kept.settle(30)
    assert list(tmp_path.iterdir()) == []


def test_a_profile_that_cannot_be_written_stays_on_offer(given: Any, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("profiles = {}\n")
    kept = KeptLogons(given())
    kept.worked(LOGON, typed=True)
    with pytest.raises(InvalidSettings):
        kept.keep()
    assert kept.may_keep


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ("", "", None)),
        ({"last_logon": LOGON}, ("https://em01:9398", r"NOC\jdoe", None)),
        ({"last_logon": LOGON, "user": "u"}, ("https://em01:9398", "u", None)),
        ({"last_logon": LOGON, "server": EM01}, ("https://em01:9398", r"NOC\jdoe", None)),
        ({"last_logon": LOGON, "server": EM02}, ("https://em02:9398", "", None)),
        ({"last_logon": LOGON, "server": EM02, "user": "u"}, ("https://em02:9398", "u", None)),
        (
            {"last_logon": LOGON, "profiles": (SavedProfile(name="a", server=EM01),)},
            ("https://em01:9398", r"NOC\jdoe", "a"),
        ),
        (
            {"last_logon": LOGON, "profiles": (SavedProfile(name="a", server=EM01, user="u"),)},
            ("https://em01:9398", r"NOC\jdoe", None),
        ),
    ],
)
def test_the_form_begins_with_what_the_start_says_else_with_the_last_logon(
    given: Any, more: dict[str, Any], expected: tuple[str, str, str | None]
) -> None:
    assert KeptLogons(given(**more)).prefilled == expected
