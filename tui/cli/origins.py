"""Where each setting comes from, for whoever wonders why it is what it is."""

from __future__ import annotations

from collections.abc import Mapping

from tui.light import dataclass
from tui.settings.file import SettingsFile
from tui.settings.lines import find_line

_FLAGS = {("journal", "folder"): "journal", ("journal", "reports"): "report"}
"""Settings that a flag sets under another name."""


@dataclass(frozen=True)
class Origins:
    """The order of `tui.cli.resolving`; `profile` None where none is used.

    `variables` are those that said something, by the flag that they stand for.
    """

    file: SettingsFile
    variables: Mapping[str, str]
    profile: str | None

    def of(self, key: str) -> str:
        """A setting of a profile or of [defaults]: the variable, the table with its line, or none.

        Ask only for what holds: a value that belongs to another server holds nowhere.
        """
        if key in self.variables:
            return self.variables[key]
        table = self.file.table
        own = table.profiles.get(self.profile) if self.profile else None
        if own is not None and key in own.model_fields_set:
            return self.in_file("profiles", str(self.profile), key)
        if key in table.defaults.model_fields_set:
            return self.in_file("defaults", key)
        return "built in"

    def of_top(self, key: str) -> str:
        """A setting that stands outside of all tables."""
        if key in self.variables:
            return self.variables[key]
        return self.in_file(key) if key in self.file.table.model_fields_set else "built in"

    def of_table(self, table: str, key: str) -> str:
        """A setting of a table of its own, such as [journal] or [targets]."""
        flag = _FLAGS.get((table, key), key)
        if flag in self.variables:
            return self.variables[flag]
        fields_set = getattr(self.file.table, table).model_fields_set
        return self.in_file(table, key) if key in fields_set else "built in"

    def of_plan(self, plan: str, key: str) -> str:
        """A plan's target: a flag's holds for every plan, what it leaves out is the default's."""
        own = self.file.table.targets.plans[plan].model_fields_set
        if key in self.variables or key not in own:
            return self.of_table("targets", key)
        return self.in_file("targets", plan, key)

    def in_file(self, *path: str) -> str:
        """Where the file says it: the table, and the line where it is found."""
        *tables, _ = path
        line = find_line(self.file.text, path)
        where = f"[{'.'.join(tables)}]" if tables else "the top of the file"
        return f"{where}, line {line}" if line else where
