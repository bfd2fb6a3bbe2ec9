"""What the settings file may say: one pydantic model per table.

Each field's `description` is the text an error message gives as what is allowed.
Unknown keys are errors: a misspelt `fingerprint` must not be silently ignored.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as validates_model
from pydantic_core import PydanticCustomError

from tui.errors import InvalidInput
from tui.fingerprints import parse_fingerprint
from tui.settings.durations import DURATION_EXAMPLES, parse_duration
from tui.settings.paths import expanded
from tui.settings.resolved import LONGEST_INTERVAL, SHORTEST_INTERVAL, Accept, BannerColour
from tui.settings.sizes import SIZE_EXAMPLES, parse_size

EXPLAINED = "explained"
"""The type of a refusal whose context holds the whole sentence as `advice`."""


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else _refuse(DURATION_EXAMPLES)


def _size(value: object) -> object:
    return parse_size(value) if isinstance(value, str) else _refuse(SIZE_EXAMPLES)


def _fingerprint(value: object) -> object:
    if not isinstance(value, str):
        return _refuse("a text")
    try:
        return parse_fingerprint(value)
    except InvalidInput as error:
        advice = error.full_text
    raise PydanticCustomError(EXPLAINED, "{advice}", {"advice": advice})


def _path(value: object) -> object:
    return expanded(Path(value)) if isinstance(value, str) and value else _refuse("a path")


def _keys(value: object) -> object:
    """One key or a list of keys; `a,b` is how Textual writes two."""
    return [key.strip() for key in value.split(",")] if isinstance(value, str) else value


def _refuse(allowed: str) -> object:
    raise ValueError(allowed)


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size)]
Fingerprint = Annotated[str, BeforeValidator(_fingerprint)]
FilePath = Annotated[Path, BeforeValidator(_path)]
Text = Annotated[str, StringConstraints(strict=True, min_length=1, strip_whitespace=True)]
Words = Annotated[list[Text], Field(min_length=1)]
Keys = Annotated[list[Text], BeforeValidator(_keys), Field(min_length=1)]
Interval = Annotated[
    float, Field(strict=True, ge=SHORTEST_INTERVAL, le=LONGEST_INTERVAL, allow_inf_nan=False)
]
Flag = Annotated[bool, Field(strict=True)]


class Table(BaseModel):
    """Base of all tables: frozen, and nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ProfileTable(Table):
    """`[profiles.NAME]`: one Enterprise Manager and how to reach it."""

    server: Text | None = Field(default=None, description="host, host:port or https://host:port")
    """The Enterprise Manager of this profile."""

    user: Text | None = Field(default=None, description=r"'DOMAIN\user' or 'user@domain'")
    """The account to log on with."""

    ca_file: FilePath | None = Field(default=None, description="the path of a PEM file")
    """Certificates that may vouch for the server, instead of the system's."""

    fingerprint: Fingerprint | None = Field(
        default=None, description="the SHA-256 fingerprint of a certificate: 64 hex digits"
    )
    """The one certificate that this server must show."""

    interval: Interval | None = Field(
        default=None,
        description=f"a number of seconds from {SHORTEST_INTERVAL:.0f} to {LONGEST_INTERVAL:.0f}",
    )
    """Seconds between two polls."""

    banner: BannerColour | None = Field(
        default=None, description="one of red, orange, yellow, green, cyan, blue, magenta, grey"
    )
    """The colour that makes this server unmistakable."""

    password_command: Words | None = Field(
        default=None, description='a program and its arguments, such as ["pass", "show", "veeam"]'
    )
    """What prints the password; run without a shell."""

    proxy: Text | None = Field(default=None, description="a URL such as http://proxy.example:3128")
    """The proxy to go through, instead of the environment's."""

    accept: Accept | None = Field(default=None, description="json or xml")
    """The form in which the server is asked to answer."""


class DefaultsTable(ProfileTable):
    """`[defaults]`: what holds where the profile says nothing."""

    profile: Text | None = Field(default=None, description="the name of a profile in this file")
    """The profile to use when none is named."""

    no_mouse: Flag = Field(default=False, description="true or false")
    """Leave the mouse, and so the selection of text, to the terminal."""

    ascii: Flag | None = Field(default=None, description="true or false")
    """Draw with ASCII only; false: never. Else as the terminal and the locale can show."""

    log_file: FilePath | None = Field(default=None, description="the path of a file")
    """Where to write the request log."""


class JournalTable(Table):
    """`[journal]`: the record that is kept of what was watched."""

    keep: Flag = Field(default=True, description="true or false")
    """Keep a journal of each session that is followed."""

    folder: FilePath | None = Field(default=None, description="the path of a folder")
    """Where, instead of the platform's folder for state."""

    max_age: Duration | None = Field(default=None, description=DURATION_EXAMPLES)
    """Journals that did not change for so long are removed."""

    reports: FilePath | None = Field(default=None, description="the path of a folder")
    """Where reports go; `watch` then writes one by itself at the end."""

    max_size: Size | None = Field(default=None, description=SIZE_EXAMPLES)
    """The oldest journals are removed until all together are no larger."""


class TargetTable(Table):
    """`[targets."PLAN NAME"]`: what one plan promises."""

    rto: Duration | None = Field(default=None, description=DURATION_EXAMPLES)
    """How long the failover may take."""

    rpo: Duration | None = Field(default=None, description=DURATION_EXAMPLES)
    """How old a replica point may be when the failover starts."""


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

    theme: Text | None = Field(default=None, description="the name of a theme")
    """The colours to start with."""

    bell: Flag = Field(default=True, description="true or false")
    """Ring the terminal's bell at a failure and at the end."""

    stall_after: Duration | None = Field(default=None, description=DURATION_EXAMPLES)
    """How long a running VM may stand still before it is called stalled."""

    defaults: DefaultsTable = Field(default_factory=DefaultsTable, description="a table")
    """What holds where no profile says otherwise."""

    profiles: dict[str, ProfileTable] = Field(
        default_factory=dict, description="tables: [profiles.NAME]"
    )
    """The servers by name."""

    keys: dict[str, Keys] = Field(
        default_factory=dict, description='a key or a list of keys, such as ["q", "ctrl+x"]'
    )
    """Other keys for bindings, by the binding's id."""

    targets: TargetsTable = Field(default_factory=TargetsTable, description="a table")
    """RTO and RPO targets."""

    journal: JournalTable = Field(default_factory=JournalTable, description="a table")
    """The record of what was watched."""
