"""One fleet with a Rapid profile, two clusters below the newest version, and everything in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, Fleet, Member, NodePool
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, Profile
from shared.evaluation_state import EvaluationRequest
from shared.use_cases.evaluate_estate import Evaluation
from shared.use_cases.requested_evaluation import evaluate_if_requested
from shared.use_cases.services import Services
from tests.app.fakes.azure import FakeAzure, FakeEstate
from tests.app.fakes.memory_ledger import MemoryLedger
from tests.app.fakes.memory_overview import MemoryOverview

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
PROFILE = FLEET.child("autoUpgradeProfiles", "rapid")
UBUNTU = "AKSUbuntu-2204gen2containerd"
IMAGE = NodeImage.parse(f"{UBUNTU}-202607.09.0")


def a_member(name: str, version: str = "1.35.5", *, stopped: bool = False, region: str = "westus2") -> Member:
    cluster_id = ResourceId.parse(
        f"/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerService/managedClusters/{name}"
    )
    running = KubernetesVersion.parse(version)
    cluster = Cluster(cluster_id, region, running, is_stopped=stopped, node_pools=(NodePool("system", running, IMAGE),))
    return Member(name, "all", "Succeeded", cluster_id, cluster)


def a_catalog(*patches: str, region: str = "westus2") -> Catalog:
    versions = [KubernetesVersion.parse(patch) for patch in patches]
    minors = {
        minor: OfferedMinor(
            minor,
            frozenset({SupportPlan.KUBERNETES_OFFICIAL}),
            is_preview=False,
            patches=frozenset(version for version in versions if version.minor_version == minor),
        )
        for minor in {version.minor_version for version in versions}
    }
    return Catalog({region: RegionCatalog(region, minors, {UBUNTU: IMAGE.version})})


class UseCaseScene:
    """The fake world and the services on it; `again` is the next process after one that stopped, on the same world."""

    def __init__(self, *members: Member, profile: Profile | None = None, tags: Mapping[str, str] | None = None) -> None:
        fleet = Fleet(
            id=FLEET,
            tags=tags or {},
            members=members or (a_member("one"), a_member("two")),
            profiles=(profile or Profile(PROFILE, Channel.RAPID),),
        )
        self.azure = FakeAzure(fleet, a_catalog("1.35.5", "1.35.6"), NOW)
        self.estate = FakeEstate(self.azure)
        self.ledger = MemoryLedger()
        self.overview = MemoryOverview(self.ledger)
        self.policy_defaults: dict[str, str] = {}

    @property
    def services(self) -> Services:
        azure = self.azure
        return Services(
            clock=azure,
            estate=self.estate,
            fleets=azure,
            catalogs=azure,
            ledger=self.ledger,
            events=azure,
            queues=azure,
            tracker=azure,
            overview=self.overview,
            outlines=azure,
            profiles=azure,
            policy_defaults=self.policy_defaults,
        )

    def evaluate(self, trigger: str = "reconcile", services: Services | None = None) -> Evaluation:
        """Handle a message that something has requested; in another process unless its services are given."""
        wanted = EvaluationRequest(trigger, trigger, self.azure.time)
        self.ledger.evaluation = replace(self.ledger.evaluation, wanted=wanted)
        return evaluate_if_requested(services or self.services, "message")

    def again(self) -> None:
        self.azure.stops_before = self.azure.stops_after = None

    def set_tags(self, **policies: str) -> None:
        """Policies for the whole fleet; an underscore stands for the dash in a key."""
        tags = {f"auto-upgrade.{key.replace('_', '-')}": value for key, value in policies.items()}
        self.azure.fleet = replace(self.azure.fleet, tags=tags)

    def set_members(self, *members: Member) -> None:
        self.azure.fleet = replace(self.azure.fleet, members=members)
