"""The commented file that `config init` writes: every setting there is, none of them set."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tui.settings.reference import Setting, tables
from tui.settings.toml import toml_key, toml_value

_WIDTH = 88
_HEAD = """\
Settings of failover-monitor. Nothing is set here: take the # away in front of a line to set \
it, and with the first line of a profile or a plan that in front of its [table].
A flag wins over the environment (FAILOVER_MONITOR_INTERVAL for --interval), that over the \
profile, that over [defaults].
`failover-monitor config check` says whether this file is right, `config show` what holds and \
where it comes from. An editor that knows TOML schemas completes and checks it after \
`failover-monitor config schema > FILE` and a first line `#:schema FILE`.
A name with a backslash stands between single quotes. A password never stands here."""


def commented_settings() -> str:
    """The whole text; without the `#` in front of keys and tables it is valid as well."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for paragraph in _HEAD.split("\n"):
        yield from _prose(paragraph)
    told: set[str] = set()
    for table in tables():
        yield ""
        yield from _prose(table.about)
        told.add(table.about)
        if table.path:
            # An empty table is none of an example's: it stands, so that no key goes astray.
            yield f"{'#' if table.is_example else ''}[{'.'.join(map(toml_key, table.path))}]"
        for setting in table.settings:
            if setting.about not in told:
                told.add(setting.about)
                yield from _prose(_about(setting))
            yield f"#{toml_key(setting.name)} = {toml_value(setting.example)}"


def _about(setting: Setting) -> str:
    return f"{setting.about} Allowed: {setting.allowed}.{' Built in:' if setting.built_in else ''}"


def _prose(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH - 2, break_on_hyphens=False)]
