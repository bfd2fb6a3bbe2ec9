"""The parts of the manual that are made from the program itself, so that they are true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from tui.exit_codes import MEANINGS
from tui.hooks.kinds import ALL, CALLING, CHATTING
from tui.hooks.kinds import FAMILIES as FAMILIES_OF_KINDS
from tui.manual.blocks import Block, Heading, Paragraph, Term
from tui.metrics.text import FAMILIES
from tui.report.schemas import described
from tui.settings.reference import Setting, TableOfSettings, tables
from tui.settings.toml import toml_key, toml_value
from tui.simulator import SCENARIOS


def settings() -> Iterator[Block]:
    """Every table of the settings file and every key in it, as the model has them."""
    for table in tables():
        yield Heading(2, _title(table))
        yield Paragraph(table.about)
        for setting in table.settings:
            yield Term((setting.name,), _said(setting))


def scenarios() -> Iterator[Block]:
    """What the simulator can play."""
    for name, scenario in SCENARIOS.items():
        yield Term((name,), f"{scenario.description} ({scenario.vms:,} VMs)")


def exit_codes() -> Iterator[Block]:
    """Every exit code, as `--help` has them."""
    for code, meaning in MEANINGS.items():
        yield Term((str(int(code)),), meaning)


def kinds() -> Iterator[Block]:
    """The kinds of events."""
    yield Term(("Those that call for attention, told unless others are named",), _listed(CALLING))
    yield Term(("Those that are told to whoever names them",), _listed(CHATTING))
    yield Term(
        ("Several at once",),
        f"{_listed(FAMILIES_OF_KINDS)} stand for all that begin so, {ALL} for every one.",
    )


def metrics() -> Iterator[Block]:
    """Every figure that `--metrics` writes."""
    for name, meaning in FAMILIES.items():
        yield Term((name,), meaning)


def schemas() -> Iterator[Block]:
    """Every document for programs, with what its members mean."""
    for each in described():
        yield Heading(2, f"{each.title}: {each.schema}" if each.schema else each.title)
        for member in each.members:
            yield Term((member.name,), member.meaning)


GENERATED_PARTS: Final[Mapping[str, Callable[[], Iterable[Block]]]] = {
    "settings": settings,
    "scenarios": scenarios,
    "exit-codes": exit_codes,
    "kinds": kinds,
    "metrics": metrics,
    "schemas": schemas,
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _title(table: TableOfSettings) -> str:
    return f"[{'.'.join(map(toml_key, table.path))}]" if table.path else "At the top of the file"


def _said(setting: Setting) -> str:
    """What it is for, what may stand there, and what is built in or how it may look."""
    shown = toml_value(setting.example)
    built_in = "Built in" if setting.built_in else "Such as"
    return f"{setting.about} Allowed: {setting.allowed}. {built_in}: {shown}"
