"""Every document for programs in one table: its name and version, and what its members mean.

For the manual; the dataclasses themselves are what is written, so that no member is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.light import dataclass
from tui.presentation import event_data
from tui.report import listing, model, standing
from tui.report.plain_data import Member, members


@dataclass(frozen=True)
class Described:
    """A kind of object in the data, its members in their order. `schema` is None for one that
    stands within another."""

    title: str
    schema: str | None
    members: tuple[Member, ...]


def _of(title: str, schema: str | None, kind: type) -> Described:
    return Described(title, schema, tuple(members(kind)))


def _of_table(title: str, schema: str, *tables: Mapping[str, str]) -> Described:
    pairs = (pair for table in tables for pair in table.items())
    return Described(title, schema, tuple(Member(name, meaning) for name, meaning in pairs))


def described() -> Iterator[Described]:
    """Each, what stands within another after it."""
    yield _of("list: an object of sessions", listing.LIST_SCHEMA, listing.ListedSession)
    yield _of("plans: an object of plans", listing.PLANS_SCHEMA, listing.ListedPlan)
    yield _of("check", listing.CHECK_SCHEMA, listing.CheckResult)
    yield _of("check: findings", None, listing.CheckFinding)
    yield _of("status", standing.STATUS_SCHEMA, standing.Standing)
    yield _of("status: rto", None, standing.RtoStanding)
    yield _of("status: rpo", None, standing.RpoStanding)
    yield _of("status: finish", None, standing.Finish)
    yield _of("status and report: vms", None, model.Vm)
    yield _of_table("an event, as commands get it", event_data.SCHEMA, event_data.MEMBERS)
    yield _of_table(
        "a line of watch --output json",
        event_data.LINE_SCHEMA,
        event_data.MEMBERS,
        event_data.LINE_MEMBERS,
    )
