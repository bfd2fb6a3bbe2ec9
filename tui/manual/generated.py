"""The parts of the manual that are made from the program itself, so that they are true."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, get_args, get_origin

from pydantic.fields import FieldInfo

from tui.manual.blocks import Block, Heading, Paragraph, Term
from tui.settings.model import SettingsTable, Table, TargetsTable
from tui.simulator import SCENARIOS

_TITLES: Final = {TargetsTable: '[targets] and [targets."PLAN NAME"]'}


def settings() -> Iterator[Block]:
    """Every table of the settings file and every key in it, as the model has them."""
    tables = dict(_tables())
    for table, title in tables.items():
        yield Heading(2, title)
        bases = [each for each in tables if each is not table and issubclass(table, each)]
        if bases:
            yield Paragraph(f"All that {' and '.join(tables[each] for each in bases)} has, and:")
        told = {name for each in bases for name in each.model_fields}
        docstrings = _docstrings(table)
        for name, field in table.model_fields.items():
            if name not in told and _table_in(field) is None:
                yield Term((name,), f"{docstrings.get(name, '')} Value: {_allowed(field)}.")


def scenarios() -> Iterator[Block]:
    """What the simulator can play."""
    for name, scenario in SCENARIOS.items():
        yield Term((name,), f"{scenario.description} ({scenario.vms:,} VMs)")


GENERATED_PARTS: Final[Mapping[str, Callable[[], Iterable[Block]]]] = {
    "settings": settings,
    "scenarios": scenarios,
}


def _tables() -> Iterator[tuple[type[Table], str]]:
    """Each table with what stands above it in the file."""
    yield SettingsTable, "At the top of the file"
    for name, field in SettingsTable.model_fields.items():
        table = _table_in(field)
        if table is not None:
            many = get_origin(field.annotation) is dict
            yield table, _TITLES.get(table, f"[{name}.NAME]" if many else f"[{name}]")


def _table_in(field: FieldInfo) -> type[Table] | None:
    """The table that a field is, or of which it holds several by name."""
    for each in (field.annotation, *get_args(field.annotation)):
        if isinstance(each, type) and issubclass(each, Table):
            return each
    return None


def _allowed(field: FieldInfo) -> str:
    """What may stand there, as an error message says it, and what is built in."""
    allowed = field.description or ""
    if isinstance(field.default, bool):
        allowed += f", {'true' if field.default else 'false'} unless given"
    return allowed


def _docstrings(table: type[Table]) -> dict[str, str]:
    """The sentence under each field, of the class and of those it inherits from."""
    found: dict[str, str] = {}
    for each in reversed(table.__mro__):
        if issubclass(each, Table):
            (body,) = ast.parse(inspect.getsource(each)).body
            assert isinstance(body, ast.ClassDef)
            found |= dict(_fields_in(body))
    return found


def _fields_in(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            yield field.target.id, inspect.cleandoc(str(after.value.value))
