"""Every document for programs in one table: its name and version, and what its members mean.

For the manual; the dataclasses themselves are what is written, so that no member is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.report import listing, model, standing
from tui.report.plain_data import Member, members


@dataclass(frozen=True)
class Described:
    """A kind of object in the data. `schema` is None for one that stands within another."""

    title: str
    schema: str | None
    kind: type

    @property
    def members(self) -> tuple[Member, ...]:
        """Its members by name, in their order."""
        return tuple(members(self.kind))


def described() -> Iterator[Described]:
    """Each, what stands within another after it."""
    yield Described("list: an object of sessions", listing.LIST_SCHEMA, listing.ListedSession)
    yield Described("plans: an object of plans", listing.PLANS_SCHEMA, listing.ListedPlan)
    yield Described("check", listing.CHECK_SCHEMA, listing.CheckResult)
    yield Described("check: findings", None, listing.CheckFinding)
    yield Described("status", standing.STATUS_SCHEMA, standing.Standing)
    yield Described("status: rto", None, standing.RtoStanding)
    yield Described("status: rpo", None, standing.RpoStanding)
    yield Described("status: finish", None, standing.Finish)
    yield Described("status and report: vms", None, model.Vm)
