"""The adapters against the emulator as a process, which was written from the wire and shares no code with them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.profile_store import ArmProfileStore
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.runs.specification import RunSpecification
from shared.core.scope import Scope, find_scope
from shared.errors import NotFoundError, UserMustFixError
from tests.app.azure.bodies import SUBSCRIPTION, group_path
from tests.app.azure.conftest import connected
from tests.tools.emulator.emulator_process import EmulatorProcess

RETAIL = ResourceId.parse(f"{group_path()}/fleets/retail")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    with EmulatorProcess(tmp_path_factory.mktemp("emulator"), "--refuse-unknown") as running:
        yield running


@pytest.fixture
def azure(emulator: EmulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    ready = emulator.ready
    monkeypatch.setenv("IDENTITY_ENDPOINT", ready["identityEndpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", ready["identityHeader"])
    with connected(ready["endpoint"], ready["caBundle"], AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION) as connection:
        yield connection
    emulator.http.put("/emulator/faults", json={"faults": []}).raise_for_status()


def retail(connection: Connection) -> Fleet:
    [known] = [fleet for fleet in ResourceGraphEstateReader(connection).read().fleets if fleet.id == RETAIL]
    return known


def node_image_run(connection: Connection, name: str) -> RunSpecification:
    """A run to newer images of a few members, for a profile of that name: other names, other runs."""
    strategy_id = next(iter(retail(connection).strategies))
    return RunSpecification(
        profile_id=RETAIL.child("autoUpgradeProfiles", name),
        channel=Channel.NODE_IMAGE,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
        kubernetes_version=None,
        node_image_selection=NodeImageSelection.CONSISTENT,
        update_strategy_id=strategy_id,
    )


def created(connection: Connection, name: str) -> UpdateRun:
    store = ArmFleetStore(connection)
    specification = node_image_run(connection, name)
    assert store.create_run(RETAIL, specification)
    run = store.find_run(RETAIL.child("updateRuns", specification.name))
    assert run is not None
    return run


def test_the_sweep_and_fresh_reads_agree(azure: Connection) -> None:
    swept, store = retail(azure), ArmFleetStore(azure)
    assert swept.profiles
    assert all(isinstance(member.cluster, Cluster) for member in swept.members)
    for profile in swept.profiles:
        read_profile, read = store.read_fleet(profile.id)
        assert read_profile == profile
        assert {member.name: member for member in read.members} == {member.name: member for member in swept.members}
        assert read.tags == swept.tags
        for strategy_id, strategy in read.strategies.items():
            assert swept.strategies[strategy_id] == strategy
        without_etags = {run.id: replace(run, etag="") for run in read.update_runs}
        assert without_etags == {run.id: run for run in swept.update_runs}


def test_everything_in_the_estate_is_understood(azure: Connection) -> None:
    estate = ResourceGraphEstateReader(azure).read()
    assert estate.unreadable == ()
    for fleet in estate.fleets:
        assert not [one for one in fleet.strategies.values() if isinstance(one, Unknown)]
        clusters = [member.cluster for member in fleet.members if isinstance(member.cluster, Cluster)]
        assert all(isinstance(pool.image, NodeImage) for cluster in clusters for pool in cluster.node_pools)


def test_all_that_the_regions_in_use_offer_is_read(azure: Connection) -> None:
    clusters = [member.cluster for member in retail(azure).members if isinstance(member.cluster, Cluster)]
    catalog = ArmCatalogReader(azure).read(find_needs(clusters))
    assert set(catalog.regions) == {cluster.region for cluster in clusters}
    for region in catalog.regions.values():
        assert not isinstance(region.kubernetes, Unknown)
        assert region.node_images
        assert not [image for image in region.node_images.values() if isinstance(image, Unknown)]


def test_a_run_is_created_once_and_is_read_back_as_it_was_requested(azure: Connection) -> None:
    store, specification = ArmFleetStore(azure), node_image_run(azure, "once")
    run_id = RETAIL.child("updateRuns", specification.name)
    assert store.find_run(run_id) is None
    created_run = store.create_run(RETAIL, specification)
    assert store.create_run(RETAIL, specification) is None
    run = store.find_run(run_id)
    assert run is not None
    assert run == created_run
    assert (run.state, run.upgrade_type) == (UpdateState.NOT_STARTED, UpgradeType.NODE_IMAGE_ONLY)
    assert run.node_image_selection is NodeImageSelection.CONSISTENT
    assert run.update_strategy_id == specification.update_strategy_id
    assert run.member_states
    assert run.etag


def test_a_run_whose_creation_got_no_response_exists(emulator: EmulatorProcess, azure: Connection) -> None:
    store, specification = ArmFleetStore(azure), node_image_run(azure, "lost")
    fault = {"method": "PUT", "path": "updateRuns", "times": 1, "action": "lostResponse"}
    emulator.http.put("/emulator/faults", json={"faults": [fault]}).raise_for_status()
    assert not store.create_run(RETAIL, specification)
    assert store.find_run(RETAIL.child("updateRuns", specification.name)) is not None


def test_custom_images_arrive_whole(azure: Connection) -> None:
    store = ArmFleetStore(azure)
    [pool, *_] = [
        pool
        for member in retail(azure).members
        if isinstance(member.cluster, Cluster)
        for pool in member.cluster.node_pools
    ]
    assert isinstance(pool.image, NodeImage)
    specification = replace(
        node_image_run(azure, "custom"), node_image_selection=NodeImageSelection.CUSTOM, node_images=(pool.image,)
    )
    assert store.create_run(RETAIL, specification)
    run = store.find_run(RETAIL.child("updateRuns", specification.name))
    assert run is not None
    assert run.node_images == {pool.image}


def test_a_run_that_has_changed_is_neither_skipped_in_nor_started(azure: Connection) -> None:
    store, as_read = ArmFleetStore(azure), created(azure, "changed")
    member = next(iter(as_read.member_states))
    assert store.skip_members(as_read, [member])
    assert not store.skip_members(as_read, [member])
    assert not store.start_run(as_read)
    fresh = store.find_run(as_read.id)
    assert fresh is not None
    assert fresh.member_states[member] is UpdateState.SKIPPED
    assert store.start_run(fresh)
    assert not store.start_run(fresh)
    started = store.find_run(as_read.id)
    assert started is not None
    assert started.state is not UpdateState.NOT_STARTED


def test_a_run_that_is_not_there_cannot_be_started(azure: Connection) -> None:
    run = replace(created(azure, "gone"), id=RETAIL.child("updateRuns", "never-made"))
    assert not ArmFleetStore(azure).start_run(run)


def test_a_profile_that_does_not_exist_is_not_found(azure: Connection) -> None:
    with pytest.raises(NotFoundError):
        ArmFleetStore(azure).read_fleet(RETAIL.child("autoUpgradeProfiles", "missing"))


def test_a_profile_is_replaced_only_as_it_was_read(azure: Connection) -> None:
    store = ArmProfileStore(azure, ArmFleetStore(azure))
    profile_id = RETAIL.child("autoUpgradeProfiles", "managed")
    store.write_profile(Profile(profile_id, Channel.RAPID), only_new=True)
    read = store.read_stored(profile_id)
    assert (read.profile.channel, read.etag != "") == (Channel.RAPID, True)

    store.write_profile(replace(read.profile, disabled=True), only_new=False, etag=read.etag)
    with pytest.raises(UserMustFixError, match="changed since it was read"):
        store.write_profile(replace(read.profile, channel=Channel.STABLE), only_new=False, etag=read.etag)
    with pytest.raises(UserMustFixError, match="PreconditionFailed"):
        store.write_profile(read.profile, only_new=True)
    assert store.read_stored(profile_id).profile == replace(read.profile, disabled=True)

    store.delete_profile(profile_id)
    store.delete_profile(profile_id)
    with pytest.raises(NotFoundError):
        store.read_stored(profile_id)


def test_strategies_are_listed_with_the_names_of_their_stages(azure: Connection) -> None:
    listed = ArmProfileStore(azure, ArmFleetStore(azure)).read_strategies(RETAIL)

    assert {strategy.id.parent for strategy in listed} == {RETAIL}
    assert all(strategy.stages for strategy in listed)


def test_in_the_preview_selectors_are_read_and_fleet_generates_patch_runs(
    azure: Connection, emulator: EmulatorProcess
) -> None:
    """In the stable api-version the same strategy cannot be read, and its place is named."""
    ready, version = emulator.ready, "2026-06-02-preview"
    strategy_id = RETAIL.child("updateStrategies", "by-label")
    profile_id = RETAIL.child("autoUpgradeProfiles", "patches")
    stages = [{"name": "all", "memberSelector": {"byLabel": "fleet.azure.com/location"}}]
    for resource_id, properties in (
        (strategy_id, {"strategy": {"stages": stages}}),
        (profile_id, {"channel": "SecurityPatch", "updateStrategyId": strategy_id.text}),
    ):
        token = azure.credential.get_token(azure.arm_scope).token
        azure.session.put(
            f"{ready['endpoint']}{resource_id.text}?api-version={version}",
            json={"properties": properties},
            headers={"Authorization": f"Bearer {token}"},
            verify=ready["caBundle"],
        ).raise_for_status()
    settings = {"AUTO_UPGRADE_SUBSCRIPTION_IDS": SUBSCRIPTION, "AUTO_UPGRADE_FLEET_API_VERSION": version}
    with connected(ready["endpoint"], ready["caBundle"], **settings) as preview:
        store = ArmFleetStore(preview)
        profile, fleet = store.read_fleet(profile_id)
        scope = find_scope(profile, fleet)
        assert isinstance(scope, Scope)
        run = store.find_run(store.generate_natively(profile_id))
        assert store.generate_natively(profile_id) == (run.id if run is not None else None)

    assert profile.channel is Channel.SECURITY_PATCH
    assert run is not None
    assert (run.auto_upgrade_profile_id, run.upgrade_type) == (profile_id, UpgradeType.NODE_IMAGE_ONLY)
    assert set(run.member_states) == {member.name for member in scope.members} == {one.name for one in fleet.members}
    hidden = ArmFleetStore(azure).read_fleet(profile_id)[1].strategies[strategy_id]
    assert isinstance(hidden, Unknown)
    assert "stages[0].groups is missing" in hidden.why
