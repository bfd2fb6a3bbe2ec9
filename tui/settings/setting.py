"""A setting of the file: what it is for, what is allowed, what it may look like.

Kept with the field of the model, so that error messages, the commented file, the schema
for editors and the manual say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pydantic import Field
from pydantic.fields import FieldInfo

_UNSAID: Final = object()
_ALLOWED: Final = "allowed"
_BUILT_IN: Final = "built_in"


def setting(
    about: str,
    *,
    allowed: str,
    example: Any = None,
    built_in: Any = _UNSAID,
    default: Any = None,
    default_factory: Callable[[], Any] | None = None,
) -> Any:
    """A field of a table. `built_in` is what holds if nothing is set, as a file would say it."""
    known = built_in is not _UNSAID
    shown = built_in if known else example
    more: dict[str, Any] = {_ALLOWED: allowed, _BUILT_IN: known}
    given: dict[str, Any] = (
        {"default_factory": default_factory} if default_factory else {"default": default}
    )
    return Field(
        description=about,
        examples=None if shown is None else [shown],
        json_schema_extra=more,
        **given,
    )


def allowed(field: FieldInfo) -> str:
    """What a person may write; a field that is no setting is a table."""
    return str(_more(field).get(_ALLOWED, "a table"))


def is_built_in(field: FieldInfo) -> bool:
    """Whether the example is what holds if nothing is set."""
    return bool(_more(field).get(_BUILT_IN))


def example(field: FieldInfo) -> object:
    """A value as a file would say it; None for a table."""
    return field.examples[0] if field.examples else None


def _more(field: FieldInfo) -> dict[str, Any]:
    more = field.json_schema_extra
    return dict(more) if isinstance(more, dict) else {}
