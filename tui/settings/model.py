"""What the settings file may say: one pydantic model per table.

Each field is a `setting`: what it is for, and the text an error message gives as what is
allowed. Unknown keys are errors: a misspelt `fingerprint` must not be silently ignored.
"""

from __future__ import annotations

from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)
from pydantic import model_validator as validates_model

from tui.hooks.kinds import ALL, FAMILIES, KINDS
from tui.settings.durations import DURATION_EXAMPLES
from tui.settings.resolved import (
    LONGEST_INTERVAL,
    SHORTEST_INTERVAL,
    Accept,
    BannerColour,
    LogLevel,
    Notify,
)
from tui.settings.setting import setting
from tui.settings.sizes import SIZE_EXAMPLES
from tui.settings.value_types import (
    Duration,
    FilePath,
    Fingerprint,
    Flag,
    Interval,
    Keys,
    Kinds,
    SeenText,
    Size,
    Text,
    Words,
)


class Table(BaseModel):
    """Base of all tables: frozen, and nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ProfileTable(Table):
    """`[profiles.NAME]`: one Enterprise Manager and how to reach it."""

    server: SeenText | None = setting(
        "The Enterprise Manager of this profile.",
        allowed="host, host:port or https://host:port",
        example="em01.example.org",
    )
    user: Text | None = setting(
        "The account to log on with.",
        allowed=r"'DOMAIN\user' or 'user@domain'",
        example=r"NOC\jdoe",
    )
    ca_file: FilePath | None = setting(
        "Certificates that may vouch for the server, instead of the system's.",
        allowed="the path of a PEM file",
        example="company-ca.pem",
    )
    fingerprint: Fingerprint | None = setting(
        "The one certificate that this server must show.",
        allowed="the SHA-256 fingerprint of a certificate: 64 hex digits",
        example="0123456789abcdef" * 4,
    )
    interval: Interval | None = setting(
        "Seconds between two polls.",
        allowed=f"a number of seconds from {SHORTEST_INTERVAL:.0f} to {LONGEST_INTERVAL:.0f}",
        built_in=5,
    )
    banner: BannerColour | None = setting(
        "The colour that makes this server unmistakable.",
        allowed="one of red, orange, yellow, green, cyan, blue, magenta, grey",
        example="red",
    )
    password_command: Words | None = setting(
        "What prints the password; run without a shell.",
        allowed='a program and its arguments, such as ["pass", "show", "veeam"]',
        example=["pass", "show", "veeam/em01"],
    )
    proxy: SeenText | None = setting(
        "The proxy to go through, instead of the environment's.",
        allowed="a URL such as http://proxy.example:3128",
        example="http://proxy.example:3128",
    )
    accept: Accept | None = setting(
        "The form in which the server is asked to answer.",
        allowed="json or xml",
        built_in="json",
    )


class DefaultsTable(ProfileTable):
    """`[defaults]`: what holds where the profile says nothing."""

    profile: Text | None = setting(
        "The profile to use when none is named.",
        allowed="the name of a profile in this file",
        example="prod",
    )
    no_mouse: Flag = setting(
        "Leave the mouse, and so the selection of text, to the terminal.",
        allowed="true or false",
        default=False,
        built_in=False,
    )
    ascii: Flag | None = setting(
        "Draw with ASCII only; false: never. Else as the terminal and the locale can show.",
        allowed="true or false",
        example=True,
    )
    log_file: FilePath | None = setting(
        "Where to write the request log.",
        allowed="the path of a file",
        example="~/failover-monitor.log",
    )
    log_level: LogLevel | None = setting(
        "The least grave that is written there.",
        allowed="error, warning, info or debug",
        built_in="info",
    )


class JournalTable(Table):
    """`[journal]`: the record that is kept of what was watched."""

    keep: Flag = setting(
        "Keep a journal of each session that is followed.",
        allowed="true or false",
        default=True,
        built_in=True,
    )
    folder: FilePath | None = setting(
        "Where, instead of the platform's folder for state.",
        allowed="the path of a folder",
        example="~/failover-journals",
    )
    max_age: Duration | None = setting(
        "Journals that did not change for so long are removed.",
        allowed=DURATION_EXAMPLES,
        built_in="400d",
    )
    reports: FilePath | None = setting(
        "Where reports go; `watch` then writes one by itself at the end.",
        allowed="the path of a folder",
        example="~/failover-reports",
    )
    max_size: Size | None = setting(
        "The oldest journals are removed until all together are no larger.",
        allowed=SIZE_EXAMPLES,
        built_in="1 GB",
    )


class HookTable(Table):
    """`[hooks.NAME]`: a command that is told events of followed sessions."""

    command: Words = setting(
        "What is run, without a shell; it gets the event as JSON on its standard input.",
        allowed='a program and its arguments, such as ["/usr/local/bin/page", "--urgent"]',
        example=["/usr/local/bin/page", "--urgent"],
        default=...,
    )
    on: Kinds | None = setting(
        "The kinds of events it is for, by their names or first words; `all` stands for every"
        " one. Built in are those that call for somebody's attention.",
        allowed=f"a list of kinds of events: {', '.join((ALL, *FAMILIES, *KINDS))}",
        example=["task failed", "rto cannot be met", "session"],
    )
    timeout: Duration | None = setting(
        "A command that runs longer (30 s, if nothing is set) is ended, with all that it started.",
        allowed=DURATION_EXAMPLES,
        example="1m",
    )
    environment: Words | None = setting(
        "Variables that are passed on besides the usual ones.",
        allowed='names of variables, such as ["WEBHOOK_URL"]',
        example=["WEBHOOK_URL"],
    )
    for_profiles: Words | None = setting(
        "The profiles it is for, where it is not for every server.",
        allowed='names of profiles, such as ["prod"]',
        example=["prod"],
    )


class TargetTable(Table):
    """`[targets."PLAN NAME"]`: what one plan promises."""

    rto: Duration | None = setting(
        "How long the failover may take.", allowed=DURATION_EXAMPLES, example="1h"
    )
    rpo: Duration | None = setting(
        "How old a replica point may be when the failover starts.",
        allowed=DURATION_EXAMPLES,
        example="4h",
    )


class TargetsTable(TargetTable):
    """`[targets]`: the default for all plans, and a table for each plan by name."""

    plans: dict[str, TargetTable] = Field(default_factory=dict)
    """The plans' own targets; in the file they stand directly under `[targets]`."""

    @validates_model(mode="before")
    @classmethod
    def _gather_plans(cls, data: Any) -> Any:
        """Tables are plans, whatever they are called; the rest are the defaults."""
        if not isinstance(data, dict):
            return data
        plans = {name: value for name, value in data.items() if isinstance(value, dict)}
        rest = {name: value for name, value in data.items() if name not in plans}
        return {**rest, "plans": plans}


class SettingsTable(Table):
    """The whole file."""

    theme: Text | None = setting(
        "The colours to start with.", allowed="the name of a theme", example="auto"
    )
    bell: Flag = setting(
        "Ring the terminal's bell at a failure and at the end.",
        allowed="true or false",
        default=True,
        built_in=True,
    )
    remember_logon: Flag = setting(
        "Fill in server and user of the last logon at the next start; the password is never kept.",
        allowed="true or false",
        default=True,
        built_in=True,
    )
    stall_after: Duration | None = setting(
        "How long a running VM may stand still before it is called stalled.",
        allowed=DURATION_EXAMPLES,
        built_in="10m",
    )
    notify: Notify | None = setting(
        "Have the terminal show events as notifications of the desktop; auto: in the way that"
        " suits it. Inside tmux this takes its option allow-passthrough.",
        allowed="auto, osc9, osc777, osc99 or off",
        built_in="off",
    )
    defaults: DefaultsTable = Field(
        default_factory=DefaultsTable, description="What holds where no profile says otherwise."
    )
    profiles: dict[str, ProfileTable] = setting(
        "The servers by name.", allowed="tables: [profiles.NAME]", default_factory=dict
    )
    keys: dict[str, Keys] = setting(
        "Other keys for bindings, by the binding's id.",
        allowed='a key or a list of keys, such as ["q", "ctrl+x"]',
        default_factory=dict,
    )
    targets: TargetsTable = Field(default_factory=TargetsTable, description="RTO and RPO targets.")
    journal: JournalTable = Field(
        default_factory=JournalTable, description="The record of what was watched."
    )
    hooks: dict[str, HookTable] = setting(
        "Commands on events, by names of your own.",
        allowed="tables: [hooks.NAME]",
        default_factory=dict,
    )
