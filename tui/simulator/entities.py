"""What the simulated server knows: servers, plans, replica points, and how things stand.

Times are seconds since the scenario's begin (negative: before it); only
`tui.simulator.documents` turns them into dates.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from hashlib import blake2b

from tui.light import dataclass


class State(StrEnum):
    """States of sessions and tasks, in the order in which a filter compares them."""

    STARTING = "Starting"
    WORKING = "Working"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


class Result(StrEnum):
    """Results, in the order in which a filter compares them; None while it runs."""

    NONE = "None"
    SUCCESS = "Success"
    WARNING = "Warning"
    FAILED = "Failed"


def _digest(parts: tuple[object, ...], size: int) -> bytes:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=size).digest()


def guid(*parts: object) -> str:
    """A GUID that is always the same for the same parts."""
    return str(uuid.UUID(bytes=_digest(parts, 16), version=4))


def chance(*parts: object) -> float:
    """A number in [0, 1) that is always the same for the same parts.

    Hashing names instead of drawing from one sequence keeps a VM's fate the same when
    another VM is added before it.
    """
    return int.from_bytes(_digest(parts, 8), "big") / 2**64


def between(low: float, high: float, *parts: object) -> float:
    """A number in [low, high) that is always the same for the same parts."""
    return low + (high - low) * chance(*parts)


@dataclass(frozen=True, slots=True)
class BackupServer:
    """A Veeam Backup & Replication server that Enterprise Manager collects from."""

    name: str
    description: str = ""

    @property
    def uid(self) -> str:
        """Its GUID."""
        return guid("server", self.name)


@dataclass(frozen=True, slots=True)
class Gateway:
    """A cloud gateway."""

    name: str
    server: BackupServer
    enabled: bool = True

    @property
    def uid(self) -> str:
        """Its GUID."""
        return guid("gateway", self.name)


@dataclass(frozen=True, slots=True)
class Plan:
    """A cloud failover plan: its VMs in boot order."""

    uid: str
    name: str
    tenant: str
    server: BackupServer
    vms: tuple[str, ...]
    description: str = ""
    replication: str = ""

    @property
    def job(self) -> str:
        """The name of the tenant's replication job."""
        return self.replication or f"{self.tenant} replication"


@dataclass(frozen=True, slots=True)
class ReplicaPoint:
    """A VM replica point; `created` in seconds since the scenario's begin.

    `replica` is the name of the replication job, which all its VMs share, `replica_uid`
    the GUID of the one VM's replica.
    """

    uid: str
    vm: str
    created: float
    replica: str
    server: BackupServer
    replica_uid: str
    type: str = "Snapshot"


@dataclass(frozen=True, slots=True)
class SessionStanding:
    """How a session stands at one moment."""

    state: State
    result: Result
    progress: int
    ended: float | None
    message: str | None
