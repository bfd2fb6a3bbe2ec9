"""Turns what the server knows into the documents that it sends.

The order of members is that of the documented and recorded answers.
"""

from __future__ import annotations

from typing import Final

from tui.simulator.course import Run
from tui.simulator.document_parts import link, named, resource
from tui.simulator.entities import BackupServer, Gateway, Plan, ReplicaPoint, guid
from tui.simulator.sessions import SessionDocuments
from tui.simulator.wire import Bare, Listing, Node, attribute, element

VERSIONS: Final = ("v1_5", "v1_6", "v1_7")


def _plan_options() -> Node:
    return Node(
        "CloudFailoverPlanOptions",
        [
            element("PostFailoverPlanCommandEnabled", False),
            element("PostFailoverPlanCommand", ""),
            element("PreFailoverPlanCommandEnabled", False),
            element("PreFailoverPlanCommand", ""),
        ],
    )


class Documents(SessionDocuments):
    """Every kind of document that the server sends, but for lists."""

    def root(self) -> Node:
        """EnterpriseManager, the answer to `GET /api/`."""
        versions = [
            Node(
                "SupportedVersion",
                [
                    element("Links", Bare([self._create(version)])),
                    attribute("Name", version),
                ],
            )
            for version in VERSIONS
        ]
        sessions = link("Down", self.href("logonSessions"), None, "LogonSessionList")
        return Node(
            "EnterpriseManager",
            [element("SupportedVersions", Listing("SupportedVersions", versions))],
            resource(None, None, [sessions, self._create("latest")]),
        )

    def _create(self, version: str) -> Node:
        return link("Create", self.href(f"sessionMngr/?v={version}"), None, "LogonSession")

    def logon_session(self, session_id: str, user: str) -> Node:
        """LogonSession."""
        own = self.href(f"logonSessions/{session_id}")
        links = [*self._ways_on(), link("Delete", own)]
        return Node(
            "LogonSession",
            [element("UserName", user), element("SessionId", session_id)],
            resource(own, "LogonSession", links),
        )

    def _ways_on(self) -> list[Node]:
        """From a logon. Cloud Connect is licensed, so it is linked; last, as in recordings."""
        return [
            link("Up", self.href(""), None, "EnterpriseManager"),
            link("Down", self.href("backupServers"), None, "BackupServerReferenceList"),
            link("Down", self.href("querySvc"), None, "QueryService"),
            link("Down", self.href("cloud"), None, "CloudConnectService"),
        ]

    def cloud(self, session_id: str) -> Node:
        """CloudConnectService, the table of contents of `/api/cloud`."""
        kinds = {
            "gateways": "CloudGateway",
            "cloudFailoverPlans": "CloudFailoverPlan",
            "vmReplicaPoints": "CloudVmReplicaPoint",
            "failoverSessions": "CloudFailoverSession",
        }
        up = link("Up", self.href(f"logonSessions/{session_id}"), None, "LogonSession")
        refs = [
            link("Down", self.href(f"cloud/{path}"), None, f"{kind}ReferenceList")
            for path, kind in kinds.items()
        ]
        lists = [
            link("Down", self.href(f"cloud/{path}?format=Entity"), None, f"{kind}List")
            for path, kind in kinds.items()
        ]
        own = self.href("cloud")
        return Node(
            "CloudConnectService", resource(own, "CloudConnectService", [up, *refs, *lists])
        )

    def point(self, point: ReplicaPoint, state: str, *, listed: bool = False) -> Node:
        """CloudVmReplicaPoint; in lists its element is called CloudReplica."""
        kind = "CloudVmReplicaPoint"
        path = f"cloud/vmReplicaPoints/{point.uid}"
        return Node(
            "CloudReplica" if listed else kind,
            [
                element("CreationTimeUTC", self.date(point.created)),
                element("VmName", None),
                element("PointType", point.type),
                element("State", state),
                attribute("VmDisplayName", point.vm),
            ],
            named(self.point_name(point), kind, point.uid),
            resource(
                self.href(f"{path}?format=Entity"), kind, self._point_links(point, entity=True)
            ),
        )

    def _point_links(self, point: ReplicaPoint, *, entity: bool) -> list[Node]:
        href = self.href(f"cloud/replicas/{point.replica_uid}")
        path = f"cloud/vmReplicaPoints/{point.uid}"
        name = self.point_name(point)
        return [
            self.up(point.server),
            link("Up", href, point.replica, "CloudReplicaReference"),
            self.alternate(path, name, "CloudVmReplicaPoint", entity=entity),
        ]

    def plan(self, plan: Plan) -> Node:
        """CloudFailoverPlan with its VMs in boot order."""
        kind = "CloudFailoverPlan"
        path = f"cloud/cloudFailoverPlans/{plan.uid}"
        reference = f"{kind}Reference"
        links = [
            self.up(plan.server),
            self.alternate(path, plan.name, kind, entity=True),
            link("Edit", self.href(path), plan.name, reference),
            *(
                link(rel, self.href(f"{path}?action={rel.lower()}"))
                for rel in ("Start", "Test", "Undo")
            ),
            link("Delete", self.href(path), plan.name, reference),
        ]
        vms = [self._plan_vm(path, plan, order) for order in range(len(plan.vms))]
        info = Node(
            "CloudFailoverPlanInfo",
            [element("Includes", Listing("CloudFailoverPlanVms", vms))],
        )
        tenant = guid("tenant", plan.tenant)
        return Node(
            kind,
            [
                element("TenantUid", f"urn:veeam:CloudTenant:{tenant}"),
                element("TenantName", plan.tenant),
                element("Description", plan.description),
                element("CloudFailoverPlanOptions", _plan_options()),
                element("CloudFailoverPlanInfo", info),
            ],
            named(plan.name, kind, plan.uid),
            resource(self.href(f"{path}?format=Entity"), kind, links),
        )

    def _plan_vm(self, path: str, plan: Plan, order: int) -> Node:
        uid = guid("plan vm", plan.uid, order)
        return Node(
            "CloudFailoverPlanVm",
            [
                element("FailoverPlanVMId", uid),
                element("Name", plan.vms[order]),
                element("Order", order),
                attribute("Href", self.href(f"{path}/includes/{uid}")),
                attribute("Type", "CloudFailoveredVm"),
            ],
        )

    def gateway(self, gateway: Gateway) -> Node:
        """CloudGateway."""
        kind = "CloudGateway"
        path = f"cloud/gateways/{gateway.uid}"
        return Node(
            kind,
            [
                element("Enabled", gateway.enabled),
                element("NetworkMode", "NAT"),
                element("ExternalIP", "203.0.113.10"),
                element("ExternalPort", 6180),
                element("InternalPort", 6180),
            ],
            named(gateway.name, kind, gateway.uid),
            resource(
                self.href(f"{path}?format=Entity"),
                kind,
                [
                    self.up(gateway.server),
                    self.alternate(path, gateway.name, kind, entity=True),
                ],
            ),
        )

    def backup_server(self, server: BackupServer) -> Node:
        """BackupServer, with the version and port of the simulated generation."""
        kind = "BackupServer"
        path = f"backupServers/{server.uid}"
        new = self.api == "v13"
        return Node(
            kind,
            [
                element("Description", server.description),
                element("Port", 443 if new else 9392),
                element("Version", "13.0.1.1071" if new else "12.3.2.4465"),
                element("WcfPort", 9405),
                element("VbrCertificateThumbprint", guid(server.name).replace("-", "").upper()),
            ],
            named(server.name, kind, server.uid),
            resource(
                self.href(f"{path}?format=Entity"),
                kind,
                [
                    self.alternate(path, server.name, kind, entity=True),
                    link("Down", self.href(f"{path}/jobs"), None, "JobReferenceList"),
                ],
            ),
        )

    def reference(self, item: Run | ReplicaPoint | Plan, *, alone: bool = False) -> Node:
        """A reference without any state: Ref in lists, EntityRef as a resource by itself."""
        tag = "EntityRef" if alone else "Ref"
        if isinstance(item, ReplicaPoint):
            kind, path, name = "CloudVmReplicaPoint", "vmReplicaPoints", self.point_name(item)
            links = self._point_links(item, entity=False)
        else:
            plan = item.plan if isinstance(item, Run) else item
            session = isinstance(item, Run)
            kind = "CloudFailoverSession" if session else "CloudFailoverPlan"
            path = "failoverSessions" if session else "cloudFailoverPlans"
            name = plan.name
            own = f"cloud/{path}/{item.uid}"
            links = [self.up(plan.server), self.alternate(own, name, kind, entity=False)]
        href = self.href(f"cloud/{path}/{item.uid}")
        return Node(tag, named(name, kind, item.uid), resource(href, f"{kind}Reference", links))
