"""The types of the values in the settings file: how each is read, refused, and told in a schema."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from tui.errors import InvalidInput
from tui.escapes import SINGLE_QUOTES, holds_escaped
from tui.fingerprints import parse_fingerprint
from tui.hooks.kinds import ALL, FAMILIES, KINDS, kinds_named
from tui.settings.durations import DURATION_EXAMPLES, parse_duration
from tui.settings.paths import expanded
from tui.settings.resolved import (
    LONGEST_INTERVAL,
    SHORTEST_INTERVAL,
)
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
    if not isinstance(value, str) or not value:
        return _refuse("a path")
    return expanded(Path(_visible(value)))


def _visible(text: str) -> str:
    r"""Refuse what an escape has made: `"C:\temp"` in double quotes holds a tab."""
    if holds_escaped(text):
        raise PydanticCustomError(EXPLAINED, "{advice}", {"advice": SINGLE_QUOTES})
    return text


def _keys(value: object) -> object:
    """One key or a list of keys; `a,b` is how Textual writes two."""
    return [key.strip() for key in value.split(",")] if isinstance(value, str) else value


def _kind(value: str) -> str:
    return value if kinds_named(value) else str(_refuse(KIND_EXAMPLES))


def _refuse(allowed: str) -> object:
    raise ValueError(allowed)


KIND_EXAMPLES = f"a kind of event: {', '.join((ALL, *FAMILIES, *KINDS))}"
"""What to answer when somebody wrote something else."""

_DURATION_PATTERN = r"^ *(\d+ *[dD] *)?(\d+ *[hH] *)?(\d+ *[mM]([iI][nN])? *)?(\d+ *[sS] *)?$"
_SIZE_PATTERN = r"^ *\d{1,6}(\.\d)? *([kKmMgGtT][bB]?|[bB]) *$"
_SOME_TEXT = {"type": "string", "minLength": 1}

Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "minLength": 2, "pattern": _DURATION_PATTERN}),
]
Size = Annotated[
    int, BeforeValidator(_size), WithJsonSchema({"type": "string", "pattern": _SIZE_PATTERN})
]
Fingerprint = Annotated[
    str, BeforeValidator(_fingerprint), WithJsonSchema({"type": "string", "minLength": 64})
]
FilePath = Annotated[Path, BeforeValidator(_path), WithJsonSchema(_SOME_TEXT)]
Text = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, strip_whitespace=True),
]
SeenText = Annotated[Text, AfterValidator(_visible)]
Words = Annotated[list[SeenText], Field(min_length=1)]
Kind = Annotated[Text, AfterValidator(_kind), WithJsonSchema({"enum": [ALL, *FAMILIES, *KINDS]})]
Kinds = Annotated[list[Kind], Field(min_length=1)]
Keys = Annotated[
    list[Text],
    BeforeValidator(_keys),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [_SOME_TEXT, {"type": "array", "minItems": 1, "items": _SOME_TEXT}]}),
]
Interval = Annotated[
    float, Field(strict=True, ge=SHORTEST_INTERVAL, le=LONGEST_INTERVAL, allow_inf_nan=False)
]
Flag = Annotated[bool, Field(strict=True)]
