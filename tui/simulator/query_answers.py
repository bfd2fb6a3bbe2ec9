"""The documents that hold many resources: query results, lists, and errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.simulator.document_parts import link
from tui.simulator.wire import Bare, Listing, Node, Value, attribute, element

ENTITY_KEYS: Final = [
    "Jobs",
    "FailoverPlans",
    "Backups",
    "Replicas",
    "Repositories",
    "RestorePoints",
    "VmRestorePoints",
    "VAppRestorePoints",
    "VmReplicaPoints",
    "BackupJobSessions",
    "ReplicaJobSessions",
    "ReplicaTaskSessions",
    "RestoreSessions",
    "HierarchyRoots",
    "BackupTaskSessions",
    "BackupServers",
    "ManagedServers",
    "EnterpiseRoles",
    "EnterpiseAccounts",
    "WanAccelerators",
    "CloudGateways",
    "CloudTenants",
    "CloudReplicas",
    "VCloudOrganizationConfigs",
    "BackupFiles",
    "VSphereSelfServiceConfigs",
    "CloudPublicIps",
    "CloudHardwarePlans",
    "CloudVmReplicaPoints",
    "AgentRestorePoints",
    "AgentBackupJob",
    "CloudGatewayPools",
    "CloudFailoverPlans",
    "ExternalRepositories",
    "VlanConfigurations",
    "CloudFailoverSessions",
    "AgentProtectionGroups",
    "DiscoveredComputers",
    "FileServers",
    "NASJobs",
    "CdpReplicas",
    "CdpReplicaVms",
    "CdpPolicies",
    "CdpReplicaSessions",
    "CdpReplicaTaskSessions",
    "VAppReplicaPoints",
    "VmCdpReplicas",
    "VAppCdpReplicas",
    "VAppCdpReplicaVms",
    "SystemSessions",
]
"""The members of Entities in a query result (spelled as recorded): null, but for one."""


def query_result(
    entities: tuple[str, Listing] | None, refs: Sequence[Node] | None, paging: Node
) -> Node:
    """QueryResult: either entities, given as key and list, or references."""
    holder: Value = None
    if entities:
        key, listing = entities
        members = [element(name, listing if name == key else None) for name in ENTITY_KEYS]
        holder = Node("Entities", members)
    return Node(
        "QueryResult",
        [
            element("Refs", None if refs is None else Listing("Refs", refs)),
            element("Entities", holder),
            element("Resources", None),
            element("Links", None),
            element("PagingInfo", paging),
        ],
    )


def paging_info(page: int, size: int, count: int, hrefs: Sequence[tuple[str, str]]) -> Node:
    """PagingInfo, with links as pairs of relation and address."""
    return Node(
        "PagingInfo",
        [
            element("Links", Bare([link(rel, href) for rel, href in hrefs])),
            attribute("PageNum", page),
            attribute("PageSize", size),
            attribute("PagesCount", count),
        ],
    )


def references(refs: Sequence[Node]) -> Node:
    """EntityReferences: a list without entities."""
    return Node("EntityReferences", [element("Refs", Bare(refs, inline=True))])


def entities(key: str, items: Sequence[Node]) -> Node:
    """A list of entities at the root: the root element is the list itself."""
    return Node(key, [element(key, Bare(items, inline=True))])


def error(status: int, message: str) -> Node:
    """Error: `wire` shapes it like the recorded ones."""
    return Node(
        "Error",
        [
            element("FirstChanceExceptionMessage", None),
            attribute("Message", message),
            element("StackTrace", None),
            attribute("Status", None),
            attribute("StatusCode", status),
        ],
    )
