"""What must hold of the session screen in and after a fault."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events

from tests.faults.scene import Scene


@dataclass(frozen=True)
class Kept:
    """What a person had on screen: the tasks shown, the selected one, the filter."""

    rows: tuple[str, ...]
    selected: object
    filter: str

    @property
    def tasks(self) -> list[str]:
        """The names of the tasks shown. The line below one, with its reason, has no symbol."""
        return [row.split()[1] for row in self.rows if row[1] != " "]

    @classmethod
    def of(cls, scene: Scene) -> Kept:
        return cls(tuple(scene.rows), scene.table.cursor_key, filter_said(scene))


def filter_said(scene: Scene) -> str:
    """What the rule above the table says of the filter, counts included."""
    return next((line.strip("─ ") for line in scene.text.splitlines() if "Esc clears" in line), "")


async def choose(scene: Scene) -> Kept:
    """Narrow the tasks with a filter, and select one that is not the first."""
    await scene.pilot.press("slash")
    scene.app.post_message(events.Paste("01"))
    await scene.pilot.press("enter", "down", "down")
    kept = Kept.of(scene)
    assert kept.filter.startswith("filter 01: ")
    assert "14 of 14" not in kept.filter
    assert len(kept.rows) > 2
    assert kept.selected is not None
    return kept


def check_stale(scene: Scene, kept: Kept) -> None:
    """The old data is there, and looks old."""
    assert "STALE" in scene.header
    assert "live" not in scene.header
    assert "next try in" in scene.reason
    assert "r tries now" in scene.reason
    now = Kept.of(scene)
    # The reason may take a line or two from the table.
    assert now.rows == kept.rows[: len(now.rows)]
    assert len(now.rows) >= min(len(kept.rows), 5)
    assert (now.selected, now.filter) == (kept.selected, kept.filter)


def check_live(scene: Scene, kept: Kept) -> None:
    """All is well again, and what a person had chosen is still so."""
    assert "● live" in scene.header
    assert scene.reason == ""
    assert not scene.screen.has_class("-stale")
    now = Kept.of(scene)
    assert now.selected == kept.selected
    assert now.filter.partition(":")[0] == kept.filter.partition(":")[0]
    assert sorted(now.tasks) == sorted(kept.tasks)
