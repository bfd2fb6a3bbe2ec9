from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tui.cli.resolving import Flags, Resolved, resolve
from tui.cli.variables import PREFIX
from tui.enterprise_manager.address import ServerAddress
from tui.errors import FailoverMonitorError, InvalidServer, InvalidSettings
from tui.settings import PlanTarget
from tui.settings.file import SettingsFile, find_problems
from tui.settings.model import SettingsTable

PATH = Path("/etc/fm/config.toml")
KNOWN = Path("/state/known_servers")
FINGERPRINT = "ab" * 32

TEXT = f"""
[defaults]
user = 'NOC\\jdoe'
interval = 7
accept = "xml"
no_mouse = true

[profiles.prod]
server = "prod-em"
user = "prod@corp"
interval = 9
banner = "red"
fingerprint = "{FINGERPRINT}"
ca_file = "ca/prod.pem"
password_command = ["pass", "prod"]
proxy = "http://proxy:3128"

[profiles.drill]
server = "drill-em:9999"
"""


def settings_file(text: str) -> SettingsFile:
    table = find_problems(PATH, text)
    assert isinstance(table, SettingsTable), table
    return SettingsFile(PATH, table, text, exists=True)


def resolved(flags: Flags, environ: dict[str, str] | None = None, text: str = TEXT) -> Resolved:
    """As if the variables had been read with the options: those that are typed win."""
    said = {
        name.removeprefix(PREFIX).lower(): (name, value)
        for name, value in (environ or {}).items()
        if value and getattr(flags, name.removeprefix(PREFIX).lower()) is None
    }
    flags = replace(
        flags,
        **{field: value for field, (_, value) in said.items()},  # type: ignore[arg-type]
        variables={field: name for field, (name, _) in said.items()},
    )
    return resolve(flags, settings_file(text), KNOWN)


def server_of(flags: Flags, environ: dict[str, str] | None = None, text: str = TEXT) -> str | None:
    server = resolved(flags, environ, text).settings.server
    return server.label if server else None


def test_built_in_values() -> None:
    settings = resolved(Flags(), text="").settings
    assert settings.server is None
    assert settings.user is None
    assert settings.interval == 5.0
    assert settings.accept == "json"
    assert settings.bell is True
    assert settings.stall_after == timedelta(minutes=10)
    assert settings.wait_for is None
    assert settings.known_servers == KNOWN


def test_flag_beats_environment_beats_profile_beats_default() -> None:
    environ = {"FAILOVER_MONITOR_SERVER": "env-em", "FAILOVER_MONITOR_USER": "env@corp"}
    assert server_of(Flags(server="flag-em", profile="prod"), environ) == "flag-em"
    assert server_of(Flags(profile="prod"), environ) == "env-em"
    assert server_of(Flags(profile="prod")) == "prod-em"
    assert server_of(Flags(), text="[defaults]\nserver = 'default-em'") == "default-em"
    assert resolved(Flags(user="flag@corp"), environ).settings.user == "flag@corp"
    assert resolved(Flags(), environ).settings.user == "env@corp"
    assert resolved(Flags(profile="prod")).settings.user == "prod@corp"
    assert resolved(Flags(profile="drill")).settings.user == "NOC\\jdoe"
    assert resolved(Flags(interval=2.5, profile="prod")).settings.interval == 2.5
    assert resolved(Flags(profile="prod")).settings.interval == 9
    assert resolved(Flags(profile="drill")).settings.interval == 7


def test_the_profile_is_chosen_by_flag_environment_or_file() -> None:
    environ = {"FAILOVER_MONITOR_PROFILE": "drill"}
    assert resolved(Flags(profile="prod"), environ).settings.profile == "prod"
    assert resolved(Flags(), environ).settings.profile == "drill"
    assert resolved(Flags()).settings.profile is None
    text = TEXT.replace("[defaults]", "[defaults]\nprofile = 'prod'")
    assert resolved(Flags(), text=text).settings.profile == "prod"


def test_a_profile_in_full() -> None:
    outcome = resolved(Flags(profile="prod"))
    settings = outcome.settings
    assert settings.server == ServerAddress("https", "prod-em", 9398)
    assert settings.banner == "red"
    assert settings.accept == "xml"
    assert settings.no_mouse is True
    assert settings.fingerprint == FINGERPRINT
    assert settings.ca_file == Path("/etc/fm/ca/prod.pem")
    assert settings.proxy == "http://proxy:3128"
    assert outcome.password_command == ("pass", "prod")
    assert [profile.name for profile in settings.profiles] == ["prod", "drill"]
    assert settings.profiles[1].server == ServerAddress("https", "drill-em", 9999)
    assert settings.profiles[1].user == "NOC\\jdoe"


@pytest.mark.parametrize("environ", [{}, {"FAILOVER_MONITOR_SERVER": "elsewhere"}])
def test_what_belongs_to_one_server_never_reaches_another(environ: dict[str, str]) -> None:
    flags = Flags(profile="prod", server=None if environ else "elsewhere")
    outcome = resolved(flags, environ)
    assert outcome.password_command is None
    assert outcome.settings.fingerprint is None
    assert outcome.settings.banner is None
    assert outcome.settings.ca_file is None
    assert outcome.settings.profile is None
    assert outcome.settings.user == "NOC\\jdoe", "that of [defaults], which name no server"
    (notice,) = outcome.settings.notices
    assert "'prod' is for prod-em" in notice


def test_nor_does_what_defaults_say_of_their_own_server() -> None:
    text = f"""[defaults]
server = "em01"
user = "one"
ca_file = "one.pem"
fingerprint = "{FINGERPRINT}"
banner = "red"
password_command = ["pass", "one"]
interval = 7
[profiles.two]
server = "em02"
interval = 8
"""
    for flags in (Flags(server="em03"), Flags(server="em03", profile="two")):
        outcome = resolved(flags, text=text)
        settings = outcome.settings
        assert (settings.user, settings.ca_file, settings.fingerprint) == (None, None, None)
        assert (settings.banner, outcome.password_command) == (None, None)
    back = resolved(Flags(server="em01", profile="two"), text=text)
    assert back.password_command == ("pass", "one"), "the server of [defaults] itself"


def test_flags_hold_for_a_profile_chosen_on_screen_too() -> None:
    other = "cd" * 32
    flags = Flags(ca_file=Path("/x.pem"), fingerprint=other, interval=3.0, profile="prod")
    prod, drill = resolved(flags).settings.profiles
    assert (prod.ca_file, prod.fingerprint, prod.interval) == (Path("/x.pem"), other, 3.0)
    assert (drill.ca_file, drill.fingerprint, drill.interval) == (None, None, 3.0)
    prod, drill = resolved(replace(flags, profile=None)).settings.profiles
    assert prod.fingerprint == drill.fingerprint == other, "it was said of no server yet"


def test_the_same_server_written_otherwise_is_the_same() -> None:
    outcome = resolved(Flags(profile="prod", server="https://prod-em:9398/api"))
    assert outcome.password_command == ("pass", "prod")
    assert outcome.settings.fingerprint == FINGERPRINT


def test_defaults_lend_their_password_command_only_to_their_own_server() -> None:
    text = "[defaults]\nserver = 'em01'\npassword_command = ['pass']\n[profiles.b]\nserver='em02'"
    assert resolved(Flags(), text=text).password_command == ("pass",)
    assert resolved(Flags(profile="b"), text=text).password_command is None


def test_empty_variables_say_nothing() -> None:
    environ = dict.fromkeys(
        ("FAILOVER_MONITOR_SERVER", "FAILOVER_MONITOR_USER", "FAILOVER_MONITOR_PROFILE"), ""
    )
    assert server_of(Flags(profile="prod"), environ) == "prod-em"
    assert resolved(Flags(), environ).settings.profile is None


def test_targets_and_keys() -> None:
    text = "[keys]\nquit=['q','f10']\n[targets]\nrto='1h'\n[targets.ABC]\nrpo='5m'\n"
    settings = resolved(Flags(), text=text).settings
    assert settings.keys == {"quit": ("q", "f10")}
    assert settings.targets.for_plan("ABC") == PlanTarget(
        rto=timedelta(hours=1), rpo=timedelta(minutes=5)
    )


def test_target_flags_win_for_every_plan() -> None:
    text = "[targets]\nrto='1h'\n[targets.ABC]\nrto='2h'\nrpo='5m'\n"
    flags = Flags(rto=timedelta(minutes=30))
    targets = resolved(flags, text=text).settings.targets
    assert targets.for_plan("ABC") == PlanTarget(
        rto=timedelta(minutes=30), rpo=timedelta(minutes=5)
    )
    assert targets.for_plan("other") == PlanTarget(rto=timedelta(minutes=30))
    both = Flags(rto=timedelta(minutes=30), rpo=timedelta(minutes=1))
    expected = PlanTarget(rto=timedelta(minutes=30), rpo=timedelta(minutes=1))
    assert resolved(both, text=text).settings.targets.for_plan("ABC") == expected


def test_the_plan_to_wait_for_is_kept_without_outer_blanks() -> None:
    assert resolved(Flags(wait_for=" ABC plan ")).settings.wait_for == "ABC plan"


@pytest.mark.parametrize(
    ("flags", "environ", "text", "says"),
    [
        (Flags(wait_for="  "), {}, "", "--wait-for: no plan named"),
        (
            Flags(wait_for="ABC", session="4347c445-0a1b-4c2d-8e3f-001122334455"),
            {},
            "",
            "--wait-for: a session is named as well",
        ),
        (Flags(), {"FAILOVER_MONITOR_SERVER": "a b"}, "", "FAILOVER_MONITOR_SERVER: "),
        (Flags(), {"FAILOVER_MONITOR_USER": "a:b"}, "", "FAILOVER_MONITOR_USER: "),
        (Flags(), {"FAILOVER_MONITOR_PROFILE": "x"}, TEXT, "FAILOVER_MONITOR_PROFILE: "),
        (Flags(user="a:b"), {}, "", "--user: The user name holds"),
        (Flags(), {}, "\n[defaults]\nuser = 'a:b'", "line 3: 'user' in [defaults]: The user"),
        (Flags(), {}, "[profiles.a]\nuser = 'a:b'", "line 2: 'user' in [profiles.a]: The user"),
        (Flags(), {}, "\n[defaults]\nserver = 'a b'", "config.toml, line 3: 'server' in"),
        (Flags(), {}, "[profiles.a]\nserver = 'u:hunter2@x'", "line 2: 'server' in [profiles.a]"),
        (Flags(), {}, "[profiles.a]\nproxy = 'hunter2'", "line 2: 'proxy' in [profiles.a]"),
        (Flags(), {}, "[defaults]\nprofile = 'a'", "line 2: 'profile' in [defaults]"),
        (Flags(server="em 01"), {}, "", "--server: "),
        (Flags(session="zzz"), {}, "", "SESSION: "),
    ],
)
def test_a_wrong_value_says_where_it_came_from(
    flags: Flags, environ: dict[str, str], text: str, says: str
) -> None:
    with pytest.raises(FailoverMonitorError) as caught:
        resolved(flags, environ, text)
    assert says in caught.value.sentence
    assert "hunter2" not in caught.value.full_text
    assert caught.value.__context__ is None


def test_the_kind_of_the_error_is_kept_but_for_files() -> None:
    with pytest.raises(InvalidServer):
        resolved(Flags(server="em 01"))
    with pytest.raises(InvalidSettings):
        resolved(Flags(), text="[defaults]\nserver = 'em 01'")


def test_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(InvalidSettings, match="holds 'prod', 'drill'"):
        resolved(Flags(profile="prd"))


@pytest.mark.parametrize("table", ["defaults", "profiles.prod"])
def test_a_user_name_that_cannot_be_sent_is_said_with_its_line(table: str) -> None:
    text = f"[{table}]\nuser = 'noc:jdoe'\n"
    with pytest.raises(InvalidSettings, match=r"config.toml.*2.*colon"):
        resolved(Flags(), text=text)


def test_a_flag_wins_over_the_profiles_that_the_login_screen_offers() -> None:
    settings = resolved(Flags(fingerprint="cd" * 32, ca_file=Path("/x.pem"), interval=3)).settings
    for saved in settings.profiles:
        assert (saved.fingerprint, saved.ca_file, saved.interval) == (
            "cd" * 32, Path("/x.pem"), 3,
        )  # fmt: skip
