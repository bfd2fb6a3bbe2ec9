"""The names, places and messages of the rehearsal: all invented."""

from __future__ import annotations

from typing import Final

from tui.simulator.entities import BackupServer, Gateway, Plan, chance, guid

NORTH: Final = BackupServer("vbr-north.cloud.example", "Cloud Connect, northern site")
SOUTH: Final = BackupServer("vbr-south.cloud.example", "Cloud Connect, southern site")
SERVERS: Final = (NORTH, SOUTH)
GATEWAYS: Final = (
    Gateway("gw01.cloud.example", NORTH),
    Gateway("gw02.cloud.example", NORTH),
    Gateway("gw03.cloud.example", SOUTH),
    Gateway("gw04.cloud.example", SOUTH, enabled=False),
)

CREW: Final = (
    "dc01",
    "dc02",
    "dns-dhcp01",
    "sql01",
    "sql02",
    "exch01",
    "app01",
    "app02",
    "web01",
    "fileserver-accounting-emea-03",
    "web02",
    "print01",
    "citrix-broker-prod-01",
    "app03",
)
"""The demo plan's VMs in boot order."""

_ROLES: Final = ("web", "app", "sql", "file", "cache", "queue", "batch", "report-server")
_SITES: Final = ("", "", "-emea", "-north", "-south", "-accounting")

DISK_FULL: Final = (
    "Not enough free space on datastore {datastore}: {need} GB needed, {free} GB free"
)
NO_NETWORK: Final = (
    "Network mapping for source network 'VLAN 214 App' was not found in hardware plan 'Gold'"
)
POWER_ON: Final = "Failed to power on VM {vm}: the operation timed out after 180 seconds"
HEARTBEAT: Final = (
    "VM {vm} is powered on, but VMware Tools heartbeat was not received within 120 seconds"
)
RE_IP: Final = "Re-IP rule was not applied: guest OS of {vm} did not respond in time"
LOCKED: Final = "Failed to prepare VM {vm}: disk is locked by another process on host esx-{host:02}"
CANCELLED: Final = r"Operation was canceled by user CLOUD\mkeller"

FAILURES: Final = (DISK_FULL, NO_NETWORK, POWER_ON, LOCKED)
WARNINGS: Final = (HEARTBEAT, RE_IP)


def message(template: str, vm: str) -> str:
    """A message about `vm`, with numbers that stay the same for the same VM."""
    roll = chance("message", vm)
    return template.format(
        vm=vm,
        datastore=f"DS-{int(roll * 12) + 1:02}",
        need=180 + int(roll * 400),
        free=9 + int(roll * 60),
        host=1 + int(roll * 16),
    )


def crew(count: int) -> tuple[str, ...]:
    """`count` VM names in boot order: the demo plan's own, then made-up ones."""
    names = list(CREW[:count])
    for number in range(len(names), count):
        role = _ROLES[int(chance("role", number) * len(_ROLES))]
        site = _SITES[int(chance("site", number) * len(_SITES))]
        names.append(f"{role}{site}-{number + 1:02}")
    return tuple(names)


def featured_plan(vms: tuple[str, ...], name: str = "Harbour Logistics full site") -> Plan:
    """The plan that the scenario is about."""
    return Plan(
        uid=guid("plan", "featured"),
        name=name,
        tenant="Harbour Logistics",
        server=NORTH,
        vms=vms,
        description="All production VMs, domain controllers first",
    )


def namesake_plan(vms: tuple[str, ...], job: str) -> Plan:
    """A plan of another tenant on the same backup server, for VMs and a job of the same names."""
    return Plan(
        uid=guid("plan", "namesake"),
        name="Meridian warehouse",
        tenant="Meridian Foods",
        server=NORTH,
        vms=vms,
        replication=job,
    )


def _plan(name: str, tenant: str, server: BackupServer, vms: str) -> Plan:
    description = f"Cloud failover plan for {tenant}"
    return Plan(guid("plan", tenant, name), name, tenant, server, tuple(vms.split()), description)


OTHER_PLANS: Final = (
    _plan("Harbour Logistics ERP only", "Harbour Logistics", NORTH, "sql01 app01 app02"),
    _plan("Alpine Dental DR", "Alpine Dental Group", SOUTH, "ad-dc01 ad-pacs ad-sql ad-web ad-rds"),
    # One name, two tenants, one backup server: the session does not tell which.
    _plan("Full site failover", "Meridian Foods", SOUTH, "mf-dc01 mf-erp mf-wms mf-scan"),
    _plan("Full site failover", "Oakfield Council", SOUTH, "oc-dc01 oc-dc02 oc-gis oc-web"),
    _plan("Kestrel Media archive", "Kestrel Media", NORTH, "km-nas01 km-mam km-transcode-01"),
)
