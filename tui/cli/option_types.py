"""The types of the options that tui.settings limits: each is checked before anything starts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from datetime import timedelta

    FloatParameter = click.ParamType[float]
    TextParameter = click.ParamType[str]
    DurationParameter = click.ParamType[timedelta]
    ThemeParameter = click.Choice[str]
else:
    # Generic only in newer releases of click than the oldest one supported.
    FloatParameter = TextParameter = DurationParameter = click.ParamType
    ThemeParameter = click.Choice


class IntervalType(FloatParameter):
    """Seconds between two polls, within the limits of `tui.settings`."""

    name = "seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Refuse what is no number, too short or too long."""
        from tui.settings.resolved import LONGEST_INTERVAL, SHORTEST_INTERVAL

        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        if seconds < SHORTEST_INTERVAL:
            self.fail(
                f"{value} s is too short; {SHORTEST_INTERVAL:.0f} s is the shortest,"
                " to spare Enterprise Manager.",
                param,
                ctx,
            )
        if seconds > LONGEST_INTERVAL:
            self.fail(
                f"{value} s is too long; {LONGEST_INTERVAL:.0f} s is the longest.", param, ctx
            )
        return seconds


class DurationType(DurationParameter):
    """A duration such as 90s, 30m or 1h30m, as in the settings file."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Refuse what is no duration, a bare number included."""
        from tui.settings.durations import parse_duration

        if not isinstance(value, str):
            return cast("timedelta", value)
        try:
            return parse_duration(value)
        except (ValueError, OverflowError) as error:
            self.fail(f"{value!r} is not {error}.", param, ctx)


class FingerprintType(TextParameter):
    """The SHA-256 fingerprint of a certificate."""

    name = "sha256"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As 64 lower-case hex digits."""
        from tui.errors import InvalidInput
        from tui.fingerprints import parse_fingerprint

        try:
            return parse_fingerprint(value)
        except InvalidInput as error:
            self.fail(error.full_text, param, ctx)


class ThemeType(ThemeParameter):
    """The name of a theme. What only a variable says keeps nobody from starting: it is told."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what was typed and is no theme."""
        from click.core import ParameterSource

        source = ctx.get_parameter_source(param.name) if ctx and param and param.name else None
        if source is ParameterSource.ENVIRONMENT:
            return str(value)
        return super().convert(value, param, ctx)


class CommandType(TextParameter):
    """A command with its arguments; in its variable one a line."""

    name = "command"

    def split_envvar_value(self, rv: str) -> list[str]:
        """Blanks stand between a command's arguments."""
        return [line for line in rv.splitlines() if line.strip()]
